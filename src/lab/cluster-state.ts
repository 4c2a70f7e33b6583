import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { ObjectStore } from '../kubernetes/embedded/store.ts';
import { allResources, type Resource } from '../kubernetes/resource.ts';
import type { ApiObject } from '../kubernetes/types.ts';

/** What an embedded cluster holds, as a file between two runs of it. */
export interface ClusterState {
  readonly resourceVersion: number;
  readonly objects: readonly (readonly [Resource, ApiObject])[];
}

const VERSION = 1;

/**
 * @returns undefined where there is nothing yet
 * @throws Error with a sentence when the file is not one of ours
 */
export function loadState(file: string): ClusterState | undefined {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (text === '') return undefined;
  let value: Partial<{ version: number; resourceVersion: number; objects: ApiObject[] }>;
  try {
    value = JSON.parse(text) as typeof value;
  } catch (error) {
    throw new Error(`${file} cannot be read as the state of a cluster: ${(error as Error).message}`);
  }
  const { version, resourceVersion, objects } = value ?? {};
  if (version !== VERSION || typeof resourceVersion !== 'number' || !Array.isArray(objects)) {
    throw new Error(`${file} is not the state of an embedded cluster (version ${VERSION})`);
  }
  const byKind = new Map(allResources.map((resource) => [`${resource.apiVersion} ${resource.kind}`, resource]));
  const known = objects.flatMap((object) => {
    if (typeof object?.metadata?.name !== 'string') {
      throw new Error(`${file} holds something that is no object of a cluster; it was not written by arc-lab serve`);
    }
    const resource = byKind.get(`${object.apiVersion} ${object.kind}`);
    return resource === undefined ? [] : [[resource, object] as const];
  });
  return { resourceVersion, objects: known };
}

/** The file is whole at any moment. It holds secrets: only its owner may read it. */
export function saveState(file: string, store: ObjectStore): void {
  const objects = allResources.flatMap((resource) =>
    store
      .of(resource)
      .sorted()
      .map(({ object }) => object),
  );
  const state = { version: VERSION, resourceVersion: Number(store.resourceVersion), objects };
  const unfinished = `${file}.unfinished`;
  rmSync(unfinished, { force: true });
  writeFileSync(unfinished, `${JSON.stringify(state)}\n`, { mode: 0o600 });
  renameSync(unfinished, file);
}
