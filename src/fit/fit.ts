import type { SlowBurst } from '../evidence/burst-cause.ts';
import type { Burst } from '../evidence/bursts.ts';
import type { Reading } from '../evidence/reading.ts';
import { hasActionsLock } from '../reconciler/releases/actions-lock.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { clientLines } from './client-lines.ts';
import { limitsOf, PARAMETERS, type Fitted, type Interval, type Parameter } from './limits.ts';
import { observedIn, type Observed } from './observed.ts';
import { releasesOf } from './releases.ts';
import { SimulationCancelled } from '../run/simulation-errors.ts';
import { Search, type Fixed, type Run, type Simulating } from './search.ts';

/** A run of ours that comes near a burst of a log. */
export interface Fit {
  readonly observed: Observed;
  readonly search: Search;
  readonly run: Run;
  readonly intervals: Readonly<Record<Parameter, Interval>>;
  /** How much later the run's median and last pods are, as parts of the log's times. */
  readonly medianOff: number;
  readonly lastOff: number;
}

/** A release and a number of workers with the limits that suit them best. */
type Tried = Pick<Fit, 'run' | 'intervals'>;

/** The bucket has got back what was taken this long before. */
const BEFORE_S = 3;
/** Others have a turn of the event loop after this. */
const TURN_MS = 20;

/**
 * The settings with which a run of ours comes nearest to a burst.
 * @param mode the release that wrote it, where somebody says so
 * @throws SimulationCancelled
 */
export async function fitOf(reading: Reading, slow: SlowBurst, simulating: Simulating, mode?: string): Promise<Fit> {
  const observed = observedIn(reading, slow.burst);
  const search = new Search(observed, simulating);
  const areOthersAtWork = hasLinesAbove(reading, slow.burst);
  const limits = new Map<string, Readonly<Record<Parameter, Interval>>>();
  const tried: Promise<Tried>[] = [];
  for (const fixed of candidates(slow, mode)) {
    const isOneStep = !RELEASES.get(fixed.mode).switches.has(3831);
    const hasLock = hasActionsLock(fixed.mode) === true;
    const key = `${isOneStep} ${hasLock}`;
    const measured = (): ReturnType<typeof limitsOf> =>
      limitsOf(clientLines(slow.burst, reading, isOneStep), { hasLock, areOthersAtWork });
    const intervals = limits.get(key) ?? (await inTurns(measured(), simulating.signal));
    limits.set(key, intervals);
    const run = search.near(fixed, valuesOf(intervals)).then((run) => ({ run, intervals }));
    // One that fails while limits are measured is heard of below.
    run.catch(() => undefined);
    tried.push(run);
  }
  const best = nearest(await Promise.all(tried));
  const { podsUs, shiftUs } = best.run;
  const pods = observed.curves.pod;
  return {
    ...{ observed, search, ...best },
    medianOff: off(pods[(pods.length - 1) >> 1], observed.clockUs, podsUs[(pods.length - 1) >> 1], shiftUs),
    lastOff: off(pods.at(-1), observed.clockUs, podsUs[pods.length - 1], shiftUs),
  };
}

/** Whether controllers above those of runners wrote lines during a burst, or shortly before. */
function hasLinesAbove({ linesAbove }: Reading, { start, lastPod }: Burst): boolean {
  const [from, until] = [start.at.us / 1e6 - BEFORE_S, lastPod.at.us / 1e6];
  return [...linesAbove.keys()].some((second) => from <= second && second <= until);
}

/** The first of the nearest ones. */
function nearest([first, ...others]: readonly Tried[]): Tried {
  if (first === undefined) throw new Error('no release may have written this log');
  return others.reduce((best, one) => (one.run.distance < best.run.distance ? one : best), first);
}

async function inTurns<T>(steps: Generator<undefined, T>, signal: AbortSignal | undefined): Promise<T> {
  let beganMs = performance.now();
  for (;;) {
    if (signal?.aborted === true) throw new SimulationCancelled();
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - beganMs < TURN_MS) continue;
    await new Promise((resolve) => setImmediate(resolve));
    beganMs = performance.now();
  }
}

function valuesOf(intervals: Fit['intervals']): Fitted {
  return Object.fromEntries(PARAMETERS.map((parameter) => [parameter, intervals[parameter].value])) as Fitted;
}

/** By how much a time is outside of what the log's clock leaves open, as a part of the time since the run began. */
function off(seenUs = 0, clockUs: number, oursUs: number | undefined, shiftUs: number): number {
  if (oursUs === undefined) return Number.POSITIVE_INFINITY;
  const tooLateUs = Math.max(0, oursUs + shiftUs - seenUs - clockUs) + Math.min(0, oursUs + shiftUs - seenUs);
  return tooLateUs / Math.max(1, oursUs - tooLateUs);
}

/** Every release that may have written the log, or the one that somebody says, with as many workers as it says; without that, at least as many as made JIT calls at once. */
export function candidates({ burst, release }: SlowBurst, said?: string): Fixed[] {
  const { workers, mostJitCallsAtOnce } = burst.process;
  const least = Math.max(1, mostJitCallsAtOnce);
  const counts = workers === undefined ? [least, least + 1, Math.ceil(1.5 * least), 2 * least] : [workers.count];
  const modes = said === undefined ? releasesOf(release) : [said];
  return modes.flatMap((mode) => [...new Set(counts)].map((count) => ({ mode, workers: count })));
}
