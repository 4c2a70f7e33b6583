import { isOwnLine } from '../own-line.ts';
import { blanks, escapes, patchMarks, quoteMarks, quotes } from './characters.ts';
import { page } from './page.ts';
import type { Step } from './step.ts';
import { otherTimes } from './times.ts';
import { isRecord, isWhole, wholeness } from './wholeness.ts';
import { brokenAtBlanks, brokenAtBlanksAlone, brokenAtWidth, isSurelyBroken, Joiner, type Joins } from './wrapped.ts';

/** Lines that tell what has been done to all of a file, and their characters. */
const [TOLD_BY, LONGEST] = [300, 20_000];
const STEPS: readonly Step[] = [page, blanks, quotes, escapes, patchMarks];

/**
 * Puts back what ways to copy a log have done to its lines: other blanks and quotes, entities of pages, marks of patches, line
 * ends of windows, times in other forms. Something is undone only where more of the first lines are whole without it.
 */
export class Restored {
  #undone: readonly ((line: string) => readonly string[])[] | undefined;
  #joiner: Joiner | undefined;
  #dated: ((line: string) => readonly string[]) | undefined;

  #isOfWindows = false;

  take(given: readonly string[]): readonly string[] {
    if (this.#undone === undefined) this.#isOfWindows = given[0]?.endsWith('\r') === true;
    const lines = this.#isOfWindows ? given.map((line) => line.replace(/\r$/, '')) : given;
    this.#undone ??= this.#begin(lines);
    return this.#joined(this.#undone.reduce<readonly string[]>((each, undo) => each.flatMap(undo), lines));
  }

  /** What is still to come. */
  end(): readonly string[] {
    return this.#inOtherTimes(this.#joiner?.end() ?? []);
  }

  #joined(lines: readonly string[]): readonly string[] {
    return this.#inOtherTimes(this.#joiner?.take(lines) ?? lines);
  }

  #inOtherTimes(lines: readonly string[]): readonly string[] {
    return this.#dated === undefined ? lines : lines.flatMap(this.#dated);
  }

  #begin(lines: readonly string[]): readonly ((line: string) => readonly string[])[] {
    let first: readonly string[] = lines.slice(0, TOLD_BY).map((line) => line.slice(0, LONGEST));
    const undone: ((line: string) => readonly string[])[] = [];
    const unquote = quoteMarks(first);
    if (unquote !== undefined) {
      undone.push(unquote);
      first = first.flatMap(unquote);
    }
    if (first.every(isWhole)) return undone;
    for (const step of STEPS) {
      const undo = step(first);
      const without = undo === undefined ? first : first.flatMap(undo);
      if (undo === undefined || wholeness(without) <= wholeness(first)) continue;
      undone.push(undo);
      first = without;
    }
    const dated = otherTimes(first);
    const inTime = (each: readonly string[]): readonly string[] => (dated === undefined ? each : each.flatMap(dated));
    const begins = (line: string): boolean => isOwnLine(line) || isRecord(line) || (dated?.(line)[0] ?? line) !== line;
    const asTheyAre = wholeness(first);
    const inTimes = wholeness(inTime(first));
    // A new one, as it goes by the time of the line before.
    if (inTimes > asTheyAre) this.#dated = otherTimes(first);
    this.#joiner = joinerOf(first, begins, (each) => wholeness(inTimes > asTheyAre ? inTime(each) : each));
    return undone;
  }
}

/** What joins lines that are broken; undefined where none is, or where it is not sure how. */
function joinerOf(
  lines: readonly string[],
  begins: (line: string) => boolean,
  wholenessOf: (lines: readonly string[]) => number,
): Joiner | undefined {
  if (!lines.some(begins)) return undefined;
  // The last of the first lines may go on after them.
  const ended = lines.slice(0, Math.max(1, lines.findLastIndex(begins)));
  const moreOf = (joins: Joins, first: readonly string[]): number =>
    wholenessOf(joinedBy(joins, first)) - wholenessOf(first);
  const best = [brokenAtWidth, brokenAtBlanks, brokenAtBlanksAlone]
    .map((broken) => broken(lines, begins))
    .filter((joins) => joins !== undefined)
    .map((joins) => ({
      joins,
      more: Math.max(moreOf(joins, lines), moreOf(joins, ended)),
      isSure: isSurelyBroken(ended, joins, begins),
    }))
    .filter(({ more, isSure }) => more > 0 || (more === 0 && isSure))
    .sort((a, b) => b.more - a.more || Number(b.isSure) - Number(a.isSure))[0];
  return best === undefined ? undefined : new Joiner(best.joins);
}

function joinedBy(joins: Joins, lines: readonly string[]): readonly string[] {
  const joiner = new Joiner(joins);
  return [...joiner.take(lines), ...joiner.end()];
}
