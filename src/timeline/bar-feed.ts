import { naturalCompare } from '../base/natural-order.ts';
import { PodTimes, type PodFigures } from '../analysis/pod-times.ts';
import { PodsSeen } from '../analysis/pods-seen.ts';
import { kindOfController } from '../trace/kinds.ts';
import { LISTENER_KIND, RUNNER_KIND, type OpenPass, type PassEvent } from '../trace/model.ts';
import { NONE } from '../trace/tables.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import type { Wait } from '../trace/waits.ts';
import { BarKind } from './bars.ts';
import { BarWriter } from './bar-writer.ts';
import { ChainBars } from './chain-bars.ts';
import { FeedNames, type LaneKind, type NamedTarget } from './feed-names.ts';
import { withRoom } from './grow-array.ts';
import { ObjectBars } from './object-bars.ts';
import type { PackedBars } from './packed-bars.ts';
import { PassBars } from './pass-bars.ts';

/** New names and bars since the last call. */
export interface FeedUpdate {
  /** Runners and what lies above them that were not seen before; their lanes follow on those known. */
  readonly lanes: readonly string[];
  /** Of those lanes the ones that are no runners', which may have the same names. */
  readonly laneKinds: readonly LaneKind[];
  /** Words that bars' details refer to, following on those known. */
  readonly words: readonly string[];
  /** Words that name requests, with who gets these, following on those known. */
  readonly targets: readonly NamedTarget[];
  /** Whether the trace says of any request for how long the client's limiter held it back. */
  readonly isLimiterKnown: boolean;
  readonly bars: PackedBars;
  /** How many passes have begun. */
  readonly passes: number;
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
  /** The pods that have been shown, by lane. */
  readonly #pods = new PodTimes();
  readonly #podsSeen: PodsSeen;
  readonly #passBars: PassBars;
  readonly #objectBars: ObjectBars;
  readonly #chainBars: ChainBars;
  /** Rows of requests of listeners without an answer that have a bar. */
  readonly #openRequests = new Set<number>();
  /** By number of the pass: one more than its event in the trace, 0 while it has none. */
  #events = new Uint32Array(64);
  /** How many passes had begun at the last call of take(). */
  #passes = 0;
  /** By number of a runner's name, or kind and name of something else, of as many passes as somebody has asked about. */
  readonly #passesOf = new Map<number | string, number[]>();
  #indexed = 0;
  #read = 0;
  #waitsRead: number;
  /** Keys whose wait has changed and has no bar yet. */
  readonly #waiting: Set<number>;

  constructor(log: TraceLog) {
    this.#log = log;
    this.#names = new FeedNames(log.rows);
    this.#passBars = new PassBars(log.rows, this.#names, this.#writer, this.#pods);
    this.#podsSeen = new PodsSeen(log.rows);
    this.#objectBars = new ObjectBars(log.rows, this.#names, this.#writer);
    this.#chainBars = new ChainBars(log.rows, this.#names, this.#writer);
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

  /** Numbers of an object's passes, in order. */
  passesOf(name: string, kind = RUNNER_KIND): readonly number[] {
    const { rows, passCount } = this.#log;
    for (; this.#indexed < passCount; this.#indexed++) {
      const object = rows.passes.object.get(this.#indexed);
      const itsKind = rows.kindOfPass(this.#indexed);
      const key = itsKind === RUNNER_KIND ? object : `${itsKind} ${rows.strings.text(object)}`;
      const known = this.#passesOf.get(key);
      if (known === undefined) this.#passesOf.set(key, [this.#indexed]);
      else known.push(this.#indexed);
    }
    const wanted = kind === RUNNER_KIND ? (rows.strings.find(name) ?? NONE) : `${kind} ${name}`;
    return this.#passesOf.get(wanted) ?? [];
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
    this.#passes = this.#log.passCount;
    const { isLimiterKnown } = this.#passBars;
    const [bars, passes, pods] = [this.#writer.take(), this.#passes, this.#pods.figures];
    return { ...this.#names.take(), isLimiterKnown, bars, passes, pods };
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
      if (this.#objectBars.isShown(row)) this.#object(row);
      else this.#chainBars.add(row);
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
    this.#events = withRoom(this.#events, pass);
    this.#events[pass] = this.#read + 1;
    this.#passBars.ended(this.#laneOfPass(pass), pass);
  }

  #object(row: number): void {
    const lane = this.#lane(this.#log.rows.objects.object.get(row));
    this.#objectBars.add(lane, row);
    const podUs = this.#podsSeen.newAtUs(row);
    if (podUs !== undefined && this.#pods.seen(lane, podUs)) this.#objectBars.podMade(lane, podUs);
  }

  #request(request: number): void {
    const { rows } = this.#log;
    const pass = this.#log.passOfRequest(request);
    if (pass !== undefined) {
      this.#passBars.request(this.#laneOfPass(pass), request, pass);
      return;
    }
    const listener = rows.requests.listener.get(request);
    if (!Number.isNaN(listener)) {
      this.#passBars.request(this.#names.laneOfKind(LISTENER_KIND, rows.strings.text(listener)), request);
      this.#openRequests.delete(request);
      return;
    }
    const object = rows.requests.object.get(request);
    const resource = rows.words.text(rows.requests.resource.get(request)).replace(/\/.*$/, '');
    if (Number.isNaN(object) || !OF_A_RUNNER.has(resource)) return;
    this.#passBars.request(this.#lane(object), request);
  }

  #open(nowUs: number): void {
    const { rows, waits } = this.#log;
    for (const pass of this.#log.running()) {
      this.#passBars.open(this.#laneOfPass(pass), pass, nowUs);
    }
    for (const request of this.#log.openRequests()) {
      if (this.#openRequests.has(request) || rows.requests.sentUs(request) > nowUs) continue;
      this.#openRequests.add(request);
      const listener = rows.strings.text(rows.requests.listener.get(request));
      this.#passBars.request(this.#names.laneOfKind(LISTENER_KIND, listener), request);
    }
    for (; this.#waitsRead < waits.changes; this.#waitsRead++) this.#waiting.add(waits.change(this.#waitsRead));
    const runningKeys = this.#log.runningKeys();
    for (const key of this.#waiting) {
      // What comes after the pass is shown when that has ended.
      if (runningKeys.has(key)) continue;
      this.#waiting.delete(key);
      const wait = waits.get(key);
      if (wait !== undefined) this.#wait(wait, nowUs);
    }
  }

  #wait({ object, controller, trigger, queuedUs, readyUs }: Wait, nowUs: number): void {
    const isDelayed = readyUs > nowUs;
    const sinceUs = isDelayed ? queuedUs : readyUs;
    if (Number.isNaN(sinceUs)) return;
    const kind = isDelayed ? BarKind.backoff : BarKind.queued;
    const of = kindOfController(this.#log.rows.words.textOf(controller));
    this.#writer.add(this.#lane(object, of), kind, sinceUs, Infinity, this.#names.wordOf(trigger));
  }

  #laneOfPass(pass: number): number {
    const { rows } = this.#log;
    return this.#lane(rows.passes.object.get(pass), rows.kindOfPass(pass));
  }

  /** Objects of different kinds never share a lane. */
  #lane(object: number, kind = RUNNER_KIND): number {
    if (kind !== RUNNER_KIND) return this.#names.laneOfKind(kind, this.#log.rows.strings.text(object));
    return this.#names.laneOf(object) ?? this.#names.addLane(object);
  }
}
