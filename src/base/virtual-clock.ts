import type { Clock } from './clock.ts';
import { EventHeap } from './event-heap.ts';
import type { Disposable } from './disposable.ts';
import { Periodic } from './periodic.ts';

/** A clock that jumps from event to event: nothing waits, nothing is asynchronous. */
export class VirtualClock implements Clock {
  readonly #events = new EventHeap();
  #nowUs = 0;
  #eventsRun = 0;
  #periodic = 0;
  #isStopped = false;

  nowUs(): number {
    return this.#nowUs;
  }

  /** Number of scheduled callbacks, periodic ones left out. */
  get pending(): number {
    return this.#events.size - this.#periodic;
  }

  /** Number of events run so far. */
  get eventsRun(): number {
    return this.#eventsRun;
  }

  schedule<T>(delayUs: number, callback: (argument: T) => void, argument: T): void {
    this.#events.push(delayUs > 0 ? this.#nowUs + delayUs : this.#nowUs, callback, argument);
  }

  /** As on the wall clock, where time stands still meanwhile: here it always does. */
  enter<T>(callback: () => T): T {
    return callback();
  }

  every(periodUs: number, callback: () => void): Disposable {
    this.#periodic++;
    return new Periodic(this, periodUs, callback, () => this.#periodic--);
  }

  /** Ends run() after the event that is under way. */
  stop(): void {
    this.#isStopped = true;
  }

  /**
   * Runs events until `untilUs` is reached, or without it until none but periodic ones are left; or until `done` says so.
   * @returns whether it ended for `done`
   */
  run(untilUs = Infinity, done?: () => boolean): boolean {
    const events = this.#events;
    while (untilUs === Infinity ? this.pending > 0 : events.size > 0) {
      if (done?.() === true) return true;
      const nextUs = events.nextUs;
      if (nextUs > untilUs) break;
      this.#nowUs = nextUs;
      this.#eventsRun++;
      events.runNext();
    }
    if (untilUs !== Infinity && untilUs > this.#nowUs) this.#nowUs = untilUs;
    return done?.() === true;
  }

  /**
   * Runs events up to `untilUs` while other than periodic ones are left, up to this many of them, or until stop() is called.
   * @returns whether `untilUs` was reached, to which the time then is set
   */
  runSome(untilUs: number, atMost: number): boolean {
    const events = this.#events;
    this.#isStopped = false;
    for (let left = atMost; left > 0 && events.size > this.#periodic && !this.#isStopped; left--) {
      const nextUs = events.nextUs;
      if (nextUs > untilUs) {
        this.#nowUs = untilUs;
        return true;
      }
      this.#nowUs = nextUs;
      this.#eventsRun++;
      events.runNext();
    }
    return false;
  }
}
