import { firstThat } from '../../base/first-that.ts';
import { ApiError } from '../api-error.ts';
import { allResources, type Resource } from '../resource.ts';
import { keyOf, type ApiObject } from '../types.ts';
import type { ChangeType, ObjectStore } from './store.ts';

/** One change of the store as watches tell it. */
export interface StoreEvent {
  readonly type: ChangeType;
  readonly version: number;
  /** The object after the change; of a deletion its last state with the version of the deletion. */
  readonly object: ApiObject;
  readonly previous: ApiObject | undefined;
}

/** Changes kept for each kind, for watches that resume and lists that continue. */
const KEPT = 20_000;

/** The recent past of a store: what happened after a version, and what there was at one. */
export class History {
  readonly #store: ObjectStore;
  readonly #kept: number;
  readonly #logs = new Map<Resource, Log>();

  constructor(store: ObjectStore, kept = KEPT) {
    this.#store = store;
    this.#kept = kept;
    // What was there before is remembered as it is now, not how it came about.
    const beginning = Number(store.resourceVersion);
    for (const resource of allResources) {
      if (store.isRestored || store.of(resource).size > 0) this.#logs.set(resource, new Log(beginning));
    }
    store.listen((resource, type, object, previous) => {
      const event = { type, version: Number(object.metadata.resourceVersion), object, previous };
      this.#log(resource).push(event, this.#kept);
    });
  }

  /**
   * Calls `listener` with every change of the kind after `version`, those that lie in the past before returning.
   * @returns ends the subscription
   * @throws ApiError 410 when the past does not reach back so far
   */
  follow(resource: Resource, version: number, listener: (event: StoreEvent) => void): () => void {
    const log = this.#log(resource);
    for (const event of log.after(version)) listener(event);
    log.listeners.add(listener);
    return () => log.listeners.delete(listener);
  }

  /**
   * The objects of a kind as they were at `version`, in the order of their keys.
   * @throws ApiError 410
   */
  stateAt(resource: Resource, version: number): readonly ApiObject[] {
    const events = this.#log(resource).after(version);
    const current = this.#store.of(resource).sorted();
    if (events.length === 0) return current.map(({ object }) => object);
    const objects = new Map(current.map(({ key, object }) => [key, object]));
    for (let i = events.length - 1; i >= 0; i--) {
      const { object, previous } = events[i] as StoreEvent;
      if (previous === undefined) objects.delete(keyOf(object.metadata));
      else objects.set(keyOf(previous.metadata), previous);
    }
    return [...objects.keys()].sort().map((key) => objects.get(key) as ApiObject);
  }

  #log(resource: Resource): Log {
    let log = this.#logs.get(resource);
    if (log === undefined) {
      log = new Log(0);
      this.#logs.set(resource, log);
    }
    return log;
  }
}

class Log {
  readonly listeners = new Set<(event: StoreEvent) => void>();
  #events: StoreEvent[] = [];
  #forgottenUpTo: number;

  constructor(forgottenUpTo: number) {
    this.#forgottenUpTo = forgottenUpTo;
  }

  push(event: StoreEvent, kept: number): void {
    this.#events.push(event);
    if (this.#events.length > 2 * kept) {
      this.#events = this.#events.slice(-kept);
      this.#forgottenUpTo = (this.#events[0] as StoreEvent).version - 1;
    }
    for (const listener of this.listeners) listener(event);
  }

  after(version: number): readonly StoreEvent[] {
    if (version < this.#forgottenUpTo) throw tooOld(version, this.#forgottenUpTo);
    const first = firstThat(this.#events.length, (place) => (this.#events[place] as StoreEvent).version > version);
    return this.#events.slice(first);
  }
}

function tooOld(version: number, oldest: number): ApiError {
  return new ApiError(410, 'Expired', `too old resource version: ${version} (${oldest})`);
}
