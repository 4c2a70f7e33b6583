import type { SlowBurst } from '../evidence/burst-cause.ts';
import type { Reading } from '../evidence/reading.ts';
import { hasActionsLock } from '../reconciler/releases/actions-lock.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../run/settings.ts';
import { intervalsOf, type Interval } from './intervals.ts';
import { leastSquares, type Point } from './least-squares.ts';
import { observedIn, type Observed } from './observed.ts';
import { releasesOf } from './releases.ts';
import { ALL, LATENCIES, pointOf, Search, type BeforeRun, type Fixed, type Parameter, type Run } from './search.ts';

/** Client limits from which a fit sets out where the usual ones do not do. */
const LIMITS = [10, 40, 80, 160].map((qps) => ({ qps, burst: 1.5 * qps }));
/** JIT latencies from which it sets out, as parts of what a call seemed to take: the client's limit may be in that. */
const JITS = [1, 0.5, 0.25];
/** A call takes no less. */
const LEAST_JIT_US = 10e3;
/** How much better than the usual limits others have to do, besides halving what is left: hardly anybody changes them. */
const WORTH = 8;
/** Rounds of the search with one run a point, and with several. */
const [ROUNDS, LAST_ROUNDS] = [4, 2];
const FINALISTS = 2;

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

type Limits = Pick<RunSettings, 'qps' | 'burst'>;

interface Start extends Limits {
  readonly fixed: Fixed;
  readonly jitLatencyUs: number;
}

/** The settings with which a run of ours comes nearest to a burst. */
export async function fitOf(reading: Reading, slow: SlowBurst, beforeRun?: BeforeRun): Promise<Fit> {
  const observed = observedIn(reading, slow.burst);
  const search = new Search(observed, beforeRun);
  const best = await bestOf(search, candidates(slow), seemingJitUs(slow));
  const { settings, podsUs, shiftUs } = best.result;
  const pods = observed.curves.pod;
  return {
    observed,
    search,
    run: best.result,
    intervals: await intervalsOf(best, (at) => search.evaluate(settings, at)),
    medianOff: off(pods[(pods.length - 1) >> 1], observed.clockUs, podsUs[(pods.length - 1) >> 1], shiftUs),
    lastOff: off(pods.at(-1), observed.clockUs, podsUs[pods.length - 1], shiftUs),
  };
}

async function bestOf(search: Search, tried: readonly Fixed[], jitUs: number): Promise<Point<Run>> {
  const usual = await nearest(search, startsOf(tried, [DEFAULT_SETTINGS], jitUs), LATENCIES);
  if (usual.sum < WORTH + usual.residuals.length) return usual;
  const { workers } = usual.result.settings;
  const alike = tried.filter((fixed) => fixed.workers === workers);
  const other = await nearest(search, startsOf(alike, LIMITS, jitUs), ALL);
  return other.sum + WORTH < usual.sum && other.sum < usual.sum / 2 ? other : usual;
}

function startsOf(all: readonly Fixed[], limits: readonly Limits[], jitUs: number): Start[] {
  return all.flatMap((fixed) =>
    limits.flatMap(({ qps, burst }) => {
      // A lock is held longer than a request for a secret waits: what a call takes is then known already.
      const parts = hasActionsLock(fixed.mode) === true && fixed.workers > 1 ? JITS.slice(0, 1) : JITS;
      return parts.map((part) => ({ fixed, jitLatencyUs: part * jitUs, qps, burst }));
    }),
  );
}

/** The best that is found from the best of the starts. */
async function nearest(search: Search, starts: readonly Start[], free: number): Promise<Point<Run>> {
  const points: { fixed: Fixed; at: readonly number[]; sum: number }[] = [];
  for (const { fixed, jitLatencyUs, qps, burst } of starts) {
    const at = pointOf({ jitLatencyUs, apiLatencyUs: DEFAULT_SETTINGS.apiLatencyUs, qps, burst });
    points.push({ fixed, at, sum: (await search.evaluate(fixed, at, 1)).sum });
  }
  const found: { fixed: Fixed; point: Point<Run> }[] = [];
  const sorted = points.sort((a, b) => a.sum - b.sum);
  const most = WORTH + 2 * (sorted[0]?.sum ?? 0);
  for (const { fixed, at } of sorted.filter(({ sum }) => sum <= most).slice(0, FINALISTS)) {
    const evaluate = (point: readonly number[]): Promise<Point<Run>> => search.evaluate(fixed, point, 1);
    found.push({ fixed, point: await leastSquares({ start: await evaluate(at), free, rounds: ROUNDS, evaluate }) });
  }
  const { fixed, point } = found.reduce((a, b) => (b.point.sum < a.point.sum ? b : a));
  const evaluate = (at: readonly number[]): Promise<Point<Run>> => search.evaluate(fixed, at);
  return leastSquares({ start: await evaluate(point.at), free, rounds: LAST_ROUNDS, evaluate });
}

/** By how much a time is outside of what the log's clock leaves open, as a part of the time since the run began. */
function off(seenUs = 0, clockUs: number, oursUs: number | undefined, shiftUs: number): number {
  if (oursUs === undefined) return Number.POSITIVE_INFINITY;
  const tooLateUs = Math.max(0, oursUs + shiftUs - seenUs - clockUs) + Math.min(0, oursUs + shiftUs - seenUs);
  return tooLateUs / Math.max(1, oursUs - tooLateUs);
}

/** Where JIT calls wait for one another, how often one ends says what each takes. */
function seemingJitUs({ jitMeanUs, jitEveryUs, workers }: SlowBurst): number {
  const isInTurn = workers > 1 && jitMeanUs > 1.5 * jitEveryUs;
  return Math.max(LEAST_JIT_US, isInTurn ? jitEveryUs : jitMeanUs);
}

/** Every release that may have written the log, with as many workers as it says; without that, at least as many as made JIT calls at once. */
function candidates({ burst, release }: SlowBurst): Fixed[] {
  const { workers, mostJitCallsAtOnce } = burst.process;
  const least = Math.max(1, mostJitCallsAtOnce);
  const counts = workers === undefined ? [least, least + 1, Math.ceil(1.5 * least), 2 * least] : [workers.count];
  return releasesOf(release).flatMap((mode) => [...new Set(counts)].map((count) => ({ mode, workers: count })));
}
