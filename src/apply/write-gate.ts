import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { HttpTransportError, type HttpTransport } from '../base/http.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import type { ApiReply, ApiRequest, Cluster, WatchHandler } from '../kubernetes/cluster.ts';
import type { Resource } from '../kubernetes/resource.ts';
import type { ApiObject } from '../kubernetes/types.ts';

/** What writes go through, and what keeps them back for good once the right to write is lost. */
export class WriteGate {
  readonly #clock: Clock;
  #closedBecause: string | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  close(why: string): void {
    this.#closedBecause ??= why;
  }

  /** Reads pass, also when it is closed. */
  cluster(inner: Cluster): Cluster {
    return {
      send: (request: ApiRequest, done: (reply: ApiReply) => void): void => {
        if (this.#closedBecause === undefined || request.verb === 'get' || request.verb === 'list') {
          inner.send(request, done);
          return;
        }
        const refusal = new ApiError(0, 'Forbidden', `nothing is written any more: ${this.#closedBecause}`);
        this.#clock.schedule(0, done, refusal);
      },
      watch: <T extends ApiObject>(resource: Resource<T>, namespace: string, handler: WatchHandler<T>): Disposable =>
        inner.watch(resource, namespace, handler),
    };
  }

  /** The Actions service is only asked in order to change something. */
  http(inner: HttpTransport): HttpTransport {
    return {
      send: (request, done) => {
        if (this.#closedBecause === undefined) inner.send(request, done);
        else {
          const refusal = new HttpTransportError(`nothing is sent any more: ${this.#closedBecause}`, false);
          this.#clock.schedule(0, done, refusal);
        }
      },
    };
  }
}
