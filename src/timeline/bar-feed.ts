import { naturalCompare } from '../base/natural-order.ts';
import type { OpenPass, OpenRequest, PassEvent, PodState, RunnerEvent, TraceRequest } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { isCommonWait } from '../trace/why.ts';
import { BarKind, type BarBatch } from './bars.ts';
import { BarWriter } from './bar-writer.ts';
import { lengthened } from './lengthened.ts';

/** New names and bars since the last call. */
export interface FeedUpdate {
  /** Runners that were not seen before; their lanes follow on those known. */
  readonly lanes: readonly string[];
  /** Words that bars' details refer to, following on those known. */
  readonly words: readonly string[];
  readonly batches: readonly BarBatch[];
}

const RUNNER_KIND: Readonly<Record<string, BarKind>> = {
  Pending: BarKind.runnerPending,
  Running: BarKind.runnerRunning,
  Succeeded: BarKind.runnerSucceeded,
  Failed: BarKind.runnerFailed,
  Outdated: BarKind.runnerFailed,
};

/** Runners that are seen so soon one after the other come from one list. */
const TOGETHER_US = 1_000;

const POD_KIND: Readonly<Record<PodState, BarKind>> = {
  none: BarKind.none,
  created: BarKind.podCreated,
  pending: BarKind.podPending,
  running: BarKind.podRunning,
  ready: BarKind.podRunning,
  succeeded: BarKind.podSucceeded,
  failed: BarKind.podFailed,
  deleted: BarKind.none,
};

/** What a runner's or a pod's bar shows that has no end yet. */
interface OpenBar {
  readonly kind: BarKind;
  readonly sinceUs: number;
  /** Number of the word that says why; that of the empty word where there is nothing to say. */
  readonly word: number;
}

const NO_BAR: OpenBar = { kind: BarKind.none, sinceUs: 0, word: 0 };

/** What has been made into bars of a pass that goes on. */
interface Progress {
  readonly pass: number;
  phases: number;
  requests: number;
  /** When the phase and the request began that have a bar without an end; NaN where there is none. */
  openPhaseUs: number;
  openRequestUs: number;
  /** Whether the request in flight has a bar for the time that the limiter held it back. */
  wasHeld: boolean;
}

interface LaneState {
  readonly lane: number;
  /** Whether the runner itself has been seen, not only what is done for it. */
  isKnown: boolean;
  runner: OpenBar;
  pod: OpenBar;
  phases: number;
  /** Numbers of the runner's passes. */
  readonly passes: number[];
  progress: Progress | undefined;
}

/**
 * Turns a growing trace into bars, a part at a time. Passes have the numbers that they have in the trace. A pass in
 * progress has bars as far as it has come: one without an end for itself, its phase and its request in flight.
 */
export class BarFeed {
  readonly #log: TraceLog;
  readonly #writer = new BarWriter();
  readonly #lanes = new Map<string, LaneState>();
  readonly #words = new Map<string, number>();
  /** By verb and resource. */
  readonly #requestWords = new Map<string, Map<string, number>>();
  #newLanes: string[] = [];
  #newWords: string[] = [];
  /** By number of the pass: one more than its event in the trace, 0 while it has none. */
  #events = new Uint32Array(64);
  /** One more than the highest number of a pass that has bars. */
  #passes = 0;
  #read = 0;
  #waitsRead: number;
  /** Runners whose wait may need a bar: it has changed, or a pass has ended that hid it. */
  readonly #waiting: Set<string>;

  constructor(log: TraceLog) {
    this.#log = log;
    // Number 0 is the empty word, of bars that have nothing to say besides their kind.
    this.#word('');
    this.#waitsRead = log.waitChanges;
    this.#waiting = new Set(log.waiting());
  }

  /** Whether the trace has events that have not been taken. */
  get pending(): boolean {
    return this.#read < this.#log.length;
  }

  /** The pass with a number that the page was given; undefined when there is none. */
  pass(number: number): PassEvent | OpenPass | undefined {
    if (number < 0 || number >= this.#passes) return undefined;
    return this.#log.hasEnded(number) ? this.#log.pass(number) : this.#log.openPass(number);
  }

  /** Where in the trace the pass's event is; behind all events while it has none. */
  eventOf(pass: number): number {
    return (this.#events[pass] || this.#log.length + 1) - 1;
  }

  /** Numbers of the runner's passes, in order. */
  passesOf(runner: string): readonly number[] {
    return this.#lanes.get(runner)?.passes ?? [];
  }

  /**
   * What has come since the last call. What is open comes with the last events.
   * @param limit how many events to take at most
   * @param nowUs the trace's time, by which a delay is told from a wait for a worker
   */
  take(limit = Infinity, nowUs = this.#log.endedUs ?? Infinity): FeedUpdate {
    const end = Math.min(this.#log.length, this.#read + limit);
    this.#meet(end);
    for (; this.#read < end; this.#read++) {
      const number = this.#log.passOf(this.#read);
      if (number >= 0) this.#pass(this.#log.pass(number), number);
      else this.#runner(this.#log.event(this.#read) as RunnerEvent);
    }
    if (!this.pending) this.#open(nowUs);
    return { lanes: this.#newLanes.splice(0), words: this.#newWords.splice(0), batches: this.#writer.take() };
  }

  /** Gives runners that come together, as those of a list do, lanes in the order in which people count. */
  #meet(end: number): void {
    let [together, lastUs]: [string[], number] = [[], 0];
    const settle = (): void => {
      for (const runner of together.sort(naturalCompare)) this.#lane(runner);
      together = [];
    };
    for (let index = this.#read; index < end; index++) {
      if (this.#log.passOf(index) >= 0) continue;
      const { runner, at } = this.#log.runnerEventAt(index);
      if (this.#lanes.has(runner)) continue;
      if (at - lastUs > TOGETHER_US) settle();
      together.push(runner);
      lastUs = at;
    }
    settle();
  }

  #open(nowUs: number): void {
    for (const number of this.#log.running()) this.#openPass(this.#log.openPass(number), number, nowUs);
    for (; this.#waitsRead < this.#log.waitChanges; this.#waitsRead++) {
      this.#waiting.add(this.#log.waitChange(this.#waitsRead));
    }
    for (const runner of this.#waiting) {
      // What comes after the pass is shown when that has ended.
      const wait = this.#log.isRunning(runner) ? undefined : this.#log.waitOf(runner);
      if (wait === undefined) continue;
      const { lane } = this.#lane(runner);
      const trigger = this.#word(wait.trigger);
      if (wait.ready > nowUs) this.#writer.add(lane, BarKind.backoff, wait.queued, Infinity, trigger);
      else this.#writer.add(lane, BarKind.queued, wait.ready, Infinity, trigger);
    }
    this.#waiting.clear();
  }

  #lane(runner: string): LaneState {
    let state = this.#lanes.get(runner);
    if (state === undefined) {
      const lane = this.#lanes.size;
      state = {
        ...{ lane, isKnown: false, runner: NO_BAR, pod: NO_BAR, phases: 0, passes: [] },
        progress: undefined,
      };
      this.#lanes.set(runner, state);
      this.#newLanes.push(runner);
    }
    return state;
  }

  #word(text: string): number {
    let word = this.#words.get(text);
    if (word === undefined) {
      word = this.#words.size;
      this.#words.set(text, word);
      this.#newWords.push(text);
    }
    return word;
  }

  /** Looked up by the texts that the trace has already: to put one together for each request takes longer than its bar. */
  #requestWord({ verb, resource }: OpenRequest | TraceRequest): number {
    let ofVerb = this.#requestWords.get(verb);
    if (ofVerb === undefined) this.#requestWords.set(verb, (ofVerb = new Map<string, number>()));
    let word = ofVerb.get(resource);
    if (word === undefined) ofVerb.set(resource, (word = this.#word(`${verb.toUpperCase()} ${resource}`)));
    return word;
  }

  #pass(pass: PassEvent, number: number): void {
    const state = this.#lane(pass.runner);
    if (number >= this.#events.length) {
      this.#events = lengthened(this.#events, Math.max(number + 1, this.#events.length * 2));
    }
    this.#events[number] = this.#read + 1;
    const progress = this.#progressOf(state, pass, number);
    this.#writer.add(state.lane, passKind(pass), pass.started, pass.ended - pass.started, pass.worker, number);
    this.#parts(state, progress, pass, pass.ended);
    if (pass.result === 'error') this.#writer.add(state.lane, BarKind.markTrouble, pass.ended, 0, 0, number);
    state.progress = undefined;
    this.#waiting.add(pass.runner);
  }

  #openPass(pass: OpenPass, number: number, nowUs: number): void {
    const state = this.#lane(pass.runner);
    const isNew = state.progress?.pass !== number;
    const progress = this.#progressOf(state, pass, number);
    if (isNew) this.#writer.add(state.lane, BarKind.pass, pass.started, Infinity, pass.worker, number);
    this.#parts(state, progress, pass, nowUs);
  }

  /** The waits before a pass have bars when it first has one. */
  #progressOf(state: LaneState, pass: PassEvent | OpenPass, number: number): Progress {
    if (state.progress?.pass === number) return state.progress;
    state.passes.push(number);
    this.#passes = Math.max(this.#passes, number + 1);
    const { queued, ready, started } = pass;
    const trigger = this.#word(pass.trigger);
    if (ready > queued) this.#writer.add(state.lane, BarKind.backoff, queued, ready - queued, trigger, number);
    if (started > ready) this.#writer.add(state.lane, BarKind.queued, ready, started - ready, trigger, number);
    state.progress = {
      pass: number,
      phases: 0,
      requests: 0,
      openPhaseUs: NaN,
      openRequestUs: NaN,
      wasHeld: false,
    };
    return state.progress;
  }

  /** Phases and requests that have no bars yet. */
  #parts(state: LaneState, progress: Progress, pass: PassEvent | OpenPass, nowUs: number): void {
    const add = (kind: BarKind, fromUs: number, toUs: number, detail: number): void =>
      this.#writer.add(state.lane, kind, fromUs, toUs - fromUs, detail, progress.pass);
    for (const phase of pass.phases.slice(progress.phases)) {
      const kind = state.phases % 2 === 0 ? BarKind.phaseEven : BarKind.phaseOdd;
      const name = this.#word(phase.name);
      if (phase.ended === undefined) {
        if (progress.openPhaseUs !== phase.started) add(kind, phase.started, Infinity, name);
        progress.openPhaseUs = phase.started;
        break;
      }
      add(kind, phase.started, phase.ended, name);
      progress.phases++;
      state.phases++;
    }
    for (const request of pass.requests.slice(progress.requests)) {
      const sentUs = request.started + request.throttled;
      const what = this.#requestWord(request);
      if (request.ended === undefined) {
        const isHeld = sentUs > nowUs;
        if (!isHeld && request.throttled > 0 && !progress.wasHeld) {
          add(BarKind.throttled, request.started, sentUs, what);
          progress.wasHeld = true;
        }
        const fromUs = isHeld ? request.started : sentUs;
        const kind = isHeld ? BarKind.throttled : request.to === 'actions' ? BarKind.actions : BarKind.kubernetes;
        if (progress.openRequestUs !== fromUs) add(kind, fromUs, Infinity, what);
        progress.openRequestUs = fromUs;
        break;
      }
      if (request.throttled > 0 && !progress.wasHeld) add(BarKind.throttled, request.started, sentUs, what);
      add(requestKind(request), sentUs, request.ended, what);
      if (makesPod(request)) add(BarKind.markPodCreated, request.ended, request.ended, what);
      progress.wasHeld = false;
      progress.requests++;
    }
  }

  #runner(event: RunnerEvent): void {
    const state = this.#lane(event.runner);
    const { at } = event;
    if (!state.isKnown) this.#mark(state, BarKind.markRunnerCreated, at);
    state.isKnown = true;
    const runnerKind = event.deleted ? BarKind.none : (RUNNER_KIND[event.phase] ?? BarKind.none);
    const runner = this.#change(state, state.runner, runnerKind, event.reason, at);
    if (runner.kind !== state.runner.kind) {
      if (runnerKind === BarKind.runnerFailed) this.#mark(state, BarKind.markFailure, at);
      if (runnerKind === BarKind.runnerSucceeded) this.#mark(state, BarKind.markFinished, at);
    }
    state.runner = runner;
    const podKind = event.deleted ? BarKind.none : POD_KIND[event.pod];
    const pod = this.#change(state, state.pod, podKind, event.trouble?.code, at);
    if (pod.kind !== state.pod.kind && podKind === BarKind.podRunning) this.#mark(state, BarKind.markPodRunning, at);
    const { trouble } = event;
    if (pod !== state.pod && trouble !== undefined && !isCommonWait(trouble)) {
      this.#mark(state, podKind === BarKind.podFailed ? BarKind.markFailure : BarKind.markTrouble, at, pod.word);
    }
    state.pod = pod;
    if (event.deleted) this.#mark(state, BarKind.markDeleted, at);
  }

  /** Ends a bar and begins the next where what it shows, or the word of why, is another. */
  #change({ lane }: LaneState, open: OpenBar, kind: BarKind, why: string | undefined, atUs: number): OpenBar {
    const word = kind === BarKind.none ? 0 : this.#word(why ?? '');
    if (kind === open.kind && word === open.word) return open;
    if (open.kind !== BarKind.none) this.#writer.add(lane, open.kind, open.sinceUs, atUs - open.sinceUs, open.word);
    if (kind !== BarKind.none) this.#writer.add(lane, kind, atUs, Infinity, word);
    return { kind, sinceUs: atUs, word };
  }

  #mark({ lane }: LaneState, kind: BarKind, atUs: number, word = 0): void {
    this.#writer.add(lane, kind, atUs, 0, word);
  }
}

function passKind({ result }: PassEvent): BarKind {
  if (result === 'error') return BarKind.passFailed;
  return result === 'requeue' ? BarKind.passRequeued : BarKind.pass;
}

/** A 404 is an answer like another to a read or a deletion: passes ask whether something is there. */
function requestKind({ status, verb, to }: TraceRequest): BarKind {
  const isAnswer = status === 404 && (verb === 'get' || verb === 'delete');
  if (status === 0 || (status >= 400 && !isAnswer)) return BarKind.refused;
  return to === 'actions' ? BarKind.actions : BarKind.kubernetes;
}

function makesPod({ verb, resource, status }: TraceRequest): boolean {
  return verb === 'create' && resource === 'pods' && status === 201;
}
