import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/events.ts';
import { WallClock } from '../../base/wall-clock.ts';
import { ApiError } from '../api-error.ts';
import type { ApiReply, ApiRequest, Cluster, ObjectList, WatchHandler } from '../cluster.ts';
import { pathOf, type Resource } from '../resource.ts';
import type { ApiObject } from '../types.ts';
import { Reflector } from './reflector.ts';
import type { ApiTransport } from './transport.ts';

/** A Kubernetes API server behind the cluster port. */
export class RemoteCluster implements Cluster {
  readonly #transport: ApiTransport;
  readonly #clock: Clock;

  /** @param clock for the waits between tries to list and watch */
  constructor(transport: ApiTransport, clock: Clock = new WallClock()) {
    this.#transport = transport;
    this.#clock = clock;
  }

  send(request: ApiRequest, done: (reply: ApiReply) => void): void {
    this.#perform(request).then(done, (error: unknown) => {
      done(error instanceof ApiError ? error : new ApiError(0, 'Unknown', String(error)));
    });
  }

  watch<T extends ApiObject>(resource: Resource<T>, namespace: string, handler: WatchHandler<T>): Disposable {
    return new Reflector(this.#transport, this.#clock, resource, namespace, handler);
  }

  async #perform(request: ApiRequest): Promise<ApiReply> {
    const { verb, resource, namespace, name, subresource, body, labelSelector } = request;
    const object = pathOf(resource, namespace, name, subresource);
    switch (verb) {
      case 'get':
        return (await this.#transport.json('GET', object)) as ApiObject;
      case 'list': {
        const query = labelSelector === '' ? '' : `?labelSelector=${encodeURIComponent(labelSelector)}`;
        const list = (await this.#transport.json('GET', pathOf(resource, namespace) + query)) as {
          metadata: { resourceVersion: string };
          items: ApiObject[] | null;
        };
        return {
          resourceVersion: list.metadata.resourceVersion,
          items: (list.items ?? []).map((item) => ({
            ...item,
            apiVersion: resource.apiVersion,
            kind: resource.kind,
          })),
        } satisfies ObjectList;
      }
      case 'create':
        return (await this.#transport.json('POST', pathOf(resource, namespace), body)) as ApiObject;
      case 'update':
        return (await this.#transport.json('PUT', object, body)) as ApiObject;
      case 'patch':
        return (await this.#transport.json('PATCH', object, body, 'application/merge-patch+json')) as ApiObject;
      case 'delete':
        return (await this.#transport.json('DELETE', object, body ?? {})) as ApiObject;
    }
  }
}
