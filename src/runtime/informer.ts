import type { Disposable } from '../base/disposable.ts';
import { Listeners } from '../base/listeners.ts';
import type { ApiError } from '../kubernetes/api-error.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import type { Resource } from '../kubernetes/resource.ts';
import type { ApiObject } from '../kubernetes/types.ts';
import { EventBoundary } from './event-boundary.ts';
import { ObjectIndex, type Grouping } from './object-index.ts';

export type InformerEvent = 'added' | 'updated' | 'deleted';

/**
 * `before` is the state that the cache held until now; of an object that is new, `object` itself. `isFirst` is whether the
 * object was there when those who listen began: it is in the first list, or the cache held it when a handler came.
 */
export type InformerListener<T> = (event: InformerEvent, key: string, object: T, before: T, isFirst: boolean) => void;

interface InformerOptions {
  readonly namespace: string;
  /** Holds back what the events set going; shared by the informers of a process. */
  readonly boundary?: EventBoundary;
  /** A list or watch failed; it is tried again. */
  readonly onError?: (error: ApiError) => void;
  /** A listener or handler threw. */
  readonly onListenerError?: ((error: unknown) => void) | undefined;
}

/**
 * A copy of all objects of one kind, kept by list and watch, as old as the last event that arrived. When the copy has
 * changed, listeners hear of it, then handlers, then workers are woken: what shows the objects knows of a change before
 * a pass runs because of it.
 */
export class Informer<T extends ApiObject> implements Disposable {
  /** In cells, so that an update is one look-up. */
  readonly #objects = new Map<string, { object: T }>();
  /** By the names of the groupings that were asked for. */
  readonly #indexes = new Map<string, ObjectIndex<T>>();
  readonly #listeners: Listeners<Parameters<InformerListener<T>>>;
  readonly #handlers: Listeners<Parameters<InformerListener<T>>>;
  readonly #boundary: EventBoundary;
  readonly #watch: Disposable;
  #synced = false;
  #whenSynced: (() => void)[] = [];

  constructor(cluster: Cluster, resource: Resource<T>, options: InformerOptions) {
    const { namespace, boundary = new EventBoundary(), onError, onListenerError } = options;
    this.#boundary = boundary;
    this.#listeners = new Listeners(onListenerError);
    this.#handlers = new Listeners(onListenerError);
    this.#watch = cluster.watch(resource, namespace, {
      onList: (items) => this.#replaceAll(items),
      onAdded: (key, object) => this.#put(key, object),
      onModified: (key, object) => this.#put(key, object),
      onDeleted: (key, lastState) => this.#drop(key, lastState),
      ...(onError === undefined ? {} : { onError }),
    });
  }

  /** Whether the first list has arrived. */
  get synced(): boolean {
    return this.#synced;
  }

  whenSynced(callback: () => void): void {
    if (this.#synced) callback();
    else this.#whenSynced.push(callback);
  }

  get(key: string): T | undefined {
    return this.#objects.get(key)?.object;
  }

  /** Every object with its key. */
  *entries(): IterableIterator<readonly [key: string, object: T]> {
    for (const [key, { object }] of this.#objects) yield [key, object];
  }

  /** Objects of a namespace in a group, through an index that is made when a grouping is first asked for. */
  inGroup(grouping: Grouping, value: string, namespace: string): readonly T[] {
    let index = this.#indexes.get(grouping.name);
    if (index === undefined) {
      index = new ObjectIndex(grouping);
      this.#indexes.set(grouping.name, index);
      for (const [key, { object }] of this.#objects) index.add(key, object);
    }
    return index.find(value).filter((object) => object.metadata.namespace === namespace);
  }

  /** The listener hears of every change, before anything is done because of it. */
  listen(listener: InformerListener<T>): Disposable {
    return this.#listeners.add(listener);
  }

  /** The handler hears of every change and adds keys to a work queue. What the cache holds it hears of now, as added. */
  handle(handler: InformerListener<T>): Disposable {
    this.#boundary.enter();
    try {
      for (const [key, object] of this.entries()) handler('added', key, object, object, true);
    } finally {
      this.#boundary.leave();
    }
    return this.#handlers.add(handler);
  }

  dispose(): void {
    this.#watch.dispose();
  }

  #replaceAll(items: ReadonlyMap<string, T>): void {
    this.#boundary.enter();
    try {
      for (const [key, { object }] of [...this.#objects]) {
        if (!items.has(key)) this.#drop(key, object);
      }
      for (const [key, object] of items) this.#put(key, object);
    } finally {
      this.#boundary.leave();
    }
    if (this.#synced) return;
    this.#synced = true;
    for (const callback of this.#whenSynced.splice(0)) callback();
  }

  #put(key: string, object: T): void {
    const cell = this.#objects.get(key);
    const before = cell?.object;
    if (cell === undefined) this.#objects.set(key, { object });
    else cell.object = object;
    for (const index of this.#indexes.values()) {
      if (before === undefined) index.add(key, object);
      else index.replace(key, before, object);
    }
    if (before === undefined) this.#tell('added', key, object, object);
    else this.#tell('updated', key, object, before);
  }

  #drop(key: string, lastState: T): void {
    const before = this.#objects.get(key)?.object;
    if (before === undefined) return;
    this.#objects.delete(key);
    for (const index of this.#indexes.values()) index.remove(key, before);
    this.#tell('deleted', key, lastState, before);
  }

  #tell(event: InformerEvent, key: string, object: T, before: T): void {
    const isFirst = !this.#synced;
    this.#boundary.enter();
    try {
      this.#listeners.tell(event, key, object, before, isFirst);
      this.#handlers.tell(event, key, object, before, isFirst);
    } finally {
      this.#boundary.leave();
    }
  }
}
