import { Entries } from './entries.ts';
import { PackedNumbers } from './packed-numbers.ts';
import type { Seen } from './seen.ts';

/**
 * What there is of each runner once, in columns: a log of a gigabyte has hundreds of thousands of runners, and an object for all
 * of it takes twice as much. A runner is a row; RunnerHistory says what the numbers mean.
 */
export class RunnerColumns {
  readonly entries = new Entries();
  readonly first = new PackedNumbers();
  readonly toWay = new PackedNumbers();
  readonly toWayEnd = new PackedNumbers();
  readonly wayLength = new PackedNumbers();
  readonly wayToPod = new PackedNumbers();
  readonly doing = new PackedNumbers();
  readonly starts = new PackedNumbers();
  readonly lastUs = new PackedNumbers();
  readonly flags = new PackedNumbers();
  readonly said = new PackedNumbers();
  readonly runnerId = new PackedNumbers();
  readonly pods = new PackedNumbers();
  readonly idlePasses = new PackedNumbers();
  readonly lookedAtUs = new PackedNumbers();

  readonly #lastLine = new PackedNumbers();
  readonly #lastWithinUs = new PackedNumbers();
  readonly #lastSource = new PackedNumbers();
  /** All that begin as 0. */
  readonly #others = [
    ...[this.toWay, this.toWayEnd, this.wayLength, this.wayToPod, this.doing, this.starts, this.flags, this.said],
    ...[this.runnerId, this.pods, this.idlePasses, this.lookedAtUs],
  ];

  /** @returns its row */
  add(first: number, { source, line, at }: Seen): number {
    this.first.push(first);
    this.lastUs.push(at.us);
    this.#lastLine.push(line);
    this.#lastWithinUs.push(at.withinUs);
    this.#lastSource.push(source);
    for (const column of this.#others) column.push(0);
    return this.first.length - 1;
  }

  /** Makes a row like one elsewhere. */
  copy(from: RunnerColumns, row: number, first: number): number {
    const copied = this.add(first, from.last(row));
    for (const [index, column] of this.#others.entries())
      column.set(copied, (from.#others[index] as PackedNumbers).get(row));
    return copied;
  }

  last(row: number): Seen {
    const at = { us: this.lastUs.get(row), withinUs: this.#lastWithinUs.get(row) };
    return { source: this.#lastSource.get(row), line: this.#lastLine.get(row), at };
  }

  setLast(row: number, { source, line, at }: Seen): void {
    this.lastUs.set(row, at.us);
    this.#lastLine.set(row, line);
    this.#lastWithinUs.set(row, at.withinUs);
    this.#lastSource.set(row, source);
  }
}
