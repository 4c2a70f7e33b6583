import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import { alreadyExists, ApiError } from '../api-error.ts';
import type { ApiReply, ApiRequest, Cluster, ObjectList, WatchHandler } from '../cluster.ts';
import { createRequest, deleteRequest, getRequest, listRequest } from '../request.ts';
import { Namespaces, Pods, ResourceQuotas, type Resource } from '../resource.ts';
import { keyOf, splitKey, type ApiObject, type ResourceQuota } from '../types.ts';
import { ApiServer } from './api-server.ts';
import { OverlayVersions } from './overlay-versions.ts';
import { POD_COUNTS } from './quota.ts';
import { ObjectStore, type Entry } from './store.ts';

interface ShadowClusterOptions {
  readonly clock: Clock;
  readonly seed: number;
  readonly epochMs: number;
  /** Time that a write to the overlay takes. */
  readonly writeLatencyUs: number;
}

const QUOTAS_LIFE_US = 10_000_000;

/** The first write to an object while what the cluster has is asked for. */
interface FirstWrite {
  readonly resource: Resource;
  readonly key: string;
  /** Version of the object that a watch has shown meanwhile, '' when it was gone; undefined when nothing came. */
  shown: string | undefined;
}

/**
 * A cluster as it would be: reads and watches show another cluster, every change stays in an overlay on top of it. An
 * object that is changed is copied up first and lives in the overlay from then on; one that is deleted there is hidden.
 * Versions of the overlay follow all that the cluster below gives. Nothing but get, list and watch reaches it.
 */
export class ShadowCluster implements Cluster {
  readonly #base: Cluster;
  readonly #options: ShadowClusterOptions;
  readonly #versions = new OverlayVersions();
  readonly #overlay: ApiServer;
  /**
   * Keys whose truth is the overlay's, also where it has no object (any more), with the uid of the object on the cluster
   * that is hidden by it, '' for none.
   */
  readonly #owned = new Map<Resource, Map<string, string>>();
  readonly #firstWrites = new Set<FirstWrite>();
  /** Until when the copies of a namespace's quotas are good. */
  readonly #quotasUntilUs = new Map<string, number>();

  constructor(base: Cluster, options: ShadowClusterOptions) {
    this.#base = base;
    this.#options = options;
    const store = new ObjectStore((change) => this.#versions.of(change));
    this.#overlay = new ApiServer(options.seed, () => options.epochMs + options.clock.nowUs() / 1000, store);
  }

  /** Whether the object's truth is the overlay's, not the cluster's. */
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
    /** Keys that the handler knows. */
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
    const listening = collection.listen((type, { key }, object) => {
      if (!this.holds(untyped, key) || !includes(object)) return;
      if (type === 'deleted') drop(key, object as T);
      else put(key, object as T);
    });
    const watch = this.#base.watch(resource, namespace, {
      onList: (items) => {
        this.#releaseMissing(untyped, namespace, items);
        const merged = new Map<string, T>();
        for (const [key, object] of items) if (this.#passes(untyped, key, object)) merged.set(key, object);
        for (const { key, object } of this.#ownObjects(untyped)) if (includes(object)) merged.set(key, object as T);
        shown.clear();
        for (const key of merged.keys()) shown.add(key);
        handler.onList(merged);
      },
      onAdded: (key, object) => {
        if (this.#passes(untyped, key, object)) put(key, object);
      },
      onModified: (key, object) => {
        if (this.#passes(untyped, key, object)) put(key, object);
      },
      onDeleted: (key, lastState) => {
        this.#noteShown(untyped, key, '');
        this.#versions.see(lastState.metadata.resourceVersion);
        if (this.holds(untyped, key)) this.#release(untyped, key, lastState.metadata.uid ?? '');
        else drop(key, lastState);
      },
      ...(handler.onError === undefined ? {} : { onError: (error: ApiError) => handler.onError?.(error) }),
    });
    return {
      dispose: () => {
        listening.dispose();
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
      const { resourceVersion, items } = reply as ObjectList;
      this.#versions.see(resourceVersion);
      const below = items.filter(({ metadata }) => !this.holds(request.resource, keyOf(metadata)));
      const above = (this.#overlay.handle(request) as ObjectList).items.filter(({ metadata }) =>
        this.holds(request.resource, keyOf(metadata)),
      );
      // The list's version follows those of its items, and no two lists have the same.
      done({ resourceVersion: this.#overlay.store.nextVersion(), items: [...below, ...above] });
    });
  }

  /** Asks for what the cluster has, then lets the overlay do the write to a copy of it. */
  #firstWrite(request: ApiRequest, done: (reply: ApiReply) => void): void {
    const { resource, namespace, name } = request;
    const write: FirstWrite = { resource, key: keyOfRequest(request), shown: undefined };
    this.#firstWrites.add(write);
    this.#base.send(getRequest(resource, namespace, name), (reply) => {
      const perform = (): void => {
        this.#firstWrites.delete(write);
        const version = reply instanceof ApiError ? '' : ((reply as ApiObject).metadata.resourceVersion ?? '');
        if (this.holds(resource, write.key)) done(this.#overlay.handle(request));
        // What a watch has shown meanwhile may be newer than the answer: nobody may be shown the older state after it.
        else if (write.shown !== undefined && write.shown !== version) this.#firstWrite(request, done);
        else done(this.#writeToCopy(request, write.key, reply as ApiObject | ApiError));
      };
      const later = (): void => void this.#options.clock.schedule(this.#options.writeLatencyUs, perform, undefined);
      if (request.verb === 'create' && resource === (Pods as Resource)) this.#learnQuotas(namespace, later);
      else later();
    });
  }

  /** @param found what the cluster has under the request's name */
  #writeToCopy(request: ApiRequest, key: string, found: ApiObject | ApiError): ApiReply {
    const { resource, namespace, name } = request;
    const collection = this.#overlay.store.of(resource);
    if (found instanceof ApiError) {
      if (found.reason !== 'NotFound' || request.verb !== 'create') return found;
    } else {
      if (request.verb === 'create') return alreadyExists(resource, name);
      this.#versions.see(found.metadata.resourceVersion);
      // With the version that it has on the cluster: writes that name a version are compared with that.
      collection.restore(found);
    }
    this.#ensureNamespace(namespace);
    this.#ownedKeys(resource).set(key, found instanceof ApiError ? '' : (found.metadata.uid ?? ''));
    const reply = this.#overlay.handle(request);
    const entry = collection.find(resource.namespaced ? namespace : '', name);
    // Refused, or nothing has changed: the object stays the cluster's, which goes on to show its changes.
    if (entry === undefined ? reply instanceof ApiError : entry.object === found) {
      this.#ownedKeys(resource).delete(key);
      if (entry !== undefined) collection.withdraw(entry);
    }
    return reply;
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

  /** Whether an object of the cluster is shown; where the overlay holds its key, its deletion is followed. */
  #passes(resource: Resource, key: string, object: ApiObject): boolean {
    const { resourceVersion = '', uid = '', deletionTimestamp } = object.metadata;
    this.#noteShown(resource, key, resourceVersion);
    this.#versions.see(resourceVersion);
    const owned = this.#ownedKeys(resource);
    if (!owned.has(key)) return true;
    if (owned.get(key) === '') owned.set(key, uid);
    const { namespace, name } = splitKey(key);
    const copy = this.#overlay.store.of(resource).find(namespace, name)?.object;
    // Only the same object: one that was created in the overlay since is another one under its name.
    if (deletionTimestamp !== undefined && copy?.metadata.uid === uid) {
      this.#overlay.handle(deleteRequest(resource, namespace, name));
    }
    return false;
  }

  #noteShown(resource: Resource, key: string, version: string): void {
    for (const write of this.#firstWrites) if (write.resource === resource && write.key === key) write.shown = version;
  }

  /** A new list tells what went unseen: objects under the overlay that are gone, or are others by now. */
  #releaseMissing(resource: Resource, namespace: string, items: ReadonlyMap<string, ApiObject>): void {
    for (const { resource: of, key } of this.#firstWrites) {
      if (of === resource && isIn(namespace, key) && !items.has(key)) this.#noteShown(resource, key, '');
    }
    for (const [key, uid] of this.#ownedKeys(resource)) {
      if (uid === '' || !isIn(namespace, key) || items.get(key)?.metadata.uid === uid) continue;
      this.#release(resource, key, uid);
    }
  }

  /** An object is gone from the cluster, and with it what the overlay made of it; what was created since stays. */
  #release(resource: Resource, key: string, uid: string): void {
    const owned = this.#ownedKeys(resource);
    if (owned.get(key) !== uid) return;
    const collection = this.#overlay.store.of(resource);
    const { namespace, name } = splitKey(key);
    const entry = collection.find(namespace, name);
    if (entry !== undefined && entry.object.metadata.uid !== uid) {
      owned.set(key, '');
      return;
    }
    if (entry !== undefined) collection.remove(entry);
    owned.delete(key);
  }

  /** Objects of the overlay that stand for themselves, without copies of quotas and namespaces that it only works with. */
  *#ownObjects(resource: Resource): Iterable<Entry> {
    for (const entry of this.#overlay.store.of(resource).entries()) if (this.holds(resource, entry.key)) yield entry;
  }

  #ensureNamespace(namespace: string): void {
    if (namespace === '' || this.#overlay.store.of(Namespaces).find('', namespace) !== undefined) return;
    const metadata = { name: namespace };
    this.#overlay.handle(createRequest(Namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata }));
  }

  #ownedKeys(resource: Resource): Map<string, string> {
    let keys = this.#owned.get(resource);
    if (keys === undefined) {
      keys = new Map();
      this.#owned.set(resource, keys);
    }
    return keys;
  }
}

function keyOfRequest({ resource, namespace, name }: ApiRequest): string {
  return resource.namespaced ? `${namespace}/${name}` : name;
}

function isIn(namespace: string, key: string): boolean {
  return namespace === '' || splitKey(key).namespace === namespace;
}
