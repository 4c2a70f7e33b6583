import type { FileLine } from './file-order.ts';
import type { Moment } from './moment.ts';

/** One process writes its lines in the order of their times; several in one file are less than this apart. */
const APART_US = 60e6;
/** A controller always says something within this time. */
const SILENT_US = 30 * 86_400e6;
/** More lines in a row are not all damaged: an older log follows in the same file. */
const IN_A_ROW = 4;

/**
 * Gives on a file's lines in the order in which they were written, and those whose stamp is damaged with the time of their
 * neighbours: it is far from that of the line before, and the lines after go on from there.
 */
export class DamagedStamps {
  found = 0;
  /** From which line on, and by how much, the times of the lines are earlier than before, where several in a row are. */
  wentBack: { readonly line: number; readonly us: number } | undefined;
  #last: Moment | undefined;
  /** Lines that jump, until the next ones tell which of the two is right. */
  #held: FileLine[] = [];
  readonly #give: (line: FileLine) => void;

  constructor(give: (line: FileLine) => void) {
    this.#give = give;
  }

  take(line: FileLine): void {
    const { us } = line.record.at;
    if (this.#last === undefined && !this.#begins(us)) {
      this.#held.push(line);
      return;
    }
    const [held] = this.#held;
    if (held !== undefined) {
      if (this.#isDamaged(held.record.at.us, us)) this.#mend(line.record.at);
      else if (this.#held.length >= IN_A_ROW || !this.#isBackward(held.record.at.us)) this.#release();
    }
    const isJump = this.#last !== undefined && Math.abs(us - this.#last.us) > APART_US;
    if (isJump || this.#held.length > 0) this.#held.push(line);
    else this.#pass(line);
  }

  end(): void {
    if (this.#last === undefined) this.#begins(Number.NaN);
    const [held] = this.#held;
    const last = this.#last;
    if (held !== undefined && last !== undefined) {
      const us = held.record.at.us;
      if (this.#isBackward(us) || us - last.us > SILENT_US) this.#mend(last);
    }
    this.#release();
  }

  /** Finds which of the first two lines to believe where they are far apart; the third tells it. */
  #begins(nextUs: number): boolean {
    const [first, second] = this.#held;
    if (first === undefined) return false;
    const stepUs = (second?.record.at.us ?? nextUs) - first.record.at.us;
    if (second === undefined && Math.abs(stepUs) > APART_US) return false;
    const isNearSecond = second !== undefined && Math.abs(nextUs - second.record.at.us) <= APART_US;
    this.#held = [first];
    if (isNearSecond && (stepUs < 0 || stepUs > SILENT_US)) this.#mend(second.record.at);
    else this.#release();
    if (second !== undefined) this.take(second);
    return true;
  }

  /** Whether lines that jumped to one time were wrong, as the next one is at another. */
  #isDamaged(heldUs: number, nextUs: number): boolean {
    const last = this.#last;
    if (last === undefined || nextUs < last.us - APART_US) return false;
    return this.#isBackward(heldUs) || nextUs < heldUs - APART_US;
  }

  #isBackward(us: number): boolean {
    return this.#last !== undefined && us < this.#last.us;
  }

  #mend(next: Moment): void {
    const from = this.#last ?? next;
    const at = { us: from.us, withinUs: Math.max(from.withinUs, next.us + next.withinUs - from.us) };
    this.found += this.#held.length;
    for (const { record, line } of this.#held.splice(0)) this.#pass({ record: { ...record, at }, line });
  }

  #release(): void {
    const [first] = this.#held;
    if (first !== undefined && this.#last !== undefined && this.#isBackward(first.record.at.us))
      this.wentBack ??= { line: first.line, us: this.#last.us - first.record.at.us };
    for (const line of this.#held.splice(0)) this.#pass(line);
  }

  #pass(line: FileLine): void {
    this.#last = line.record.at;
    this.#give(line);
  }
}
