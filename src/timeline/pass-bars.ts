import { t } from '@vscode/l10n';
import { MadeByRows } from '../analysis/made.ts';
import type { PodTimes } from '../analysis/pod-times.ts';
import { RESULTS } from '../trace/model.ts';
import { requestWord } from '../trace/request-name.ts';
import { RequestPairs } from '../trace/request-pairs.ts';
import type { Rows } from '../trace/rows.ts';
import { NONE } from '../trace/tables.ts';
import { BarKind, NO_PASS, NO_WORKER } from './bars.ts';
import type { BarWriter } from './bar-writer.ts';
import type { FeedNames } from './feed-names.ts';
import { withRoom } from './grow-array.ts';

/** By the place of a result in RESULTS. */
const PASS_BAR: readonly BarKind[] = RESULTS.map((result) => {
  if (result === 'error') return BarKind.passFailed;
  if (result === 'unknown') return BarKind.passUnknown;
  return result === 'requeue' ? BarKind.passRequeued : BarKind.pass;
});
const ERROR = RESULTS.indexOf('error');

/** The call of the Actions service that a listener waits in. */
const LONG_POLL = 'get-message';

/** What has been made into bars of a pass that goes on. */
interface Progress {
  /** The last phase and request that have bars from end to end, NONE before the first. */
  phase: number;
  request: number;
  /** When the phase and the request began that have a bar without an end; NaN where there is none. */
  openPhaseUs: number;
  openRequestUs: number;
  /** Whether the request in flight has a bar for the time that the limiter held it back. */
  wasHeld: boolean;
  /** The last request that has a bar for the wait before it, NONE before the first. */
  retried: number;
}

/** What requests of a verb and a resource have in common. */
interface RequestName {
  /** `CREATE pods`; what is not known is left out. */
  readonly word: number;
  /** Passes ask in this way whether something is there: a 404 is an answer like another. */
  readonly asks: boolean;
  /** It is a listener's long poll, which is answered when there is something to say. */
  readonly isPoll: boolean;
}

/**
 * Makes bars of passes, their waits, phases and requests, straight from the rows. What is not known has no bar, or a
 * hatched one: it is never drawn as if it had taken no time.
 */
export class PassBars {
  readonly #rows: Rows;
  readonly #names: FeedNames;
  readonly #writer: BarWriter;
  readonly #made: MadeByRows;
  readonly #requestNames: RequestPairs<RequestName>;
  /** By pass that goes on. */
  readonly #progress = new Map<number, Progress>();
  /** By lane: 1 when its next phase has the odd shade. */
  #isOdd = new Uint8Array(64);
  /** Rows of a pass from the last to the first. */
  readonly #stack: number[] = [];
  readonly #pods: PodTimes;
  #isLimiterKnown = false;

  constructor(rows: Rows, names: FeedNames, writer: BarWriter, pods: PodTimes) {
    this.#rows = rows;
    this.#pods = pods;
    this.#names = names;
    this.#writer = writer;
    this.#made = new MadeByRows(rows);
    this.#requestNames = new RequestPairs(rows, (verb, resource) => ({
      word: names.word(requestWord({ ...(verb && { verb }), ...(resource && { resource }) })),
      asks: verb === 'get' || verb === 'delete',
      isPoll: resource === LONG_POLL,
    }));
  }

  /** Whether any request that has a bar says for how long the client's limiter held it back. */
  get isLimiterKnown(): boolean {
    return this.#isLimiterKnown;
  }

  ended(lane: number, pass: number): void {
    const { passes } = this.#rows;
    const progress = this.#progress.size === 0 ? undefined : this.#progress.get(pass);
    const result = passes.result.get(pass) - 1;
    if (progress === undefined) this.#waits(lane, pass);
    else this.#progress.delete(pass);
    const startedUs = passes.span.startedUs(pass);
    const endedUs = passes.span.endedUs(pass);
    this.#between(lane, PASS_BAR[result] as BarKind, startedUs, endedUs, this.#workerOf(pass), pass);
    this.#phases(lane, pass, progress, true);
    this.#requests(lane, pass, progress, endedUs, true);
    if (result === ERROR) this.#writer.add(lane, BarKind.markTrouble, endedUs, 0, 0, pass);
  }

  open(lane: number, pass: number, nowUs: number): void {
    let progress = this.#progress.get(pass);
    if (progress === undefined) {
      this.#waits(lane, pass);
      const startedUs = this.#rows.passes.span.startedUs(pass);
      this.#writer.add(lane, BarKind.pass, startedUs, Infinity, this.#workerOf(pass), pass);
      progress = { phase: NONE, request: NONE, openPhaseUs: NaN, openRequestUs: NaN, wasHeld: false, retried: NONE };
      this.#progress.set(pass, progress);
    }
    this.#phases(lane, pass, progress, false);
    this.#requests(lane, pass, progress, nowUs, false);
  }

  /** A request on its own. */
  request(lane: number, request: number, pass = NO_PASS): void {
    const { span } = this.#rows.requests;
    const endedUs = span.endedUs(request);
    const isAnswered = !Number.isNaN(endedUs);
    if (this.#requestNames.of(request).isPoll) {
      const startedUs = span.startedUs(request);
      const isBrokenOff = isAnswered && Number.isNaN(this.#rows.requests.status.get(request));
      const word = isBrokenOff ? this.#names.word(t('until the listener ended')) : this.#wordOf(request);
      this.#writer.add(lane, BarKind.polling, startedUs, isAnswered ? endedUs - startedUs : Infinity, word, pass);
      // To wait is no work; to be refused is worth seeing.
      if (this.#kindOf(request, isAnswered) !== BarKind.refused) return;
    }
    if (isAnswered) this.#answered(lane, request, pass, false);
    else {
      const sentUs = this.#rows.requests.sentUs(request);
      const word = this.#wordOf(request);
      this.#writer.add(lane, this.#kindOf(request, false), sentUs, Infinity, word, pass);
    }
  }

  #workerOf(pass: number): number {
    const worker = this.#rows.passes.worker.get(pass);
    return Number.isNaN(worker) ? NO_WORKER : worker;
  }

  /** The waits before a pass have bars when it first has one. */
  #waits(lane: number, pass: number): void {
    const { passes } = this.#rows;
    const trigger = this.#names.wordOf(passes.trigger.get(pass));
    const readyUs = passes.readyUs(pass);
    this.#between(lane, BarKind.backoff, passes.queuedUs(pass), readyUs, trigger, pass, 1);
    this.#between(lane, BarKind.queued, readyUs, passes.span.startedUs(pass), trigger, pass, 1);
  }

  /** Phases that have no bars yet. */
  #phases(lane: number, pass: number, progress: Progress | undefined, hasEnded: boolean): void {
    const { passes, phases } = this.#rows;
    const stack = this.#stack;
    const done = progress?.phase ?? NONE;
    for (let phase = passes.lastPhase.get(pass); phase > done; phase = phases.before(phase)) stack.push(phase);
    for (let phase = stack.pop(); phase !== undefined; phase = stack.pop()) {
      const isOdd = this.#isOdd[lane] ?? 0;
      const kind = BarKind.phaseEven + isOdd;
      const name = this.#names.wordOf(phases.name.get(phase));
      const startedUs = phases.span.startedUs(phase);
      const endedUs = phases.span.endedUs(phase);
      if (progress !== undefined && !hasEnded && Number.isNaN(endedUs)) {
        if (progress.openPhaseUs !== startedUs) this.#writer.add(lane, kind, startedUs, Infinity, name, pass);
        progress.openPhaseUs = startedUs;
        continue;
      }
      this.#between(lane, kind, startedUs, endedUs, name, pass);
      if (progress !== undefined) progress.phase = phase;
      this.#isOdd = withRoom(this.#isOdd, lane);
      this.#isOdd[lane] = 1 - isOdd;
    }
  }

  /** Requests that have no bars yet. */
  #requests(lane: number, pass: number, progress: Progress | undefined, nowUs: number, hasEnded: boolean): void {
    const { passes, requests } = this.#rows;
    const stack = this.#stack;
    const done = progress?.request ?? NONE;
    const last = passes.lastRequest.get(pass);
    for (let request = last; request > done; request = requests.before(request)) stack.push(request);
    let wasHeld = progress?.wasHeld ?? false;
    for (let request = stack.pop(); request !== undefined; request = stack.pop()) {
      if (progress === undefined || request > progress.retried) this.#retryWait(lane, request, pass);
      if (progress !== undefined) progress.retried = request;
      const isInFlight = !hasEnded && request === last && Number.isNaN(requests.span.endedUs(request));
      if (progress !== undefined && isInFlight) {
        this.#inFlight(lane, pass, progress, request, nowUs);
        return;
      }
      this.#answered(lane, request, pass, wasHeld);
      wasHeld = false;
      if (progress === undefined) continue;
      progress.wasHeld = false;
      progress.request = request;
    }
  }

  /** A request like the one before, which was refused, repeats it: the pass has waited in between. */
  #retryWait(lane: number, request: number, pass: number): void {
    const { requests } = this.#rows;
    const before = requests.before(request);
    if (before === NONE || this.#kindOf(before, true) !== BarKind.refused) return;
    const isSame = [requests.to, requests.verb, requests.resource, requests.object].every((column) =>
      Object.is(column.get(before), column.get(request)),
    );
    if (!isSame) return;
    const [fromUs, toUs] = [requests.span.endedUs(before), requests.span.startedUs(request)];
    this.#between(lane, BarKind.retryWait, fromUs, toUs, this.#wordOf(request), pass, 1);
  }

  #inFlight(lane: number, pass: number, progress: Progress, request: number, nowUs: number): void {
    const { span, throttled } = this.#rows.requests;
    const startedUs = span.startedUs(request);
    const heldUs = throttled.get(request) || 0;
    const sentUs = this.#rows.requests.sentUs(request);
    const word = this.#wordOf(request);
    const isHeld = sentUs > nowUs;
    if (!isHeld && heldUs > 0 && !progress.wasHeld) {
      this.#writer.add(lane, BarKind.throttled, startedUs, heldUs, word, pass);
      progress.wasHeld = true;
    }
    const fromUs = isHeld ? startedUs : sentUs;
    const kind = isHeld ? BarKind.throttled : this.#kindOf(request, false);
    if (progress.openRequestUs !== fromUs) this.#writer.add(lane, kind, fromUs, Infinity, word, pass);
    progress.openRequestUs = fromUs;
  }

  #answered(lane: number, request: number, pass: number, wasHeld: boolean): void {
    const { span, throttled } = this.#rows.requests;
    const word = this.#wordOf(request);
    const startedUs = span.startedUs(request);
    const endedUs = span.endedUs(request);
    const heldUs = throttled.get(request) || 0;
    if (heldUs > 0 && !wasHeld) this.#between(lane, BarKind.throttled, startedUs, startedUs + heldUs, word, pass);
    this.#between(lane, this.#kindOf(request, true), this.#rows.requests.sentUs(request), endedUs, word, pass);
    if (this.#made.of(request) !== 'pod' || Number.isNaN(endedUs)) return;
    // Pods of listeners are not among those that are counted.
    if (!this.#names.isRunner(lane) || this.#pods.made(lane, endedUs))
      this.#writer.add(lane, BarKind.markPodCreated, endedUs, 0, word, pass);
  }

  /** The word of a request's bars; from now on it is known who gets those that it names. */
  #wordOf(request: number): number {
    const { word } = this.#requestNames.of(request);
    const { to, throttled } = this.#rows.requests;
    const service = to.get(request);
    if (!Number.isNaN(service)) this.#names.goTo(word, service === 1 ? 'actions' : 'kubernetes');
    this.#isLimiterKnown ||= !Number.isNaN(throttled.get(request));
    return word;
  }

  #kindOf(request: number, isAnswered: boolean): BarKind {
    const { to, status, message } = this.#rows.requests;
    const service = to.get(request);
    const code = status.get(request);
    const isTold = !Number.isNaN(message.get(request));
    if (Number.isNaN(service) || (isAnswered && Number.isNaN(code) && !isTold)) return BarKind.requestUnknown;
    const isRefused =
      (isTold && Number.isNaN(code)) ||
      code === 0 ||
      (code >= 400 && !(code === 404 && this.#requestNames.of(request).asks));
    if (isRefused) return BarKind.refused;
    return service === 1 ? BarKind.actions : BarKind.kubernetes;
  }

  /** A bar where both of its ends are known, and it is at least this long. */
  #between(lane: number, kind: number, fromUs: number, toUs: number, detail: number, pass: number, leastUs = 0): void {
    const lengthUs = toUs - fromUs;
    if (lengthUs >= leastUs) this.#writer.add(lane, kind, fromUs, lengthUs, detail, pass);
  }
}
