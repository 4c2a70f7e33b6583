import { ACTIONS_LOCK } from '../reconciler/releases/actions-lock.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../run/settings.ts';

/** A burst of a real controller that was recorded, and that our own comes near: what is in test/conformance/bursts.json. */
export type RecordedBurst = readonly [mode: string, workers: number, jitMs: number, runners: number];

export const RECORDED_BURSTS: readonly RecordedBurst[] = [
  ['0.9.3', 1, 200, 30],
  ['new', 2, 200, 30],
  ['new', 2, 200, 300],
  ['new', 4, 400, 100],
  ['new', 10, 50, 100],
  ['0.10.1', 1, 200, 30],
  ['0.11.0', 1, 200, 30],
  ['0.12.1', 1, 200, 30],
  ['0.13.1', 1, 200, 30],
  ['0.13.1', 4, 400, 100],
  ['0.14.0', 1, 200, 30],
  ['0.14.2', 1, 200, 30],
  ['latest', 2, 200, 30],
  ['latest', 2, 200, 100],
  ['latest', 2, 200, 300],
];

/** What a request took on the fastest and the slowest API server of these recordings, in microseconds. */
export const RECORDED_SERVERS_US = [3_447, 6_412] as const;

/**
 * What a figure of a simulation rests on: a burst with these settings was `recorded`; they lie `within` those that were, or
 * the figure is `extrapolated`.
 */
export type Basis = 'recorded' | 'within' | 'extrapolated';

/** How far a value may be from a recorded one and still count as it. */
const SAME = 0.05;

export function basisOf(settings: RunSettings): Basis {
  const { mode, workers, runners, jitLatencyUs, apiLatencyUs, qps, burst, workqueueRateLimiter, pods } = settings;
  const isVaried = settings.jitShape !== undefined || settings.apiShape !== undefined;
  const isUsual =
    (isSame(qps, DEFAULT_SETTINGS.qps) || qps === RELEASES.get(mode).usual.qps) &&
    (isSame(burst, DEFAULT_SETTINGS.burst) || burst === RELEASES.get(mode).usual.burst) &&
    apiLatencyUs >= RECORDED_SERVERS_US[0] &&
    apiLatencyUs <= RECORDED_SERVERS_US[1] &&
    workqueueRateLimiter === undefined &&
    !isVaried &&
    (pods === undefined || pods === 'jobs' || pods === 'none');
  if (!isUsual) return 'extrapolated';
  const { switches } = RELEASES.get(mode);
  const jitMs = jitLatencyUs / 1000;
  const own = RECORDED_BURSTS.filter(([of]) => RELEASES.isSame(of, mode));
  const isRecorded = own.some(([, w, jit, count]) => w === workers && isSame(jit, jitMs) && isSame(count, runners));
  if (isRecorded) return 'recorded';
  // Bursts of releases that take the same way to a pod stand for one another.
  const alike = RECORDED_BURSTS.filter(([of]) =>
    ([3831, ACTIONS_LOCK] as const).every((one) => RELEASES.get(of).switches.has(one) === switches.has(one)),
  );
  const isWithin = (value: number, place: 1 | 2 | 3): boolean => {
    const values = alike.map((burstOf) => burstOf[place]);
    return (value >= Math.min(...values) && value <= Math.max(...values)) || values.some((each) => isSame(each, value));
  };
  const isListed = RELEASES.get(mode).variation === undefined;
  return isListed && isWithin(workers, 1) && isWithin(jitMs, 2) && isWithin(runners, 3) ? 'within' : 'extrapolated';
}

function isSame(one: number, other: number): boolean {
  return Math.abs(one - other) <= SAME * Math.max(one, other);
}
