import { Column, StringTable, TimeColumn } from './columns.ts';
import {
  POD_STATES,
  RESULTS,
  type OpenPass,
  type OpenPhase,
  type OpenRequest,
  type OpenWait,
  type PassEvent,
  type PassResult,
  type PodState,
  type RunnerEvent,
  type RunnerWhy,
  type TraceEvent,
  type TraceHeader,
  type TracePhase,
  type TraceRequest,
} from './model.ts';

const NONE = -1;
const IN_PROGRESS = 0;

/** What a runner waits for while no pass has served it. */
interface Wait {
  readonly trigger: number;
  readonly queuedUs: number;
  readonly readyUs: number;
}

/**
 * A trace in memory: columns of numbers, never an object per bar. Passes are numbered in the order in which they began;
 * a pass knows its last phase and request, and each of these how far before it the one of the same pass is, since those
 * of several workers interleave.
 */
export class TraceLog {
  readonly header: TraceHeader;
  readonly #strings = new StringTable();
  /** What there are few of: verbs, resources, phases, triggers. */
  readonly #words = new StringTable();

  readonly #passRunner = new Column(Int32Array);
  readonly #passWorker = new Column(Int16Array);
  readonly #passAttempt = new Column(Int8Array);
  readonly #passTrigger = new Column(Int16Array);
  /** How long before the pass began its runner was queued, and was ready. */
  readonly #passQueuedFor = new Column(Int32Array);
  readonly #passReadyFor = new Column(Int32Array);
  readonly #passStarted = new TimeColumn();
  readonly #passLasted = new Column(Int32Array);
  /** IN_PROGRESS, or one more than the result's place in RESULTS. */
  readonly #passResult = new Column(Int8Array);
  readonly #passAfter = new Column(Int32Array);
  readonly #passError = new Column(Int16Array);
  readonly #passLastPhase = new Column(Int32Array);
  readonly #passLastRequest = new Column(Int32Array);

  readonly #phaseName = new Column(Int16Array);
  readonly #phaseStarted = new TimeColumn();
  readonly #phaseBack = new Column(Int16Array);

  readonly #requestTo = new Column(Int8Array);
  readonly #requestVerb = new Column(Int16Array);
  readonly #requestResource = new Column(Int16Array);
  readonly #requestName = new Column(Int32Array);
  readonly #requestStatus = new Column(Int16Array);
  readonly #requestThrottled = new Column(Int32Array);
  readonly #requestLasted = new Column(Int32Array);
  readonly #requestEnded = new TimeColumn();
  readonly #requestBack = new Column(Int16Array);
  /** Of requests that were refused, which are few: the text's number. */
  readonly #requestMessages = new Map<number, number>();

  readonly #runnerName = new Column(Int32Array);
  readonly #runnerAt = new TimeColumn();
  readonly #runnerPhase = new Column(Int16Array);
  readonly #runnerId = new Column(Int32Array);
  readonly #runnerPod = new Column(Int8Array);
  readonly #runnerDeleted = new Column(Int8Array);
  /** Place in `#whys`, or NONE where nothing is wrong, as with most. */
  readonly #runnerWhy = new Column(Int32Array);
  readonly #whys: RunnerWhy[] = [];
  /** By the name's number: its last event. */
  readonly #lastOfRunner = new Map<number, number>();

  /** Completed events in order: the number of a pass, or the complement of a runner event's. */
  readonly #order = new Column(Int32Array);

  /** By runner: its pass in progress, and the wait that no pass has served. A runner may have both. */
  readonly #running = new Map<number, number>();
  readonly #waits = new Map<number, Wait>();
  /** By pass in progress: the request that has not been answered. */
  readonly #inFlight = new Map<number, OpenRequest>();
  /** Runners in the order in which they began to wait, or to wait for something else. */
  readonly #waitChanges = new Column(Int32Array);
  #endedUs: number | undefined;

  constructor(header: TraceHeader) {
    this.header = header;
  }

  get passCount(): number {
    return this.#passRunner.length;
  }

  get requestCount(): number {
    return this.#requestTo.length;
  }

  /** Number of completed events. */
  get length(): number {
    return this.#order.length;
  }

  /** When the trace ended: what is open then stays open. Undefined while it goes on, or where nobody wrote its end. */
  get endedUs(): number | undefined {
    return this.#endedUs;
  }

  /** Number of times that a runner began to wait, or to wait for something else. */
  get waitChanges(): number {
    return this.#waitChanges.length;
  }

  /** Where timelines begin: when the first runner was asked for, or else when the first was seen. */
  get originUs(): number {
    return this.header.origin ?? (this.#runnerName.length > 0 ? this.#runnerAt.get(0) : 0);
  }

  end(atUs: number): void {
    this.#endedUs = atUs;
  }

  /** The runner waits for a worker from `readyUs` on, before that for its delay to pass; in place of an earlier wait. */
  beginWait(runner: string, trigger: string, queuedUs: number, readyUs: number): void {
    const id = this.#strings.id(runner);
    this.#waits.set(id, { trigger: this.#words.id(trigger), queuedUs, readyUs });
    this.#waitChanges.push(id);
  }

  endWait(runner: string): void {
    this.#waits.delete(this.#strings.id(runner));
  }

  beginPass(
    runner: string,
    worker: number,
    attempt: number,
    trigger: string,
    queuedUs: number,
    readyUs: number,
    startedUs: number,
  ): number {
    const pass = this.#passRunner.length;
    this.#passRunner.push(this.#strings.id(runner));
    this.#passWorker.push(worker);
    this.#passAttempt.push(attempt);
    this.#passTrigger.push(this.#words.id(trigger));
    this.#passQueuedFor.push(startedUs - queuedUs);
    this.#passReadyFor.push(startedUs - readyUs);
    this.#passStarted.push(startedUs);
    this.#passLasted.push(0);
    this.#passResult.push(IN_PROGRESS);
    this.#passAfter.push(0);
    this.#passError.push(NONE);
    this.#passLastPhase.push(NONE);
    this.#passLastRequest.push(NONE);
    this.#running.set(this.#passRunner.get(pass), pass);
    return pass;
  }

  /** A phase lasts until the next one of its pass, or the pass's end. */
  beginPhase(pass: number, name: string, startedUs: number): void {
    const phase = this.#phaseName.length;
    this.#phaseName.push(this.#words.id(name));
    this.#phaseStarted.push(startedUs);
    const last = this.#passLastPhase.get(pass);
    this.#phaseBack.push(last === NONE ? 0 : phase - last);
    this.#passLastPhase.set(pass, phase);
  }

  /** The pass waits for the answer to a request; addRequest() tells it. */
  beginRequest(pass: number, request: OpenRequest): void {
    this.#inFlight.set(pass, {
      ...request,
      verb: this.#words.text(this.#words.id(request.verb)),
      resource: this.#words.text(this.#words.id(request.resource)),
      name: this.#strings.text(this.#strings.id(request.name)),
    });
  }

  addRequest(
    pass: number,
    to: 'kubernetes' | 'actions',
    verb: string,
    resource: string,
    name: string,
    status: number,
    throttledUs: number,
    startedUs: number,
    endedUs: number,
    message = '',
  ): void {
    this.#inFlight.delete(pass);
    const request = this.#requestTo.length;
    this.#requestTo.push(to === 'kubernetes' ? 0 : 1);
    this.#requestVerb.push(this.#words.id(verb));
    this.#requestResource.push(this.#words.id(resource));
    this.#requestName.push(this.#strings.id(name));
    this.#requestStatus.push(status);
    this.#requestThrottled.push(throttledUs);
    this.#requestLasted.push(endedUs - startedUs);
    this.#requestEnded.push(endedUs);
    const last = this.#passLastRequest.get(pass);
    this.#requestBack.push(last === NONE ? 0 : request - last);
    this.#passLastRequest.set(pass, request);
    if (message !== '') this.#requestMessages.set(request, this.#strings.id(message));
  }

  endPass(pass: number, result: PassResult, afterUs: number, error: string | null, endedUs: number): void {
    this.#passLasted.set(pass, endedUs - this.#passStarted.get(pass));
    this.#passResult.set(pass, RESULTS.indexOf(result) + 1);
    this.#passAfter.set(pass, afterUs);
    if (error !== null) this.#passError.set(pass, this.#strings.id(error));
    this.#order.push(pass);
    this.#inFlight.delete(pass);
    this.#running.delete(this.#passRunner.get(pass));
  }

  addRunnerEvent(
    runner: string,
    atUs: number,
    phase: string,
    runnerId: number,
    pod: PodState,
    deleted: boolean,
    why?: RunnerWhy,
  ): void {
    const name = this.#strings.id(runner);
    this.#lastOfRunner.set(name, this.#runnerName.length);
    this.#order.push(~this.#runnerName.length);
    this.#runnerName.push(name);
    this.#runnerAt.push(atUs);
    this.#runnerPhase.push(this.#words.id(phase));
    this.#runnerId.push(runnerId);
    this.#runnerPod.push(POD_STATES.indexOf(pod));
    this.#runnerDeleted.push(deleted ? 1 : 0);
    this.#runnerWhy.push(why === undefined ? NONE : this.#whys.push(why) - 1);
  }

  /** What is known of a runner last; undefined where nothing is. */
  lastRunnerEvent(runner: string): RunnerEvent | undefined {
    const index = this.#lastOfRunner.get(this.#strings.id(runner));
    return index === undefined ? undefined : this.#runnerEvent(index);
  }

  /** What became of one runner, in order; other runners' events cost next to nothing. */
  *runnerEvents(runner: string): IterableIterator<RunnerEvent> {
    const wanted = this.#strings.id(runner);
    for (let index = 0; index < this.#runnerName.length; index++) {
      if (this.#runnerName.get(index) === wanted) yield this.#runnerEvent(index);
    }
  }

  /** Completed event number `index`, in order of completion. */
  event(index: number): TraceEvent {
    const entry = this.#order.get(index);
    return entry >= 0 ? this.pass(entry) : this.#runnerEvent(~entry);
  }

  /** The number of the pass that the completed event is about; -1 for a runner event. */
  passOf(index: number): number {
    return Math.max(NONE, this.#order.get(index));
  }

  /** The runner that a runner event is about, by the event's number, and when that was. */
  runnerEventAt(index: number): { readonly runner: string; readonly at: number } {
    const event = ~this.#order.get(index);
    return { runner: this.#strings.text(this.#runnerName.get(event)), at: this.#runnerAt.get(event) };
  }

  *events(): IterableIterator<TraceEvent> {
    for (let index = 0; index < this.length; index++) yield this.event(index);
  }

  *passes(): IterableIterator<PassEvent> {
    for (let pass = 0; pass < this.passCount; pass++) {
      if (this.#passResult.get(pass) !== IN_PROGRESS) yield this.pass(pass);
    }
  }

  /** Numbers of the passes in progress. */
  running(): Iterable<number> {
    return this.#running.values();
  }

  /** What is open: passes in progress, then waits. */
  *open(): IterableIterator<OpenPass | OpenWait> {
    for (const pass of this.#running.values()) yield this.openPass(pass);
    for (const id of this.#waits.keys()) yield this.#wait(id) as OpenWait;
  }

  isRunning(runner: string): boolean {
    return this.#running.has(this.#strings.id(runner));
  }

  /** The wait of the runner that no pass has served. */
  waitOf(runner: string): OpenWait | undefined {
    return this.#wait(this.#strings.id(runner));
  }

  /** Runners that wait. */
  *waiting(): IterableIterator<string> {
    for (const id of this.#waits.keys()) yield this.#strings.text(id);
  }

  /** The runner of a change of waits. */
  waitChange(index: number): string {
    return this.#strings.text(this.#waitChanges.get(index));
  }

  #wait(id: number): OpenWait | undefined {
    const wait = this.#waits.get(id);
    if (wait === undefined) return undefined;
    return {
      type: 'pass',
      runner: this.#strings.text(id),
      mode: this.header.mode,
      trigger: this.#words.text(wait.trigger),
      queued: wait.queuedUs,
      ready: wait.readyUs,
    };
  }

  /** How many runners have passes. */
  countRunners(): number {
    const seen = new Set<number>();
    let last = NONE;
    for (let pass = 0; pass < this.passCount; pass++) {
      const runner = this.#passRunner.get(pass);
      if (runner !== last) seen.add(runner);
      last = runner;
    }
    return seen.size;
  }

  /**
   * Calls back for every completed pass without making an object of it, in the order in which they began.
   * @param visit given the numbers of pass and runner
   */
  forEachPass(
    visit: (
      pass: number,
      runner: number,
      result: PassResult,
      queuedUs: number,
      readyUs: number,
      startedUs: number,
      endedUs: number,
    ) => void,
  ): void {
    for (let pass = 0; pass < this.passCount; pass++) {
      const result = this.#passResult.get(pass);
      if (result === IN_PROGRESS) continue;
      const started = this.#passStarted.get(pass);
      visit(
        pass,
        this.#passRunner.get(pass),
        RESULTS[result - 1] as PassResult,
        started - this.#passQueuedFor.get(pass),
        started - this.#passReadyFor.get(pass),
        started,
        started + this.#passLasted.get(pass),
      );
    }
  }

  /** Calls back for every answered request of a pass, the last one first, without making an object of it. */
  forEachRequestOf(
    pass: number,
    visit: (
      isActions: boolean,
      verb: string,
      resource: string,
      status: number,
      throttledUs: number,
      startedUs: number,
      endedUs: number,
    ) => void,
  ): void {
    for (let id = this.#passLastRequest.get(pass); id !== NONE; id = before(id, this.#requestBack)) {
      const ended = this.#requestEnded.get(id);
      visit(
        this.#requestTo.get(id) === 1,
        this.#words.text(this.#requestVerb.get(id)),
        this.#words.text(this.#requestResource.get(id)),
        this.#requestStatus.get(id),
        this.#requestThrottled.get(id),
        ended - this.#requestLasted.get(id),
        ended,
      );
    }
  }

  /** Calls back for every change of a pod's state without making an object of it. */
  forEachPodState(visit: (runner: number, atUs: number, pod: PodState) => void): void {
    for (let event = 0; event < this.#runnerName.length; event++) {
      visit(this.#runnerName.get(event), this.#runnerAt.get(event), POD_STATES[this.#runnerPod.get(event)] as PodState);
    }
  }

  /** Whether the pass has ended. */
  hasEnded(pass: number): boolean {
    return this.#passResult.get(pass) !== IN_PROGRESS;
  }

  /** A pass that has ended. */
  pass(pass: number): PassEvent {
    const ended = this.#passStarted.get(pass) + this.#passLasted.get(pass);
    const error = this.#passError.get(pass);
    return {
      ...this.#begun(pass),
      ended,
      result: RESULTS[this.#passResult.get(pass) - 1] as PassResult,
      after: this.#passAfter.get(pass),
      error: error === NONE ? null : this.#strings.text(error),
      phases: this.#phasesOf(pass).map(({ name, started }, index, all) => {
        return { name, started, ended: all[index + 1]?.started ?? ended };
      }),
      requests: this.#requestsOf(pass),
    };
  }

  /** A pass in progress. */
  openPass(pass: number): OpenPass {
    const inFlight = this.#inFlight.get(pass);
    const requests = this.#requestsOf(pass);
    return {
      ...this.#begun(pass),
      phases: this.#phasesOf(pass).map(({ name, started }, index, all): TracePhase | OpenPhase => {
        const ended = all[index + 1]?.started;
        return ended === undefined ? { name, started } : { name, started, ended };
      }),
      requests: inFlight === undefined ? requests : [...requests, inFlight],
    };
  }

  #begun(pass: number) {
    const started = this.#passStarted.get(pass);
    return {
      type: 'pass' as const,
      runner: this.#strings.text(this.#passRunner.get(pass)),
      mode: this.header.mode,
      worker: this.#passWorker.get(pass),
      attempt: this.#passAttempt.get(pass),
      trigger: this.#words.text(this.#passTrigger.get(pass)),
      queued: started - this.#passQueuedFor.get(pass),
      ready: started - this.#passReadyFor.get(pass),
      started,
    };
  }

  #phasesOf(pass: number): OpenPhase[] {
    const phases: OpenPhase[] = [];
    for (let phase = this.#passLastPhase.get(pass); phase !== NONE; phase = before(phase, this.#phaseBack)) {
      phases.push({ name: this.#words.text(this.#phaseName.get(phase)), started: this.#phaseStarted.get(phase) });
    }
    return phases.reverse();
  }

  #requestsOf(pass: number): TraceRequest[] {
    const requests: TraceRequest[] = [];
    for (let id = this.#passLastRequest.get(pass); id !== NONE; id = before(id, this.#requestBack)) {
      const ended = this.#requestEnded.get(id);
      const message = this.#requestMessages.get(id);
      requests.push({
        to: this.#requestTo.get(id) === 0 ? 'kubernetes' : 'actions',
        verb: this.#words.text(this.#requestVerb.get(id)),
        resource: this.#words.text(this.#requestResource.get(id)),
        name: this.#strings.text(this.#requestName.get(id)),
        status: this.#requestStatus.get(id),
        throttled: this.#requestThrottled.get(id),
        started: ended - this.#requestLasted.get(id),
        ended,
        ...(message === undefined ? {} : { message: this.#strings.text(message) }),
      });
    }
    return requests.reverse();
  }

  #runnerEvent(index: number): RunnerEvent {
    return {
      type: 'runner',
      runner: this.#strings.text(this.#runnerName.get(index)),
      at: this.#runnerAt.get(index),
      phase: this.#words.text(this.#runnerPhase.get(index)),
      runnerId: this.#runnerId.get(index),
      pod: POD_STATES[this.#runnerPod.get(index)] as PodState,
      deleted: this.#runnerDeleted.get(index) === 1,
      ...this.#whys[this.#runnerWhy.get(index)],
    };
  }
}

/** The one of the same pass that came before, or NONE. */
function before(at: number, back: Column): number {
  const distance = back.get(at);
  return distance === 0 ? NONE : at - distance;
}
