import { formatDuration } from '../base/duration.ts';
import { runnersText, workersText } from '../base/count-words.ts';
import { figureText, PASSES, POD_TIMES, podTimesNote } from '../report/figures.ts';
import { textTable } from '../report/table.ts';
import { endText } from '../run/run-end.ts';
import { runTroubles, troubleSentences, type RunTroubles } from '../explain/run-troubles.ts';
import { sweepVerdict } from '../explain/sweep-verdict.ts';
import { sweep as runSweep, type SweepAxes, type SweepRow } from '../run/sweep.ts';
import { DEFAULT_SETTINGS } from '../run/settings.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { CHANGES, modesWithChanges, standInText, usualWorkers } from './modes.ts';
import { horizonUs, parse, SHARED, settingLists } from './options.ts';
import { InterruptedError, UsageError } from './usage.ts';

interface SweptRow extends SweepRow {
  readonly troubles: RunTroubles;
}

const COLUMNS = [...POD_TIMES, PASSES];

/** `arc-lab sweep` */
export async function sweep(args: readonly string[], out: NodeJS.WriteStream, signal: AbortSignal): Promise<void> {
  const values = parse(args, [...SHARED, ...CHANGES, 'mode', 'modes', 'horizon'], ['json']);
  if (values['mode'] !== undefined && values['modes'] !== undefined) {
    throw new UsageError('--mode and --modes are the same here: leave one of them out');
  }
  const named = values['modes'] ?? values['mode'];
  const modes = typeof named === 'string' ? named.split(',') : RELEASES.comparison;
  const mode = [...modesWithChanges(modes, values, RELEASES)];
  process.stderr.write(standInText(values));
  const axes: SweepAxes = { ...settingLists(values), mode };
  const base = { ...DEFAULT_SETTINGS, runners: 30, workers: usualWorkers(mode), mode: RELEASES.default.id };
  const horizon = horizonUs(values);
  const rows: SweptRow[] = [];
  const options = { signal, ...(horizon === undefined ? {} : { horizonUs: horizon }) };
  // Of the traces, which are large, only what is printed is kept.
  for await (const { settings, statistics, end, trace } of runSweep(base, axes, options)) {
    rows.push({ settings, statistics, end, troubles: runTroubles(trace, trace.endedUs ?? statistics.makespanUs) });
  }
  if (rows.length > 0) print(rows, values['json'] === true, out);
  if (signal.aborted) throw new InterruptedError('interrupted; the sweep is not complete');
}

function print(rows: readonly SweptRow[], json: boolean, out: NodeJS.WriteStream): void {
  if (json) {
    const results = rows.map(({ settings, statistics, end }) => ({ settings, ...statistics, end }));
    out.write(`${JSON.stringify(results, null, 2)}\n`);
    return;
  }
  const time = (us: number | null): string => (us === null ? '–' : formatDuration(us));
  out.write(
    `${textTable(
      ['mode', 'runners', 'workers', 'qps', 'burst', 'JIT', 'API', ...COLUMNS.map(({ title }) => title), 'held back'],
      rows.map((row) => {
        const { settings, statistics } = row;
        return [
          settings.mode,
          String(settings.runners),
          String(settings.workers),
          settings.qps === 0 ? '∞' : String(settings.qps),
          String(settings.burst),
          formatDuration(settings.jitLatencyUs),
          formatDuration(settings.apiLatencyUs),
          ...COLUMNS.map((figure) => figureText(figure, row)),
          `${time(statistics.heldBackP50Us)} (${time(statistics.heldBackMaxUs)})`,
        ];
      }),
    )}\n\nVirtual time, embedded cluster. "held back" is for how long the client limiter held a runner's requests: median (most).\n`,
  );
  const note = podTimesNote(rows);
  if (note !== '') out.write(`${note}\n`);
  const troubles = rows.map(({ troubles, ...row }) => ({ name: nameOf(row), troubles }));
  for (const sentence of troubleSentences(troubles)) out.write(`${sentence}\n`);
  for (const sentence of sweepVerdict(rows)) out.write(`${sentence}\n`);
  for (const row of rows) {
    const why = endText(row.end);
    if (why !== '') out.write(`${nameOf(row)}: ${why}\n`);
  }
}

function nameOf({ settings: { mode, runners, workers } }: SweepRow): string {
  return `${mode}, ${runnersText(runners)}, ${workersText(workers)}`;
}
