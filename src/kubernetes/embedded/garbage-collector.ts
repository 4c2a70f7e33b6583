import type { Clock } from '../../base/clock.ts';
import { deepEqual } from '../merge-patch.ts';
import { deleteRequest, patchRequest } from '../request.ts';
import { allResources, resourceNamed, type Resource } from '../resource.ts';
import type { ApiObject, OwnerReference } from '../types.ts';
import type { ApiServer } from './api-server.ts';
import { FOREGROUND, ORPHAN } from './metadata.ts';
import type { Entry } from './store.ts';

/** How long after its cause the collector acts; the real one works through a queue. */
const DELAY_US = 50_000;
/** Arrays of up to this many dependents are just as long. */
const FEW = 8;

/**
 * Deletes objects whose owners are all gone, as the controller-manager's garbage collector does. An owner that is deleted
 * in the foreground waits for its dependents, one that orphans them releases them first.
 */
export class GarbageCollector {
  readonly #clock: Clock;
  readonly #api: ApiServer;
  /**
   * Entries of objects by the uid of each of their owners. Few are an array of just that size, as runners have two each, and
   * are taken out when they go; of many those that are gone are taken out as often as their number has doubled.
   */
  readonly #dependents = new Map<string, Entry[]>();

  constructor(clock: Clock, api: ApiServer) {
    this.#clock = clock;
    this.#api = api;
    for (const resource of allResources) {
      for (const entry of api.store.of(resource).entries()) this.#add(entry);
    }
    api.store.listen((resource, type, object, previous) => {
      const { metadata } = object;
      if (type === 'deleted') {
        this.#collectDependentsOf(object);
        if (metadata.ownerReferences !== undefined) {
          this.#tellOwnersOf(object);
          this.#remove(object);
        }
        return;
      }
      const isOwnedAnew = !deepEqual(metadata.ownerReferences, previous?.metadata.ownerReferences);
      const waits = type === 'modified' && metadata.deletionTimestamp !== undefined && waitsForCollector(object);
      if (!isOwnedAnew && !waits) return;
      const entry = api.store.of(resource).find(metadata.namespace ?? '', metadata.name) as Entry;
      if (isOwnedAnew) this.#add(entry);
      if (waits) this.#finalizeLater(entry);
    });
  }

  #add(entry: Entry): void {
    const { object } = entry;
    const owners = object.metadata.ownerReferences;
    if (owners === undefined) return;
    for (const { uid } of owners) {
      const known = this.#dependents.get(uid) ?? [];
      if (known.length < FEW) this.#dependents.set(uid, known.concat([entry]));
      else {
        const isDoubled = (known.length & (known.length - 1)) === 0;
        const left = isDoubled ? known.filter((dependent) => this.#isThere(dependent)) : known;
        left.push(entry);
        if (left !== known) this.#dependents.set(uid, left);
      }
    }
    // An owner may be gone before its dependent is made.
    if (this.#isOrphan(object)) this.#collectLater(entry);
  }

  /** The object is gone, whose entry would go on holding its last state. Where there are many it is taken out later. */
  #remove({ metadata }: ApiObject): void {
    for (const { uid } of metadata.ownerReferences ?? []) {
      const known = this.#dependents.get(uid);
      if (known === undefined || known.length > FEW) continue;
      const left = known.filter((dependent) => this.#isThere(dependent));
      if (left.length === 0) this.#dependents.delete(uid);
      else this.#dependents.set(uid, left);
    }
  }

  #collectDependentsOf(owner: ApiObject): void {
    const uid = owner.metadata.uid ?? '';
    const dependents = this.#dependents.get(uid);
    if (dependents === undefined) return;
    this.#dependents.delete(uid);
    for (const dependent of dependents) if (this.#isThere(dependent)) this.#collectLater(dependent);
  }

  #collectLater(dependent: Entry): void {
    this.#clock.schedule(DELAY_US, (due) => this.#collect(due), dependent);
  }

  #collect(dependent: Entry): void {
    if (this.#isThere(dependent) && this.#isOrphan(dependent.object)) this.#delete(dependent);
  }

  #delete({ object }: Entry): void {
    const { namespace = '', name, uid = '' } = object.metadata;
    this.#api.handle(deleteRequest(kindOf(object), namespace, name, { preconditions: { uid } }));
  }

  /** An owner that waits for its dependents may be able to go now. */
  #tellOwnersOf(object: ApiObject): void {
    for (const reference of object.metadata.ownerReferences ?? []) {
      const owner = this.#ownerOf(reference, object.metadata.namespace ?? '');
      if (owner !== undefined && waitsForCollector(owner.object)) this.#finalizeLater(owner);
    }
  }

  #finalizeLater(owner: Entry): void {
    this.#clock.schedule(DELAY_US, (due) => this.#finalize(due), owner);
  }

  #finalize(owner: Entry): void {
    if (!this.#isThere(owner) || !waitsForCollector(owner.object)) return;
    const { uid = '', finalizers = [] } = owner.object.metadata;
    const dependents = (this.#dependents.get(uid) ?? []).filter(
      (dependent) =>
        this.#isThere(dependent) &&
        dependent.object.metadata.ownerReferences?.some((reference) => reference.uid === uid) === true,
    );
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
      if (this.#isThere(dependent) && dependent.object.metadata.deletionTimestamp === undefined)
        this.#delete(dependent);
    }
  }

  #release(dependent: Entry, uid: string): void {
    const owners = dependent.object.metadata.ownerReferences?.filter((reference) => reference.uid !== uid) ?? [];
    this.#patch(dependent, { ownerReferences: owners.length === 0 ? null : owners });
  }

  #patch({ object }: Entry, change: object): void {
    const { namespace = '', name } = object.metadata;
    this.#api.handle(patchRequest(kindOf(object), namespace, name, { metadata: change }));
  }

  /** Whether the object is stored: of one that is gone the entry is its own, and another may have taken its name. */
  #isThere(entry: Entry): boolean {
    const { namespace = '', name } = entry.object.metadata;
    return this.#api.store.of(kindOf(entry.object)).find(namespace, name) === entry;
  }

  #isOrphan({ metadata }: ApiObject): boolean {
    const owners = metadata.ownerReferences ?? [];
    return owners.length > 0 && owners.every((owner) => !this.#isAlive(owner, metadata.namespace ?? ''));
  }

  /** Owners of kinds that are not served, and those that stayed in another cluster, are taken to be there. */
  #isAlive(reference: OwnerReference, namespace: string): boolean {
    if (this.#api.foreign.owners.has(reference.uid)) return true;
    return resourceNamed(reference) === undefined || this.#ownerOf(reference, namespace) !== undefined;
  }

  #ownerOf(reference: OwnerReference, namespace: string): Entry | undefined {
    const { name, uid } = reference;
    const resource = resourceNamed(reference);
    if (resource === undefined) return undefined;
    const owner = this.#api.store.of(resource).find(resource.namespaced ? namespace : '', name);
    return owner?.object.metadata.uid === uid ? owner : undefined;
  }
}

/** Of an object that is stored, and so of a kind that is served. */
function kindOf(object: ApiObject): Resource {
  return resourceNamed(object) as Resource;
}

function waitsForCollector({ metadata }: ApiObject): boolean {
  return metadata.finalizers?.some((name) => name === FOREGROUND || name === ORPHAN) === true;
}
