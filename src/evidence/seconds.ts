import type { FileLine } from './file-order.ts';
import type { LogRecord } from './log-record.ts';
import { inOrderOfLives, OpenSteps } from './shuffled.ts';

/** Lines that tell whether a store has each several times. */
const TOLD_BY = 400;
/** Fewer tell nothing. */
const FEWEST = 8;
/** How many collectors give each line. */
const COLLECTORS = [2, 3];
/** As many of the lines at most are there another number of times: those at the ends of what a store was asked for. */
const ODD = 0.05;
/** A log without times is one second long. */
const MOST_OF_SECOND = 20_000;
/** This many lines, and this part of them, are older than one before them where a store has changed their order. */
const [FEWEST_BACK, BACK] = [3, 0.05];
/** Stamps that are finer tell the order. */
const FINE_US = 1000;
/** What happens to a runner, its pod or its job once, and so never twice within a second. */
const ONCE: ReadonlySet<string> = new Set([
  'Created new ephemeral runner',
  'Created ephemeral runner JIT config',
  'Created ephemeral runner secret',
  'Created ephemeral runner pod',
  'Job started message received.',
  'Job completed message received.',
]);

/**
 * Gives a file's lines on by the second, as log stores may have changed them within one: those that are there several times
 * count once, and those that are not in their order are put into one that can be.
 */
export class Seconds {
  /** Lines left out, as they are in their second more than once. */
  copies = 0;
  /** Whether the order within a second is not that in which the lines were written. */
  isShuffled = false;
  #second: FileLine[] = [];
  #since = Number.NaN;
  /** The first seconds, until they tell what the store does. */
  #held: FileLine[][] | undefined = [];
  #lines = 0;
  /** Lines that are older than one before them in their second. */
  #back = 0;
  /** How often each line is there. */
  #times = 1;
  readonly #steps = new OpenSteps();
  readonly #give: (line: FileLine) => void;

  constructor(give: (line: FileLine) => void) {
    this.#give = give;
  }

  take(line: FileLine): void {
    const second = Math.floor(line.record.at.us / 1e6);
    if (second !== this.#since || this.#second.length >= MOST_OF_SECOND) this.#endSecond();
    this.#since = second;
    this.#second.push(line);
  }

  end(): void {
    this.#endSecond();
    this.#release();
  }

  #endSecond(): void {
    const second = this.#second;
    this.#second = [];
    this.#lines += second.length;
    this.#back += backIn(second);
    if (this.#held === undefined) {
      const lines = this.#inOrder(second);
      this.#judge(lines);
      this.#pass(lines);
      return;
    }
    this.#held.push(second);
    if (this.#lines >= TOLD_BY) this.#release();
  }

  #release(): void {
    const held = (this.#held ?? []).map((second) => this.#inOrder(second));
    this.#held = undefined;
    this.#times = timesOfAll(held);
    for (const second of held) this.#judge(second);
    for (const second of held) this.#pass(second);
  }

  /** One stamp out of order is damaged; many show that the lines are. */
  #inOrder(second: FileLine[]): FileLine[] {
    return this.#back >= FEWEST_BACK && this.#back >= BACK * this.#lines ? byStamp(second) : second;
  }

  #judge(second: readonly FileLine[]): void {
    if (!this.isShuffled && this.#steps.endBeforeTheyBegin(second)) this.isShuffled = true;
    this.#times = Math.max(this.#times, timesOfUnique(second));
  }

  #pass(second: readonly FileLine[]): void {
    if (second.length === 1) {
      this.#give(second[0] as FileLine);
      return;
    }
    const lines = this.#times === 1 ? second : withoutCopies(second, this.#times);
    this.copies += second.length - lines.length;
    for (const line of this.isShuffled ? inOrderOfLives(lines) : lines) this.#give(line);
  }
}

/** How many lines are older than one before them. */
function backIn(lines: readonly FileLine[]): number {
  let [latestUs, back] = [0, 0];
  for (const { record } of lines) {
    if (record.at.us < latestUs) back++;
    else latestUs = record.at.us;
  }
  return back;
}

/** In the order of their stamps, where all of these tell it. */
function byStamp(lines: FileLine[]): FileLine[] {
  if (lines.some(({ record }) => record.at.withinUs >= FINE_US)) return lines;
  return lines.sort((a, b) => a.record.at.us - b.record.at.us);
}

function textOf({ at, logger, message, fields }: LogRecord): string {
  return `${at.us} ${logger} ${message} ${fields}`;
}

/** How often each is there. */
function countsOf(lines: readonly FileLine[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { record } of lines) {
    const text = textOf(record);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

/** How often a store has each line, where nearly all are there that often, or a multiple of it. */
function timesOfAll(seconds: readonly (readonly FileLine[])[]): number {
  const counts = seconds.flatMap((second) => [...countsOf(second).values()]);
  const lines = sum(counts);
  if (lines < FEWEST) return 1;
  return COLLECTORS.find((times) => sum(counts.filter((count) => count % times !== 0)) <= ODD * lines) ?? 1;
}

/** How often lines stand there that nobody writes twice. */
function timesOfUnique(second: readonly FileLine[]): number {
  const messages = new Set<string>();
  let isTwice = false;
  for (const { record } of second) {
    if (!ONCE.has(record.message)) continue;
    isTwice ||= messages.has(record.message);
    messages.add(record.message);
  }
  if (!isTwice) return 1;
  const times = Math.max(...countsOf(second.filter(({ record }) => ONCE.has(record.message))).values());
  // Where names were replaced, all of a burst are alike.
  return times > Math.max(...COLLECTORS) ? 1 : times;
}

/** Each line as often as it was written: copies mostly stand beside one another, or as often in the same order. */
function withoutCopies(second: readonly FileLine[], times: number): FileLine[] {
  const before = new Map<string, number>();
  return second.filter(({ record }) => {
    const text = textOf(record);
    const place = before.get(text) ?? 0;
    before.set(text, place + 1);
    return place % times === 0;
  });
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}
