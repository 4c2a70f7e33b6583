import type { Resource } from '../kubernetes/resource.ts';
import type { ApiObject, OwnerReference } from '../kubernetes/types.ts';

/** By which an object says whose it is: it goes with its owner, and wakes the owner's controller. */
export function controllerReference(owners: Resource, { metadata }: ApiObject): OwnerReference {
  return {
    apiVersion: owners.apiVersion,
    kind: owners.kind,
    name: metadata.name,
    uid: metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}
