import type { Clock } from '../../src/base/clock.ts';
import type { Random } from '../../src/base/random.ts';
import type { WatchHandler } from '../../src/kubernetes/cluster.ts';
import type { ApiObject } from '../../src/kubernetes/types.ts';
import type { Strategy } from './strategies.ts';

/** Disturbances at chosen events instead of random ones, for going through all of them. */
export interface ViewFaults {
  /** How many events the view stays behind; those wait until this many came after them, or a second has passed. */
  readonly lag: number;
  /** Number of the event that comes twice, counted over all views. */
  readonly duplicate: number | undefined;
  /** Shared by the views: events so far. */
  readonly counter: { events: number };
}

export interface FaultyViewOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly strategies: ReadonlySet<string>;
  readonly oneIn: number;
  readonly isCalm: () => boolean;
  readonly faults: ViewFaults;
}

type Event = readonly ['added' | 'modified' | 'deleted', key: string, object: ApiObject];

const FLUSH_US = 1_000_000;
const RECONNECT_US = 1_600_000;
/** How long a reflector takes silence for patience. */
const SILENCE_US = 150_000_000;

/**
 * What a watch shows when its stream is slow, cut, stuck or expired, or its server behind. Whatever happens, in the end it
 * shows what is: a gap is followed by a list, as a reflector's is.
 */
export class FaultyView implements WatchHandler {
  readonly #handler: WatchHandler;
  readonly #options: FaultyViewOptions;
  /** What the API server has told, whether it was shown or not. */
  readonly #truth = new Map<string, ApiObject>();
  /** What it was some time ago. */
  #past: ReadonlyMap<string, ApiObject> | undefined;
  #waiting: Event[] = [];
  #openUs = 0;
  /** Events are lost until the next list. */
  #gap = false;
  #disposed = false;

  constructor(handler: WatchHandler, options: FaultyViewOptions) {
    this.#handler = handler;
    this.#options = options;
  }

  dispose(): void {
    this.#disposed = true;
  }

  onList(items: ReadonlyMap<string, ApiObject>): void {
    this.#truth.clear();
    for (const [key, object] of items) this.#truth.set(key, object);
    this.#handler.onList(items);
  }

  onAdded(key: string, object: ApiObject): void {
    this.#truth.set(key, object);
    this.#see(['added', key, object]);
  }

  onModified(key: string, object: ApiObject): void {
    this.#truth.set(key, object);
    this.#see(['modified', key, object]);
  }

  onDeleted(key: string, object: ApiObject): void {
    this.#truth.delete(key);
    this.#see(['deleted', key, object]);
  }

  #see(event: Event): void {
    const { faults } = this.#options;
    const number = faults.counter.events++;
    if (this.#gap) return;
    this.#disturb();
    if (this.#gap) return;
    this.#waiting.push(event);
    if (number === faults.duplicate) this.#waiting.push(event);
    if (this.#hits('reordered-events')) this.#swapLast();
    this.#flush();
    if (this.#waiting.length > 0) this.#flushLater();
  }

  #hits(strategy: Strategy): boolean {
    const { strategies, random, oneIn, isCalm } = this.#options;
    return strategies.has(strategy) && !isCalm() && random.below(oneIn) === 0;
  }

  #disturb(): void {
    const { random, clock } = this.#options;
    const nowUs = clock.nowUs();
    const holdFor = (us: number): void => {
      this.#openUs = Math.max(this.#openUs, nowUs + us);
    };
    if (this.#hits('stale-cache')) holdFor(random.below(400_000));
    if (this.#hits('stream-slow')) holdFor(random.below(3_000_000));
    if (this.#hits('stream-cut')) holdFor(RECONNECT_US);
    if (this.#hits('stream-half-open')) holdFor(SILENCE_US);
    if (this.#hits('duplicate-event')) {
      const again = [...this.#truth][random.below(Math.max(1, this.#truth.size))];
      if (again !== undefined) this.#waiting.push(['modified', ...again]);
    }
    if (this.#hits('missed-event') || this.#hits('stream-expired')) {
      this.#gap = true;
      this.#waiting = [];
      clock.schedule(RECONNECT_US, () => this.#listAnew(), undefined);
    }
    if (this.#hits('back-in-time')) {
      const past = this.#past;
      this.#past = new Map(this.#truth);
      if (past !== undefined) {
        this.#gap = true;
        this.#waiting = [];
        if (!this.#disposed) this.#handler.onList(past);
        clock.schedule(RECONNECT_US, () => this.#listAnew(), undefined);
      }
    }
  }

  #listAnew(): void {
    if (this.#disposed) return;
    this.#gap = false;
    this.#waiting = [];
    this.#openUs = 0;
    this.#handler.onList(new Map(this.#truth));
  }

  /** The event overtakes the one before it, if that is of another object: order holds for each object only. */
  #swapLast(): void {
    const [before, last] = this.#waiting.slice(-2);
    if (before === undefined || last === undefined || before[1] === last[1]) return;
    this.#waiting.splice(-2, 2, last, before);
  }

  #flush(all = false): void {
    const { clock, faults } = this.#options;
    if (clock.nowUs() < this.#openUs) return;
    const keep = all ? 0 : faults.lag;
    while (this.#waiting.length > keep) {
      const [type, key, object] = this.#waiting.shift() as Event;
      if (this.#disposed) return;
      if (type === 'added') this.#handler.onAdded(key, object);
      else if (type === 'modified') this.#handler.onModified(key, object);
      else this.#handler.onDeleted(key, object);
    }
  }

  #flushLater(): void {
    const { clock, faults } = this.#options;
    const waitUs = Math.max(this.#openUs - clock.nowUs(), faults.lag > 0 ? FLUSH_US : 0);
    clock.schedule(waitUs, () => this.#flush(true), undefined);
  }
}
