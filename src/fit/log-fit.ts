import { availableParallelism } from 'node:os';
import type { SlowBurst } from '../evidence/burst-cause.ts';
import type { Explanation } from '../evidence/explain.ts';
import type { Process } from '../evidence/process.ts';
import type { Reading } from '../evidence/reading.ts';
import { missingWayLine } from '../evidence/way-lines.ts';
import { candidates, fitOf, type Fit } from './fit.ts';
import { gainsOf, isClose, type Gain } from './gain.ts';
import { USUAL, type Interval } from './limits.ts';
import { seedsFor, type Simulating } from './search.ts';

/** A setting as a log tells it: between `low` and `high`; null there means no bound. */
export interface FittedSetting {
  readonly value: number;
  readonly low: number;
  readonly high: number | null;
  /**
   * What it rests on: a line that says it, the times of the lines or for workers the nearest run, or no more than that it is usual and
   * that the log allows it.
   */
  readonly basis: 'line' | 'run' | 'usual';
}

export interface FittedSettings {
  readonly workers: FittedSetting | null;
  readonly qps: FittedSetting | null;
  readonly burst: FittedSetting | null;
  /** Milliseconds of one call, without its wait for others. */
  readonly jitMs: FittedSetting | null;
  readonly apiMs: FittedSetting | null;
}

/** A burst of the log simulated in virtual time. */
export interface Simulation {
  readonly fit: Fit;
  readonly slow: SlowBurst;
  /** Whether the first finding on a burst is about it; otherwise no burst has a finding. */
  readonly isFound: boolean;
  /** Whether the log has no other. */
  readonly isOnly: boolean;
  /** Whether it is near enough to the log to say what a change would do. */
  readonly isClose: boolean;
  /** Of a burst that was slow and is simulated well. */
  readonly gains: readonly Gain[];
}

export interface LogFit {
  readonly settings: FittedSettings;
  /** Undefined where the log shows no burst as a whole, or too large a one. */
  readonly simulation: Simulation | undefined;
}

/** Fewer runners say little of settings; more take long to simulate dozens of times. */
export const [FEWEST, MOST] = [5, 1000];
/** Some seven changes, each from the fitted settings and from both ends of what the log leaves open. */
const SETTINGS_OF_GAINS = 21;
/**
 * In all runs together. A runner takes the processor 0.1 ms, and a thread 0.4 s to start and to get up to speed: with fewer
 * runners two threads take no less time, and twice the processor's.
 */
const FEW_RUNNERS = 12_000;

/**
 * Fits the settings to the burst of the first finding on one, and simulates what would have made it shorter; without such a
 * finding, to the burst that took the longest. It takes dozens of runs in virtual time.
 * @param mode the release that wrote the burst, where somebody says so
 * @throws SimulationCancelled
 */
export async function fitLog(
  { reading, bursts, findings }: Pick<Explanation, 'reading' | 'bursts' | 'findings'>,
  simulating: Simulating,
  mode?: string,
): Promise<LogFit> {
  const { slow, isFound } = burstToFit({ reading, bursts, findings });
  if (slow === undefined) return unfitted(reading);
  const fit = await fitOf(reading, slow, simulating, mode);
  const close = isClose(fit);
  return {
    settings: settingsOf(slow.burst.process, fit),
    simulation: {
      fit,
      slow,
      isFound,
      isOnly: bursts.length === 1,
      isClose: close,
      gains: close && isFound ? await gainsOf(fit) : [],
    },
  };
}

/**
 * Undefined where the log shows no whole burst, one that is too large, not how long its calls took, or where it lacks a line
 * that every runner with a pod has; `isFound` where a finding is about one.
 */
export function burstToFit({ reading, bursts, findings }: Pick<Explanation, 'reading' | 'bursts' | 'findings'>): {
  readonly slow: SlowBurst | undefined;
  readonly isFound: boolean;
} {
  const found = findings.find(({ burst }) => burst !== undefined)?.burst;
  if (reading.isShuffled || missingWayLine(reading) !== undefined)
    return { slow: undefined, isFound: found !== undefined };
  const slow = (found === undefined ? bursts : [found]).find(({ burst: { isCut, runners, waiting } }) => {
    const count = runners.length + waiting.length;
    return !isCut && runners.length >= FEWEST && count <= MOST;
  });
  return { slow, isFound: found !== undefined };
}

/**
 * How many threads make the fit of a log quicker: one a core, none where its runs are done before threads have started. What a
 * run takes goes with its runners.
 */
export function fitThreads(explanation: Pick<Explanation, 'reading' | 'bursts' | 'findings'>): number {
  const { slow, isFound } = burstToFit(explanation);
  if (slow === undefined) return 0;
  const runners = slow.burst.runners.length + slow.burst.waiting.length;
  const settings = candidates(slow).length + (isFound ? SETTINGS_OF_GAINS : 0);
  return settings * seedsFor(runners) * runners < FEW_RUNNERS ? 0 : availableParallelism();
}

/** What the lines say of settings, and no more. */
export function unfitted(reading: Reading): LogFit {
  return { settings: settingsOf(reading.process, undefined), simulation: undefined };
}

function settingsOf(process: Process, fit: Fit | undefined): FittedSettings {
  const of = (setting: keyof Fit['intervals'], unit: number): FittedSetting | null =>
    fit === undefined ? null : inUnits(fit.intervals[setting], USUAL[setting], unit);
  return {
    workers: workersOf(process, fit),
    qps: of('qps', 1),
    burst: of('burst', 1),
    jitMs: of('jitLatencyUs', 1000),
    apiMs: of('apiLatencyUs', 1000),
  };
}

function workersOf({ workers, mostJitCallsAtOnce }: Process, fit: Fit | undefined): FittedSetting | null {
  if (workers !== undefined) return { value: workers.count, low: workers.count, high: workers.count, basis: 'line' };
  if (fit !== undefined) return { value: fit.run.settings.workers, low: mostJitCallsAtOnce, high: null, basis: 'run' };
  return mostJitCallsAtOnce === 0
    ? null
    : { value: mostJitCallsAtOnce, low: mostJitCallsAtOnce, high: null, basis: 'line' };
}

function inUnits({ value, low, high, isTold }: Interval, usual: number | undefined, unit: number): FittedSetting {
  const of = (number: number): number => Number((number / unit).toPrecision(3));
  const isUsual = !isTold && usual !== undefined && of(value) === of(usual);
  return { value: of(value), low: of(low), high: high === null ? null : of(high), basis: isUsual ? 'usual' : 'run' };
}
