import { join, resolve } from 'node:path';
import { runLive, simulateInSlices, type FinishedRun } from '../run/embedded-run.ts';
import { jobFigures } from '../analysis/job-figures.ts';
import { takeoverText } from '../explain/handover-words.ts';
import { whyApart, whyModesDiffer } from '../explain/why-apart.ts';
import { compareText } from '../report/compare-text.ts';
import { compareJobsText } from '../report/compare-jobs-text.ts';
import { scaleSetWords, upgradeWords } from '../report/scale-set-text.ts';
import { GANTT_LEGEND } from '../report/gantt-text.ts';
import { seedsTable, spreadsOf } from '../report/seeds-text.ts';
import { inWords, runnersText, workersText } from '../base/count-words.ts';
import { withJobDuration } from '../run/job-duration.ts';
import { writeFileOf } from '../base/write-pieces.ts';
import type { ExportedSection } from '../export/exporter.ts';
import { EXPORTERS } from '../export/exporters.ts';
import { traceExporter } from '../export/trace.ts';
import { replicate, type ReplicatedRuns } from '../run/replications.ts';
import { waitingText, type Loop } from '../run/run-end.ts';
import { fitting, hasOwnDefault } from '../run/fitting-settings.ts';
import type { RunSpec } from '../run/run-spec.ts';
import type { Load } from '../run/run-target.ts';
import type { Simulating } from '../run/deciding-switches.ts';
import type { EmbeddedRun } from '../run/start-embedded.ts';
import type { RunSettings } from '../run/settings.ts';
import { SimulationCancelled } from '../run/simulation-errors.ts';
import { SimulationPool, threadsFor } from '../run/simulation-pool.ts';
import { tracedRuns } from '../run/traced-runs.ts';
import type { ReleaseList } from '../reconciler/releases/release-list.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { checkJobOptions, jobsOf, OF_A_SCALE_SET, scaleSetOf, withLoadAsJobs } from './jobs.ts';
import { CHANGES, givenFlags, knownMode, modeNotes, modesWithChanges } from './modes.ts';
import { ownOutput, writing } from './output.ts';
import { horizonUs, parse, seedsIn, SHARED, settingLists, singleSettings, textOf, type Values } from './options.ts';
import { withSeenLatency } from './seen-latency.ts';
import { OF_AN_UPGRADE, UPGRADE_FLAGS, upgradeOf } from './upgrade.ts';
import { InterruptedError, UsageError } from './usage.ts';

/** Where nothing else is asked for: with few runners or many workers the modes hardly differ. */
const SHOWS_THE_POINT: Values = { runners: '30' };
const ONE_WORKER: Values = { workers: '1' };

const COMPARED = ['modes', 'baseline', 'horizon', 'seeds', 'trace-dir', 'jobs', ...OF_A_SCALE_SET, ...OF_AN_UPGRADE];

/** In virtual time it is said without being asked why modes differ, up to this number of runners: that takes seconds. */
const QUICKLY_EXPLAINED = 100;

interface Compared extends Omit<ExportedSection, 'runs'> {
  readonly runs: readonly FinishedRun[];
  /** Why neighbouring modes differ. */
  readonly why: readonly string[];
  /** With other seeds too, where they were asked for. */
  readonly replications: readonly ReplicatedRuns[];
}

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
  const given = withLoadAsJobs(
    await withSeenLatency(
      parse(
        args,
        [...SHARED, ...CHANGES, ...COMPARED, 'load', ...EXPORTERS.map(({ id }) => id)],
        ['virtual', 'json', 'through-set', 'why', ...UPGRADE_FLAGS],
      ),
      signal,
    ),
  );
  checkJobs(given);
  const { modes, baseline } = comparedModes(given, releases);
  // What a pull request does to the number of workers shows only where each mode has its own.
  const hasOwnWorkers = modes.some((mode) => hasOwnDefault(mode, 'workers', releases));
  const values: Values = { ...SHOWS_THE_POINT, ...(hasOwnWorkers ? {} : ONE_WORKER), ...given };
  const base = { ...withJobDuration(singleSettings(values, ['runners'])), ...givenFlags(modes, given, releases) };
  const through = values['through-set'] === true ? { throughSet: true } : {};
  const load: Load = { ...through, ...scaleSetOf(values), ...upgradeOf(values) };
  const { scaleSet, upgrade } = load;
  const counts =
    scaleSet === undefined ? (settingLists(values).runners ?? [base.runners]) : [jobsOf(scaleSet.jobs, values, false)];
  const horizon = horizonUs(values);
  const started = new Map<string, EmbeddedRun>();
  const onStarted = (run: EmbeddedRun): void => void started.set(run.environment.settings.mode, run);
  const options = { signal, releases, load, ...(horizon === undefined ? {} : { horizonUs: horizon }) };
  process.stderr.write(modeNotes(values, modes, releases));
  const json = values['json'] === true;
  const virtual = values['virtual'] === true;
  const seeds = seedsIn(values) ?? 1;
  if (seeds > 1 && !virtual) throw new UsageError('--seeds is for runs in virtual time: add --virtual');
  const files = EXPORTERS.flatMap((exporter) => {
    const name = textOf(values, exporter.id);
    return name === undefined ? [] : [{ exporter, file: ownOutput(exporter.id, name, exporter) }];
  });
  const traceFolder = textOf(values, 'trace-dir');
  const traceDir = traceFolder === undefined ? undefined : resolve(traceFolder);
  if (traceDir !== undefined) {
    for (const mode of modes) {
      for (const runners of counts) ownOutput('trace-dir', traceIn(traceDir, mode, runners, counts), traceExporter);
    }
  }

  const burstsOf = (runners: number): RunSettings[] => modes.map((mode) => ({ ...base, mode, runners }));
  const specs = virtual ? counts.flatMap(burstsOf).map((settings) => ({ settings })) : [];
  const pool = new SimulationPool(
    threadsFor(specs.flatMap((spec) => Array.from({ length: seeds }, () => spec))),
    releases,
  );
  const simulating = { ...options, pool };
  const sections: Compared[] = [];
  try {
    for (const runners of counts) {
      const settings = burstsOf(runners);
      const what = scaleSet === undefined ? runnersText(runners) : scaleSetWords(scaleSet);
      const before = upgrade === undefined ? '' : `${upgradeWords(upgrade)}, `;
      const title = `${what}, ${before}${workersIn(settings.map((each) => fitting(each, releases)))}`;
      if (!json && !virtual && out.isTTY) out.write(`${title}: running ${inWords(modes)} side by side …\r`);
      const onWaiting = (loops: readonly Loop[]): void => void (json || out.write(`${waitingText(loops)}\n`));
      const runs = virtual
        ? await simulated(settings, simulating, onStarted)
        : await runLive(settings, { ...options, onStarted, onWaiting });
      // What a run that was given up would have shown is not known.
      if (runs.length < settings.length) break;
      const why = await whyOf(settings, runs, simulating, {
        virtual,
        isAsked: values['why'] === true,
        baseline: given['baseline'] === undefined ? undefined : baseline,
      });
      const specs = settings.map((each): RunSpec => ({ settings: each, load, horizonUs: horizon }));
      const replications = seeds > 1 && !signal.aborted ? await replicate(pool, specs, seeds, signal) : [];
      sections.push({ title, runs, baseline, why, replications });
      const width = Math.min(out.columns ?? 100, 120);
      const text =
        scaleSet === undefined
          ? compareText(runs, width, baseline, why)
          : compareJobsText(runs, width, baseline, ({ settings }) => takenOver(started, settings.mode));
      const isOfSeeds = replications.length > 0;
      const ofSeeds = isOfSeeds ? `${seedsTable(replications, baseline)}\n\nThe run with seed ${base.seed}:\n` : '';
      if (!json) out.write(`${title}\n\n${ofSeeds}${text}\n`);
      if (signal.aborted) break;
    }
  } finally {
    pool.dispose();
  }
  if (json) {
    const results = sections.flatMap(({ runs, replications }) =>
      runs.map(({ settings, statistics, end, trace }, index) => {
        const { runs: ofSeeds } = replications[index] ?? {};
        const spreads = ofSeeds === undefined ? {} : { seeds, spreads: spreadsOf(ofSeeds) };
        const jobs = scaleSet === undefined ? {} : { scaleSet, jobs: jobFigures(trace) };
        const takeover = takenOver(started, settings.mode);
        return {
          settings: fitting(settings, releases),
          ...statistics,
          ...spreads,
          ...jobs,
          ...(takeover === undefined ? {} : { upgrade, takeover }),
          end,
        };
      }),
    );
    const why = sections.flatMap((section) => section.why);
    out.write(`${JSON.stringify({ virtual, baseline, results, why }, null, 2)}\n`);
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

/** `1 worker`, or where modes have different numbers of them `2 workers in 0.14.2 and 4 workers in 0.14.2+4626+4670`. */
function workersIn(settings: readonly RunSettings[]): string {
  const [first] = settings;
  if (first === undefined || settings.every(({ workers }) => workers === first.workers)) {
    return workersText(first?.workers ?? 0);
  }
  return inWords(settings.map(({ mode, workers }) => `${workersText(workers)} in ${mode}`));
}

function takenOver(started: ReadonlyMap<string, EmbeddedRun>, mode: string): string | undefined {
  const run = started.get(mode);
  return run && takeoverText(run);
}

/** @throws UsageError */
function checkJobs(values: Values): void {
  checkJobOptions(values, [...OF_A_SCALE_SET, ...OF_AN_UPGRADE, ...UPGRADE_FLAGS], ['runners', 'through-set']);
  if (values['why'] === true && values['jobs'] !== undefined)
    throw new UsageError('--why is about runners that are made at once: leave it or --jobs out');
}

/**
 * Which modes are compared, and which of them is the baseline.
 * @throws UsageError
 */
function comparedModes(values: Values, releases: ReleaseList): { modes: readonly string[]; baseline: string } {
  const modes = modesWithChanges(textOf(values, 'modes')?.split(',') ?? releases.comparison, values, releases);
  const named = textOf(values, 'baseline');
  const known = named === undefined ? modes[0] : knownMode(named, releases);
  const baseline = modes.find((mode) => known !== undefined && releases.isSame(mode, known));
  if (baseline === undefined) {
    throw new UsageError(`--baseline must be one of the modes that are compared: ${inWords(modes)}`);
  }
  return { modes, baseline };
}

/** One file for each mode, and for each number of runners where there are several. */
function traceIn(folder: string, mode: string, runners: number, counts: readonly number[]): string {
  return join(folder, `${counts.length === 1 ? mode : `${mode}-${runners}`}.arctrace.jsonl`);
}

interface WhyOptions {
  readonly virtual: boolean;
  readonly isAsked: boolean;
  /** The mode that was named to compare the others with; without one neighbours are compared. */
  readonly baseline: string | undefined;
}

/** Of runners that are made at once; where jobs make them, times to pods say nothing of the burst. */
async function whyOf(
  settings: readonly RunSettings[],
  runs: readonly FinishedRun[],
  simulating: Simulating,
  { virtual, isAsked, baseline }: WhyOptions,
): Promise<readonly string[]> {
  if (simulating.signal?.aborted === true || simulating.load?.scaleSet !== undefined) return [];
  const isQuick = virtual && settings.every(({ runners }) => runners <= QUICKLY_EXPLAINED);
  if (!isAsked && !isQuick) return [];
  try {
    return await (virtual ? whyApart(runs, simulating, baseline) : whyModesDiffer(settings, simulating, baseline));
  } catch (error) {
    if (error instanceof SimulationCancelled) return [];
    throw error;
  }
}

/**
 * Fewer runs than settings where they were interrupted.
 * @param onStarted hears of the runs of an upgrade: what it leaves is read off their clusters, which therefore are in this thread
 */
async function simulated(
  settings: readonly RunSettings[],
  { pool, load, horizonUs, signal, releases }: Simulating & { readonly pool: SimulationPool },
  onStarted: (run: EmbeddedRun) => void,
): Promise<FinishedRun[]> {
  const runs: FinishedRun[] = [];
  if (load?.upgrade === undefined) {
    const specs = settings.map((each) => ({ settings: each, load, horizonUs }));
    for await (const run of tracedRuns(pool, specs, signal)) runs.push(run);
    return runs;
  }
  const options = { load, onStarted, horizonUs, signal, releases };
  for (const each of settings) {
    const run = await simulateInSlices(each, options);
    if (signal?.aborted === true) break;
    runs.push(run);
  }
  return runs;
}
