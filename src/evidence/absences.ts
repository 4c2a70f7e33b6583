import { firstThat } from '../base/first-that.ts';
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

/** Times between the last line of one controller and the start of the next in which runners waited, or may have. */
export function absencesOf({ processes, runners }: Reading): Absence[] {
  const spans = processes
    .flatMap(({ start, before, isSucceeding, workers }): Span[] =>
      start === undefined || before === undefined || start.at.us - before.at.us < LONG_US
        ? []
        : [
            {
              from: before,
              until: start,
              isStopped: isSucceeding,
              waiting: [],
              mayHaveWaited: [],
              soonUs: (workers?.at ?? start).at.us,
            },
          ],
    )
    .sort((a, b) => a.from.at.us - b.from.at.us);
  if (spans.length === 0) return [];
  // A log may have thousands of starts and hundreds of thousands of runners: no pair of them is looked at for nothing.
  const fromUs = Float64Array.from(spans, ({ from }) => from.at.us);
  const untold: RunnerHistory[] = [];
  for (const runner of runners.values()) {
    const { milestones } = runner;
    if (runner.startsInLife) continue;
    if (!milestones.has('created')) untold.push(runner);
    if (!isWaiting(runner)) continue;
    const podUs = milestones.get('podCreated')?.at.us ?? Infinity;
    for (let index = firstNotBefore(fromUs, wayStart(runner).at.us); index < spans.length; index++) {
      const { from, until, waiting } = spans[index] as Span;
      if (from.at.us > podUs) break;
      if (podUs >= until.at.us) waiting.push(runner);
      // A controller looks at all runners when it starts: one without a line after that is gone, or the log ends.
      if (until.at.us > runner.lastUs) break;
    }
  }
  const firstUs = Float64Array.from(untold, ({ first }) => first.at.us);
  const inOrder = Uint32Array.from(untold.keys()).sort(
    (a, b) => (firstUs[a] as number) - (firstUs[b] as number) || a - b,
  );
  const sortedUs = Float64Array.from(inOrder, (index) => firstUs[index] as number);
  for (const { until, soonUs, mayHaveWaited } of spans) {
    const begin = firstNotBefore(sortedUs, until.at.us);
    const end = firstNotBefore(sortedUs, soonUs + SOON_US + 1);
    for (const index of inOrder.subarray(begin, end).toSorted()) mayHaveWaited.push(untold[index] as RunnerHistory);
  }
  return spans.filter(
    ({ from, until, waiting, mayHaveWaited }) =>
      waiting.length > 0 || (mayHaveWaited.length > 0 && until.at.us - from.at.us <= LONGEST_US),
  );
}

interface Span extends Absence {
  readonly waiting: RunnerHistory[];
  readonly mayHaveWaited: RunnerHistory[];
  /** From when on the new controller works. */
  readonly soonUs: number;
}

/** The place of the first of sorted times that is not before one. */
function firstNotBefore(sortedUs: Float64Array, us: number): number {
  return firstThat(sortedUs.length, (place) => (sortedUs[place] as number) >= us);
}

/** Whether what a process says of itself tells why it ended before the next one started. */
export function isEndTold({ processEvents, crashes }: Reading, from: Seen, until: Seen): boolean {
  return [...processEvents, ...crashes].some(
    ({ at }) => at.at.us >= from.at.us - SAME_END_US && at.at.us <= until.at.us && at.source === from.source,
  );
}

/** Whether one that had begun, and had no pod by its times, waited for it: its pod may have been there before the log. */
function isWaiting({ milestones, hasPod }: RunnerHistory): boolean {
  return milestones.has('podCreated') || (!hasPod && !milestones.has('deleted'));
}

/** Whether a burst was long because nobody worked on it for a part of it. */
export function isMostlyAbsence(absences: readonly Absence[], burst: Burst): boolean {
  const us = absences
    .filter(({ from, until }) => from.at.us >= burst.start.at.us && until.at.us <= burst.lastPod.at.us)
    .reduce((sum, { from, until }) => sum + until.at.us - from.at.us, 0);
  return us > 0 && us >= MAIN_SHARE * durationUs(burst);
}
