import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { HttpTransportError, type HttpTransport } from '../base/http.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import type { ApiReply, ApiRequest, Cluster, WatchHandler } from '../kubernetes/cluster.ts';
import type { Resource } from '../kubernetes/resource.ts';
import type { ApiObject } from '../kubernetes/types.ts';

/** What writes go through, and what keeps them back: for a while, or for good once the right to write is lost. */
export class WriteGate {
  readonly #clock: Clock;
  #closedBecause: string | undefined;
  #pausedBecause: string | undefined;
  /** Writes that are not answered yet. */
  #underWay = 0;
  /** Who waits until none is. */
  #whenQuiet: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isClosed(): boolean {
    return this.#closedBecause !== undefined;
  }

  close(why: string): void {
    this.#closedBecause ??= why;
  }

  /** Keeps writes back until open(); resolves when those under way have been answered. */
  pause(why: string): Promise<void> {
    this.#pausedBecause = why;
    return new Promise((resolve) => {
      if (this.#underWay === 0) resolve();
      else this.#whenQuiet.push(resolve);
    });
  }

  /** Ends a pause; one that is closed stays closed. */
  open(): void {
    this.#pausedBecause = undefined;
  }

  /** Reads pass, also when it is closed. */
  cluster(inner: Cluster): Cluster {
    return {
      send: (request: ApiRequest, done: (reply: ApiReply) => void): void => {
        if (request.verb === 'get' || request.verb === 'list') {
          inner.send(request, done);
          return;
        }
        const refusal = this.#refusal('written');
        if (refusal === undefined) inner.send(request, this.#counted(done));
        else this.#clock.schedule(0, done, new ApiError(0, 'Forbidden', refusal));
      },
      watch: <T extends ApiObject>(resource: Resource<T>, namespace: string, handler: WatchHandler<T>): Disposable =>
        inner.watch(resource, namespace, handler),
    };
  }

  /** The Actions service is only asked in order to change something. */
  http(inner: HttpTransport): HttpTransport {
    return {
      send: (request, done) => {
        const refusal = this.#refusal('sent');
        if (refusal === undefined) inner.send(request, this.#counted(done));
        else this.#clock.schedule(0, done, new HttpTransportError(refusal, false));
      },
    };
  }

  #refusal(done: 'written' | 'sent'): string | undefined {
    if (this.#closedBecause !== undefined) return `nothing is ${done} any more: ${this.#closedBecause}`;
    return this.#pausedBecause === undefined ? undefined : `nothing is ${done} now: ${this.#pausedBecause}`;
  }

  #counted<T>(done: (reply: T) => void): (reply: T) => void {
    this.#underWay++;
    return (reply) => {
      if (--this.#underWay === 0) for (const resolve of this.#whenQuiet.splice(0)) resolve();
      done(reply);
    };
  }
}
