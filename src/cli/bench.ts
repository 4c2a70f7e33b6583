import { basename } from 'node:path';
import { unlessAborted } from '../base/unless-aborted.ts';
import { bench as runBench, type BenchLoad } from '../bench/bench.ts';
import { benchEvidence, type BenchEvidence } from '../bench/evidence.ts';
import { benchJson, benchText } from '../report/bench-text.ts';
import { traceOf } from '../evidence/trace-of.ts';
import { NO_MAXIMUM } from '../reconciler/autoscaling-runner-set/listener-for.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { fitting } from '../run/fitting-settings.ts';
import { withJobDuration } from '../run/job-duration.ts';
import { jobsText, type ScaleSetLoad } from '../run/job-load.ts';
import type { RunSettings } from '../run/settings.ts';
import { SimulationPool, threadsFor } from '../run/simulation-pool.ts';
import { evidenceInput } from './evidence-input.ts';
import { jobsOf, OF_A_SCALE_SET, scaleSetOf } from './jobs.ts';
import { CHANGES, givenFlags, modeNotes, modesWithChanges } from './modes.ts';
import { horizonUs, parse, seedsIn, SHARED, singleSettings, type Values } from './options.ts';
import { withSeenLatency } from './seen-latency.ts';
import { InterruptedError, UsageError } from './usage.ts';

const SEEDS = 10;
/** Where no load is given: few jobs and many. */
const LOADS = ['30', '100'];

/** `arc-lab bench` */
export async function bench(args: readonly string[], out: NodeJS.WriteStream, signal: AbortSignal): Promise<void> {
  const ofLoad = [...OF_A_SCALE_SET, 'horizon'];
  const strings = [...SHARED, ...CHANGES, ...ofLoad, 'mode', 'modes', 'seeds'];
  const values = await withSeenLatency(parse(args, strings, ['json', 'markdown'], ['jobs', 'against']), signal);
  if (values['json'] === true && values['markdown'] === true) {
    throw new UsageError('--json and --markdown exclude each other');
  }
  if (values['runners'] !== undefined)
    throw new UsageError('jobs decide how many runners there are: leave out --runners');
  const seeds = seedsIn(values) ?? SEEDS;
  const modes = modesIn(values);
  const loads = loadsIn(values);
  const sides = modes.map((mode): RunSettings =>
    fitting(withJobDuration({ ...singleSettings(values), ...givenFlags(modes, values), mode })),
  );
  process.stderr.write(modeNotes(values, modes));
  // What cannot be read is known before time is spent on runs.
  const against: BenchEvidence[] = [];
  for (const name of listIn(values, 'against')) {
    against.push(benchEvidence(shortName(name), await unlessAborted(traceOf(evidenceInput(name, signal)), signal)));
  }
  const runs = loads.flatMap(({ runners }) =>
    sides.map((settings) => ({ settings: { ...settings, runners: seeds * runners } })),
  );
  const pool = new SimulationPool(threadsFor(runs));
  try {
    const sections = await runBench(pool, sides, loads, seeds, { signal, horizonUs: horizonUs(values) });
    const form = values['markdown'] === true ? 'markdown' : 'text';
    if (sections.length > 0)
      out.write(values['json'] === true ? benchJson(sections, against) : benchText(sections, against, form));
  } finally {
    pool.dispose();
  }
  if (signal.aborted) throw new InterruptedError('interrupted; the benchmark is not complete');
}

/** The first is what the others are compared with. */
function modesIn(values: Values): readonly string[] {
  const { mode, modes } = values;
  if (mode !== undefined && modes !== undefined) {
    throw new UsageError('--mode and --modes are the same here: leave one of them out');
  }
  const named = modes ?? mode;
  return modesWithChanges(typeof named === 'string' ? named.split(',') : RELEASES.ids.slice(-2), values, RELEASES);
}

function loadsIn(values: Values): BenchLoad[] {
  const given = listIn(values, 'jobs');
  return (given.length === 0 ? LOADS : given).map((jobs) => {
    const load = scaleSetOf({ ...values, jobs });
    const { scaleSet } = load;
    if (scaleSet === undefined) throw new UsageError('--jobs needs a number of jobs');
    return { name: loadName(scaleSet), load, runners: jobsOf(scaleSet.jobs, values, false) };
  });
}

function loadName({ jobs, minRunners, maxRunners }: ScaleSetLoad): string {
  const limits = [
    ...(minRunners === 0 ? [] : [`minimum ${minRunners}`]),
    ...(maxRunners === NO_MAXIMUM ? [] : [`maximum ${maxRunners}`]),
  ];
  return [`Jobs: ${jobsText(jobs)}`, ...limits].join(', ');
}

/** The file's own name, without what an address asks for besides: that may be a credential. */
function shortName(name: string): string {
  return name === '-' ? 'standard input' : basename(name.replace(/^(https?:\/\/[^?#]*).*$/, '$1'));
}

function listIn(values: Values, option: string): readonly string[] {
  const given = values[option];
  return Array.isArray(given) ? (given as readonly string[]) : [];
}
