import type { Clock } from './clock.ts';
import { EventHeap } from './event-heap.ts';
import type { Disposable } from './disposable.ts';
import { Periodic } from './periodic.ts';

/** After so much work in one go whatever else waits for the event loop has its turn. */
const SLICE_US = 8_000;

/**
 * A clock that follows real time, with the event order of the virtual one.
 *
 * While a callback runs, the time is the moment at which it was due, however late the event loop was. A run that
 * has no input from outside therefore makes the same requests at the same times as in virtual time; it only waits
 * in between. Code entered from outside (a socket, a person) sees the real time.
 */
export class WallClock implements Clock {
  readonly #events = new EventHeap();
  /** Set by the first look at the time, which is microsecond 0. */
  #startedMs: number | undefined;
  #insideUs: number | undefined;
  #floorUs = 0;
  #timer: NodeJS.Timeout | undefined;
  #timerUs = Infinity;
  #immediate: NodeJS.Immediate | undefined;
  #closed = false;
  #periodic = 0;
  #whenIdle: (() => void)[] = [];

  nowUs(): number {
    if (this.#insideUs !== undefined) return this.#insideUs;
    return Math.max(this.#floorUs, this.#realUs());
  }

  schedule<T>(delayUs: number, callback: (argument: T) => void, argument: T): void {
    if (this.#closed) return;
    const dueUs = this.nowUs() + Math.max(0, Math.round(delayUs));
    this.#events.push(dueUs, callback, argument);
    if (this.#insideUs === undefined) this.#arm();
  }

  /** Runs a callback for which time stands still, as it does for scheduled ones. */
  enter<T>(callback: () => T): T {
    if (this.#insideUs !== undefined) return callback();
    this.#insideUs = this.nowUs();
    this.#floorUs = this.#insideUs;
    try {
      return callback();
    } finally {
      this.#insideUs = undefined;
      this.#arm();
    }
  }

  every(periodUs: number, callback: () => void): Disposable {
    this.#periodic++;
    return new Periodic(this, periodUs, callback, () => this.#periodic--);
  }

  /** Number of scheduled callbacks, periodic ones left out. */
  get pending(): number {
    return this.#events.size - this.#periodic;
  }

  /** Resolves when nothing but periodic callbacks is scheduled. Says nothing about requests in flight elsewhere. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenIdle.push(resolve);
      this.#tellIfIdle();
    });
  }

  /** Drops everything that is scheduled and lets the process end. */
  close(): void {
    this.#closed = true;
    this.#events.clear();
    this.#disarm();
  }

  #realUs(): number {
    if (this.#startedMs === undefined) {
      this.#startedMs = performance.now();
      return 0;
    }
    return Math.round((performance.now() - this.#startedMs) * 1000);
  }

  #arm(): void {
    const nextUs = this.#events.nextUs;
    if (nextUs === Infinity || this.#immediate !== undefined) return;
    if (this.#timer !== undefined && this.#timerUs <= nextUs) return;
    this.#disarm();
    const waitMs = (nextUs - this.#realUs()) / 1000;
    // setTimeout never fires early and rarely fires on time: the last millisecond is polled.
    if (waitMs < 1.5) {
      this.#immediate = setImmediate(() => this.#runDue());
    } else {
      this.#timerUs = nextUs;
      this.#timer = setTimeout(() => this.#runDue(), Math.min(waitMs - 1, 2 ** 31 - 1));
    }
  }

  #tellIfIdle(): void {
    if (this.#whenIdle.length === 0 || this.pending > 0) return;
    const waiting = this.#whenIdle;
    this.#whenIdle = [];
    for (const resolve of waiting) resolve();
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#timer = undefined;
    this.#immediate = undefined;
    this.#timerUs = Infinity;
  }

  #runDue(): void {
    this.#disarm();
    const sliceEndUs = this.#realUs() + SLICE_US;
    try {
      for (let realUs = this.#realUs(); this.#events.nextUs <= realUs && realUs < sliceEndUs; realUs = this.#realUs()) {
        // Real time may have been read from outside since this event was due.
        this.#insideUs = Math.max(this.#floorUs, this.#events.nextUs);
        this.#floorUs = this.#insideUs;
        this.#events.runNext();
      }
    } finally {
      this.#insideUs = undefined;
      this.#arm();
      this.#tellIfIdle();
    }
  }
}
