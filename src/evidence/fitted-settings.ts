import type { SlowBurst } from './burst-cause.ts';
import { partsOf } from './bursts.ts';
import type { Reading } from './reading.ts';
import { releaseOf } from './release.ts';

/** A setting's range according to the log: it lies between `low` and `high`; null there means no bound. */
interface Fitted {
  readonly value: number;
  readonly low: number;
  readonly high: number | null;
}

export interface FittedSettings {
  readonly workers: Fitted | null;
  readonly qps: Fitted | null;
  readonly burst: Fitted | null;
  /** Milliseconds of one call, without its wait for others. */
  readonly jitMs: Fitted | null;
  readonly apiMs: Fitted | null;
}

/** Fewer calls than this say nothing about their mean, where clocks have whole seconds. */
const CALLS = 5;

/** The client's limits and the API server's latency are in no line of a controller, and are not guessed. */
export function fittedSettings(reading: Reading, longest: SlowBurst | undefined): FittedSettings {
  return { workers: workers(reading), qps: null, burst: null, jitMs: jitMs(reading, longest), apiMs: null };
}

function workers(reading: Reading): Fitted | null {
  if (reading.workers !== undefined) {
    const { count } = reading.workers;
    return { value: count, low: count, high: count };
  }
  const atOnce = reading.mostJitCallsAtOnce;
  return atOnce === 0 ? null : { value: atOnce, low: atOnce, high: null };
}

/**
 * The mean of many differences between whole seconds is that of the calls: what each loses to rounding cancels out. Where
 * calls wait for one another, only how often one ends tells how long each takes.
 */
function jitMs(reading: Reading, longest: SlowBurst | undefined): Fitted | null {
  const calls: number[] = [];
  for (const runner of reading.runners.values()) {
    if (runner.startsInLife) continue;
    for (const { doing, us } of partsOf(runner)) if (doing === 'jit') calls.push(us);
  }
  if (calls.length < CALLS) return null;
  const isLocked = releaseOf(reading)?.hasLock === true && reading.mostJitCallsAtOnce > 1;
  if (isLocked) {
    return longest?.cause === 'actions lock' || longest?.cause === 'service slow'
      ? { value: round(longest.jitEveryUs), low: 0, high: round(longest.jitEveryUs) }
      : null;
  }
  const mean = calls.reduce((sum, us) => sum + us, 0) / calls.length;
  const variance = calls.reduce((sum, us) => sum + (us - mean) ** 2, 0) / (calls.length - 1);
  const error = 2 * Math.sqrt(variance / calls.length);
  // A registration reads a secret between its two lines: where such requests are held back, that is in the mean as well.
  if ((longest?.limited.find(({ kind }) => kind === 'secrets')?.seconds ?? 0) > 0)
    return { value: round(mean), low: 0, high: round(mean + error) };
  return { value: round(mean), low: Math.max(0, round(mean - error)), high: round(mean + error) };
}

function round(us: number): number {
  return Math.round(us / 1000);
}
