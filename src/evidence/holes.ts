import { newProcess } from './process.ts';
import type { Reading } from './reading.ts';
import type { Seen } from './seen.ts';

/** A stretch without any line of a controller that may be a hole in the log, where the lines after it do not follow. */
const GAP_US = 1e6;
/** What happens this close to a hole may go on in it. */
const CLOSE_US = 5e6;
/** Lines of one process, written at once, change places within this time. */
const BACK_US = 1e6;
/** What shows that lines are missing comes this soon after them. */
const SOON_US = 10e6;

/** Remembers the last long stretch of the log without a line of the controller's. */
export function noteGap(reading: Reading, seen: Seen): void {
  const before = reading.lastControllerLine;
  reading.lastControllerLine = seen;
  reading.lines++;
  if (before === undefined || before.source !== seen.source) return;
  const us = seen.at.us - before.at.us;
  if (us < -BACK_US - seen.at.withinUs) {
    reading.backward.count++;
    reading.backward.first ??= seen;
  }
  if (us >= GAP_US + before.at.withinUs) reading.gap = { from: before, until: seen };
  if (us < -GAP_US) reading.gap = undefined;
}

/**
 * A line that cannot follow those before it: a call ends that had not begun, begins again before it has ended, or more are
 * going on than there are workers. Where it follows a long stretch without a line, that is a hole: what was going on before
 * it has ended in it.
 */
export function noteBreak(reading: Reading, seen: Seen): void {
  reading.breaks++;
  const { gap } = reading;
  if (gap === undefined || seen.at.us - gap.until.at.us > SOON_US) return;
  reading.gap = undefined;
  reading.holes.push(gap);
  const isAcross = ({ from, until }: { from: Seen; until: Seen | undefined }): boolean =>
    from.at.us <= gap.from.at.us && (until?.at.us ?? Number.POSITIVE_INFINITY) >= gap.until.at.us;
  for (const list of [reading.longSteps, reading.silences]) {
    const kept = (list as { from: Seen; until: Seen | undefined }[]).filter((each) => !isAcross(each));
    (list as unknown[]).splice(0, list.length, ...kept);
  }
  const { process } = reading;
  for (const runner of reading.runners.values()) {
    const { doing } = runner;
    if (doing === undefined || runner.doingSinceUs > gap.from.at.us) continue;
    if (doing === 'jit') process.jitCallsOpen--;
    runner.lose();
  }
  if (process.workers === undefined || process.jitCallsOpen <= process.workers.count) return;
  // Its start was in the hole.
  reading.process = newProcess(undefined);
  reading.process.jitCallsOpen = process.jitCallsOpen;
  reading.processes.push(reading.process);
}

/** Whether lines are missing between two moments, or so close to them that what happened there may go on in the hole. */
export function isAcrossHole({ holes }: Reading, fromUs: number, untilUs: number): boolean {
  return holes.some(({ from, until }) => fromUs < until.at.us + CLOSE_US && untilUs > from.at.us - CLOSE_US);
}
