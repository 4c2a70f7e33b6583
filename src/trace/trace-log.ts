import { Column } from './columns.ts';
import { known, knownNumber } from './known.ts';
import {
  BASES,
  POD_STATES,
  RESULTS,
  RUNNER_KIND,
  type LineEvent,
  type MarkEvent,
  type ObjectEvent,
  type OpenPass,
  type OpenWait,
  type PassEvent,
  type RequestEvent,
  type TraceEvent,
  type TraceHeader,
  type TracePhase,
  type TraceRequest,
} from './model.ts';
import { basisNumber, Rows } from './rows.ts';
import { IN_PROGRESS, NONE, partsOf, takeParts } from './tables.ts';
import type { TraceParts } from './trace-parts.ts';
import { keyOf, Waits, type Wait } from './waits.ts';
import { whyOf } from './why.ts';

/** What an event is, in the order of events, beside its row in the table of its type. */
const Type = { pass: 0, request: 1, object: 2, mark: 3, line: 4 } as const;
const TYPES = 8;

/** A pass that begins; what it does follows later. */
export type PassStart = Omit<OpenPass, 'type' | 'id' | 'ended' | 'phases' | 'requests'> & {
  readonly id?: string | number;
};

/** What is known of a request when it is answered. */
type Answer = Pick<TraceRequest, 'status' | 'message' | 'ended' | 'object'>;

type FreeRequest = Omit<RequestEvent, 'type'>;

/** What is known of a pass when it ends. */
export type PassEnd = Pick<PassEvent, 'ended' | 'result' | 'after' | 'error'>;

/**
 * A trace in memory: columns of numbers, never an object per bar. Passes are numbered in the order in which they began, or
 * were read. Code that draws or counts reads the tables; rows become events where a few are shown or written.
 */
export class TraceLog {
  readonly header: TraceHeader;
  readonly rows = new Rows();
  readonly waits = new Waits();
  /** Few, and about no object. */
  #marks: MarkEvent[] = [];
  /** Completed events in order: TYPES times the row, and the type. */
  readonly #order = new Column(Int32Array);
  /** Passes in progress. */
  readonly #running = new Set<number>();
  /** By the number of a runner's name: the row of its last event, among as many events as there were when somebody asked. */
  readonly #lastOfRunner = new Map<number, number>();
  #withLast = 0;
  /** By id as the table has it: the pass, of as many passes as somebody has looked for ids in. */
  readonly #byId = new Map<number, number>();
  #withId = 0;
  /** Rows of requests of listeners that have no answer yet. */
  readonly #openRequests = new Set<number>();
  #endedUs: number | undefined;

  constructor(header: TraceHeader) {
    this.header = header;
  }

  get passCount(): number {
    return this.rows.passes.object.length;
  }

  /** Number of completed events. */
  get length(): number {
    return this.#order.length;
  }

  /** When the trace ended: what is open then stays open. Undefined while it goes on, or where nobody wrote its end. */
  get endedUs(): number | undefined {
    return this.#endedUs;
  }

  /** Where timelines begin: when the first runner was asked for, or else when the first was seen. */
  get originUs(): number {
    const { objects } = this.rows;
    return this.header.origin ?? (objects.object.length > 0 ? objects.span.startedUs(0) : 0);
  }

  end(atUs: number): void {
    this.#endedUs = atUs;
  }

  /** The object waits for a worker from `ready` on, before that for its delay to pass; in place of an earlier wait. */
  beginWait({ object, controller, id, trigger, queued, ready, basis }: Omit<OpenWait, 'type'>): void {
    const { strings, words } = this.rows;
    this.waits.begin({
      object: strings.id(object),
      controller: words.idOf(controller),
      id: this.rows.idOf(id),
      trigger: words.idOf(trigger),
      queuedUs: queued ?? NaN,
      readyUs: ready ?? NaN,
      basis: basisNumber(basis),
    });
  }

  endWait(object: string, controller?: string): void {
    this.waits.end(keyOf(this.rows.strings.id(object), this.rows.words.idOf(controller)));
  }

  /** Nothing waits any more. */
  endWaits(): void {
    for (const key of [...this.waits.keys()]) this.waits.end(key);
  }

  /** @returns the number of the pass */
  beginPass(pass: PassStart): number {
    const number = this.#addRow(pass, pass.started, pass.started, NaN);
    const { passes } = this.rows;
    passes.result.push(IN_PROGRESS);
    passes.lastPhase.push(NONE);
    passes.lastRequest.push(NONE);
    this.#running.add(number);
    return number;
  }

  endPass(pass: number, { ended, result, after, error }: PassEnd): void {
    const { passes, phases } = this.rows;
    passes.span.end(pass, ended);
    passes.result.set(pass, RESULTS.indexOf(result) + 1);
    passes.after.set(pass, after ?? NaN);
    passes.error.set(pass, error === null ? NONE : this.rows.strings.idOf(error));
    const last = passes.lastPhase.get(pass);
    if (last >= 0) phases.span.end(last, ended);
    this.#order.push(pass * TYPES + Type.pass);
    this.#running.delete(pass);
  }

  /** A phase lasts until the next one of its pass, or the pass's end. */
  beginPhase(pass: number, name: string, startedUs: number): void {
    const { passes, phases } = this.rows;
    const last = passes.lastPhase.get(pass);
    if (last >= 0) phases.span.end(last, startedUs);
    this.#addPhase(pass, { name, started: startedUs });
  }

  /** The pass waits for the answer to a request; endRequest() tells it. */
  beginRequest(pass: number, request: Omit<TraceRequest, 'ended' | 'status' | 'message'>): void {
    this.#addRequest(pass, request);
  }

  /** The answer to the request that the pass waits for; with the object where its name was not known before. */
  endRequest(pass: number, answer: Answer): void {
    this.#answer(this.rows.passes.lastRequest.get(pass), answer);
  }

  #answer(request: number, { status, message, ended, object }: Answer): void {
    const { requests, strings } = this.rows;
    requests.span.end(request, ended ?? NaN);
    requests.status.set(request, status ?? NaN);
    requests.message.set(request, strings.idOf(message));
    requests.object.put(request, strings.idOf(object));
  }

  /** A listener waits for the answer to a request. @returns its row, for endFreeRequest() */
  beginFreeRequest(request: FreeRequest): number {
    const row = this.#addFreeRequest(request);
    this.#openRequests.add(row);
    return row;
  }

  endFreeRequest(row: number, answer: Answer): void {
    this.#answer(row, answer);
    this.#openRequests.delete(row);
    this.#order.push(row * TYPES + Type.request);
  }

  /** Rows of the requests of listeners that have no answer yet. */
  openRequests(): Iterable<number> {
    return this.#openRequests;
  }

  /** A pass as it was read, whether or not it has ended. @returns its number */
  addPass(pass: PassEvent | OpenPass): number {
    const { started = NaN, ended = NaN, phases, requests } = pass;
    if (pass.ended === undefined) {
      const number = this.beginPass(pass);
      this.#addParts(number, phases, requests);
      return number;
    }
    const number = this.#addRow(pass, Number.isNaN(started) ? ended : started, started, ended);
    const { passes, strings } = this.rows;
    passes.result.push(RESULTS.indexOf(pass.result) + 1);
    passes.after.put(number, pass.after);
    passes.error.put(number, pass.error === null ? NONE : strings.idOf(pass.error));
    passes.lastPhase.push(NONE);
    passes.lastRequest.push(NONE);
    this.#addParts(number, phases, requests);
    this.#order.push(number * TYPES + Type.pass);
    return number;
  }

  /** A request on its own. */
  addRequest(request: FreeRequest): void {
    this.#order.push(this.#addFreeRequest(request) * TYPES + Type.request);
  }

  #addFreeRequest({ pass, listener, ...request }: FreeRequest): number {
    const { requests, strings } = this.rows;
    const row = this.#pushRequest(request);
    requests.pushBack(NONE);
    requests.pass.put(row, this.rows.idOf(pass));
    requests.listener.put(row, strings.idOf(listener));
    return row;
  }

  /** @param isVisible whether its texts come from whyOf() and may be shown as they are */
  addObject(event: Omit<ObjectEvent, 'type'>, isVisible = false): void {
    const { objects, strings, words, whys } = this.rows;
    const row = objects.object.length;
    const object = strings.id(event.object);
    this.#order.push(row * TYPES + Type.object);
    objects.object.push(object);
    objects.kind.put(row, words.idOf(event.kind));
    objects.span.push(event.at, event.until ?? NaN);
    objects.phase.put(row, words.idOf(event.phase));
    objects.runnerId.put(row, event.runnerId);
    objects.pod.put(row, event.pod === undefined ? NaN : POD_STATES.indexOf(event.pod));
    objects.deleted.put(row, event.deleted === undefined ? NaN : Number(event.deleted));
    objects.node.put(row, strings.idOf(event.node));
    objects.job.put(row, strings.idOf(event.job));
    objects.scaleSet.put(row, strings.idOf(event.scaleSet));
    objects.replicas.put(row, event.replicas);
    objects.patchID.put(row, event.patchID);
    objects.assigned.put(row, event.assigned);
    const why = whyOf(event, isVisible);
    if (why !== undefined) objects.why.put(row, whys.push(why) - 1);
    objects.basis.put(row, basisNumber(event.basis));
  }

  addMark(event: Omit<MarkEvent, 'type'>): void {
    this.#order.push(this.#marks.length * TYPES + Type.mark);
    const { at, until, what, text, basis } = event;
    const visible = text === undefined ? undefined : this.rows.strings.text(this.rows.strings.id(text));
    this.#marks.push({ type: 'mark', at, ...known({ until, what, text: visible, basis }) });
  }

  /** What concerns the whole trace, in the order in which it came. */
  get marks(): readonly MarkEvent[] {
    return this.#marks;
  }

  addLine({ source, line, pass }: Omit<LineEvent, 'type'>): void {
    const { lines } = this.rows;
    this.#order.push(lines.line.length * TYPES + Type.line);
    lines.source.push(source ?? NaN);
    lines.line.push(line ?? NaN);
    lines.pass.push(this.rows.idOf(pass));
  }

  #addRow(pass: PassEvent | OpenPass | PassStart, baseUs: number, startedUs: number, endedUs: number): number {
    const { passes, strings, words } = this.rows;
    const number = passes.object.length;
    passes.object.push(strings.id(pass.object));
    passes.span.push(startedUs, endedUs);
    passes.id.put(number, this.rows.idOf(pass.id));
    passes.controller.put(number, words.idOf(pass.controller));
    passes.worker.put(number, pass.worker);
    passes.attempt.put(number, pass.attempt);
    passes.trigger.put(number, words.idOf(pass.trigger));
    passes.queuedBefore.put(number, baseUs - (pass.queued ?? NaN));
    passes.readyBefore.put(number, baseUs - (pass.ready ?? NaN));
    passes.basis.put(number, basisNumber(pass.basis));
    return number;
  }

  /** Absent parts are not known, empty ones known to be none. */
  #addParts(
    pass: number,
    phases: readonly TracePhase[] | undefined,
    requests: readonly TraceRequest[] | undefined,
  ): void {
    const { passes } = this.rows;
    if (phases === undefined) passes.lastPhase.set(pass, NaN);
    else for (const phase of phases) this.#addPhase(pass, phase);
    if (requests === undefined) passes.lastRequest.set(pass, NaN);
    else for (const request of requests) this.#addRequest(pass, request);
  }

  #addPhase(pass: number, { name, started, ended = NaN }: TracePhase): void {
    const { passes, phases, words } = this.rows;
    const phase = phases.name.length;
    phases.name.push(words.id(name));
    phases.span.push(started, ended);
    phases.pushBack(passes.lastPhase.get(pass));
    passes.lastPhase.set(pass, phase);
  }

  #addRequest(pass: number, request: TraceRequest): void {
    const { passes, requests } = this.rows;
    const row = this.#pushRequest(request);
    requests.pushBack(passes.lastRequest.get(pass));
    passes.lastRequest.set(pass, row);
  }

  /** @returns the request's row */
  #pushRequest(request: TraceRequest): number {
    const { requests, strings, words } = this.rows;
    const { to, started = NaN, ended = NaN } = request;
    const row = requests.to.length;
    requests.to.push(to === undefined ? NaN : to === 'kubernetes' ? 0 : 1);
    requests.verb.put(row, words.idOf(request.verb));
    requests.resource.put(row, words.idOf(request.resource));
    requests.object.put(row, strings.idOf(request.object));
    requests.status.put(row, request.status);
    requests.throttled.put(row, request.throttled);
    requests.locked.put(row, request.locked);
    requests.span.push(started, ended);
    requests.basis.put(row, basisNumber(request.basis));
    requests.message.put(row, strings.idOf(request.message));
    return row;
  }

  /** What is known of a runner last; undefined where nothing is. */
  lastRunnerEvent(runner: string): ObjectEvent | undefined {
    const row = this.#lastRows().get(this.rows.strings.find(runner) ?? NONE);
    return row === undefined ? undefined : this.rows.object(row);
  }

  /** The same of all runners, by name, in the order in which they came. */
  *lastRunnerEvents(): IterableIterator<readonly [runner: string, event: ObjectEvent]> {
    for (const [runner, row] of this.#lastRows()) yield [this.rows.strings.text(runner), this.rows.object(row)];
  }

  #lastRows(): ReadonlyMap<number, number> {
    const { objects, words } = this.rows;
    const kind = words.find(RUNNER_KIND);
    for (; this.#withLast < objects.object.length; this.#withLast++) {
      if (objects.kind.get(this.#withLast) === kind) {
        this.#lastOfRunner.set(objects.object.get(this.#withLast), this.#withLast);
      }
    }
    return this.#lastOfRunner;
  }

  /** The states of one runner, in order; other runners' events cost next to nothing. */
  *runnerEvents(runner: string): IterableIterator<ObjectEvent> {
    const { objects, strings, words } = this.rows;
    const wanted = strings.find(runner);
    const kind = words.find(RUNNER_KIND);
    for (let row = 0; row < objects.object.length; row++) {
      if (objects.object.get(row) === wanted && objects.kind.get(row) === kind) yield this.rows.object(row);
    }
  }

  /** Completed event number `index`, in order of completion. */
  event(index: number): TraceEvent {
    const entry = this.#order.get(index);
    const row = Math.floor(entry / TYPES);
    switch (entry % TYPES) {
      case Type.pass:
        return this.rows.pass(row);
      case Type.request:
        return this.rows.freeRequest(row);
      case Type.object:
        return this.rows.object(row);
      case Type.mark:
        return this.#marks[row] as MarkEvent;
      default:
        return this.rows.line(row);
    }
  }

  *events(): IterableIterator<TraceEvent> {
    for (let index = 0; index < this.length; index++) yield this.event(index);
  }

  /** The pass, request or object event that a completed event is, by its row; NONE where it is something else. */
  passAt(index: number): number {
    return this.#rowAt(index, Type.pass);
  }

  requestAt(index: number): number {
    return this.#rowAt(index, Type.request);
  }

  objectAt(index: number): number {
    return this.#rowAt(index, Type.object);
  }

  #rowAt(index: number, type: number): number {
    const entry = this.#order.get(index);
    return entry % TYPES === type ? Math.floor(entry / TYPES) : NONE;
  }

  *passes(): IterableIterator<PassEvent> {
    for (let pass = 0; pass < this.passCount; pass++) {
      if (this.rows.passes.hasEnded(pass)) yield this.rows.pass(pass);
    }
  }

  pass(pass: number): PassEvent | OpenPass {
    return this.rows.passes.hasEnded(pass) ? this.rows.pass(pass) : this.rows.openPass(pass);
  }

  /** Numbers of the passes in progress. */
  running(): Iterable<number> {
    return this.#running;
  }

  /** Keys of the passes in progress, as keyOf() makes them; collected when asked for, so that passes pay nothing for it. */
  runningKeys(): ReadonlySet<number> {
    return new Set(Array.from(this.#running, (pass) => this.keyOfPass(pass)));
  }

  keyOfPass(pass: number): number {
    const { passes } = this.rows;
    return keyOf(passes.object.get(pass), passes.controller.get(pass));
  }

  /** The pass that a request on its own belongs to; undefined where that is not known, or not in the trace. */
  passOfRequest(request: number): number | undefined {
    const id = this.rows.requests.pass.get(request);
    if (Number.isNaN(id)) return undefined;
    const { passes } = this.rows;
    for (; this.#withId < this.passCount; this.#withId++) this.#byId.set(passes.id.get(this.#withId), this.#withId);
    return this.#byId.get(id);
  }

  /** What is open: passes in progress, then waits. */
  *open(): IterableIterator<OpenPass | OpenWait> {
    for (const pass of this.#running) yield this.rows.openPass(pass);
    for (const wait of this.waits.all()) yield this.#waitEvent(wait);
  }

  #waitEvent({ object, controller, id, trigger, queuedUs, readyUs, basis }: Wait): OpenWait {
    const { strings, words } = this.rows;
    return {
      type: 'pass',
      ...known({ id: this.rows.idText(id), controller: words.textOf(controller) }),
      object: strings.text(object),
      ...known({
        trigger: words.textOf(trigger),
        queued: knownNumber(queuedUs),
        ready: knownNumber(readyUs),
        basis: BASES[basis],
      }),
    };
  }

  /** The trace as plain data and buffers; see toTransferable(). */
  parts(): TraceParts {
    const { strings, words, passes, phases, requests, objects, lines, whys } = this.rows;
    return {
      header: this.header,
      strings: strings.parts(),
      words: words.parts(),
      tables: [passes, phases, requests, objects, lines].map(partsOf),
      whys,
      marks: this.#marks,
      waits: this.waits.parts(),
      order: this.#order.parts(),
      openRequests: [...this.#openRequests],
      endedUs: this.#endedUs,
    };
  }

  static of(parts: TraceParts): TraceLog {
    const log = new TraceLog(parts.header);
    const { strings, words, passes, phases, requests, objects, lines } = log.rows;
    strings.take(parts.strings);
    words.take(parts.words);
    [passes, phases, requests, objects, lines].forEach((table, index) => takeParts(table, parts.tables[index] ?? {}));
    log.rows.whys = [...parts.whys];
    log.#marks = [...parts.marks];
    log.waits.take(parts.waits);
    log.#order.take(parts.order);
    log.#endedUs = parts.endedUs;
    for (const request of parts.openRequests) log.#openRequests.add(request);
    for (let pass = 0; pass < log.passCount; pass++) {
      if (!passes.hasEnded(pass)) log.#running.add(pass);
    }
    return log;
  }
}
