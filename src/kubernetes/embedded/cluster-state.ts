import { allResources, type Resource } from '../resource.ts';
import type { ApiObject } from '../types.ts';
import type { ApiServer } from './api-server.ts';

/** What a cluster holds: another one that begins with it goes on as if it were the same. */
export interface ClusterState {
  readonly resourceVersion: number;
  /** Uids of owners and pods that belong to the cluster that loaded objects come from. */
  readonly foreign: { readonly owners: readonly string[]; readonly pods: readonly string[] };
  readonly objects: readonly (readonly [Resource, ApiObject])[];
}

export function clusterStateOf({ store, foreign }: ApiServer): ClusterState {
  const objects = allResources.flatMap((resource) =>
    store
      .of(resource)
      .sorted()
      .map(({ object }) => [resource, object] as const),
  );
  return {
    resourceVersion: Number(store.resourceVersion),
    foreign: { owners: [...foreign.owners], pods: [...foreign.pods] },
    objects,
  };
}
