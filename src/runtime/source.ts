import type { Resource } from '../kubernetes/resource.ts';
import { controllerOf, type ApiObject } from '../kubernetes/types.ts';
import type { InformerEvent } from './informer.ts';
import type { Trigger } from './queued-item.ts';

/** Whether an event counts. */
export type Predicate = (event: InformerEvent, object: ApiObject, before: ApiObject) => boolean;

/** The keys that an object wakes, if any. */
export type KeysOf = (key: string, object: ApiObject) => string | readonly string[] | undefined;

/** Objects of a kind whose events wake keys. */
export interface Source {
  readonly resource: Resource;
  readonly keysOf: KeysOf;
  readonly when?: Predicate | undefined;
}

/** Upstream's ResourceVersionChangedPredicate: a repeated list delivers objects that have not changed. */
export const resourceVersionChanged: Predicate = (event, object, before) =>
  event !== 'updated' || object.metadata.resourceVersion !== before.metadata.resourceVersion;

/** An object wakes itself. */
export const ownKey: KeysOf = (key) => key;

/** An object wakes the object of a kind that owns it as its controller. */
export function keyOfOwner(owners: Resource): KeysOf {
  const group = `${owners.group}/`;
  return (key, object) => {
    const owner = controllerOf(object.metadata);
    if (owner === undefined || owner.kind !== owners.kind || !owner.apiVersion.startsWith(group)) {
      return undefined;
    }
    // A runner's pod has the runner's name: the pod's key, made already, is its owner's key as well.
    if (owner.name === object.metadata.name) return key;
    return `${object.metadata.namespace ?? ''}/${owner.name}`;
  };
}

/** Why a key was queued, by the event of the kind; for example `pod-updated`. */
export function triggersOf({ kind }: Resource): Readonly<Record<InformerEvent, Trigger>> {
  const word = kind.toLowerCase();
  return { added: `${word}-added`, updated: `${word}-updated`, deleted: `${word}-deleted` };
}
