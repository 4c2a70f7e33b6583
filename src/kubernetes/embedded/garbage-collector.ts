import type { Clock } from '../../base/clock.ts';
import { allResources, type Resource } from '../resource.ts';
import { splitKey, type ApiObject } from '../types.ts';
import type { ApiServer } from './api-server.ts';
import type { Entry } from './store.ts';

/** How long after its last owner's end a dependent is deleted; the real collector works through a queue. */
const DELAY_US = 50_000;

/** Deletes objects whose owners are all gone, as the controller-manager's garbage collector does. */
export class GarbageCollector {
  readonly #clock: Clock;
  readonly #api: ApiServer;
  /** Objects by the uid of each of their owners. */
  readonly #dependents = new Map<string, Map<Entry, Resource>>();
  readonly #living = new Set<string>();

  constructor(clock: Clock, api: ApiServer) {
    this.#clock = clock;
    this.#api = api;
    for (const resource of allResources) {
      api.store.of(resource).listen((type, entry, object) => {
        if (type === 'added') this.#add(resource, entry, object);
        else if (type === 'deleted') this.#remove(entry, object);
      });
    }
  }

  #add(resource: Resource, entry: Entry, object: ApiObject): void {
    this.#living.add(object.metadata.uid ?? '');
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const dependents = this.#dependents.get(uid);
      if (dependents === undefined) this.#dependents.set(uid, new Map([[entry, resource]]));
      else dependents.set(entry, resource);
    }
    // An owner may be gone before its dependent is made.
    if (object.metadata.ownerReferences !== undefined && this.#isOrphan(object)) this.#collectLater(resource, entry);
  }

  #remove(entry: Entry, object: ApiObject): void {
    const uid = object.metadata.uid ?? '';
    this.#living.delete(uid);
    for (const owner of object.metadata.ownerReferences ?? []) {
      const siblings = this.#dependents.get(owner.uid);
      siblings?.delete(entry);
      if (siblings?.size === 0) this.#dependents.delete(owner.uid);
    }
    for (const [dependent, resource] of this.#dependents.get(uid) ?? []) this.#collectLater(resource, dependent);
  }

  #collectLater(resource: Resource, entry: Entry): void {
    this.#clock.schedule(DELAY_US, () => this.#collect(resource, entry), undefined);
  }

  #collect(resource: Resource, entry: Entry): void {
    if (this.#api.store.of(resource).find(entry.key) !== entry || !this.#isOrphan(entry.object)) return;
    const { namespace, name } = splitKey(entry.key);
    const body = { preconditions: { uid: entry.object.metadata.uid } };
    this.#api.handle({ verb: 'delete', resource, subresource: '', namespace, name, body, labelSelector: '' });
  }

  #isOrphan(object: ApiObject): boolean {
    const owners = object.metadata.ownerReferences ?? [];
    return owners.length > 0 && owners.every((owner) => !this.#living.has(owner.uid));
  }
}
