import type { Resource } from '../resource.ts';
import { keyOf, type ApiObject, type ObjectMeta } from '../types.ts';

/** A stored object with the key made once; the entry stays the same while versions of the object come and go. */
export interface Entry {
  readonly key: string;
  object: ApiObject;
}

export type ChangeType = 'added' | 'modified' | 'deleted';

/** Told of every change, in order of resource version, at the moment of the change. */
export type ChangeListener = (type: ChangeType, entry: Entry, object: ApiObject) => void;

/**
 * All objects of the embedded cluster, by kind and key. Resource versions come from one counter, grow by one with each
 * change and are never used twice.
 */
export class ObjectStore {
  readonly #collections = new Map<Resource, Collection>();
  #resourceVersion = 0;

  get resourceVersion(): string {
    return String(this.#resourceVersion);
  }

  of(resource: Resource): Collection {
    let collection = this.#collections.get(resource);
    if (collection === undefined) {
      collection = new Collection(() => String(++this.#resourceVersion));
      this.#collections.set(resource, collection);
    }
    return collection;
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
  readonly #nextVersion: () => string;

  constructor(nextVersion: () => string) {
    this.#nextVersion = nextVersion;
  }

  get size(): number {
    let size = 0;
    for (const entries of this.#byNamespace.values()) size += entries.size;
    return size;
  }

  /** @param namespace empty for kinds without namespaces */
  find(namespace: string, name: string): Entry | undefined {
    return this.#byNamespace.get(namespace)?.get(name);
  }

  *entries(): IterableIterator<Entry> {
    for (const entries of this.#byNamespace.values()) yield* entries.values();
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

  listen(listener: ChangeListener): () => void {
    this.#listeners.push(listener);
    return () => {
      const index = this.#listeners.indexOf(listener);
      if (index >= 0) this.#listeners.splice(index, 1);
    };
  }

  /** Stores a new object; the key must be free. */
  add(object: ApiObject): ApiObject {
    const entry: Entry = { key: keyOf(object.metadata), object: this.#stamped(object) };
    const { namespace = '', name } = object.metadata;
    const siblings = this.#byNamespace.get(namespace);
    if (siblings === undefined) this.#byNamespace.set(namespace, new Map([[name, entry]]));
    else siblings.set(name, entry);
    for (const [label, values] of this.#byLabel) this.#index(label, values, entry);
    this.#tell('added', entry);
    return entry.object;
  }

  replace(entry: Entry, object: ApiObject): ApiObject {
    const labelsChanged = object.metadata.labels !== entry.object.metadata.labels;
    if (labelsChanged) this.#unindex(entry);
    entry.object = this.#stamped(object);
    if (labelsChanged) for (const [label, values] of this.#byLabel) this.#index(label, values, entry);
    this.#tell('modified', entry);
    return entry.object;
  }

  /** Removes the object; watchers get its last state with the resource version of the removal. */
  remove(entry: Entry, lastState: ApiObject = entry.object): ApiObject {
    const { namespace = '', name } = entry.object.metadata;
    this.#byNamespace.get(namespace)?.delete(name);
    this.#unindex(entry);
    entry.object = this.#stamped(lastState);
    this.#tell('deleted', entry);
    return entry.object;
  }

  #stamped(object: ApiObject): ApiObject {
    const metadata: ObjectMeta = { ...object.metadata, resourceVersion: this.#nextVersion() };
    return { ...object, metadata };
  }

  #tell(type: ChangeType, entry: Entry): void {
    const object = entry.object;
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
