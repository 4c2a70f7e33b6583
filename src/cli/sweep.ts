import { spreadOf } from '../analysis/spread.ts';
import { formatDuration } from '../base/duration.ts';
import { latencyText } from '../base/latency.ts';
import { runnersText, workersText } from '../base/count-words.ts';
import { visibleText } from '../base/visible-text.ts';
import { PASSES, POD_TIMES, podTimesNote } from '../report/figures.ts';
import { middleRun, seedsFigure, spreadsOf } from '../report/seeds-text.ts';
import { textTable } from '../report/table.ts';
import { cutOffText } from '../run/run-end.ts';
import { runTroubles, troubleSentences, type RunTroubles } from '../explain/run-troubles.ts';
import { describedSentences } from '../explain/release-words.ts';
import { bestSettings } from '../explain/sweep-best.ts';
import { settingsInWhichRowsDiffer, sweepVerdict } from '../explain/sweep-verdict.ts';
import { sweep as runSweep, type SweepAxes, type SweepRow } from '../run/sweep.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../run/settings.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { CHANGES, givenFlags, modeNotes, modesWithChanges, usualWorkers } from './modes.ts';
import { horizonUs, parse, seedsIn, SHARED, settingLists } from './options.ts';
import { withSeenLatency } from './seen-latency.ts';
import { InterruptedError, UsageError } from './usage.ts';

interface SweptRow extends SweepRow {
  readonly troubles: RunTroubles;
}

const COLUMNS = [...POD_TIMES, PASSES];

/** A setting as a column. */
interface SettingColumn {
  readonly title: string;
  readonly text: (settings: RunSettings) => string;
}

const SETTINGS: readonly SettingColumn[] = [
  { title: 'mode', text: ({ mode }) => mode },
  { title: 'runners', text: ({ runners }) => String(runners) },
  { title: 'workers', text: ({ workers }) => String(workers) },
  { title: 'qps', text: ({ qps }) => (qps === 0 ? '∞' : String(qps)) },
  { title: 'burst', text: ({ burst }) => String(burst) },
  { title: 'JIT', text: ({ jitLatencyUs, jitShape }) => latencyText(jitLatencyUs, jitShape) },
  { title: 'API', text: ({ apiLatencyUs, apiShape }) => latencyText(apiLatencyUs, apiShape) },
];

/** Columns that the table has where rows differ in them. */
const FURTHER_SETTINGS: readonly SettingColumn[] = [
  { title: 'limiter', text: ({ workqueueRateLimiter }) => workqueueRateLimiter ?? '–' },
  { title: 'pods', text: ({ pods }) => visibleText(pods ?? '–') },
  { title: 'pod start', text: ({ podStartUs }) => time(podStartUs) },
  { title: 'jobs', text: ({ jobDurationUs }) => time(jobDurationUs) },
  { title: 'seed', text: ({ seed }) => String(seed) },
];

/** `arc-lab sweep` */
export async function sweep(args: readonly string[], out: NodeJS.WriteStream, signal: AbortSignal): Promise<void> {
  const values = await withSeenLatency(
    parse(args, [...SHARED, ...CHANGES, 'mode', 'modes', 'horizon', 'seeds'], ['json']),
    signal,
  );
  if (values['mode'] !== undefined && values['modes'] !== undefined) {
    throw new UsageError('--mode and --modes are the same here: leave one of them out');
  }
  const named = values['modes'] ?? values['mode'];
  const modes = typeof named === 'string' ? named.split(',') : RELEASES.comparison;
  const mode = [...modesWithChanges(modes, values, RELEASES)];
  const seeds = seedsIn(values);
  // The seed is the axis that varies fastest: rows of one setting come one after another.
  const { seed: [first = DEFAULT_SETTINGS.seed] = [], ...lists } = settingLists(values);
  const own =
    seeds === undefined ? settingLists(values).seed : Array.from({ length: seeds }, (_, more) => first + more);
  const axes: SweepAxes = { ...lists, mode, ...(own === undefined ? {} : { seed: own }) };
  const base = {
    ...DEFAULT_SETTINGS,
    runners: 30,
    workers: usualWorkers(mode),
    ...givenFlags(mode, values),
    mode: RELEASES.default.id,
  };
  const horizon = horizonUs(values);
  process.stderr.write(modeNotes(values, mode));
  const rows: SweptRow[] = [];
  const options = { signal, ...(horizon === undefined ? {} : { horizonUs: horizon }) };
  // Of the traces, which are large, only what is printed is kept.
  for await (const { settings, statistics, end, trace } of runSweep(base, axes, options)) {
    rows.push({ settings, statistics, end, troubles: runTroubles(trace, trace.endedUs ?? statistics.makespanUs) });
  }
  const replications = grouped(rows, seeds ?? 1);
  if (replications.length > 0) print(replications, values['json'] === true, out);
  if (signal.aborted) throw new InterruptedError('interrupted; the sweep is not complete');
}

/** Rows of one setting, which differ in their seeds alone; what an interruption left incomplete is left out. */
function grouped(rows: readonly SweptRow[], seeds: number): (readonly SweptRow[])[] {
  return Array.from({ length: Math.floor(rows.length / seeds) }, (_, index) =>
    rows.slice(index * seeds, (index + 1) * seeds),
  );
}

/** @param replications of each setting; the one in the middle stands for the others in sentences */
function print(replications: readonly (readonly SweptRow[])[], json: boolean, out: NodeJS.WriteStream): void {
  const rows = replications.map(middleRun);
  if (json) {
    const results = rows.map(({ settings, statistics, end }, index) => {
      const runs = replications[index] ?? [];
      return {
        settings,
        ...statistics,
        end,
        ...(runs.length === 1 ? {} : { seeds: runs.length, spreads: spreadsOf(runs) }),
      };
    });
    out.write(`${JSON.stringify(results, null, 2)}\n`);
    return;
  }
  return writeText(
    rows.map((row, index) => asOne(row, replications[index] ?? [])),
    replications,
    out,
  );
}

/** The run that stands for all seeds of its setting, with the seed that all rows have and their median. */
function asOne(middle: SweptRow, runs: readonly SweptRow[]): SweptRow {
  const [first = middle] = runs;
  const lastPods = runs.flatMap(({ statistics: { lastPodUs } }) => lastPodUs ?? []);
  const lastPodUs = lastPods.length < runs.length ? middle.statistics.lastPodUs : Math.round(spreadOf(lastPods).median);
  return { ...middle, settings: first.settings, statistics: { ...middle.statistics, lastPodUs } };
}

function writeText(
  rows: readonly SweptRow[],
  replications: readonly (readonly SweptRow[])[],
  out: NodeJS.WriteStream,
): void {
  const isSame = ({ text }: SettingColumn): boolean => new Set(rows.map(({ settings }) => text(settings))).size === 1;
  const settingColumns = [...SETTINGS, ...FURTHER_SETTINGS.filter((column) => !isSame(column))];
  out.write(
    `${textTable(
      [...settingColumns, ...COLUMNS].map(({ title }) => title).concat('held back'),
      rows.map(({ settings, statistics }, index) => {
        return [
          ...settingColumns.map(({ text }) => text(settings)),
          ...COLUMNS.map((figure) => seedsFigure(figure, replications[index] ?? [])),
          `${time(statistics.heldBackP50Us)} (${time(statistics.heldBackMaxUs)})`,
        ];
      }),
    )}\n\nVirtual time, embedded cluster. "held back" is for how long the client limiter held a runner's requests: median (most).\n`,
  );
  const seeds = replications[0]?.length ?? 1;
  if (seeds > 1) out.write(`${seeds} seeds: the median, and where a run with another seed lies 19 times of 20.\n`);
  const note = podTimesNote(rows);
  if (note !== '') out.write(`${note}\n`);
  const troubles = rows.map((row) => ({ name: nameOf(rows, row), troubles: row.troubles }));
  for (const sentence of troubleSentences(troubles)) out.write(`${sentence}\n`);
  const described = describedSentences(rows.map(({ settings }) => settings.mode));
  for (const sentence of [...sweepVerdict(rows), ...bestSettings(rows), ...described]) out.write(`${sentence}\n`);
  for (const row of rows) {
    const why = cutOffText(row);
    if (why !== '') out.write(`${nameOf(rows, row)}: ${why}\n`);
  }
}

/** The row's mode, runners and workers, and whatever else tells it from others. */
function nameOf(rows: readonly SweepRow[], row: SweepRow): string {
  const { mode, runners, workers } = row.settings;
  const parts = [mode, runnersText(runners), workersText(workers), ...settingsInWhichRowsDiffer(rows, row)];
  return [...new Set(parts)].join(', ');
}

function time(us: number | null | undefined): string {
  return us === null || us === undefined ? '–' : formatDuration(us);
}
