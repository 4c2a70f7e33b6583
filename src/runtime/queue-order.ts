/** In which order waiting items are given out; the work queue sees to it that an item is pushed once. */
export interface QueueOrder<Item> {
  /** How many items wait. */
  readonly length: number;
  /** An item that waits was added again, and may deserve another place now. */
  touch(item: Item): void;
  push(item: Item): void;
  /** Takes the next item out; undefined when none waits. */
  pop(): Item | undefined;
  /** How many items are given out before this one, which waits, as things are now. */
  ahead(item: Item): number;
}

/** Places of items that were taken are cut off when there are this many, and more than items that wait. */
const CUT_AT = 1024;

/** First come, first served. */
export class Fifo<Item> implements QueueOrder<Item> {
  #items: Item[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  touch(): void {
    // A place in a queue is kept.
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  pop(): Item | undefined {
    if (this.#head === this.#items.length) return undefined;
    const item = this.#items[this.#head++];
    // Rarely: an array that is emptied each time loses the room that it has.
    if (this.#head >= CUT_AT && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  ahead(item: Item): number {
    return this.#items.indexOf(item, this.#head) - this.#head;
  }
}
