import { copyOf } from '../../base/copy.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { Resource } from '../resource.ts';
import type { ApiObject, ObjectMeta } from '../types.ts';
import { AtRest } from './at-rest.ts';

/** A stored object with the key made once; the entry stays the same while versions of the object come and go. */
export interface Entry {
  readonly key: string;
  object: ApiObject;
}

/** While it is made. */
type Changing<T> = { -readonly [field in keyof T]: T[field] };

export type ChangeType = 'added' | 'modified' | 'deleted';

/** Only where there are more objects of a kind is it worth its time to keep less of them. */
const MANY = 5_000;

/** Called on every change, in order of resource version, at the moment of the change. */
type ChangeListener = (type: ChangeType, entry: Entry, object: ApiObject) => void;

/** Called on every change of every kind, with the object as it was before (undefined for a new one). */
type StoreListener = (resource: Resource, type: ChangeType, object: ApiObject, previous: ApiObject | undefined) => void;

/**
 * All objects of the embedded cluster, by kind and key. Resource versions come from one counter, grow by one with each
 * change and are never used twice.
 */
export class ObjectStore {
  /** By ordinal of the kind. */
  readonly #collections: (Collection | undefined)[] = [];
  readonly #listeners: StoreListener[] = [];
  readonly #versionOf: (change: number) => string;
  readonly #atRest = new AtRest();
  #resourceVersion = 0;
  #isRestored = false;

  /** @param versionOf how the version of a change is written; versions have to grow with the changes */
  constructor(versionOf: (change: number) => string = String) {
    this.#versionOf = versionOf;
  }

  get resourceVersion(): string {
    return this.#versionOf(this.#resourceVersion);
  }

  /** A version that follows all that were given, and that nothing else gets. */
  nextVersion(): string {
    return this.#versionOf(++this.#resourceVersion);
  }

  /** The key of a new object: of objects of several kinds with one name, as a runner's pod and secret, all have one string. */
  newKey(metadata: ObjectMeta): string {
    const { namespace = '', name } = metadata;
    for (const collection of this.#collections) {
      const entry = collection?.find(namespace, name);
      if (entry !== undefined) return entry.key;
    }
    // Joined: put together it would stay a tree of its parts.
    return metadata.namespace === undefined ? name : [namespace, name].join('/');
  }

  /** Keeps less of what is not going to change; called with objects that have their version, where there are many of a kind. */
  settle(resource: Resource, object: ApiObject): void {
    this.#atRest.keep(resource, object);
  }

  of(resource: Resource): Collection {
    return (this.#collections[resource.ordinal] ??= new Collection(resource, this, this.#listeners));
  }

  /** @returns ends the listening */
  listen(listener: StoreListener): Disposable {
    return listenTo(this.#listeners, listener);
  }

  /** Puts back what an earlier store held, resource versions included; for an empty store. */
  restore(resourceVersion: number, objects: Iterable<readonly [Resource, ApiObject]>): void {
    for (const [resource, object] of objects) this.of(resource).restore(object);
    this.#resourceVersion = resourceVersion;
    this.#isRestored = true;
  }

  /** Whether there was something before that is not known. */
  get isRestored(): boolean {
    return this.#isRestored;
  }
}

export class Collection {
  /**
   * Entries by namespace and then name. Requests carry both, as the very strings that the stored objects hold; looking
   * these up costs a fraction of making a key and looking that up.
   */
  readonly #byNamespace = new Map<string, Map<string, Entry>>();
  /** Entries by `label=value`, for the label keys that lists have asked about. */
  readonly #byLabel = new Map<string, Map<string, Set<Entry>>>();
  readonly #listeners: ChangeListener[] = [];
  readonly #resource: Resource;
  readonly #store: Pick<ObjectStore, 'nextVersion' | 'newKey' | 'settle'>;
  readonly #storeListeners: readonly StoreListener[];
  #sorted: readonly Entry[] | undefined;
  #changes = 0;

  constructor(
    resource: Resource,
    store: Pick<ObjectStore, 'nextVersion' | 'newKey' | 'settle'>,
    storeListeners: readonly StoreListener[],
  ) {
    this.#resource = resource;
    this.#store = store;
    this.#storeListeners = storeListeners;
  }

  get size(): number {
    let size = 0;
    for (const entries of this.#byNamespace.values()) size += entries.size;
    return size;
  }

  /** Grows with every change: what was made of the collection is good as long as it stays the same. */
  get changes(): number {
    return this.#changes;
  }

  /** @param namespace empty for kinds without namespaces */
  find(namespace: string, name: string): Entry | undefined {
    return this.#byNamespace.get(namespace)?.get(name);
  }

  *entries(): IterableIterator<Entry> {
    for (const entries of this.#byNamespace.values()) yield* entries.values();
  }

  /** Entries by namespace and name, the order in which the API server lists. */
  sorted(): readonly Entry[] {
    this.#sorted ??= [...this.entries()].sort((a, b) => (a.key < b.key ? -1 : 1));
    return this.#sorted;
  }

  /** Entries with the label, through an index that is built the first time a label is asked for. */
  withLabel(label: string, value: string): Iterable<Entry> {
    let values = this.#byLabel.get(label);
    if (values === undefined) {
      values = new Map();
      this.#byLabel.set(label, values);
      for (const entry of this.entries()) this.#index(label, values, entry);
    }
    return values.get(value) ?? [];
  }

  /** @returns ends the listening */
  listen(listener: ChangeListener): Disposable {
    return listenTo(this.#listeners, listener);
  }

  /** Stores a new object; the key must be free. The object is the store's own from now on: its version is written into it. */
  add(object: ApiObject): ApiObject {
    this.#changes++;
    (object.metadata as Changing<ObjectMeta>).resourceVersion = this.#store.nextVersion();
    if (this.size > MANY) this.#store.settle(this.#resource, object);
    const entry = this.#put(object);
    this.#tell('added', entry, undefined);
    return entry.object;
  }

  /** Stores an object as it is, without telling anybody. */
  restore(object: ApiObject): void {
    this.#put(object);
  }

  /** Takes an object out without telling anybody, as if it had never been there. */
  withdraw(entry: Entry): void {
    this.#take(entry);
  }

  /** @param fields of the object that are to be other than in it */
  replace(entry: Entry, object: ApiObject, fields?: object): ApiObject {
    const previous = entry.object;
    const labelsChanged = object.metadata.labels !== previous.metadata.labels;
    if (labelsChanged) this.#unindex(entry);
    const stamped = this.#stamped(object, fields);
    if (this.size > MANY) this.#store.settle(this.#resource, stamped);
    entry.object = stamped;
    if (labelsChanged) for (const [label, values] of this.#byLabel) this.#index(label, values, entry);
    this.#tell('modified', entry, previous);
    return entry.object;
  }

  /** Removes the object; watchers get its last state with the resource version of the removal. */
  remove(entry: Entry, lastState: ApiObject = entry.object): ApiObject {
    const previous = entry.object;
    this.#take(entry);
    entry.object = this.#stamped(lastState);
    this.#tell('deleted', entry, previous);
    return entry.object;
  }

  #take(entry: Entry): void {
    const { namespace = '', name } = entry.object.metadata;
    this.#byNamespace.get(namespace)?.delete(name);
    this.#sorted = undefined;
    this.#unindex(entry);
  }

  #put(object: ApiObject): Entry {
    const entry: Entry = { key: this.#store.newKey(object.metadata), object };
    const { namespace = '', name } = object.metadata;
    const siblings = this.#byNamespace.get(namespace);
    if (siblings === undefined) this.#byNamespace.set(namespace, new Map([[name, entry]]));
    else siblings.set(name, entry);
    this.#sorted = undefined;
    for (const [label, values] of this.#byLabel) this.#index(label, values, entry);
    return entry;
  }

  #stamped(object: ApiObject, fields?: object): ApiObject {
    this.#changes++;
    const metadata = copyOf<Changing<ObjectMeta>>(object.metadata);
    metadata.resourceVersion = this.#store.nextVersion();
    const stamped = copyOf<Changing<ApiObject>>(object);
    stamped.metadata = metadata;
    return fields === undefined ? stamped : Object.assign(stamped, fields);
  }

  #tell(type: ChangeType, entry: Entry, previous: ApiObject | undefined): void {
    const object = entry.object;
    for (let i = 0; i < this.#storeListeners.length; i++) {
      this.#storeListeners[i]?.(this.#resource, type, object, previous);
    }
    for (let i = 0; i < this.#listeners.length; i++) this.#listeners[i]?.(type, entry, object);
  }

  #index(label: string, values: Map<string, Set<Entry>>, entry: Entry): void {
    const value = entry.object.metadata.labels?.[label];
    if (value === undefined) return;
    const set = values.get(value);
    if (set === undefined) values.set(value, new Set([entry]));
    else set.add(entry);
  }

  #unindex(entry: Entry): void {
    for (const [label, values] of this.#byLabel) {
      const value = entry.object.metadata.labels?.[label];
      if (value === undefined) continue;
      const set = values.get(value);
      set?.delete(entry);
      if (set?.size === 0) values.delete(value);
    }
  }
}

/** Adds to the listeners; what comes back takes the one that was added out again. */
function listenTo<Listener>(listeners: Listener[], listener: Listener): Disposable {
  listeners.push(listener);
  return {
    dispose: () => {
      const index = listeners.indexOf(listener);
      if (index >= 0) listeners.splice(index, 1);
    },
  };
}
