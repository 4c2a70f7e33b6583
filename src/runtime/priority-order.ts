import { Heap } from '../base/heap.ts';
import type { QueueOrder } from './queue-order.ts';

/** What an item is ordered by. */
interface Placed {
  readonly priority: number;
  /** Counted up for each place that the queue gives, and so no two items have the same. */
  readonly place: number;
}

/** An item with the place that it had when it was put here. */
interface Entry<Item> extends Placed {
  readonly item: Item;
}

function isBefore(a: Placed, b: Placed): boolean {
  return a.priority === b.priority ? a.place < b.place : a.priority > b.priority;
}

/** The highest priority first, and first come, first served within one. */
export class PriorityOrder<Item extends Placed> implements QueueOrder<Item> {
  readonly #entries = new Heap<Entry<Item>>(isBefore);
  /** The place of each item that waits. What else is in the heap has another place now, and is passed over. */
  readonly #places = new Map<Item, number>();

  get length(): number {
    return this.#places.size;
  }

  push(item: Item): void {
    const { priority, place } = item;
    this.#places.set(item, place);
    this.#entries.push({ item, priority, place });
  }

  touch(item: Item): void {
    if (this.#places.get(item) !== item.place) this.push(item);
  }

  pop(): Item | undefined {
    for (;;) {
      const entry = this.#entries.pop();
      if (entry === undefined) return undefined;
      if (this.#places.get(entry.item) !== entry.place) continue;
      this.#places.delete(entry.item);
      return entry.item;
    }
  }

  ahead(item: Item): number {
    let count = 0;
    for (const other of this.#places.keys()) if (isBefore(other, item)) count++;
    return count;
  }
}
