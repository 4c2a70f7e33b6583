import { allResources, Pods, type Resource } from '../../resource.ts';
import { rulesOf } from '../kinds.ts';

/** What a request's path is about. */
export interface ObjectRoute {
  readonly resource: Resource;
  /** Empty for kinds without namespaces, and for all namespaces. */
  readonly namespace: string;
  /** Empty for the collection. */
  readonly name: string;
  readonly subresource: string;
}

const resources = new Map(allResources.map((resource) => [`${resource.apiVersion}/${resource.plural}`, resource]));

/** @returns undefined for paths of nothing that is served */
export function routeOf(path: string): ObjectRoute | undefined {
  const parts = path.split('/').slice(1);
  let groupVersion: string;
  let rest: string[];
  if (parts[0] === 'api') {
    groupVersion = parts[1] ?? '';
    rest = parts.slice(2);
  } else if (parts[0] === 'apis') {
    groupVersion = `${parts[1] ?? ''}/${parts[2] ?? ''}`;
    rest = parts.slice(3);
  } else return undefined;
  let namespace = '';
  // `namespaces/x/pods` lies in a namespace, `namespaces/x` and its subresource status are the namespace itself.
  if (rest[0] === 'namespaces' && rest.length > 2 && !(rest.length === 3 && rest[2] === 'status')) {
    namespace = decode(rest[1] ?? '');
    rest = rest.slice(2);
    if (namespace === '') return undefined;
  }
  const resource = resources.get(`${groupVersion}/${rest[0] ?? ''}`);
  if (resource === undefined || rest.length > 3) return undefined;
  if (namespace !== '' && !resource.namespaced) return undefined;
  const [, name = '', subresource = ''] = rest;
  if (rest.length > 1 && name === '') return undefined;
  if (subresource !== '' && !hasSubresource(resource, subresource)) return undefined;
  if (resource.namespaced && namespace === '' && name !== '') return undefined;
  return { resource, namespace, name: decode(name), subresource };
}

function hasSubresource(resource: Resource, name: string): boolean {
  if (name === 'log') return resource === (Pods as Resource);
  return (name === 'status' && resource.statusSubresource) || (name === 'scale' && rulesOf(resource).scale);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
