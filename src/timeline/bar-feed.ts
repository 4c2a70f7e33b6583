import { naturalCompare } from '../base/natural-order.ts';
import type { PodFigures } from '../analysis/pod-times.ts';
import type { OpenPass, PassEvent } from '../trace/model.ts';
import { NONE } from '../trace/tables.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { BarKind, type BarBatch } from './bars.ts';
import { BarWriter } from './bar-writer.ts';
import { FeedNames } from './feed-names.ts';
import { newLane, type LaneState } from './lane-state.ts';
import { lengthened } from './lengthened.ts';
import { ObjectBars } from './object-bars.ts';
import { PassBars } from './pass-bars.ts';

/** New names and bars since the last call. */
export interface FeedUpdate {
  /** Runners that were not seen before; their lanes follow on those known. */
  readonly lanes: readonly string[];
  /** Words that bars' details refer to, following on those known. */
  readonly words: readonly string[];
  readonly batches: readonly BarBatch[];
  /** The pods made so far; undefined before the first. */
  readonly pods: PodFigures | undefined;
}

/** Runners that are seen so soon one after the other come from one list. */
const TOGETHER_US = 1_000;

/** Requests on their own about these have the lane of the runner, whose name pod and secret bear. */
const OF_A_RUNNER: ReadonlySet<string> = new Set(['ephemeralrunners', 'pods', 'secrets']);

/**
 * Turns a growing trace into bars, a part at a time, by a cursor over its columns. Passes have the numbers that they have
 * in the trace. A pass in progress has open bars for itself, its current phase and its request in flight,
 * and closed ones for the phases and requests before them.
 */
export class BarFeed {
  readonly #log: TraceLog;
  readonly #names: FeedNames;
  readonly #writer = new BarWriter();
  readonly #passBars: PassBars;
  readonly #objectBars: ObjectBars;
  readonly #lanes: LaneState[] = [];
  /** By number of the pass: one more than its event in the trace, 0 while it has none. */
  #events = new Uint32Array(64);
  /** One more than the highest number of a pass that has bars. */
  #passes = 0;
  #read = 0;
  #waitsRead: number;
  /** Keys whose wait may need a bar: it has changed, or a pass has ended that hid it. */
  readonly #waiting: Set<number>;

  constructor(log: TraceLog) {
    this.#log = log;
    this.#names = new FeedNames(log.rows);
    this.#passBars = new PassBars(log.rows, this.#names, this.#writer);
    this.#objectBars = new ObjectBars(log.rows, this.#names, this.#writer);
    this.#waitsRead = log.waits.changes;
    this.#waiting = new Set(log.waits.keys());
  }

  /** Whether the trace has events that have not been taken. */
  get pending(): boolean {
    return this.#read < this.#log.length;
  }

  /** The pass with a number that the page was given; undefined when there is none. */
  pass(number: number): PassEvent | OpenPass | undefined {
    return number < 0 || number >= this.#passes ? undefined : this.#log.pass(number);
  }

  /** Where in the trace the pass's event is; behind all events while it has none. */
  eventOf(pass: number): number {
    return (this.#events[pass] || this.#log.length + 1) - 1;
  }

  /** Numbers of the runner's passes, in order. */
  passesOf(runner: string): readonly number[] {
    const lane = this.#names.laneOf(this.#log.rows.strings.find(runner) ?? NONE);
    return lane === undefined ? [] : (this.#lanes[lane]?.passes ?? []);
  }

  /**
   * What has come since the last call. What is open comes with the last events.
   * @param limit how many events to take at most
   * @param nowUs the trace's time, by which a delay is distinguished from a wait for a worker
   */
  take(limit = Infinity, nowUs = this.#log.endedUs ?? Infinity): FeedUpdate {
    const end = Math.min(this.#log.length, this.#read + limit);
    this.#meet(end);
    for (; this.#read < end; this.#read++) this.#event(this.#read);
    if (!this.pending) this.#open(nowUs);
    return { ...this.#names.take(), batches: this.#writer.take(), pods: this.#passBars.pods };
  }

  #event(index: number): void {
    const log = this.#log;
    const pass = log.passAt(index);
    if (pass !== NONE) {
      this.#pass(pass);
      return;
    }
    const row = log.objectAt(index);
    if (row !== NONE) {
      if (this.#objectBars.isShown(row)) this.#objectBars.add(this.#lane(log.rows.objects.object.get(row)), row);
      return;
    }
    const request = log.requestAt(index);
    if (request !== NONE) this.#request(request);
  }

  /** Gives runners that come together, as those of a list do, lanes in the order in which people count. */
  #meet(end: number): void {
    const { objects, strings } = this.#log.rows;
    let [together, lastUs]: [Set<number>, number] = [new Set(), 0];
    const settle = (): void => {
      const named = [...together].map((object) => ({ object, name: strings.text(object) }));
      for (const { object } of named.sort((a, b) => naturalCompare(a.name, b.name))) this.#lane(object);
      together = new Set();
    };
    for (let index = this.#read; index < end; index++) {
      const row = this.#log.objectAt(index);
      if (row === NONE || !this.#objectBars.isShown(row)) continue;
      const object = objects.object.get(row);
      if (this.#names.laneOf(object) !== undefined) continue;
      const atUs = objects.span.startedUs(row);
      if (atUs - lastUs > TOGETHER_US) settle();
      together.add(object);
      lastUs = atUs;
    }
    settle();
  }

  #pass(pass: number): void {
    if (pass >= this.#events.length) {
      this.#events = lengthened(this.#events, Math.max(pass + 1, this.#events.length * 2));
    }
    this.#events[pass] = this.#read + 1;
    this.#passBars.ended(this.#lane(this.#log.rows.passes.object.get(pass)), pass);
    this.#passes = Math.max(this.#passes, pass + 1);
    this.#waiting.add(this.#log.keyOfPass(pass));
  }

  #request(request: number): void {
    const { rows } = this.#log;
    const pass = this.#log.passOfRequest(request);
    if (pass !== undefined) {
      this.#passBars.request(this.#lane(rows.passes.object.get(pass)).lane, request, pass);
      return;
    }
    const object = rows.requests.object.get(request);
    const resource = rows.words.text(rows.requests.resource.get(request)).replace(/\/.*$/, '');
    if (Number.isNaN(object) || !OF_A_RUNNER.has(resource)) return;
    this.#passBars.request(this.#lane(object).lane, request, undefined);
  }

  #open(nowUs: number): void {
    const { rows, waits } = this.#log;
    for (const pass of this.#log.running()) {
      this.#passBars.open(this.#lane(rows.passes.object.get(pass)), pass, nowUs);
      this.#passes = Math.max(this.#passes, pass + 1);
    }
    for (; this.#waitsRead < waits.changes; this.#waitsRead++) this.#waiting.add(waits.change(this.#waitsRead));
    for (const key of this.#waiting) {
      // What comes after the pass is shown when that has ended.
      const wait = this.#log.isRunning(key) ? undefined : waits.get(key);
      if (wait === undefined) continue;
      const { lane } = this.#lane(wait.object);
      const trigger = this.#names.wordOf(wait.trigger);
      const isDelayed = wait.readyUs > nowUs;
      const sinceUs = isDelayed ? wait.queuedUs : wait.readyUs;
      if (Number.isNaN(sinceUs)) continue;
      this.#writer.add(lane, isDelayed ? BarKind.backoff : BarKind.queued, sinceUs, Infinity, trigger);
    }
    this.#waiting.clear();
  }

  #lane(object: number): LaneState {
    const known = this.#names.laneOf(object);
    if (known !== undefined) return this.#lanes[known] as LaneState;
    const state = newLane(this.#names.addLane(object));
    this.#lanes.push(state);
    return state;
  }
}
