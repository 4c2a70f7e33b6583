import { availableParallelism } from 'node:os';
import { estimateRows, hindsightText } from '../hindsight/hindsight-text.ts';
import { pointOfNoReturn, type Hindsight } from '../hindsight/point-of-no-return.ts';
import { textTable } from '../report/table.ts';
import { endsWell, type Subject } from '../run/fate.ts';
import { parseHappenings } from '../run/happenings.ts';
import { LAB_NAMESPACE } from '../run/embedded-environment.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import type { Load } from '../run/run-target.ts';
import { simulateSpecInSlices } from '../run/simulate-spec.ts';
import type { RunSpec } from '../run/run-spec.ts';
import { SimulationCancelled, SimulationPool } from '../run/simulation-pool.ts';
import { jobsOf, OF_A_SCALE_SET, scaleSetOf } from './jobs.ts';
import { CHANGES, modeNotes, modeOf } from './modes.ts';
import { count, faults, horizonUs, parse, SHARED, singleSettings, type Values } from './options.ts';
import { InterruptedError, UsageError } from './usage.ts';

const MOMENTS = 50;
const FUTURES = 200;
const FEWEST_FUTURES = 20;
/** Where `--futures` is not given, there are as many as this time is enough for. */
const BUDGET_MS = 20_000;
/** A scale set that never comes to an end is looked at for this long. */
const HORIZON_OF_SCALE_SETS_US = 600_000_000;

/** `arc-lab too-late` */
export async function tooLate(args: readonly string[], out: NodeJS.WriteStream, signal: AbortSignal): Promise<void> {
  const names = [...SHARED, ...CHANGES, ...OF_A_SCALE_SET, 'mode', 'jobs', 'fail', 'meanwhile', 'horizon'];
  const values = parse(args, [...names, 'runner', 'moments', 'futures'], ['json']);
  const pool = new SimulationPool();
  try {
    const spec = await specOf(values, signal);
    const number = (name: string, usual: number): number => {
      const text = values[name];
      return typeof text === 'string' ? count(name, text, 2) : usual;
    };
    const moments = number('moments', MOMENTS);
    const futures = number('futures', await affordable(spec, moments, signal));
    const hindsight = await pointOfNoReturn(spec, { moments, futures, run: (one) => pool.run(one, signal) });
    out.write(values['json'] === true ? json(hindsight) : text(hindsight));
  } catch (error) {
    if (error instanceof SimulationCancelled) throw new InterruptedError('interrupted; there is no answer yet');
    throw error;
  } finally {
    pool.dispose();
  }
}

async function specOf(values: Values, signal: AbortSignal): Promise<RunSpec & { readonly subject: Subject }> {
  const mode = modeOf(values);
  process.stderr.write(modeNotes(values, [mode]));
  const given = singleSettings(values);
  const { scaleSet } = scaleSetOf(values);
  const usual = given.podStartUs === undefined && given.pods !== 'none' ? { podStartUs: 1_000_000 } : {};
  const runners = scaleSet === undefined ? {} : { runners: jobsOf(scaleSet.jobs, values, false) };
  const load: Load = { conditions: faults(values['fail']), ...meanwhile(values), ...(scaleSet && { scaleSet }) };
  const horizon = horizonUs(values) ?? (scaleSet === undefined ? undefined : HORIZON_OF_SCALE_SETS_US);
  const spec = { settings: { ...given, ...usual, ...runners, mode }, load, horizonUs: horizon };
  const { runner } = values;
  if (scaleSet !== undefined) {
    if (runner !== undefined)
      throw new UsageError('--runner is for runs without --jobs: runners of a scale set have no lasting names');
    return { ...spec, subject: { kind: 'all' } };
  }
  const all = Array.from({ length: spec.settings.runners }, (_, index) => `runner-${index + 1}`);
  if (typeof runner === 'string') {
    if (!all.includes(runner))
      throw new UsageError(`no runner is called ${JSON.stringify(runner)}; there are runner-1 to runner-${all.length}`);
    return { ...spec, subject: subjectOf(runner) };
  }
  // The first that ended badly.
  for (const name of all) {
    const { fate } = await simulateSpecInSlices({ ...spec, subject: subjectOf(name) }, RELEASES, signal);
    if (signal.aborted) throw new SimulationCancelled();
    if (fate !== undefined && !endsWell(fate)) return { ...spec, subject: subjectOf(name) };
  }
  return { ...spec, subject: subjectOf(all[0] ?? '') };
}

function subjectOf(name: string): Subject {
  return { kind: 'runner', key: `${LAB_NAMESPACE}/${name}` };
}

function meanwhile({ meanwhile: given }: Values): Pick<Load, 'happenings'> {
  if (typeof given !== 'string') return {};
  try {
    return { happenings: parseHappenings(given) };
  } catch (error) {
    throw new UsageError(`--meanwhile: ${(error as Error).message}`);
  }
}

/** How many futures a moment can have in the time for all. */
async function affordable(spec: RunSpec, moments: number, signal: AbortSignal): Promise<number> {
  // The first runs are slow: code is compiled while they go on.
  let shortestMs = Infinity;
  for (let run = 0; run < 5; run++) {
    const beganMs = performance.now();
    await simulateSpecInSlices(spec, RELEASES, signal);
    shortestMs = Math.min(shortestMs, performance.now() - beganMs);
  }
  const runsInTime = (BUDGET_MS * availableParallelism()) / Math.max(1, shortestMs);
  return Math.min(FUTURES, Math.max(FEWEST_FUTURES, Math.floor(runsInTime / moments)));
}

function text(hindsight: Hindsight): string {
  const rows = estimateRows(hindsight);
  if (rows.length === 0) return `${hindsightText(hindsight)}\n`;
  const table = textTable(['from then on', 'futures that end well', ''], rows, 'words');
  return `${hindsightText(hindsight)}\n\n${table}\n\nA future: from that moment on nothing goes wrong any more, and times are drawn by another seed.\n`;
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
  const point = verdict.kind === 'event' ? { atUs: verdict.first.atUs - originUs, event: verdict.first.event } : null;
  const answer = { verdict: verdict.kind, text: hindsightText(hindsight), fate, point, estimates: series };
  return `${JSON.stringify(answer, null, 2)}\n`;
}
