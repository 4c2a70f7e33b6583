import { Column, StringTable } from './columns.ts';
import {
  POD_STATES,
  RESULTS,
  type PassEvent,
  type PassResult,
  type PodState,
  type RunnerEvent,
  type TraceEvent,
  type TraceHeader,
  type TracePhase,
  type TraceRequest,
} from './model.ts';

const NONE = -1;

/**
 * A trace in memory: columns of numbers, never an object per bar. Passes are numbered in the order in which they began;
 * a pass's phases and requests are chained through `next` columns, since those of several workers interleave.
 */
export class TraceLog {
  readonly header: TraceHeader;
  readonly #strings = new StringTable();

  readonly #passRunner = new Column(Int32Array);
  readonly #passWorker = new Column(Uint16Array);
  readonly #passAttempt = new Column(Int32Array);
  readonly #passTrigger = new Column(Int32Array);
  readonly #passQueued = new Column(Float64Array);
  readonly #passReady = new Column(Float64Array);
  readonly #passStarted = new Column(Float64Array);
  /** NaN while the pass is in progress. */
  readonly #passEnded = new Column(Float64Array);
  readonly #passResult = new Column(Uint8Array);
  readonly #passAfter = new Column(Float64Array);
  readonly #passError = new Column(Int32Array);
  readonly #passFirstPhase = new Column(Int32Array);
  readonly #passLastPhase = new Column(Int32Array);
  readonly #passFirstRequest = new Column(Int32Array);
  readonly #passLastRequest = new Column(Int32Array);

  readonly #phaseName = new Column(Int32Array);
  readonly #phaseStarted = new Column(Float64Array);
  readonly #phaseNext = new Column(Int32Array);

  readonly #requestTo = new Column(Uint8Array);
  readonly #requestVerb = new Column(Uint16Array);
  readonly #requestResource = new Column(Uint16Array);
  readonly #requestName = new Column(Int32Array);
  readonly #requestStatus = new Column(Uint16Array);
  readonly #requestThrottled = new Column(Float64Array);
  readonly #requestStarted = new Column(Float64Array);
  readonly #requestEnded = new Column(Float64Array);
  readonly #requestNext = new Column(Int32Array);
  /** Verbs and resources are few: their own table fits 16 bits. */
  readonly #words = new StringTable();

  readonly #runnerName = new Column(Int32Array);
  readonly #runnerAt = new Column(Float64Array);
  readonly #runnerPhase = new Column(Int32Array);
  readonly #runnerId = new Column(Float64Array);
  readonly #runnerPod = new Column(Uint8Array);
  readonly #runnerDeleted = new Column(Uint8Array);

  /** Completed events in order: twice the number of a pass, or twice that of a runner event plus one. */
  readonly #order = new Column(Float64Array);

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
    this.#passQueued.push(queuedUs);
    this.#passReady.push(readyUs);
    this.#passStarted.push(startedUs);
    this.#passEnded.push(NaN);
    this.#passResult.push(0);
    this.#passAfter.push(0);
    this.#passError.push(NONE);
    this.#passFirstPhase.push(NONE);
    this.#passLastPhase.push(NONE);
    this.#passFirstRequest.push(NONE);
    this.#passLastRequest.push(NONE);
    return pass;
  }

  /** A phase lasts until the next one of its pass, or the pass's end. */
  beginPhase(pass: number, name: string, startedUs: number): void {
    const phase = this.#phaseName.length;
    this.#phaseName.push(this.#words.id(name));
    this.#phaseStarted.push(startedUs);
    this.#phaseNext.push(NONE);
    const last = this.#passLastPhase.get(pass);
    if (last === NONE) this.#passFirstPhase.set(pass, phase);
    else this.#phaseNext.set(last, phase);
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
  ): void {
    const request = this.#requestTo.length;
    this.#requestTo.push(to === 'kubernetes' ? 0 : 1);
    this.#requestVerb.push(this.#words.id(verb));
    this.#requestResource.push(this.#words.id(resource));
    this.#requestName.push(this.#strings.id(name));
    this.#requestStatus.push(status);
    this.#requestThrottled.push(throttledUs);
    this.#requestStarted.push(startedUs);
    this.#requestEnded.push(endedUs);
    this.#requestNext.push(NONE);
    const last = this.#passLastRequest.get(pass);
    if (last === NONE) this.#passFirstRequest.set(pass, request);
    else this.#requestNext.set(last, request);
    this.#passLastRequest.set(pass, request);
  }

  endPass(pass: number, result: PassResult, afterUs: number, error: string | null, endedUs: number): void {
    this.#passEnded.set(pass, endedUs);
    this.#passResult.set(pass, RESULTS.indexOf(result));
    this.#passAfter.set(pass, afterUs);
    if (error !== null) this.#passError.set(pass, this.#strings.id(error));
    this.#order.push(pass * 2);
  }

  addRunnerEvent(runner: string, atUs: number, phase: string, runnerId: number, pod: PodState, deleted: boolean): void {
    this.#order.push(this.#runnerName.length * 2 + 1);
    this.#runnerName.push(this.#strings.id(runner));
    this.#runnerAt.push(atUs);
    this.#runnerPhase.push(this.#words.id(phase));
    this.#runnerId.push(runnerId);
    this.#runnerPod.push(POD_STATES.indexOf(pod));
    this.#runnerDeleted.push(deleted ? 1 : 0);
  }

  /** Completed event number `index`, in order of completion. */
  event(index: number): TraceEvent {
    const entry = this.#order.get(index);
    return entry % 2 === 0 ? this.pass(entry / 2) : this.#runnerEvent((entry - 1) / 2);
  }

  *events(): IterableIterator<TraceEvent> {
    for (let index = 0; index < this.length; index++) yield this.event(index);
  }

  *passes(): IterableIterator<PassEvent> {
    for (let pass = 0; pass < this.passCount; pass++) {
      if (!Number.isNaN(this.#passEnded.get(pass))) yield this.pass(pass);
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

  /** Calls back for every completed pass without making an object of it. */
  forEachPass(visit: (result: PassResult, endedUs: number) => void): void {
    for (let pass = 0; pass < this.passCount; pass++) {
      const endedUs = this.#passEnded.get(pass);
      if (Number.isNaN(endedUs)) continue;
      const result = RESULTS[this.#passResult.get(pass)] as PassResult;
      visit(result, endedUs);
    }
  }

  /** Calls back for every request without making an object of it. */
  forEachRequest(
    visit: (
      isActions: boolean,
      verb: string,
      resource: string,
      status: number,
      throttledUs: number,
      endedUs: number,
    ) => void,
  ): void {
    for (let request = 0; request < this.requestCount; request++) {
      visit(
        this.#requestTo.get(request) === 1,
        this.#words.text(this.#requestVerb.get(request)),
        this.#words.text(this.#requestResource.get(request)),
        this.#requestStatus.get(request),
        this.#requestThrottled.get(request),
        this.#requestEnded.get(request),
      );
    }
  }

  pass(pass: number): PassEvent {
    const ended = this.#passEnded.get(pass);
    const error = this.#passError.get(pass);
    return {
      type: 'pass',
      runner: this.#strings.text(this.#passRunner.get(pass)),
      mode: this.header.mode,
      worker: this.#passWorker.get(pass),
      attempt: this.#passAttempt.get(pass),
      trigger: this.#words.text(this.#passTrigger.get(pass)),
      queued: this.#passQueued.get(pass),
      ready: this.#passReady.get(pass),
      started: this.#passStarted.get(pass),
      ended,
      result: RESULTS[this.#passResult.get(pass)] as PassResult,
      after: this.#passAfter.get(pass),
      error: error === NONE ? null : this.#strings.text(error),
      phases: this.#phasesOf(pass, ended),
      requests: this.#requestsOf(pass),
    };
  }

  #phasesOf(pass: number, passEnded: number): TracePhase[] {
    const phases: TracePhase[] = [];
    for (let phase = this.#passFirstPhase.get(pass); phase !== NONE; phase = this.#phaseNext.get(phase)) {
      const next = this.#phaseNext.get(phase);
      phases.push({
        name: this.#words.text(this.#phaseName.get(phase)),
        started: this.#phaseStarted.get(phase),
        ended: next === NONE ? passEnded : this.#phaseStarted.get(next),
      });
    }
    return phases;
  }

  #requestsOf(pass: number): TraceRequest[] {
    const requests: TraceRequest[] = [];
    for (let id = this.#passFirstRequest.get(pass); id !== NONE; id = this.#requestNext.get(id)) {
      requests.push({
        to: this.#requestTo.get(id) === 0 ? 'kubernetes' : 'actions',
        verb: this.#words.text(this.#requestVerb.get(id)),
        resource: this.#words.text(this.#requestResource.get(id)),
        name: this.#strings.text(this.#requestName.get(id)),
        status: this.#requestStatus.get(id),
        throttled: this.#requestThrottled.get(id),
        started: this.#requestStarted.get(id),
        ended: this.#requestEnded.get(id),
      });
    }
    return requests;
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
    };
  }
}
