import { addTo } from '../base/group.ts';
import { formatDuration } from '../base/duration.ts';
import { splitKey } from '../kubernetes/types.ts';
import { madeBy } from '../analysis/made.ts';
import { kindWord } from '../timeline/chain-words.ts';
import { kindOfController } from '../trace/kinds.ts';
import { RUNNER_KIND, type PassEvent } from '../trace/model.ts';
import type { FinishedRun } from '../run/embedded-run.ts';
import type { RunStatistics } from '../analysis/statistics.ts';

/** What a column of a lane shows, weakest first: a later kind covers an earlier one. */
const MARKS = [' ', '·', '─', '░', '█', '▓', '◆'] as const;
const QUEUED = 1;
const PASS = 2;
const THROTTLED = 3;
const KUBERNETES = 4;
const ACTIONS = 5;
const POD = 6;

export const GANTT_LEGEND =
  '· waiting in the queue  ░ held back by the client limiter  █ Kubernetes  ▓ Actions service  ◆ pod created';

/** One line a runner, and one for each object above it, from the first creation to the end of the last pass that is not one of a loop. */
export function textGantt(run: FinishedRun, width: number, maxLanes: number): string {
  const lanes = new Map<string, PassEvent[]>();
  let endUs = run.originUs + 1;
  for (const pass of run.trace.passes()) {
    const key = `${kindOfController(pass.controller)} ${pass.object}`;
    addTo(lanes, key, pass);
    endUs = Math.max(endUs, pass.ended);
  }
  // Passes that repeat without end would squeeze everything else into one column.
  if (run.end.kind === 'not-quiet') endUs = Math.min(endUs, run.originUs + 1.1 * busyUs(run.statistics));
  const shown = [...lanes].slice(0, maxLanes);
  const names = shown.map(([key]) => laneName(key));
  const nameWidth = Math.max(4, ...names.map((name) => name.length));
  const columns = Math.max(20, width - nameWidth - 2);
  const usPerColumn = (endUs - run.originUs) / columns;
  const lines = [
    `${run.settings.mode}, ${formatDuration(Math.round(usPerColumn))} a column`,
    ...shown.map(([, passes], number) => {
      const name = (names[number] ?? '').padEnd(nameWidth);
      return `${name}  ${drawLane(passes, run.originUs, usPerColumn, columns)}`;
    }),
  ];
  if (shown.length < lanes.size) lines.push(`… and ${lanes.size - shown.length} more; --html FILE shows all`);
  return `${lines.join('\n')}\n`;
}

/** Of a kind and a name: objects of several kinds may have the same. */
function laneName(key: string): string {
  const space = key.indexOf(' ');
  const [kind, name] = [key.slice(0, space), splitKey(key.slice(space + 1)).name];
  return kind === RUNNER_KIND ? name : `${kindWord(kind)} ${name}`;
}

/** When the last change of a pod happened; long enough that there is something to draw. */
function busyUs({ lastPodUs, lastStartedUs }: RunStatistics): number {
  return Math.max(1_000_000, lastPodUs ?? 0, lastStartedUs ?? 0);
}

function drawLane(passes: readonly PassEvent[], originUs: number, usPerColumn: number, columns: number): string {
  const cells = new Uint8Array(columns);
  /** Nothing where a time is not known. */
  const fill = (fromUs: number, toUs: number, mark: number): void => {
    const from = Math.max(0, Math.floor((fromUs - originUs) / usPerColumn));
    const to = Math.min(columns - 1, Math.floor((toUs - originUs) / usPerColumn));
    for (let column = from; column <= to; column++) cells[column] = Math.max(cells[column] ?? 0, mark);
  };
  for (const pass of passes) {
    const { queued = NaN, started = NaN, ended: passEnded } = pass;
    fill(queued, started, QUEUED);
    fill(started, passEnded, PASS);
    for (const request of pass.requests ?? []) {
      const { throttled = 0, locked = 0, started: beganUs = NaN, ended = NaN } = request;
      const sentUs = beganUs + throttled + locked;
      if (throttled > 0) fill(beganUs, beganUs + throttled, THROTTLED);
      fill(sentUs, ended, request.to === 'actions' ? ACTIONS : KUBERNETES);
      if (madeBy(request) === 'pod') fill(ended, ended, POD);
    }
  }
  return Array.from(cells, (mark) => MARKS[mark])
    .join('')
    .trimEnd();
}
