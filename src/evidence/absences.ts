import { durationUs, wayStart, type Burst } from './bursts.ts';
import type { Reading } from './reading.ts';
import type { RunnerHistory } from './runner-history.ts';
import type { Seen } from './seen.ts';

/** A controller that is replaced, with nobody to work in between, takes less. */
const LONG_US = 5e6;
/** Where nobody is known to have waited, a longer one may as well be a log that is not given. */
const LONGEST_US = 600e6;
/** Nearer to the end of a process than this, its own last words say why it ended. */
const SAME_END_US = 15e6;
/** A controller takes what it finds at its start one after the other. */
const SOON_US = 15e6;
/** What takes this part of a burst is what made it long. */
const MAIN_SHARE = 0.25;

/** A time in which no controller ran, with the runners that waited for a pod meanwhile. */
export interface Absence {
  readonly from: Seen;
  /** The first line of the next one. */
  readonly until: Seen;
  /** Whether the one before said that it ends. */
  readonly isStopped: boolean;
  readonly waiting: readonly RunnerHistory[];
  /** Runners whose first line follows the start so soon that they may have waited as well. */
  readonly mayHaveWaited: readonly RunnerHistory[];
}

/**
 * Times between the last line of one controller and the start of the next in which runners waited, or may have.
 * @param isAsked which of them are looked at; without it all
 */
export function absencesOf(
  { processes, runners }: Reading,
  isAsked: (from: Seen, until: Seen) => boolean = () => true,
): Absence[] {
  const spans = processes.flatMap(({ start, before, isSucceeding, workers }) =>
    start === undefined || before === undefined || start.at.us - before.at.us < LONG_US || !isAsked(before, start)
      ? []
      : [{ from: before, until: start, isStopped: isSucceeding, fromUs: (workers?.at ?? start).at.us }],
  );
  if (spans.length === 0) return [];
  // A log may have hundreds of starts and hundreds of thousands of runners: their times are looked up once.
  const all = [...runners.values()];
  const firstUs = Float64Array.from(all, ({ first }) => first.at.us);
  const begunUs = Float64Array.from(all, (runner) => wayStart(runner).at.us);
  const podUs = Float64Array.from(all, ({ milestones }) => milestones.get('podCreated')?.at.us ?? Infinity);
  return spans.flatMap(({ from, until, isStopped, fromUs }) => {
    const waiting: RunnerHistory[] = [];
    const mayHaveWaited: RunnerHistory[] = [];
    for (let index = 0; index < all.length; index++) {
      const [first, begun, pod] = [firstUs[index] as number, begunUs[index] as number, podUs[index] as number];
      if (begun <= from.at.us && pod >= until.at.us && isWaiting(all[index] as RunnerHistory))
        waiting.push(all[index] as RunnerHistory);
      const isSoon = first >= until.at.us && first <= fromUs + SOON_US;
      if (!isSoon) continue;
      const runner = all[index] as RunnerHistory;
      if (!runner.startsInLife && !runner.milestones.has('created')) mayHaveWaited.push(runner);
    }
    const isKnown = waiting.length > 0 || (mayHaveWaited.length > 0 && until.at.us - from.at.us <= LONGEST_US);
    return isKnown ? [{ from, until, isStopped, waiting, mayHaveWaited }] : [];
  });
}

/** Whether what a process says of itself tells why it ended before the next one started. */
export function isEndTold({ processEvents, crashes }: Reading, from: Seen, until: Seen): boolean {
  return [...processEvents, ...crashes].some(
    ({ at }) => at.at.us >= from.at.us - SAME_END_US && at.at.us <= until.at.us && at.source === from.source,
  );
}

/** Whether one that had begun, and had no pod by its times, waited for it: its pod may have been there before the log. */
function isWaiting({ milestones, startsInLife, hasPod }: RunnerHistory): boolean {
  return !startsInLife && (milestones.has('podCreated') || (!hasPod && !milestones.has('deleted')));
}

/** Whether a burst was long because nobody worked on it for a part of it. */
export function isMostlyAbsence(reading: Reading, burst: Burst): boolean {
  const us = absencesOf(
    reading,
    (from, until) => from.at.us >= burst.start.at.us && until.at.us <= burst.lastPod.at.us,
  ).reduce((sum, { from, until }) => sum + until.at.us - from.at.us, 0);
  return us > 0 && us >= MAIN_SHARE * durationUs(burst);
}
