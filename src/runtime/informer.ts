import type { Disposable } from '../base/events.ts';
import type { ApiError } from '../kubernetes/api-error.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import type { Resource } from '../kubernetes/resource.ts';
import type { ApiObject } from '../kubernetes/types.ts';

export type InformerEvent = 'added' | 'updated' | 'deleted';

/** `before` is the state that the cache held until now. */
export type InformerListener<T> = (event: InformerEvent, key: string, object: T, before: T) => void;

export interface InformerOptions {
  readonly namespace: string;
  /** Label by which the cache is asked for objects. */
  readonly labelIndex?: string;
  readonly onError?: (error: ApiError) => void;
}

/**
 * A copy of all objects of one kind, kept by list and watch, as old as the last event that arrived. After the copy has
 * changed come listeners, then handlers: what shows the objects knows of a change before a pass runs because of it.
 */
export class Informer<T extends ApiObject> implements Disposable {
  /** In cells, so that an update is one look-up. */
  readonly #objects = new Map<string, { object: T }>();
  readonly #byLabel = new Map<string, Map<string, T>>();
  readonly #options: InformerOptions;
  readonly #listeners: InformerListener<T>[] = [];
  readonly #handlers: InformerListener<T>[] = [];
  readonly #watch: Disposable;
  #synced = false;
  #whenSynced: (() => void)[] = [];

  constructor(cluster: Cluster, resource: Resource<T>, options: InformerOptions) {
    this.#options = options;
    this.#watch = cluster.watch(resource, options.namespace, {
      onList: (items) => this.#replaceAll(items),
      onAdded: (key, object) => this.#put(key, object),
      onModified: (key, object) => this.#put(key, object),
      onDeleted: (key, lastState) => this.#drop(key, lastState),
      ...(options.onError === undefined ? {} : { onError: options.onError }),
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

  /** Objects of a namespace whose indexed label has this value. */
  withLabel(label: string, value: string, namespace: string): readonly T[] {
    if (label !== this.#options.labelIndex) throw new Error(`the cache has no index on the label ${label}`);
    const found = this.#byLabel.get(value);
    if (found === undefined) return [];
    return [...found.values()].filter((object) => object.metadata.namespace === namespace);
  }

  /** Tells of every change, before anything is done because of it. */
  listen(listener: InformerListener<T>): void {
    this.#listeners.push(listener);
  }

  /** Tells of every change, for what acts on it: adding a key to a work queue may begin a pass at once. */
  handle(handler: InformerListener<T>): void {
    this.#handlers.push(handler);
  }

  dispose(): void {
    this.#watch.dispose();
  }

  #replaceAll(items: ReadonlyMap<string, T>): void {
    for (const [key, { object }] of [...this.#objects]) {
      if (!items.has(key)) this.#drop(key, object);
    }
    for (const [key, object] of items) this.#put(key, object);
    if (this.#synced) return;
    this.#synced = true;
    for (const callback of this.#whenSynced.splice(0)) callback();
  }

  #put(key: string, object: T): void {
    const cell = this.#objects.get(key);
    const before = cell?.object;
    if (cell === undefined) this.#objects.set(key, { object });
    else cell.object = object;
    if (this.#options.labelIndex !== undefined) {
      if (before !== undefined) this.#unindex(key, before);
      this.#index(key, object);
    }
    if (before === undefined) this.#tell('added', key, object, object);
    else this.#tell('updated', key, object, before);
  }

  #drop(key: string, lastState: T): void {
    const before = this.#objects.get(key)?.object;
    if (before === undefined) return;
    this.#objects.delete(key);
    if (this.#options.labelIndex !== undefined) this.#unindex(key, before);
    this.#tell('deleted', key, lastState, before);
  }

  #tell(event: InformerEvent, key: string, object: T, before: T): void {
    for (let i = 0; i < this.#listeners.length; i++) this.#listeners[i]?.(event, key, object, before);
    for (let i = 0; i < this.#handlers.length; i++) this.#handlers[i]?.(event, key, object, before);
  }

  #index(key: string, object: T): void {
    const value = object.metadata.labels?.[this.#options.labelIndex as string];
    if (value === undefined) return;
    const sameValue = this.#byLabel.get(value);
    if (sameValue === undefined) this.#byLabel.set(value, new Map([[key, object]]));
    else sameValue.set(key, object);
  }

  #unindex(key: string, object: T): void {
    const value = object.metadata.labels?.[this.#options.labelIndex as string];
    if (value === undefined) return;
    const sameValue = this.#byLabel.get(value);
    sameValue?.delete(key);
    if (sameValue?.size === 0) this.#byLabel.delete(value);
  }
}
