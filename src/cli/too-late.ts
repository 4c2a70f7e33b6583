import { systemProblem } from '../base/system-problem.ts';
import { unlessAborted } from '../base/unless-aborted.ts';
import { EvidenceError } from '../evidence/evidence-error.ts';
import { affordable, type Closeness } from '../hindsight/affordable-futures.ts';
import { chooseSubject, makesOwnRunners, runnerNames } from '../hindsight/choose-subject.ts';
import { adviceText, estimateRows, hindsightText, notRepeatedText } from '../hindsight/hindsight-text.ts';
import { pointOfNoReturn, type Hindsight } from '../hindsight/point-of-no-return.ts';
import { horizonOf, NoFuturesError, notRepeated, specOfTrace } from '../hindsight/spec-of-trace.ts';
import { unmetTexts } from '../hindsight/unmet.ts';
import { describedSentences } from '../explain/release-words.ts';
import { textTable } from '../report/table.ts';
import type { Subject } from '../run/fate.ts';
import { parseHappenings } from '../run/happenings.ts';
import { LAB_NAMESPACE } from '../run/embedded-environment.ts';
import type { Load } from '../run/run-target.ts';
import { NotedRunError } from '../run/noted-run.ts';
import type { SpecRun } from '../run/simulate-spec.ts';
import { TraceFormatError } from '../trace/jsonl.ts';
import { isTraceFile, readTraceFile } from '../trace/read-trace-file.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import type { RunSpec } from '../run/run-spec.ts';
import { SimulationCancelled } from '../run/simulation-errors.ts';
import { SimulationPool } from '../run/simulation-pool.ts';
import { checkJobOptions, jobsOf, OF_A_SCALE_SET, scaleSetOf } from './jobs.ts';
import { CHANGES, givenFlags, modeNotes, modeOf } from './modes.ts';
import { count, faults, horizonUs, parseMixed, SHARED, singleSettings, type Values } from './options.ts';
import { InterruptedError, RunError, UsageError } from './usage.ts';

/** Options that say which run is made; those of a trace are in it. */
const OF_THE_RUN = [...SHARED, ...CHANGES, ...OF_A_SCALE_SET, 'mode', 'jobs', 'fail', 'meanwhile', 'horizon'];
/** Between two lines that say how far it has come. */
const PROGRESS_MS = 5_000;
const OF_THE_LOOK = ['runner', 'moments', 'futures', 'section'];

/** `arc-lab too-late` */
export async function tooLate(args: readonly string[], out: NodeJS.WriteStream, signal: AbortSignal): Promise<void> {
  const { values, positionals } = parseMixed(args, [...OF_THE_RUN, ...OF_THE_LOOK], ['json']);
  const pool = new SimulationPool();
  const run = (one: RunSpec, enough = signal): Promise<SpecRun> => pool.run(one, AbortSignal.any([signal, enough]));
  try {
    const trace = positionals.length === 0 ? undefined : await unlessAborted(traceOf(positionals, values), signal);
    const made = trace === undefined ? specOf(values) : specOfTrace(trace);
    const spec = await asked(made, values, run);
    const number = (name: string): number | undefined => {
      const text = values[name];
      return typeof text === 'string' ? count(name, text, 2) : undefined;
    };
    const closeness = await affordable(spec, { moments: number('moments'), futures: number('futures') }, signal);
    const hindsight = await pointOfNoReturn(spec, { ...closeness, run, onEstimate: progress(closeness) });
    for (const unmet of unmetTexts(spec, hindsight.chronicle)) process.stderr.write(`${unmet}\n`);
    const missing = trace === undefined ? [] : notRepeated(trace, hindsight.chronicle);
    if (missing.length > 0) process.stderr.write(`${notRepeatedText(missing)}\n`);
    out.write(values['json'] === true ? json(hindsight) : text(hindsight, spec.settings.mode));
    if (hindsight.isInterrupted) throw new InterruptedError('interrupted; the answer is as close as it had come');
  } catch (error) {
    if (error instanceof SimulationCancelled) throw new InterruptedError('interrupted; there is no answer yet');
    if (error instanceof NoFuturesError || error instanceof NotedRunError) throw new RunError(error.message);
    throw error;
  } finally {
    pool.dispose();
  }
}

/** Says how far a look that takes long has come. */
function progress({ moments, futures, isCoarse }: Closeness): (made: number, of: number) => void {
  let saidMs = performance.now();
  if (isCoarse) {
    process.stderr.write(
      `each future takes long: ${moments} moments are looked at, with ${futures} futures each; --moments and --futures ask for more\n`,
    );
  }
  return (made, of) => {
    if (performance.now() - saidMs < PROGRESS_MS) return;
    saidMs = performance.now();
    process.stderr.write(`looked at ${Math.min(made, of)} of ${of} moments\n`);
  };
}

/** @throws UsageError, NoFuturesError, EvidenceError */
async function traceOf([file = '', ...more]: readonly string[], values: Values): Promise<TraceLog> {
  const meant = OF_THE_RUN.find((name) => values[name] !== undefined);
  if (more.length > 0) throw new UsageError(`one trace is looked at; leave ${JSON.stringify(more[0])} out`);
  if (meant !== undefined)
    throw new UsageError(`--${meant} means nothing for a trace, whose run is made again as it was`);
  let traces: readonly TraceLog[];
  try {
    if (!(await isTraceFile(file)))
      throw new NoFuturesError(
        `${file} is no trace of a simulated run; where it is a log, it shows what happened, not what was answered: arc-lab why ${file} explains it`,
      );
    traces = await readTraceFile(file);
  } catch (error) {
    if (error instanceof NoFuturesError) throw error;
    const why = error instanceof TraceFormatError ? error.message : systemProblem(error);
    throw new EvidenceError(`${file} cannot be read as a trace: ${why}`);
  }
  const { section } = values;
  const number = typeof section === 'string' ? count('section', section, 1) : 1;
  const trace = traces[number - 1];
  if (trace === undefined) throw new UsageError(`--section is from 1 to ${traces.length}: ${file} has no more traces`);
  return trace;
}

function specOf(values: Values): RunSpec {
  if (values['section'] !== undefined) {
    throw new UsageError('--section chooses among the traces of a file: name the file, or leave it out');
  }
  checkJobOptions(values, OF_A_SCALE_SET, ['runners']);
  const mode = modeOf(values);
  process.stderr.write(modeNotes(values, [mode]));
  const given = singleSettings(values);
  const { scaleSet } = scaleSetOf(values);
  const usual = given.podStartUs === undefined && given.pods !== 'none' ? { podStartUs: 1_000_000 } : {};
  const runners = scaleSet === undefined ? {} : { runners: jobsOf(scaleSet.jobs, values, false) };
  const load: Load = { conditions: faults(values['fail']), ...meanwhile(values), ...(scaleSet && { scaleSet }) };
  return {
    settings: { ...given, ...usual, ...runners, ...givenFlags([mode], values), mode },
    load,
    horizonUs: horizonUs(values) ?? horizonOf({ load }, 0),
  };
}

/** @throws UsageError where the runner that is asked for is not there */
async function asked(
  spec: RunSpec,
  { runner }: Values,
  run: (spec: RunSpec) => Promise<SpecRun>,
): Promise<RunSpec & { readonly subject: Subject }> {
  if (typeof runner !== 'string') return await chooseSubject(spec, LAB_NAMESPACE, run);
  if (makesOwnRunners(spec))
    throw new UsageError('--runner is for runs without --jobs: runners of a scale set have no lasting names');
  const all = runnerNames(spec);
  if (!all.includes(runner))
    throw new UsageError(`no runner is called ${JSON.stringify(runner)}; there are runner-1 to runner-${all.length}`);
  return { ...spec, subject: { kind: 'runner', key: `${LAB_NAMESPACE}/${runner}` } };
}

function meanwhile({ meanwhile: given }: Values): Pick<Load, 'happenings'> {
  if (typeof given !== 'string') return {};
  try {
    return { happenings: parseHappenings(given) };
  } catch (error) {
    throw new UsageError(`--meanwhile: ${(error as Error).message}`);
  }
}

function text(hindsight: Hindsight, mode: string): string {
  const rows = estimateRows(hindsight).map(([time, bar, figures]) => [time, bar, figures]);
  const advice = adviceText(hindsight);
  const answer = [hindsightText(hindsight), advice, ...describedSentences([mode])]
    .filter((line) => line !== '')
    .join('\n');
  if (rows.length === 0) return `${answer}\n`;
  const table = textTable(['from then on', 'futures that end well', ''], rows, 'words');
  return `${answer}\n\n${table}\n\nA future: from that moment on nothing goes wrong any more, and times are drawn by another seed.\n`;
}

function json(hindsight: Hindsight): string {
  const { fate, estimates, verdict, chronicle } = hindsight;
  const { originUs } = chronicle.finished;
  const series = estimates.map(({ atUs, well, of, event }) => ({
    atUs: Math.max(0, atUs - originUs),
    event,
    well,
    of,
  }));
  const point =
    verdict.kind === 'event'
      ? {
          atUs: verdict.first.atUs - originUs,
          event: verdict.first.event,
          isExact: verdict.first.event - verdict.last.event <= 1,
        }
      : null;
  const texts = { text: hindsightText(hindsight), advice: adviceText(hindsight) };
  const answer = { verdict: verdict.kind, ...texts, fate, point, estimates: series };
  return `${JSON.stringify(answer, null, 2)}\n`;
}
