import type { ApiError } from '../../api-error.ts';
import type { Resource } from '../../resource.ts';
import type { ApiObject } from '../../types.ts';

/** A refusal as the body that says so. */
export function statusOf({ message, reason, details, code }: ApiError): object {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason === '' ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  };
}

/** What a deletion is answered with where the object itself is not. */
export function deletedStatus(resource: Resource, { metadata }: ApiObject): object {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name: metadata.name,
      ...(resource.group === '' ? {} : { group: resource.group }),
      kind: resource.plural,
      uid: metadata.uid,
    },
  };
}
