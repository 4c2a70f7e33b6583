import { Column, StringTable, TimeColumn } from './columns.ts';
import {
  POD_STATES,
  RESULTS,
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

  *events(): IterableIterator<TraceEvent> {
    for (let index = 0; index < this.length; index++) yield this.event(index);
  }

  *passes(): IterableIterator<PassEvent> {
    for (let pass = 0; pass < this.passCount; pass++) {
      if (this.#passResult.get(pass) !== IN_PROGRESS) yield this.pass(pass);
    }
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

  pass(pass: number): PassEvent {
    const started = this.#passStarted.get(pass);
    const ended = started + this.#passLasted.get(pass);
    const error = this.#passError.get(pass);
    return {
      type: 'pass',
      runner: this.#strings.text(this.#passRunner.get(pass)),
      mode: this.header.mode,
      worker: this.#passWorker.get(pass),
      attempt: this.#passAttempt.get(pass),
      trigger: this.#words.text(this.#passTrigger.get(pass)),
      queued: started - this.#passQueuedFor.get(pass),
      ready: started - this.#passReadyFor.get(pass),
      started,
      ended,
      result: RESULTS[this.#passResult.get(pass) - 1] as PassResult,
      after: this.#passAfter.get(pass),
      error: error === NONE ? null : this.#strings.text(error),
      phases: this.#phasesOf(pass, ended),
      requests: this.#requestsOf(pass),
    };
  }

  #phasesOf(pass: number, passEnded: number): TracePhase[] {
    const phases: TracePhase[] = [];
    let ended = passEnded;
    for (let phase = this.#passLastPhase.get(pass); phase !== NONE; phase = before(phase, this.#phaseBack)) {
      const started = this.#phaseStarted.get(phase);
      phases.push({ name: this.#words.text(this.#phaseName.get(phase)), started, ended });
      ended = started;
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
