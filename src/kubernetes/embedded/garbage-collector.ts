import type { Clock } from '../../base/clock.ts';
import { allResources, type Resource } from '../resource.ts';
import type { ApiObject, OwnerReference } from '../types.ts';
import type { ApiServer } from './api-server.ts';
import type { Entry } from './store.ts';

/** How long after its last owner's end a dependent is deleted; the real collector works through a queue. */
const DELAY_US = 50_000;

/** Deletes objects whose owners are all gone, as the controller-manager's garbage collector does. */
export class GarbageCollector {
  readonly #clock: Clock;
  readonly #api: ApiServer;
  /** Objects by the uid of each of their owners. */
  readonly #dependents = new Map<string, Dependent[]>();
  readonly #byKind = new Map<string, Resource>(allResources.map((resource) => [resource.kind, resource]));

  constructor(clock: Clock, api: ApiServer) {
    this.#clock = clock;
    this.#api = api;
    for (const resource of allResources) {
      for (const entry of api.store.of(resource).entries()) this.#add(resource, entry, entry.object);
      api.store.of(resource).listen((type, entry, object) => {
        if (type === 'added') this.#add(resource, entry, object);
        else if (type === 'deleted') this.#collectDependentsOf(object);
      });
    }
  }

  #add(resource: Resource, entry: Entry, object: ApiObject): void {
    const owners = object.metadata.ownerReferences;
    if (owners === undefined) return;
    for (const { uid } of owners) {
      const dependents = this.#dependents.get(uid);
      if (dependents === undefined) this.#dependents.set(uid, [{ resource, entry }]);
      else dependents.push({ resource, entry });
    }
    // An owner may be gone before its dependent is made.
    if (this.#isOrphan(object)) this.#collectLater({ resource, entry });
  }

  #collectDependentsOf(owner: ApiObject): void {
    const uid = owner.metadata.uid ?? '';
    const dependents = this.#dependents.get(uid);
    if (dependents === undefined) return;
    this.#dependents.delete(uid);
    for (const dependent of dependents) if (this.#exists(dependent)) this.#collectLater(dependent);
  }

  #collectLater(dependent: Dependent): void {
    this.#clock.schedule(DELAY_US, (due) => this.#collect(due), dependent);
  }

  #collect({ resource, entry }: Dependent): void {
    if (!this.#exists({ resource, entry }) || !this.#isOrphan(entry.object)) return;
    const { namespace = '', name, uid } = entry.object.metadata;
    const body = { preconditions: { uid } };
    this.#api.handle({ verb: 'delete', resource, subresource: '', namespace, name, body, labelSelector: '' });
  }

  #exists({ resource, entry }: Dependent): boolean {
    const { namespace = '', name } = entry.object.metadata;
    return this.#api.store.of(resource).find(namespace, name) === entry;
  }

  #isOrphan({ metadata }: ApiObject): boolean {
    const owners = metadata.ownerReferences ?? [];
    return owners.length > 0 && owners.every((owner) => !this.#isAlive(owner, metadata.namespace ?? ''));
  }

  #isAlive({ kind, name, uid }: OwnerReference, namespace: string): boolean {
    const resource = this.#byKind.get(kind);
    if (resource === undefined) return true;
    const owner = this.#api.store.of(resource).find(resource.namespaced ? namespace : '', name);
    return owner?.object.metadata.uid === uid;
  }
}

interface Dependent {
  readonly resource: Resource;
  readonly entry: Entry;
}
