import type { Clock } from '../base/clock.ts';
import type { HttpRequest, HttpResponse, HttpTransport, HttpTransportError } from '../base/http.ts';
import { factorAt, type LatencyShape } from '../base/latency.ts';
import { Random } from '../base/random.ts';
import type { EmbeddedActionsService } from './embedded-service.ts';
import { operationOf } from './operations.ts';

export interface ActionsLatency {
  /** Time of a generatejitconfig call. */
  readonly jitUs: number;
  /** How that time varies around `jitUs`, in place of the jitter. */
  readonly jitShape?: LatencyShape | undefined;
  /** Time of any other call. */
  readonly otherUs: number;
  /** Fraction by which a call may be faster or slower. */
  readonly jitter: number;
}

/** Reaches the embedded service within the process: the call happens at once, its answer comes after the latency. */
export class EmbeddedActionsTransport implements HttpTransport {
  readonly #clock: Clock;
  readonly #service: EmbeddedActionsService;
  readonly #latency: ActionsLatency;
  /** Looks at each call before it is sent; returns whether it answers the call itself. */
  intercept: ((request: HttpRequest, done: (answer: HttpResponse | HttpTransportError) => void) => boolean) | undefined;
  #random: Random;

  constructor(clock: Clock, service: EmbeddedActionsService, latency: ActionsLatency, seed: number) {
    this.#clock = clock;
    this.#service = service;
    this.#latency = latency;
    this.#random = new Random(seed, 'actions-latency');
  }

  /** Draws what follows by another seed. */
  reseed(seed: number): void {
    this.#random = new Random(seed, 'actions-latency');
  }

  send(request: HttpRequest, done: (answer: HttpResponse | HttpTransportError) => void): void {
    if (this.intercept?.(request, done) === true) return;
    const call = operationOf(request.method, request.url);
    const dueUs = this.#clock.nowUs() + this.#latencyUs(call?.operation === 'generatejitconfig');
    // What a poll has waited for comes at once: its way lies in the time that it has waited.
    this.#service.receive(request, (answer) => this.#clock.schedule(dueUs - this.#clock.nowUs(), done, answer), call);
  }

  #latencyUs(isJit: boolean): number {
    const { jitUs, jitShape, otherUs, jitter } = this.#latency;
    if (isJit && jitShape !== undefined) return Math.round(jitUs * factorAt(jitShape, this.#random.next()));
    return this.#random.jitter(isJit ? jitUs : otherUs, jitter);
  }
}
