import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import { WallClock } from '../../base/wall-clock.ts';
import { ApiError } from '../api-error.ts';
import type { ApiReply, ApiRequest, Cluster, ListStyle, ObjectList, WatchHandler } from '../cluster.ts';
import { pathOf, type Resource } from '../resource.ts';
import type { ApiObject } from '../types.ts';
import { ConnectionMonitor, PROBE_LIMIT_MS, type ConnectionStatus } from './connection-monitor.ts';
import { Reflector, type ReflectorObserver } from './reflector.ts';
import type { ApiTransport } from './transport.ts';

/** A Kubernetes API server behind the cluster port. */
export class RemoteCluster implements Cluster, Disposable {
  readonly #transport: ApiTransport;
  readonly #clock: Clock;
  readonly #reflectors = new Set<Reflector<ApiObject>>();
  readonly #connection: ConnectionMonitor | undefined;
  readonly #lists: ListStyle;

  /**
   * @param clock for the waits between tries to list and watch; answers and changes enter it
   * @param onConnection told when the connection is lost and when it is back; the cluster is asked for signs of life then
   * @param lists how the whole of a kind is got before it is watched
   */
  constructor(
    transport: ApiTransport,
    clock: Clock = new WallClock(),
    onConnection?: (status: ConnectionStatus) => void,
    lists: ListStyle = 'paged',
  ) {
    this.#transport = transport;
    this.#clock = clock;
    this.#lists = lists;
    if (onConnection === undefined) return;
    this.#connection = new ConnectionMonitor({
      clock,
      nowMs: Date.now,
      heardMs: () => transport.heardMs,
      probe: () => transport.probe(PROBE_LIMIT_MS),
      reconnect: () => this.reconnect(),
      onChange: onConnection,
    });
  }

  get connection(): ConnectionStatus {
    return this.#connection?.status ?? { state: 'connected' };
  }

  /** Asks for no more signs of life. */
  dispose(): void {
    this.#connection?.dispose();
  }

  /** Opens every watch again, at once. */
  reconnect(): void {
    for (const reflector of this.#reflectors) reflector.reconnect();
  }

  send(request: ApiRequest, done: (reply: ApiReply) => void): void {
    const answer = (reply: ApiReply): void => this.#clock.enter(() => done(reply));
    this.#perform(request).then(answer, (error: unknown) => {
      answer(error instanceof ApiError ? error : new ApiError(0, 'Unknown', String(error)));
    });
  }

  watch<T extends ApiObject>(resource: Resource<T>, namespace: string, handler: WatchHandler<T>): Disposable {
    const connection = this.#connection;
    const observer: ReflectorObserver = {
      works: () => connection?.works(resource.plural),
      failed: (error) => connection?.failed(resource.plural, error),
    };
    const reflector = new Reflector(
      this.#transport,
      this.#clock,
      resource,
      namespace,
      this.#entered(handler),
      Math.random,
      observer,
      this.#lists,
    );
    this.#reflectors.add(reflector);
    return {
      dispose: () => {
        this.#reflectors.delete(reflector);
        reflector.dispose();
      },
    };
  }

  #entered<T extends ApiObject>(handler: WatchHandler<T>): WatchHandler<T> {
    const clock = this.#clock;
    return {
      onList: (items) => clock.enter(() => handler.onList(items)),
      onAdded: (key, object) => clock.enter(() => handler.onAdded(key, object)),
      onModified: (key, object) => clock.enter(() => handler.onModified(key, object)),
      onDeleted: (key, lastState) => clock.enter(() => handler.onDeleted(key, lastState)),
      ...(handler.onError === undefined ? {} : { onError: (error) => clock.enter(() => handler.onError?.(error)) }),
    };
  }

  async #perform(request: ApiRequest): Promise<ApiReply> {
    const { verb, resource, namespace, name, subresource, body, labelSelector, fieldSelector = '' } = request;
    const object = pathOf(resource, namespace, name, subresource);
    switch (verb) {
      case 'get':
        return (await this.#transport.json('GET', object)) as ApiObject;
      case 'list': {
        const query = new URLSearchParams({
          ...(labelSelector === '' ? {} : { labelSelector }),
          ...(fieldSelector === '' ? {} : { fieldSelector }),
        });
        const path = `${pathOf(resource, namespace)}${query.size === 0 ? '' : `?${query.toString()}`}`;
        const list = (await this.#transport.json('GET', path)) as {
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
        return (await this.#transport.json(
          'POST',
          subresource === '' ? pathOf(resource, namespace) : object,
          body,
        )) as ApiObject;
      case 'update':
        return (await this.#transport.json('PUT', object, body)) as ApiObject;
      case 'patch':
        return (await this.#transport.json('PATCH', object, body, 'application/merge-patch+json')) as ApiObject;
      case 'delete':
        return (await this.#transport.json('DELETE', object, body ?? {})) as ApiObject;
    }
  }
}
