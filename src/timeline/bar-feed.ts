import type { PassEvent, PodState, RunnerEvent, TraceRequest } from '../trace/model.ts';
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

const POD_KIND: Readonly<Record<PodState, BarKind>> = {
  none: BarKind.none,
  created: BarKind.podCreated,
  pending: BarKind.podPending,
  running: BarKind.podRunning,
  succeeded: BarKind.podSucceeded,
  failed: BarKind.podFailed,
  deleted: BarKind.none,
};

interface OpenBar {
  readonly kind: BarKind;
  readonly sinceUs: number;
  /** Number of the word that says why; that of the empty word where there is nothing to say. */
  readonly word: number;
}

const NO_BAR: OpenBar = { kind: BarKind.none, sinceUs: 0, word: 0 };

interface LaneState {
  readonly lane: number;
  /** What the runner's and the pod's bars show that have no end yet. */
  runner: OpenBar;
  pod: OpenBar;
  phases: number;
  /** Numbers of the runner's passes. */
  readonly passes: number[];
}

/** Turns a growing trace into bars, a part at a time. */
export class BarFeed {
  readonly #log: TraceLog;
  readonly #writer = new BarWriter();
  readonly #lanes = new Map<string, LaneState>();
  readonly #words = new Map<string, number>();
  /** By verb and resource. */
  readonly #requestWords = new Map<string, Map<string, number>>();
  #newLanes: string[] = [];
  #newWords: string[] = [];
  /** By number of the pass: the event of the trace. */
  #events = new Uint32Array(64);
  #passes = 0;
  #read = 0;

  constructor(log: TraceLog) {
    this.#log = log;
    // Number 0 is the empty word, of bars that have nothing to say besides their kind.
    this.#word('');
  }

  /** Whether the trace has events that have not been taken. */
  get pending(): boolean {
    return this.#read < this.#log.length;
  }

  laneOf(runner: string): number | undefined {
    return this.#lanes.get(runner)?.lane;
  }

  /** The pass with a number that the page was given; undefined when there is none. */
  pass(number: number): PassEvent | undefined {
    if (number < 0 || number >= this.#passes) return undefined;
    const event = this.#log.event(this.#events[number] as number);
    return event.type === 'pass' ? event : undefined;
  }

  /** Where in the trace the pass's event is. */
  eventOf(pass: number): number {
    return this.#events[pass] ?? 0;
  }

  /** Numbers of the runner's passes, in order. */
  passesOf(runner: string): readonly number[] {
    return this.#lanes.get(runner)?.passes ?? [];
  }

  /** @param limit how many events to take at most */
  take(limit = Infinity): FeedUpdate {
    const end = Math.min(this.#log.length, this.#read + limit);
    for (; this.#read < end; this.#read++) {
      const event = this.#log.event(this.#read);
      if (event.type === 'pass') this.#pass(event);
      else this.#runner(event);
    }
    return { lanes: this.#newLanes.splice(0), words: this.#newWords.splice(0), batches: this.#writer.take() };
  }

  #lane(runner: string): LaneState {
    let state = this.#lanes.get(runner);
    if (state === undefined) {
      const lane = this.#lanes.size;
      state = { lane, runner: NO_BAR, pod: NO_BAR, phases: 0, passes: [] };
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
  #requestWord({ verb, resource }: TraceRequest): number {
    let ofVerb = this.#requestWords.get(verb);
    if (ofVerb === undefined) this.#requestWords.set(verb, (ofVerb = new Map<string, number>()));
    let word = ofVerb.get(resource);
    if (word === undefined) ofVerb.set(resource, (word = this.#word(`${verb.toUpperCase()} ${resource}`)));
    return word;
  }

  #pass(pass: PassEvent): void {
    const state = this.#lane(pass.runner);
    const { lane } = state;
    state.passes.push(this.#passes);
    if (this.#passes === this.#events.length) this.#events = lengthened(this.#events, this.#passes * 2);
    this.#events[this.#passes++] = this.#read;
    const add = (kind: BarKind, fromUs: number, toUs: number, detail: number, first = false): void =>
      this.#writer.add(lane, kind, fromUs, toUs - fromUs, detail, first);
    add(passKind(pass), pass.started, pass.ended, pass.worker, true);
    const trigger = this.#word(pass.trigger);
    if (pass.ready > pass.queued) add(BarKind.backoff, pass.queued, pass.ready, trigger);
    if (pass.started > pass.ready) add(BarKind.queued, pass.ready, pass.started, trigger);
    for (const phase of pass.phases) {
      const kind = state.phases++ % 2 === 0 ? BarKind.phaseEven : BarKind.phaseOdd;
      add(kind, phase.started, phase.ended, this.#word(phase.name));
    }
    for (const request of pass.requests) {
      const sentUs = request.started + request.throttled;
      const what = this.#requestWord(request);
      if (request.throttled > 0) add(BarKind.throttled, request.started, sentUs, what);
      add(requestKind(request), sentUs, request.ended, what);
      if (makesPod(request)) add(BarKind.markPodCreated, request.ended, request.ended, what);
    }
    if (pass.result === 'error') add(BarKind.markFailure, pass.ended, pass.ended, 0);
  }

  #runner(event: RunnerEvent): void {
    const isNew = !this.#lanes.has(event.runner);
    const state = this.#lane(event.runner);
    const { at } = event;
    if (isNew) this.#mark(state, BarKind.markRunnerCreated, at);
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
      this.#mark(state, BarKind.markFailure, at, pod.word);
    }
    state.pod = pod;
    if (event.deleted) this.#mark(state, BarKind.markDeleted, at);
  }

  /** Ends a bar and begins the next where what it shows, or the word of why, is another. */
  #change({ lane }: LaneState, open: OpenBar, kind: BarKind, why: string | undefined, atUs: number): OpenBar {
    const word = kind === BarKind.none ? 0 : this.#word(why ?? '');
    if (kind === open.kind && word === open.word) return open;
    if (open.kind !== BarKind.none) this.#writer.add(lane, open.kind, open.sinceUs, atUs - open.sinceUs, open.word);
    if (kind !== BarKind.none) this.#writer.addOpen(lane, kind, atUs, word);
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
