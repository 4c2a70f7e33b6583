import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { Listeners } from '../base/listeners.ts';
import { FIFO_QUEUE, type QueueKind } from './queue-kind.ts';
import type { QueueOrder } from './queue-order.ts';
import type { QueuedItem, Trigger } from './queued-item.ts';

/** Where a key is that has been added; times are the clock's microseconds. */
export type KeyState =
  | { readonly kind: 'processing' }
  | { readonly kind: 'queued'; readonly sinceUs: number; readonly trigger: Trigger }
  | { readonly kind: 'delayed'; readonly sinceUs: number; readonly untilUs: number; readonly trigger: Trigger };

/** A wait that no worker has served yet; times are the clock's microseconds. */
export interface Wait {
  readonly trigger: Trigger;
  /** When the key was added, or its delay began. */
  readonly queuedUs: number;
  /** When its delay or back-off will have passed or has passed. */
  readonly readyUs: number;
}

/** The key waits like this from now on; undefined when it waits no more. */
type WaitListener = (key: string, wait: Wait | undefined) => void;

class Item implements QueuedItem {
  readonly key: string;
  trigger: Trigger;
  queuedUs = 0;
  readyUs = 0;
  priority = 0;
  place = 0;
  /** To be reconciled: in the queue's order, or waiting for the pass in progress to end. */
  dirty = false;
  /** A worker has it. An item that is processing is never in the order. */
  processing = false;
  /** The delay that it waits for, possibly while it is queued or processing as well. */
  delay: Delay | undefined;

  constructor(key: string, trigger: Trigger) {
    this.key = key;
    this.trigger = trigger;
  }
}

interface Delay {
  readonly trigger: Trigger;
  readonly sinceUs: number;
  untilUs: number;
}

/**
 * A work queue: a key is queued once however often it is added, is never given to two workers at the same time, and comes
 * again after a pass during which it was added. Delayed keys join when their time has come; of several delays for one
 * key the earliest counts. Whether a delay goes on beside a key that is added meanwhile is up to the kind of queue.
 *
 * A key that waits keeps its place until its priority rises, which puts it behind those that have that priority already;
 * when a delay has passed the key gets a new place.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #onReady: () => void;
  readonly #kind: QueueKind;
  readonly #order: QueueOrder<QueuedItem>;
  readonly #waits: Listeners<[key: string, wait: Wait | undefined]>;
  readonly #delayPassed = (item: Item): void => this.#endDelay(item);
  /** Keys that are queued, delayed or with a worker. */
  readonly #items = new Map<string, Item>();
  /** Every priority that a key to be reconciled has had. Empty in a queue without priorities. */
  readonly #priorities = new Set<number>();
  #places = 0;
  #delayed = 0;
  #timers = 0;
  #adds = 0;
  #retries = 0;

  /**
   * @param onReady called when a key has become available to workers
   * @param kind how keys wait
   * @param onError hears of every error that a listener throws
   */
  constructor(clock: Clock, onReady: () => void, kind: QueueKind = FIFO_QUEUE, onError?: (error: unknown) => void) {
    this.#clock = clock;
    this.#onReady = onReady;
    this.#kind = kind;
    this.#order = kind.order();
    this.#waits = new Listeners(onError);
  }

  /** Keys waiting for a worker. */
  get length(): number {
    return this.#order.length;
  }

  get hasPriorities(): boolean {
    return this.#kind.hasPriorities;
  }

  /**
   * Keys to be reconciled by priority, those included that were added during their pass. A priority that was there once
   * stays, with 0; everything has priority 0 in a queue without priorities. Counted when asked for, which is rare: adding
   * and taking keys pays nothing for it.
   */
  get depths(): ReadonlyMap<number, number> {
    const depths = new Map(Array.from(this.#priorities, (priority) => [priority, 0]));
    for (const { dirty, priority } of this.#items.values()) {
      if (dirty) depths.set(priority, (depths.get(priority) ?? 0) + 1);
    }
    return depths;
  }

  /** Keys waiting for their delay to pass. */
  get delayedLength(): number {
    return this.#delayed;
  }

  /** Callbacks that the clock holds for delays, those included that a shorter delay has overtaken. */
  get timers(): number {
    return this.#timers;
  }

  get adds(): number {
    return this.#adds;
  }

  get retries(): number {
    return this.#retries;
  }

  /** The listener hears of every change of what a key waits for. */
  listen(listener: WaitListener): Disposable {
    return this.#waits.add(listener);
  }

  add(key: string, trigger: Trigger, priority = 0): void {
    const nowUs = this.#clock.nowUs();
    const item = this.#placed(key, trigger, priority);
    if (this.#kind.hasPriorities) this.#dropDelay(item);
    this.#enqueue(item, trigger, nowUs, nowUs);
  }

  addAfter(key: string, trigger: Trigger, delayUs: number, priority = 0): void {
    this.#retries++;
    if (delayUs <= 0) {
      this.add(key, trigger, priority);
      return;
    }
    const nowUs = this.#clock.nowUs();
    // The clock counts whole microseconds; a callback that comes a part of one early would find the delay not passed.
    const wholeUs = Math.ceil(delayUs);
    const untilUs = nowUs + wholeUs;
    const item = this.#placed(key, trigger, priority);
    if (item.dirty && this.#kind.hasPriorities) {
      this.#enqueue(item, trigger, nowUs, nowUs);
      return;
    }
    if (item.delay === undefined) {
      item.delay = { trigger, sinceUs: nowUs, untilUs };
      this.#delayed++;
    } else {
      if (untilUs >= item.delay.untilUs) return;
      item.delay.untilUs = untilUs;
    }
    this.#timers++;
    if (!item.dirty) this.#tellDelay(item);
    this.#clock.schedule(wholeUs, this.#delayPassed, item);
  }

  /** Where the key is; undefined when it is neither waiting nor with a worker. */
  stateOf(key: string): KeyState | undefined {
    const item = this.#items.get(key);
    if (item === undefined) return undefined;
    if (item.processing) return { kind: 'processing' };
    if (item.dirty) return { kind: 'queued', sinceUs: item.readyUs, trigger: item.trigger };
    return item.delay && { kind: 'delayed', ...item.delay };
  }

  /** How many keys workers take before this one, as the queue is now; undefined when it does not wait for a worker. */
  ahead(key: string): number | undefined {
    const item = this.#items.get(key);
    return item?.dirty === true && !item.processing ? this.#order.ahead(item) : undefined;
  }

  /** Gives the next key to a worker, who must call done() with it; undefined when none is waiting. */
  take(): QueuedItem | undefined {
    const item = this.#order.pop() as Item | undefined;
    if (item === undefined) return undefined;
    item.dirty = false;
    item.processing = true;
    this.#tellDelay(item);
    return item;
  }

  /** The pass for the key has ended; if it was added meanwhile it is queued again. */
  done(taken: QueuedItem): void {
    const item = taken as Item;
    item.processing = false;
    if (item.dirty) {
      this.#order.push(item);
      this.#onReady();
    } else if (item.delay === undefined) {
      this.#items.delete(item.key);
    }
  }

  #endDelay(item: Item): void {
    this.#timers--;
    const { delay } = item;
    // A shorter delay that came later has passed already, or another has begun since.
    if (delay === undefined || this.#clock.nowUs() < delay.untilUs) return;
    this.#dropDelay(item);
    item.place = this.#places++;
    this.#enqueue(item, delay.trigger, delay.sinceUs, delay.untilUs);
  }

  #dropDelay(item: Item): void {
    if (item.delay === undefined) return;
    item.delay = undefined;
    this.#delayed--;
  }

  /** What the key waits for apart from a worker. */
  #tellDelay({ key, delay }: Item): void {
    this.#waits.tell(key, delay && { trigger: delay.trigger, queuedUs: delay.sinceUs, readyUs: delay.untilUs });
  }

  #newItem(key: string, trigger: Trigger): Item {
    const item = new Item(key, trigger);
    this.#items.set(key, item);
    return item;
  }

  /** The item of a key that is added: a key that does not wait yet, and one whose priority rises, gets a new place. */
  #placed(key: string, trigger: Trigger, asked: number): Item {
    const item = this.#items.get(key) ?? this.#newItem(key, trigger);
    if (!this.#kind.hasPriorities) return item;
    const waits = item.dirty || item.delay !== undefined;
    if (waits && asked <= item.priority) return item;
    item.priority = asked;
    item.place = this.#places++;
    return item;
  }

  #enqueue(item: Item, trigger: Trigger, queuedUs: number, readyUs: number): void {
    if (this.#kind.hasPriorities) this.#priorities.add(item.priority);
    if (item.dirty) {
      if (!item.processing) this.#order.touch(item);
      return;
    }
    this.#waits.tell(item.key, { trigger, queuedUs, readyUs });
    item.dirty = true;
    item.trigger = trigger;
    item.queuedUs = queuedUs;
    item.readyUs = readyUs;
    this.#adds++;
    if (item.processing) return;
    this.#order.push(item);
    this.#onReady();
  }
}
