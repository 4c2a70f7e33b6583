import { MadeByRows } from '../analysis/made.ts';
import { PodTimes, type PodFigures } from '../analysis/pod-times.ts';
import { RESULTS } from '../trace/model.ts';
import type { Rows } from '../trace/rows.ts';
import { NONE } from '../trace/tables.ts';
import { BarKind, NO_PASS, NO_WORKER } from './bars.ts';
import type { BarWriter } from './bar-writer.ts';
import type { FeedNames } from './feed-names.ts';
import type { LaneState, Progress } from './lane-state.ts';

/** By the place of a result in RESULTS. */
const PASS_BAR: readonly BarKind[] = RESULTS.map((result) => {
  if (result === 'error') return BarKind.passFailed;
  if (result === 'unknown') return BarKind.passUnknown;
  return result === 'requeue' ? BarKind.passRequeued : BarKind.pass;
});
const ERROR = RESULTS.indexOf('error');

/**
 * Makes bars of passes, their waits, phases and requests, straight from the rows. What is not known has no bar, or a
 * hatched one: it is never drawn as if it had taken no time.
 */
export class PassBars {
  readonly #rows: Rows;
  readonly #names: FeedNames;
  readonly #writer: BarWriter;
  readonly #made: MadeByRows;
  /** Rows of a pass from the last to the first. */
  readonly #stack: number[] = [];
  readonly #pods = new PodTimes();

  constructor(rows: Rows, names: FeedNames, writer: BarWriter) {
    this.#rows = rows;
    this.#names = names;
    this.#writer = writer;
    this.#made = new MadeByRows(rows);
  }

  /** The pods whose bars have been made; undefined before the first. */
  get pods(): PodFigures | undefined {
    return this.#pods.figures;
  }

  ended(state: LaneState, pass: number): void {
    const { passes } = this.#rows;
    const progress = this.#progressOf(state, pass);
    const startedUs = passes.span.startedUs(pass);
    const endedUs = passes.span.endedUs(pass);
    const result = passes.result.get(pass) - 1;
    if (!Number.isNaN(startedUs)) {
      this.#between(state.lane, PASS_BAR[result] as BarKind, startedUs, endedUs, this.#workerOf(pass), pass);
    }
    this.#parts(state, progress, endedUs, true);
    if (result === ERROR) this.#writer.add(state.lane, BarKind.markTrouble, endedUs, 0, 0, pass);
    state.progress = undefined;
  }

  open(state: LaneState, pass: number, nowUs: number): void {
    const isNew = state.progress?.pass !== pass;
    const progress = this.#progressOf(state, pass);
    const startedUs = this.#rows.passes.span.startedUs(pass);
    if (isNew) this.#writer.add(state.lane, BarKind.pass, startedUs, Infinity, this.#workerOf(pass), pass);
    this.#parts(state, progress, nowUs, false);
  }

  /** A request on its own. */
  request(lane: number, request: number, pass: number | undefined): void {
    const { span, throttled } = this.#rows.requests;
    const startedUs = span.startedUs(request);
    const endedUs = span.endedUs(request);
    if (Number.isNaN(endedUs)) {
      const sentUs = startedUs + (throttled.get(request) || 0);
      this.#writer.add(lane, this.#kindOf(request, false), sentUs, Infinity, this.#names.requestWord(request), pass);
    } else this.#answered(lane, request, pass ?? NO_PASS, false);
  }

  #workerOf(pass: number): number {
    const worker = this.#rows.passes.worker.get(pass);
    return Number.isNaN(worker) ? NO_WORKER : worker;
  }

  /** The waits before a pass have bars when it first has one. */
  #progressOf(state: LaneState, pass: number): Progress {
    if (state.progress?.pass === pass) return state.progress;
    const { passes } = this.#rows;
    state.passes.push(pass);
    const trigger = this.#names.wordOf(passes.trigger.get(pass));
    const readyUs = passes.readyUs(pass);
    this.#between(state.lane, BarKind.backoff, passes.queuedUs(pass), readyUs, trigger, pass, 1);
    this.#between(state.lane, BarKind.queued, readyUs, passes.span.startedUs(pass), trigger, pass, 1);
    state.progress = { pass, phase: NONE, request: NONE, openPhaseUs: NaN, openRequestUs: NaN, wasHeld: false };
    return state.progress;
  }

  /** Phases and requests that have no bars yet. */
  #parts(state: LaneState, progress: Progress, nowUs: number, hasEnded: boolean): void {
    const { passes, phases, requests } = this.#rows;
    const { pass } = progress;
    const stack = this.#stack;
    for (let phase = passes.lastPhase.get(pass); phase > progress.phase; phase = phases.before(phase))
      stack.push(phase);
    for (let phase = stack.pop(); phase !== undefined; phase = stack.pop()) {
      this.#phase(state, progress, phase, hasEnded);
    }
    const last = passes.lastRequest.get(pass);
    for (let request = last; request > progress.request; request = requests.before(request)) stack.push(request);
    for (let request = stack.pop(); request !== undefined; request = stack.pop()) {
      if (!hasEnded && request === last && Number.isNaN(requests.span.endedUs(request))) {
        this.#inFlight(state.lane, progress, request, nowUs);
        continue;
      }
      this.#answered(state.lane, request, pass, progress.wasHeld);
      progress.wasHeld = false;
      progress.request = request;
    }
  }

  #phase(state: LaneState, progress: Progress, phase: number, hasEnded: boolean): void {
    const { phases } = this.#rows;
    const kind = state.phases % 2 === 0 ? BarKind.phaseEven : BarKind.phaseOdd;
    const name = this.#names.wordOf(phases.name.get(phase));
    const startedUs = phases.span.startedUs(phase);
    const endedUs = phases.span.endedUs(phase);
    if (Number.isNaN(endedUs) && !hasEnded) {
      if (progress.openPhaseUs !== startedUs) {
        this.#writer.add(state.lane, kind, startedUs, Infinity, name, progress.pass);
      }
      progress.openPhaseUs = startedUs;
      return;
    }
    this.#between(state.lane, kind, startedUs, endedUs, name, progress.pass);
    progress.phase = phase;
    state.phases++;
  }

  #inFlight(lane: number, progress: Progress, request: number, nowUs: number): void {
    const { span, throttled } = this.#rows.requests;
    const startedUs = span.startedUs(request);
    const heldUs = throttled.get(request) || 0;
    const sentUs = startedUs + heldUs;
    const word = this.#names.requestWord(request);
    const isHeld = sentUs > nowUs;
    if (!isHeld && heldUs > 0 && !progress.wasHeld) {
      this.#writer.add(lane, BarKind.throttled, startedUs, heldUs, word, progress.pass);
      progress.wasHeld = true;
    }
    const fromUs = isHeld ? startedUs : sentUs;
    const kind = isHeld ? BarKind.throttled : this.#kindOf(request, false);
    if (progress.openRequestUs !== fromUs) this.#writer.add(lane, kind, fromUs, Infinity, word, progress.pass);
    progress.openRequestUs = fromUs;
  }

  #answered(lane: number, request: number, pass: number, wasHeld: boolean): void {
    const { span, throttled } = this.#rows.requests;
    const word = this.#names.requestWord(request);
    const startedUs = span.startedUs(request);
    const endedUs = span.endedUs(request);
    const heldUs = throttled.get(request) || 0;
    if (heldUs > 0 && !wasHeld) this.#between(lane, BarKind.throttled, startedUs, startedUs + heldUs, word, pass);
    this.#between(lane, this.#kindOf(request, true), startedUs + heldUs, endedUs, word, pass);
    if (this.#made.of(request) !== 'pod' || Number.isNaN(endedUs)) return;
    this.#writer.add(lane, BarKind.markPodCreated, endedUs, 0, word, pass);
    this.#pods.add(lane, endedUs);
  }

  /** A 404 is an answer like another to a read or a deletion: passes ask whether something is there. */
  #kindOf(request: number, isAnswered: boolean): BarKind {
    const { requests, words } = this.#rows;
    const to = requests.to.get(request);
    const status = requests.status.get(request);
    if (Number.isNaN(to) || (isAnswered && Number.isNaN(status))) return BarKind.requestUnknown;
    if (status === 0 || (status >= 400 && status !== 404)) return BarKind.refused;
    if (status === 404) {
      const verb = words.text(requests.verb.get(request));
      if (verb !== 'get' && verb !== 'delete') return BarKind.refused;
    }
    return to === 1 ? BarKind.actions : BarKind.kubernetes;
  }

  /** A bar where both of its ends are known, and it is at least this long. */
  #between(lane: number, kind: BarKind, fromUs: number, toUs: number, detail: number, pass: number, leastUs = 0): void {
    const lengthUs = toUs - fromUs;
    if (lengthUs >= leastUs) this.#writer.add(lane, kind, fromUs, lengthUs, detail, pass);
  }
}
