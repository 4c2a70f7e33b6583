import { formatDuration } from '../base/duration.ts';
import { runnersText, workersText } from '../base/count-words.ts';
import { visibleText } from '../base/visible-text.ts';
import { figureText, PASSES, POD_TIMES, podTimesNote } from '../report/figures.ts';
import { textTable } from '../report/table.ts';
import { cutOffText } from '../run/run-end.ts';
import { runTroubles, troubleSentences, type RunTroubles } from '../explain/run-troubles.ts';
import { describedSentences } from '../explain/release-words.ts';
import { settingsInWhichRowsDiffer, sweepVerdict } from '../explain/sweep-verdict.ts';
import { sweep as runSweep, type SweepAxes, type SweepRow } from '../run/sweep.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../run/settings.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { CHANGES, modeNotes, modesWithChanges, usualWorkers } from './modes.ts';
import { horizonUs, parse, SHARED, settingLists } from './options.ts';
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
  { title: 'JIT', text: ({ jitLatencyUs }) => formatDuration(jitLatencyUs) },
  { title: 'API', text: ({ apiLatencyUs }) => formatDuration(apiLatencyUs) },
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
  const values = parse(args, [...SHARED, ...CHANGES, 'mode', 'modes', 'horizon'], ['json']);
  if (values['mode'] !== undefined && values['modes'] !== undefined) {
    throw new UsageError('--mode and --modes are the same here: leave one of them out');
  }
  const named = values['modes'] ?? values['mode'];
  const modes = typeof named === 'string' ? named.split(',') : RELEASES.comparison;
  const mode = [...modesWithChanges(modes, values, RELEASES)];
  const axes: SweepAxes = { ...settingLists(values), mode };
  const base = { ...DEFAULT_SETTINGS, runners: 30, workers: usualWorkers(mode), mode: RELEASES.default.id };
  const horizon = horizonUs(values);
  process.stderr.write(modeNotes(values, mode));
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
  const isSame = ({ text }: SettingColumn): boolean => new Set(rows.map(({ settings }) => text(settings))).size === 1;
  const settingColumns = [...SETTINGS, ...FURTHER_SETTINGS.filter((column) => !isSame(column))];
  out.write(
    `${textTable(
      [...settingColumns, ...COLUMNS].map(({ title }) => title).concat('held back'),
      rows.map((row) => {
        const { settings, statistics } = row;
        return [
          ...settingColumns.map(({ text }) => text(settings)),
          ...COLUMNS.map((figure) => figureText(figure, row)),
          `${time(statistics.heldBackP50Us)} (${time(statistics.heldBackMaxUs)})`,
        ];
      }),
    )}\n\nVirtual time, embedded cluster. "held back" is for how long the client limiter held a runner's requests: median (most).\n`,
  );
  const note = podTimesNote(rows);
  if (note !== '') out.write(`${note}\n`);
  const troubles = rows.map((row) => ({ name: nameOf(rows, row), troubles: row.troubles }));
  for (const sentence of troubleSentences(troubles)) out.write(`${sentence}\n`);
  const described = describedSentences(rows.map(({ settings }) => settings.mode));
  for (const sentence of [...sweepVerdict(rows), ...described]) out.write(`${sentence}\n`);
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
