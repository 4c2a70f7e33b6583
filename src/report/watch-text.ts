import { formatAge } from '../base/duration.ts';
import { naturalCompare } from '../base/natural-order.ts';
import { visibleText } from '../base/visible-text.ts';
import type { Finding } from '../evidence/finding.ts';
import type { RunnerDescription, RunnerTable } from '../model/runner-table.ts';
import type { WatchState } from '../watch/cluster-watch.ts';
import { heldText } from '../watch/held-workers.ts';
import { watchSentence } from '../watch/watch-sentence.ts';
import { textTable } from './table.ts';

/** Runners that a table shows, and findings below it. */
const SHOWN = 10;
const FINDINGS = 3;
/** Of these it is said what each waits for. */
const LOOKED_AT = 2_000;
const STATE_ORDER = ['pending', 'deleting', 'failed', 'running', 'succeeded'];

/** What a watch shows at a moment, for a terminal: the sentence, workers that are held, runners that wait. */
export function watchText(state: WatchState, table: RunnerTable): string {
  const sentence = watchSentence(state);
  const { explanation, heldForLong, waiting, atUs, unseen } = state;
  const more = heldForLong.slice(1, 1 + FINDINGS).map((held) => `  ${heldText(held, atUs, 0)}`);
  const found = explanation.findings.filter(isWorthALine).slice(0, FINDINGS);
  const findings = found.map(({ sentence: text }) => text).filter((text) => text !== sentence);
  const rows = runnerRows(state, table);
  return [
    visibleText(sentence),
    ...more.map(visibleText),
    ...findings.map((text) => `✗ ${visibleText(text)}`),
    '',
    countsText(state, waiting),
    ...(rows.length === 0 ? [] : [textTable(['runner', 'state', 'age', 'waits for'], rows, 'words')]),
    ...(table.index.size > SHOWN ? [`and ${table.index.size - SHOWN} more`] : []),
    ...unseen.map((text) => `! ${visibleText(text)}`),
  ].join('\n');
}

/** The same as one JSON object, without line ends. */
export function watchJson(state: WatchState, table: RunnerTable, startMs: number): string {
  const { explanation, held, waiting, phases, connection, logs, unseen, atUs } = state;
  const time = (us: number): string => new Date(startMs + us / 1000).toISOString();
  return JSON.stringify({
    type: 'state',
    at: time(atUs),
    sentence: watchSentence(state),
    connection: connection.state,
    phases: Object.fromEntries(phases),
    waiting,
    held: held.map(({ worker, runner, what, sinceUs }) => ({
      ...(worker === undefined ? {} : { worker: worker + 1 }),
      ...{ runner, what, since: time(sinceUs) },
    })),
    findings: explanation.findings.map(({ id, severity, sentence, confidence, runners, advice }) => {
      return { id, severity, sentence, confidence, runners, advice };
    }),
    runners: shown(state, table).map(({ key, state: of, waits }) => ({ runner: key, state: of, waits })),
    logs,
    unseen,
  });
}

function isWorthALine({ severity }: Finding): boolean {
  return severity !== 'note';
}

function countsText({ phases, logs }: WatchState, waiting: number): string {
  const counts = [...phases].map(([phase, count]) => `${count} ${phase.toLowerCase()}`);
  const runners = counts.length === 0 ? 'no runner' : `runners: ${counts.join(', ')}`;
  const waits = waiting === 0 ? '' : `; ${waiting} without a pod`;
  return `${runners}${waits}; ${logs.length === 0 ? 'no log is read' : `reads ${logs.join(', ')}`}`;
}

function runnerRows(state: WatchState, table: RunnerTable): string[][] {
  return shown(state, table).map(({ key, state: of, ageUs, waits }) => [
    visibleText(key),
    of,
    formatAge(ageUs),
    visibleText(waits),
  ]);
}

/** Those that hold a worker first, then those that wait, and of these the ones that have waited the longest. */
function shown({ held }: WatchState, table: RunnerTable): RunnerDescription[] {
  const described: RunnerDescription[] = [];
  const holders = new Set(held.map(({ runner }) => runner));
  for (const key of [...holders, ...table.index.columns.keys.filter((each) => !holders.has(each))]) {
    const about = table.describe(key);
    if (about !== undefined) described.push(about);
    if (described.length === LOOKED_AT) break;
  }
  const order = ({ key, state }: RunnerDescription): number => (holders.has(key) ? -1 : STATE_ORDER.indexOf(state));
  return described
    .sort((a, b) => order(a) - order(b) || b.ageUs - a.ageUs || naturalCompare(a.key, b.key))
    .slice(0, SHOWN);
}
