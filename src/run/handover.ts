import type { ActionsState, EmbeddedActionsService } from '../actions/embedded-service.ts';
import { clusterStateOf, type ClusterState } from '../kubernetes/embedded/cluster-state.ts';
import type { EmbeddedCluster } from '../kubernetes/embedded/embedded-cluster.ts';
import { EphemeralRunners, EphemeralRunnerSets, type Resource } from '../kubernetes/resource.ts';
import type { ApiObject } from '../kubernetes/types.ts';
import type { Release } from '../reconciler/releases/release.ts';
import { setFinalizerOf } from '../reconciler/runner-set/names.ts';
import { unreadable } from '../reconciler/unreadable.ts';

/** How a cluster and the Actions service are when a release stops, and another takes over. */
export interface Handover {
  /** Id of the release that was here. */
  readonly from: string;
  readonly cluster: ClusterState;
  readonly actions: ActionsState;
}

interface Held {
  readonly cluster: EmbeddedCluster;
  readonly service: EmbeddedActionsService;
}

export function handoverOf(from: string, { cluster, service }: Held): Handover {
  return { from, cluster: clusterStateOf(cluster.api), actions: service.state };
}

/** What has happened to what an earlier release left. */
export interface HandoverOutcome {
  readonly from: string;
  /** How many runners the earlier release had. */
  readonly runners: number;
  /** How many of them are gone, or on their way. */
  readonly takenDown: number;
  /** How many there are that it did not have. */
  readonly made: number;
  /** Names of runners that the later release cannot read, which keeps it from starting. */
  readonly unreadable: readonly string[];
  /** Names of runners whose status has the id of a registration that the service has replaced by another. */
  readonly wrongIds: readonly string[];
  /** Sets with a finalizer that the later release never removes. */
  readonly heldSets: readonly { readonly name: string; readonly finalizer: string }[];
}

/** Compares what was left with what is there now. */
export function outcomeOf(before: Handover, now: Handover, { switches }: Release): HandoverOutcome {
  const [had, has] = [before, now].map(
    ({ cluster }) => new Map(runnersIn(cluster).map((one) => [one.metadata.uid, one])),
  );
  const runners = [...(has?.values() ?? [])];
  const isGone = (uid: string | undefined): boolean => {
    const runner = has?.get(uid);
    return runner === undefined || runner.metadata.deletionTimestamp !== undefined;
  };
  const ids = new Map(now.actions.runners.map(({ name, id }) => [name, id]));
  const own = setFinalizerOf(switches);
  return {
    from: before.from,
    runners: had?.size ?? 0,
    takenDown: [...(had?.keys() ?? [])].filter(isGone).length,
    made: runners.filter(({ metadata }) => !(had?.has(metadata.uid) ?? false)).length,
    unreadable: runners.filter((runner) => unreadable(runner, switches) !== undefined).map(nameOf),
    wrongIds: runners
      .filter(({ metadata, status }) => {
        const id = ids.get(metadata.name);
        return id !== undefined && status?.runnerId !== undefined && status.runnerId !== 0 && status.runnerId !== id;
      })
      .map(nameOf),
    heldSets: objectsOf(now.cluster, EphemeralRunnerSets).flatMap(({ metadata }) =>
      (metadata.finalizers ?? []).filter((one) => one !== own).map((finalizer) => ({ name: metadata.name, finalizer })),
    ),
  };
}

const nameOf = ({ metadata }: ApiObject): string => metadata.name;

function runnersIn(cluster: ClusterState) {
  return objectsOf(cluster, EphemeralRunners);
}

function objectsOf<T extends ApiObject>(cluster: ClusterState, wanted: Resource<T>): readonly T[] {
  return cluster.objects.flatMap(([resource, object]) => (resource === (wanted as Resource) ? [object as T] : []));
}
