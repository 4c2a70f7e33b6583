import type { ApiRequest } from './cluster.ts';
import { Pods, type Resource } from './resource.ts';
import type { ApiObject, Pod } from './types.ts';

export function getRequest(resource: Resource, namespace: string, name: string): ApiRequest {
  return { verb: 'get', resource, subresource: '', namespace, name, body: undefined, labelSelector: '' };
}

/** @param fieldSelector by fields that the server knows for the kind */
export function listRequest(
  resource: Resource,
  namespace: string,
  labelSelector = '',
  fieldSelector?: string,
): ApiRequest {
  const fields = fieldSelector === undefined ? {} : { fieldSelector };
  return { verb: 'list', resource, subresource: '', namespace, name: '', body: undefined, labelSelector, ...fields };
}

export function createRequest(resource: Resource, object: ApiObject): ApiRequest {
  const { namespace = '', name } = object.metadata;
  return { verb: 'create', resource, subresource: '', namespace, name, body: object, labelSelector: '' };
}

export function patchRequest(
  resource: Resource,
  namespace: string,
  name: string,
  body: unknown,
  subresource: '' | 'status' = '',
): ApiRequest {
  return { verb: 'patch', resource, subresource, namespace, name, body, labelSelector: '' };
}

/** Stores the whole object; with a resource version the server refuses it when somebody has changed the object since. */
export function updateRequest(resource: Resource, object: ApiObject): ApiRequest {
  const { namespace = '', name } = object.metadata;
  return { verb: 'update', resource, subresource: '', namespace, name, body: object, labelSelector: '' };
}

export function deleteRequest(
  resource: Resource,
  namespace: string,
  name: string,
  options: Readonly<Record<string, unknown>> = {},
): ApiRequest {
  return { verb: 'delete', resource, subresource: '', namespace, name, body: options, labelSelector: '' };
}

/** Puts a pod on a node, as a scheduler does. */
export function bindRequest({ metadata }: Pod, node: string): ApiRequest {
  const { namespace = '', name, uid } = metadata;
  const body = {
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name, namespace, ...(uid === undefined ? {} : { uid }) },
    target: { apiVersion: 'v1', kind: 'Node', name: node },
  };
  return { verb: 'create', resource: Pods, subresource: 'binding', namespace, name, body, labelSelector: '' };
}
