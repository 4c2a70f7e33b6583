import { newProcess } from './process.ts';
import type { Hole, Reading } from './reading.ts';
import type { RunnerHistory } from './runner-history.ts';
import { isBefore, type Seen } from './seen.ts';

/** A stretch without any line of a controller that may be a hole in the log, where the lines after it do not follow. */
const GAP_US = 1e6;
/** What happens this close to a hole may go on in it. */
const CLOSE_US = 5e6;
/** Runners that were made in a hole; fewer may have been there before the log. */
const FEWEST = 3;
/** A log with fewer lines that make a pod may be an excerpt. */
const FEWEST_PODS = 5;
/** How much longer a hole is than other stretches without a line. */
const UNUSUAL = 2;
/** A call to the service ends after five tries of five minutes; several may wait for its lock one after another. */
export const ENDLESS_US = 4 * 3600e6;
/** More tell no more. */
const MOST_HOLES = 20;
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
 * going on than there are workers. Where it follows a long stretch without a line, that is a hole.
 */
export function noteBreak(reading: Reading, seen: Seen): void {
  reading.breaks++;
  const { gap } = reading;
  if (gap === undefined || seen.at.us - gap.until.at.us > SOON_US) return;
  reading.gap = undefined;
  addHole(reading, { ...gap, shownBy: 'break' });
}

/** A step that goes on for longer than any can: its end is missing, and whatever came before the next line of its runner. */
export function noteEndless(reading: Reading, runner: RunnerHistory, seen: Seen): void {
  if (reading.holes.length < MOST_HOLES) addHole(reading, { from: runner.last, until: seen, shownBy: 'break' });
}

/** A runner that the log shows from its beginning has a pod that no line makes: the line that does is missing before this one. */
export function noteJump(reading: Reading, runner: RunnerHistory, seen: Seen): void {
  // People leave lines out of what they quote.
  if (reading.steps.podsMade < FEWEST_PODS || reading.holes.length >= MOST_HOLES) return;
  const { gap } = reading;
  const isWithin = gap !== undefined && gap.from.at.us >= runner.lastUs;
  addHole(reading, { ...(isWithin ? gap : { from: runner.last, until: seen }), shownBy: 'jump' });
}

/** Looks for stretches that are missing by the runners that were made in them, once all lines are read. */
export function findHoles(reading: Reading): void {
  const { silences, runners, processes } = reading;
  for (const { from, until } of silences.filter((silence) => lastedUs(silence) >= ENDLESS_US).slice(0, MOST_HOLES))
    if (isPassedOnWay(reading, from, until)) addHole(reading, { from, until, shownBy: 'break' });
  const longestFirst = [...silences].sort((a, b) => lastedUs(b) - lastedUs(a));
  const [longest, second] = longestFirst;
  if (longest === undefined || reading.first === undefined) return;
  const { from, until } = longest;
  const us = lastedUs(longest);
  const isUsual = second !== undefined && lastedUs(second) * UNUSUAL > us;
  // A controller that starts looks at all that is there.
  const isStart = processes.some(
    ({ start }) => start !== undefined && start.at.us >= from.at.us && start.at.us <= until.at.us,
  );
  if (isUsual || isStart || from.at.us - reading.first.at.us < us / 2) return;
  const inLife = [...runners.values()].filter(({ startsInLife }) => startsInLife);
  const before = inLife.filter(({ first }) => first.at.us <= from.at.us).length;
  const after = inLife.filter(({ first }) => first.at.us >= until.at.us && first.at.us <= until.at.us + us).length;
  if (after >= FEWEST && after > before) addHole(reading, { from, until, shownBy: 'runners' });
}

/** Whether a runner was on its way to a pod before a moment, and goes on with it only after another one. */
function isPassedOnWay({ runners, holes }: Reading, from: Seen, until: Seen): boolean {
  if (holes.some((hole) => hole.from.at.us <= from.at.us && hole.until.at.us >= until.at.us)) return false;
  return [...runners.values()].some((runner) => {
    if (runner.first.at.us > from.at.us) return false;
    const { way } = runner;
    const before = way[way.findIndex(({ at }) => at.us >= until.at.us) - 1];
    return before !== undefined && from.at.us - before.at.us <= SOON_US;
  });
}

function lastedUs({ from, until }: Pick<Hole, 'from' | 'until'>): number {
  return until.at.us - from.at.us;
}

/** What was going on before a hole has ended in it. */
function addHole(reading: Reading, gap: Hole): void {
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

/**
 * The fewest holes that account for all of them, in order: several runners that each show lines missing over their own time
 * show one hole, where their times have a part in common.
 */
export function distinctHoles({ holes }: Reading): Hole[] {
  const distinct: Hole[] = [];
  for (const hole of [...holes].sort((a, b) => a.until.at.us - b.until.at.us)) {
    const last = distinct.at(-1);
    const isSame = last !== undefined && last.until.source === hole.until.source && isBefore(hole.from, last.until);
    if (!isSame) distinct.push(hole);
    else if (isBefore(last.from, hole.from)) distinct[distinct.length - 1] = { ...last, from: hole.from };
  }
  return distinct;
}
