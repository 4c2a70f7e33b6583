import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/events.ts';
import { alreadyExists, ApiError } from '../api-error.ts';
import type { ApiReply, ApiRequest, Cluster, ObjectList, WatchHandler } from '../cluster.ts';
import { createRequest, getRequest, listRequest } from '../request.ts';
import { Namespaces, Pods, ResourceQuotas, type Resource } from '../resource.ts';
import { splitKey, type ApiObject, type ResourceQuota } from '../types.ts';
import { ApiServer } from './api-server.ts';
import { POD_COUNTS } from './quota.ts';

export interface ShadowClusterOptions {
  readonly clock: Clock;
  readonly seed: number;
  readonly epochMs: number;
  /** Time that a write to the overlay takes. */
  readonly writeLatencyUs: number;
}

const QUOTAS_LIFE_US = 10_000_000;

/**
 * A cluster as it would be: reads and watches show another cluster, every write stays in an overlay on top of it. An
 * object that is written to is copied up first and lives in the overlay from then on; one that is deleted there is hidden.
 * Nothing but get, list and watch reaches the cluster below.
 */
export class ShadowCluster implements Cluster {
  readonly #base: Cluster;
  readonly #options: ShadowClusterOptions;
  readonly #overlay: ApiServer;
  /** Keys whose truth is the overlay's, also where it has no object (any more). */
  readonly #owned = new Map<Resource, Set<string>>();
  #copyingUp = false;
  /** Until when the copies of a namespace's quotas are good. */
  readonly #quotasUntilUs = new Map<string, number>();

  constructor(base: Cluster, options: ShadowClusterOptions) {
    this.#base = base;
    this.#options = options;
    this.#overlay = new ApiServer(options.seed, () => options.epochMs + options.clock.nowUs() / 1000);
  }

  /** Whether the object exists in the overlay, not on the cluster. */
  holds(resource: Resource, key: string): boolean {
    return this.#ownedKeys(resource).has(key);
  }

  send(request: ApiRequest, done: (reply: ApiReply) => void): void {
    if (request.verb === 'list') this.#list(request, done);
    else if (this.holds(request.resource, keyOfRequest(request))) this.#answerFromOverlay(request, done);
    else if (request.verb === 'get') this.#base.send(request, done);
    else this.#firstWrite(request, done);
  }

  watch<T extends ApiObject>(resource: Resource<T>, namespace: string, handler: WatchHandler<T>): Disposable {
    const untyped = resource as Resource;
    const collection = this.#overlay.store.of(untyped);
    const includes = (object: ApiObject): boolean => namespace === '' || object.metadata.namespace === namespace;
    /** Keys that the handler has been told of. */
    const shown = new Set<string>();
    const put = (key: string, object: T): void => {
      if (shown.has(key)) handler.onModified(key, object);
      else {
        shown.add(key);
        handler.onAdded(key, object);
      }
    };
    const drop = (key: string, object: T): void => {
      if (shown.delete(key)) handler.onDeleted(key, object);
    };
    const unlisten = collection.listen((type, { key }, object) => {
      if (this.#copyingUp || !includes(object)) return;
      if (type === 'deleted') drop(key, object as T);
      else put(key, object as T);
    });
    const watch = this.#base.watch(resource, namespace, {
      onList: (items) => {
        const merged = new Map<string, T>();
        for (const [key, object] of items) if (!this.holds(untyped, key)) merged.set(key, object);
        for (const { key, object } of collection.entries()) if (includes(object)) merged.set(key, object as T);
        shown.clear();
        for (const key of merged.keys()) shown.add(key);
        handler.onList(merged);
      },
      onAdded: (key, object) => {
        if (!this.holds(untyped, key)) put(key, object);
      },
      onModified: (key, object) => {
        if (!this.holds(untyped, key)) put(key, object);
        else this.#followDeletion(untyped, key, object);
      },
      onDeleted: (key, lastState) => {
        if (!this.holds(untyped, key)) drop(key, lastState);
        else this.#forget(untyped, key);
      },
      ...(handler.onError === undefined ? {} : { onError: (error: ApiError) => handler.onError?.(error) }),
    });
    return {
      dispose: () => {
        unlisten();
        watch.dispose();
      },
    };
  }

  #list(request: ApiRequest, done: (reply: ApiReply) => void): void {
    this.#base.send(request, (reply) => {
      if (reply instanceof ApiError) {
        done(reply);
        return;
      }
      const below = (reply as ObjectList).items.filter(
        ({ metadata }) => !this.holds(request.resource, `${metadata.namespace ?? ''}/${metadata.name}`),
      );
      const above = this.#overlay.handle(request) as ObjectList;
      done({ resourceVersion: (reply as ObjectList).resourceVersion, items: [...below, ...above.items] });
    });
  }

  /** Takes over the object that a write is for, then lets the overlay do the write. */
  #firstWrite(request: ApiRequest, done: (reply: ApiReply) => void): void {
    const { resource, namespace, name } = request;
    const key = keyOfRequest(request);
    this.#base.send(getRequest(resource, namespace, name), (reply) => {
      if (!this.holds(resource, key)) {
        const absent = reply instanceof ApiError;
        if (absent && (reply.reason !== 'NotFound' || request.verb !== 'create')) {
          done(reply);
          return;
        }
        if (!absent && request.verb === 'create') {
          done(alreadyExists(resource, name));
          return;
        }
        this.#ensureNamespace(namespace);
        if (!absent) {
          this.#copyingUp = true;
          this.#overlay.store.of(resource).add(reply as ApiObject);
          this.#copyingUp = false;
        }
        this.#ownedKeys(resource).add(key);
      }
      if (request.verb === 'create' && resource === (Pods as Resource)) {
        this.#learnQuotas(namespace, () => this.#answerFromOverlay(request, done));
      } else this.#answerFromOverlay(request, done);
    });
  }

  /** Takes over the cluster's quotas, so that a pod that it would forbid is forbidden here too. */
  #learnQuotas(namespace: string, then: () => void): void {
    const nowUs = this.#options.clock.nowUs();
    if (nowUs < (this.#quotasUntilUs.get(namespace) ?? 0)) {
      then();
      return;
    }
    this.#quotasUntilUs.set(namespace, nowUs + QUOTAS_LIFE_US);
    this.#base.send(listRequest(ResourceQuotas, namespace), (reply) => {
      // Who may not read quotas does not get to know them.
      const quotas = reply instanceof ApiError ? [] : (reply as ObjectList<ResourceQuota>).items;
      const copies = this.#overlay.store.of(ResourceQuotas);
      for (const entry of [...copies.entries()])
        if (entry.object.metadata.namespace === namespace) copies.remove(entry);
      let used = 0;
      for (const quota of quotas) {
        copies.add(quota);
        for (const name of POD_COUNTS) used = Math.max(used, Number(quota.status?.used?.[name] ?? 0));
      }
      this.#overlay.podsElsewhere.set(namespace, used);
      then();
    });
  }

  #answerFromOverlay(request: ApiRequest, done: (reply: ApiReply) => void): void {
    const { clock, writeLatencyUs } = this.#options;
    const delayUs = request.verb === 'get' ? 0 : writeLatencyUs;
    clock.schedule(delayUs, () => done(this.#overlay.handle(request)), undefined);
  }

  /** Somebody asked the cluster to delete an object that lives in the overlay: so do we. */
  #followDeletion(resource: Resource, key: string, object: ApiObject): void {
    if (object.metadata.deletionTimestamp === undefined) return;
    const { namespace, name } = splitKey(key);
    const request = {
      verb: 'delete',
      resource,
      subresource: '',
      namespace,
      name,
      body: {},
      labelSelector: '',
    } as const;
    this.#overlay.handle(request);
  }

  /** The object is gone from the cluster, and with it what the overlay made of it. */
  #forget(resource: Resource, key: string): void {
    const collection = this.#overlay.store.of(resource);
    const { namespace, name } = splitKey(key);
    const entry = collection.find(namespace, name);
    if (entry !== undefined) collection.remove(entry);
    this.#ownedKeys(resource).delete(key);
  }

  #ensureNamespace(namespace: string): void {
    if (namespace === '' || this.#overlay.store.of(Namespaces).find('', namespace) !== undefined) return;
    const metadata = { name: namespace };
    this.#overlay.handle(createRequest(Namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata }));
  }

  #ownedKeys(resource: Resource): Set<string> {
    let keys = this.#owned.get(resource);
    if (keys === undefined) {
      keys = new Set();
      this.#owned.set(resource, keys);
    }
    return keys;
  }
}

function keyOfRequest({ resource, namespace, name }: ApiRequest): string {
  return resource.namespaced ? `${namespace}/${name}` : name;
}
