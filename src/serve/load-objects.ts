import type { ApiServer } from '../kubernetes/embedded/api-server.ts';
import { Namespaces, Pods, type Resource } from '../kubernetes/resource.ts';
import type { ApiObject, ObjectMeta, Pod } from '../kubernetes/types.ts';
import { readManifest, type Manifest } from './manifest-file.ts';

/**
 * Puts the objects of files into a cluster as they are, status and all: what people's clusters held, stuck state included.
 * What is there already under the same name stays.
 * @param namespace of objects that name none
 * @returns sentences about what was taken and what was left out
 * @throws Error with a sentence when a file cannot be read; nothing is put in then
 */
export function loadObjects(api: ApiServer, files: readonly string[], namespace: string): string[] {
  const manifests = files.map(readManifest);
  for (const manifest of manifests) checkNotEmpty(manifest);
  const said: string[] = [];
  for (const { file, objects, remarks } of manifests) {
    let there = 0;
    for (const [resource, object] of objects) {
      const place = resource.namespaced ? (object.metadata.namespace ?? namespace) : '';
      if (resource.namespaced) createNamespace(api, place);
      if (api.take(resource, place, object) === undefined) there++;
      else if (resource === Pods && hasRun(object as Pod)) api.foreign.pods.add(uidOf(api, resource, place, object));
    }
    const stay =
      there === 0
        ? ''
        : `; ${there} that ${there === 1 ? 'is' : 'are'} there already stay${there === 1 ? 's' : ''} as before`;
    const isNone = objects.length === 0 && remarks.length === 0;
    const none = isNone ? '; its list has no items: look whether kubectl was asked for the right namespace' : '';
    said.push(`Loaded ${count(objects.length - there, 'object')} of ${file}${stay}${none}`, ...remarks);
  }
  keepForMissingOwners(
    api,
    manifests.flatMap(({ objects }) => objects.map(([, object]) => object)),
  );
  return said;
}

/** A file without objects is most often one that kubectl failed to fill; a list of kubectl without items is an answer. */
function checkNotEmpty({ file, isEmpty }: Manifest): void {
  if (!isEmpty) return;
  throw new Error(`${file} cannot be loaded: it holds no objects; fill it with kubectl get -o yaml, or leave it out`);
}

/** An object whose owner stayed in the cluster that it comes from is not left over. */
function keepForMissingOwners(api: ApiServer, objects: readonly ApiObject[]): void {
  const present = new Set(objects.map(({ metadata }) => metadata.uid));
  for (const { metadata } of objects) {
    for (const { uid } of metadata.ownerReferences ?? []) if (!present.has(uid)) api.foreign.owners.add(uid);
  }
}

/** Whether some kubelet has had the pod: its state is to be looked at, not to be gone on with. */
function hasRun({ spec, status }: Pod): boolean {
  const { phase = 'Pending', containerStatuses = [] } = status ?? {};
  return (spec.nodeName ?? '') !== '' || phase !== 'Pending' || containerStatuses.length > 0;
}

function uidOf(api: ApiServer, resource: Resource, namespace: string, { metadata }: ApiObject): string {
  return api.store.of(resource).find(namespace, metadata.name)?.object.metadata.uid ?? '';
}

function createNamespace(api: ApiServer, name: string): void {
  if (api.store.of(Namespaces).find('', name) !== undefined) return;
  const metadata: ObjectMeta = { name };
  api.create(Namespaces, '', { apiVersion: Namespaces.apiVersion, kind: Namespaces.kind, metadata });
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
