import { addTo } from '../../base/group.ts';
import type { Clock } from '../../base/clock.ts';
import { deleteRequest, patchRequest } from '../request.ts';
import { allResources, type Resource } from '../resource.ts';
import type { ApiObject, OwnerReference } from '../types.ts';
import type { ApiServer } from './api-server.ts';
import { FOREGROUND, ORPHAN } from './metadata.ts';
import type { Entry } from './store.ts';

/** How long after its cause the collector acts; the real one works through a queue. */
const DELAY_US = 50_000;

/**
 * Deletes objects whose owners are all gone, as the controller-manager's garbage collector does. An owner that is deleted
 * in the foreground waits for its dependents, one that orphans them releases them first.
 */
export class GarbageCollector {
  readonly #clock: Clock;
  readonly #api: ApiServer;
  /** Objects by the uid of each of their owners. */
  readonly #dependents = new Map<string, Address[]>();

  constructor(clock: Clock, api: ApiServer) {
    this.#clock = clock;
    this.#api = api;
    for (const resource of allResources) {
      for (const entry of api.store.of(resource).entries()) this.#add(resource, entry.object);
    }
    api.store.listen((resource, type, object, previous) => {
      const { metadata } = object;
      if (type === 'deleted') {
        this.#collectDependentsOf(object);
        if (metadata.ownerReferences !== undefined) this.#tellOwnersOf(object);
        return;
      }
      if (metadata.ownerReferences !== previous?.metadata.ownerReferences) this.#add(resource, object);
      if (type === 'modified' && metadata.deletionTimestamp !== undefined && waitsForCollector(object)) {
        this.#finalizeLater(addressOf(resource, object));
      }
    });
  }

  #add(resource: Resource, object: ApiObject): void {
    const owners = object.metadata.ownerReferences;
    if (owners === undefined) return;
    const dependent = addressOf(resource, object);
    for (const { uid } of owners) addTo(this.#dependents, uid, dependent);
    // An owner may be gone before its dependent is made.
    if (this.#isOrphan(object)) this.#collectLater(dependent);
  }

  #collectDependentsOf(owner: ApiObject): void {
    const uid = owner.metadata.uid ?? '';
    const dependents = this.#dependents.get(uid);
    if (dependents === undefined) return;
    this.#dependents.delete(uid);
    for (const dependent of dependents) if (this.#current(dependent) !== undefined) this.#collectLater(dependent);
  }

  #collectLater(dependent: Address): void {
    this.#clock.schedule(DELAY_US, (due) => this.#collect(due), dependent);
  }

  #collect(dependent: Address): void {
    const entry = this.#current(dependent);
    if (entry !== undefined && this.#isOrphan(entry.object)) this.#delete(dependent);
  }

  #delete({ resource, namespace, name, uid }: Address): void {
    this.#api.handle(deleteRequest(resource, namespace, name, { preconditions: { uid } }));
  }

  /** An owner that waits for its dependents may be able to go now. */
  #tellOwnersOf(object: ApiObject): void {
    for (const reference of object.metadata.ownerReferences ?? []) {
      const owner = this.#ownerOf(reference, object.metadata.namespace ?? '');
      if (owner !== undefined && waitsForCollector(owner.object)) {
        this.#finalizeLater(addressOf(owner.resource, owner.object));
      }
    }
  }

  #finalizeLater(owner: Address): void {
    this.#clock.schedule(DELAY_US, (due) => this.#finalize(due), owner);
  }

  #finalize(owner: Address): void {
    const entry = this.#current(owner);
    if (entry === undefined || !waitsForCollector(entry.object)) return;
    const { uid } = owner;
    const dependents = (this.#dependents.get(uid) ?? []).filter((dependent) => {
      const current = this.#current(dependent);
      return current?.object.metadata.ownerReferences?.some((reference) => reference.uid === uid) === true;
    });
    const finalizers = entry.object.metadata.finalizers ?? [];
    if (finalizers.includes(ORPHAN)) {
      for (const dependent of dependents) this.#release(dependent, uid);
      this.#patch(owner, { finalizers: finalizers.filter((name) => name !== ORPHAN) });
      return;
    }
    if (dependents.length === 0) {
      this.#patch(owner, { finalizers: finalizers.filter((name) => name !== FOREGROUND) });
      return;
    }
    for (const dependent of dependents) {
      const current = this.#current(dependent);
      if (current?.object.metadata.deletionTimestamp === undefined) this.#delete(dependent);
    }
  }

  #release(dependent: Address, uid: string): void {
    const current = this.#current(dependent);
    const owners = current?.object.metadata.ownerReferences?.filter((reference) => reference.uid !== uid) ?? [];
    this.#patch(dependent, { ownerReferences: owners.length === 0 ? null : owners });
  }

  #patch({ resource, namespace, name }: Address, change: object): void {
    this.#api.handle(patchRequest(resource, namespace, name, { metadata: change }));
  }

  /** The object as it is now, unless another has taken its name. */
  #current({ resource, namespace, name, uid }: Address): Entry | undefined {
    const entry = this.#api.store.of(resource).find(namespace, name);
    return (entry?.object.metadata.uid ?? '') === uid ? entry : undefined;
  }

  #isOrphan({ metadata }: ApiObject): boolean {
    const owners = metadata.ownerReferences ?? [];
    return owners.length > 0 && owners.every((owner) => !this.#isAlive(owner, metadata.namespace ?? ''));
  }

  /** Owners of kinds that are not served, and those that stayed in another cluster, are taken to be there. */
  #isAlive(reference: OwnerReference, namespace: string): boolean {
    if (this.#api.foreign.owners.has(reference.uid)) return true;
    return resourceOf(reference) === undefined || this.#ownerOf(reference, namespace) !== undefined;
  }

  #ownerOf(reference: OwnerReference, namespace: string): Owner | undefined {
    const { name, uid } = reference;
    const resource = resourceOf(reference);
    if (resource === undefined) return undefined;
    const owner = this.#api.store.of(resource).find(resource.namespaced ? namespace : '', name);
    return owner?.object.metadata.uid === uid ? { resource, object: owner.object } : undefined;
  }
}

interface Owner {
  readonly resource: Resource;
  readonly object: ApiObject;
}

/** What is kept of an object: its versions can go. */
interface Address {
  readonly resource: Resource;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

function addressOf(resource: Resource, { metadata }: ApiObject): Address {
  const { namespace = '', name, uid = '' } = metadata;
  return { resource, namespace, name, uid };
}

function resourceOf({ apiVersion, kind }: OwnerReference): Resource | undefined {
  return allResources.find((resource) => resource.kind === kind && resource.apiVersion === apiVersion);
}

function waitsForCollector({ metadata }: ApiObject): boolean {
  return metadata.finalizers?.some((name) => name === FOREGROUND || name === ORPHAN) === true;
}
