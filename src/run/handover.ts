import type { ActionsState, EmbeddedActionsService } from '../actions/embedded-service.ts';
import { clusterStateOf, type ClusterState } from '../kubernetes/embedded/cluster-state.ts';
import type { EmbeddedCluster } from '../kubernetes/embedded/embedded-cluster.ts';
import {
  AutoscalingListeners,
  AutoscalingRunnerSets,
  EphemeralRunners,
  EphemeralRunnerSets,
  type Resource,
} from '../kubernetes/resource.ts';
import { keyOf, type ApiObject, type EphemeralRunner } from '../kubernetes/types.ts';
import { listenerName } from '../reconciler/autoscaling-runner-set/listener-name.ts';
import { VERSION_LABEL } from '../reconciler/labels.ts';
import type { Release } from '../reconciler/releases/release.ts';
import type { Switches } from '../reconciler/releases/switches.ts';
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
  /** How many of those that are gone, or on their way, had done their jobs. */
  readonly finished: number;
  /** How many there are that it did not have. */
  readonly made: number;
  /** Names of runners that the later release cannot read, which keeps it from starting. */
  readonly unreadable: readonly string[];
  /** Names of runners whose status has the id of a registration that the service has replaced by another. */
  readonly wrongIds: readonly string[];
  /** Scale sets that the later release has deleted, with the version that their label names. */
  readonly deletedScaleSets: readonly { readonly name: string; readonly version: string }[];
  /** Listeners of the earlier release that the later one does not look after. */
  readonly leftListeners: readonly string[];
  /** Listeners that the later one looks after, and that still run the earlier one's image. */
  readonly oldListeners: readonly string[];
  /** Sets of the earlier release beside which the later one has made another for the same scale set. */
  readonly leftSets: readonly string[];
  /** Sets with a finalizer that the later release never removes. */
  readonly heldSets: readonly { readonly name: string; readonly finalizer: string }[];
}

/**
 * Compares what was left with what is there now.
 * @param done runners that have done their jobs, by namespace/name
 */
export function outcomeOf(
  before: Handover,
  now: Handover,
  { switches }: Release,
  done: ReadonlySet<string>,
): HandoverOutcome {
  const [had, has] = [before, now].map(
    ({ cluster }) => new Map(runnersIn(cluster).map((one) => [one.metadata.uid, one])),
  );
  const runners = [...(has?.values() ?? [])];
  const isGone = (uid: string | undefined): boolean => {
    const runner = has?.get(uid);
    return runner === undefined || runner.metadata.deletionTimestamp !== undefined;
  };
  const gone = [...(had?.values() ?? [])].filter(({ metadata }) => isGone(metadata.uid));
  const isDone = ({ metadata, status }: EphemeralRunner): boolean =>
    status?.phase === 'Succeeded' || done.has(keyOf(metadata));
  const ids = new Map(now.actions.runners.map(({ name, id }) => [name, id]));
  const own = setFinalizerOf(switches);
  return {
    from: before.from,
    runners: had?.size ?? 0,
    takenDown: gone.length,
    finished: gone.filter(isDone).length,
    made: runners.filter(({ metadata }) => !(had?.has(metadata.uid) ?? false)).length,
    unreadable: runners.filter((runner) => unreadable(runner, switches) !== undefined).map(nameOf),
    wrongIds: runners
      .filter(({ metadata, status }) => {
        const id = ids.get(metadata.name);
        return id !== undefined && status?.runnerId !== undefined && status.runnerId !== 0 && status.runnerId !== id;
      })
      .map(nameOf),
    ...scaleSetsAfter(before.cluster, now.cluster, switches),
    heldSets: objectsOf(now.cluster, EphemeralRunnerSets).flatMap(({ metadata }) =>
      (metadata.finalizers ?? []).filter((one) => one !== own).map((finalizer) => ({ name: metadata.name, finalizer })),
    ),
  };
}

/** What has become of scale sets, and what is left around them. */
function scaleSetsAfter(
  before: ClusterState,
  now: ClusterState,
  switches: Switches,
): Pick<HandoverOutcome, 'deletedScaleSets' | 'leftListeners' | 'oldListeners' | 'leftSets'> {
  const isThere = ({ metadata }: ApiObject): boolean => metadata.deletionTimestamp === undefined;
  const of = <T extends ApiObject>(cluster: ClusterState, kind: Resource<T>): T[] =>
    objectsOf(cluster, kind).filter(isThere);
  const scaleSets = of(now, AutoscalingRunnerSets);
  const has = (uid: string | undefined, all: readonly ApiObject[]): boolean =>
    all.some((one) => one.metadata.uid === uid);
  const looksAfter = new Set(scaleSets.map((one) => listenerName(one, switches)));
  const hadListeners = of(before, AutoscalingListeners);
  const hadSets = of(before, EphemeralRunnerSets);
  const sets = of(now, EphemeralRunnerSets);
  const ownerOf = ({ metadata }: ApiObject): string | undefined => metadata.ownerReferences?.[0]?.uid;
  const isNew = (set: ApiObject): boolean => !has(set.metadata.uid, hadSets);
  return {
    deletedScaleSets: of(before, AutoscalingRunnerSets)
      .filter(({ metadata }) => !has(metadata.uid, scaleSets))
      .map(({ metadata }) => ({ name: metadata.name, version: metadata.labels?.[VERSION_LABEL] ?? '' })),
    leftListeners: of(now, AutoscalingListeners)
      .filter(({ metadata }) => has(metadata.uid, hadListeners) && !looksAfter.has(metadata.name))
      .map(nameOf),
    oldListeners: of(now, AutoscalingListeners)
      .filter(({ metadata, spec }) => {
        const had = hadListeners.find((one) => one.metadata.uid === metadata.uid);
        return had?.spec.image === spec.image && looksAfter.has(metadata.name);
      })
      .map(nameOf),
    leftSets: sets
      .filter((set) => !isNew(set) && sets.some((one) => isNew(one) && ownerOf(one) === ownerOf(set)))
      .map(nameOf),
  };
}

const nameOf = ({ metadata }: ApiObject): string => metadata.name;

function runnersIn(cluster: ClusterState) {
  return objectsOf(cluster, EphemeralRunners);
}

function objectsOf<T extends ApiObject>(cluster: ClusterState, wanted: Resource<T>): readonly T[] {
  return cluster.objects.flatMap(([resource, object]) => (resource === (wanted as Resource) ? [object as T] : []));
}
