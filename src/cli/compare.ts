import { join, resolve } from 'node:path';
import { runLive, simulateInSlices, type FinishedRun, type RunOptions } from '../run/embedded-run.ts';
import { jobFigures } from '../analysis/job-figures.ts';
import { compareText } from '../report/compare-text.ts';
import { compareJobsText } from '../report/compare-jobs-text.ts';
import { scaleSetWords } from '../report/scale-set-text.ts';
import { GANTT_LEGEND } from '../report/gantt-text.ts';
import { inWords, runnersText, workersText } from '../base/count-words.ts';
import { withJobDuration } from '../run/job-duration.ts';
import { writeFileOf } from '../base/write-pieces.ts';
import type { ExportedSection } from '../export/exporter.ts';
import { EXPORTERS } from '../export/exporters.ts';
import { traceExporter } from '../export/trace.ts';
import { waitingText, type Loop } from '../run/run-end.ts';
import type { Load } from '../run/run-target.ts';
import type { RunSettings } from '../run/settings.ts';
import type { ReleaseList } from '../reconciler/releases/release-list.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { jobsOf, OF_A_SCALE_SET, scaleSetOf } from './jobs.ts';
import { CHANGES, knownMode, modeNotes, modesWithChanges } from './modes.ts';
import { ownOutput, writing } from './output.ts';
import { horizonUs, parse, SHARED, settingLists, singleSettings, type Values } from './options.ts';
import { InterruptedError, UsageError } from './usage.ts';

/** Where nothing else is asked for: with few runners or many workers the modes hardly differ. */
const SHOWS_THE_POINT: Values = { runners: '30', workers: '1' };

const COMPARED = ['modes', 'baseline', 'horizon', 'trace-dir', 'jobs', ...OF_A_SCALE_SET];

/** `arc-lab compare` */
export function compare(args: readonly string[], out: NodeJS.WriteStream, signal: AbortSignal): Promise<void> {
  return compareReleases(args, out, signal, RELEASES);
}

/** @param releases those that `--modes` may name */
export async function compareReleases(
  args: readonly string[],
  out: Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>,
  signal: AbortSignal,
  releases: ReleaseList,
): Promise<void> {
  const given = parse(
    args,
    [...SHARED, ...CHANGES, ...COMPARED, ...EXPORTERS.map(({ id }) => id)],
    ['virtual', 'json', 'through-set'],
  );
  checkJobs(given);
  const values: Values = { ...SHOWS_THE_POINT, ...given };
  const base = withJobDuration(singleSettings(values, ['runners']));
  const load: Load = { ...(values['through-set'] === true ? { throughSet: true } : {}), ...scaleSetOf(values) };
  const { scaleSet } = load;
  const counts =
    scaleSet === undefined ? (settingLists(values).runners ?? [base.runners]) : [jobsOf(scaleSet.jobs, values, false)];
  const horizon = horizonUs(values);
  const options: RunOptions = { signal, releases, load, ...(horizon === undefined ? {} : { horizonUs: horizon }) };
  const { modes, baseline } = comparedModes(values, releases);
  process.stderr.write(modeNotes(values, modes, releases));
  const json = values['json'] === true;
  const virtual = values['virtual'] === true;
  const files = EXPORTERS.flatMap((exporter) => {
    const name = values[exporter.id];
    return typeof name === 'string' ? [{ exporter, file: ownOutput(exporter.id, name, exporter) }] : [];
  });
  const traceDir = typeof values['trace-dir'] === 'string' ? resolve(values['trace-dir']) : undefined;
  if (traceDir !== undefined) {
    for (const mode of modes) {
      for (const runners of counts) ownOutput('trace-dir', traceIn(traceDir, mode, runners, counts), traceExporter);
    }
  }

  const sections: (Omit<ExportedSection, 'runs'> & { readonly runs: readonly FinishedRun[] })[] = [];
  for (const runners of counts) {
    const settings = modes.map((mode): RunSettings => ({ ...base, mode, runners }));
    const what = scaleSet === undefined ? runnersText(runners) : scaleSetWords(scaleSet);
    const title = `${what}, ${workersText(base.workers)}`;
    if (!json && !virtual && out.isTTY) out.write(`${title}: running ${inWords(modes)} side by side …\r`);
    const onWaiting = (loops: readonly Loop[]): void => void (json || out.write(`${waitingText(loops)}\n`));
    const runs = virtual ? await oneByOne(settings, options) : await runLive(settings, { ...options, onWaiting });
    sections.push({ title, runs, baseline });
    const width = Math.min(out.columns ?? 100, 120);
    const text = scaleSet === undefined ? compareText : compareJobsText;
    if (!json) out.write(`${title}\n\n${text(runs, width, baseline)}\n`);
    if (signal.aborted) break;
  }
  if (json) {
    const results = sections.flatMap(({ runs }) =>
      runs.map(({ settings, statistics, end, trace }) => {
        const jobs = scaleSet === undefined ? {} : { scaleSet, jobs: jobFigures(trace) };
        return { settings, ...statistics, ...jobs, end };
      }),
    );
    out.write(`${JSON.stringify({ virtual, baseline, results }, null, 2)}\n`);
  } else {
    out.write(`${GANTT_LEGEND}\n`);
  }
  // Last, so that a file that cannot be written takes no figures with it.
  const write = (title: string, file: string, how: () => void): void => {
    writing(file, how);
    if (!json) out.write(`${title}: ${file}\n`);
  };
  if (!json && files.length > 0) out.write('\n');
  for (const { exporter, file } of files) {
    write(exporter.kind(), file, () => writeFileOf(file, exporter.write(sections, releases)));
  }
  if (traceDir !== undefined) {
    write('Traces', traceDir, () => {
      for (const run of sections.flatMap(({ runs }) => runs)) {
        const file = traceIn(traceDir, run.settings.mode, run.settings.runners, counts);
        writeFileOf(file, traceExporter.write([{ title: '', runs: [run] }], releases));
      }
    });
  }
  if (signal.aborted) throw new InterruptedError('interrupted; the comparison is not complete');
}

/** @throws UsageError */
function checkJobs(values: Values): void {
  for (const option of OF_A_SCALE_SET) {
    if (values[option] !== undefined && values['jobs'] === undefined)
      throw new UsageError(`--${option} is for a scale set with --jobs`);
  }
  for (const option of ['runners', 'through-set']) {
    if (values[option] !== undefined && values['jobs'] !== undefined)
      throw new UsageError(`with --jobs a scale set makes the runners that its jobs need: leave out --${option}`);
  }
}

/**
 * Which modes are compared, and which of them is the baseline.
 * @throws UsageError
 */
function comparedModes(values: Values, releases: ReleaseList): { modes: readonly string[]; baseline: string } {
  const text = values['modes'];
  const modes = modesWithChanges(typeof text === 'string' ? text.split(',') : releases.comparison, values, releases);
  const named = values['baseline'];
  const baseline = typeof named === 'string' ? knownMode(named, releases) : modes[0];
  if (baseline === undefined || !modes.includes(baseline)) {
    throw new UsageError(`--baseline must be one of the modes that are compared: ${inWords(modes)}`);
  }
  return { modes, baseline };
}

/** One file for each mode, and for each number of runners where there are several. */
function traceIn(folder: string, mode: string, runners: number, counts: readonly number[]): string {
  return join(folder, `${counts.length === 1 ? mode : `${mode}-${runners}`}.arctrace.jsonl`);
}

async function oneByOne(settings: readonly RunSettings[], options: RunOptions): Promise<FinishedRun[]> {
  const runs: FinishedRun[] = [];
  for (const each of settings) if (options.signal?.aborted !== true) runs.push(await simulateInSlices(each, options));
  return runs;
}
