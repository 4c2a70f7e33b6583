import { AutoscalingRunnerSets, EphemeralRunners, EphemeralRunnerSets } from '../kubernetes/resource.ts';
import type { ApiObject } from '../kubernetes/types.ts';
import { SCALE_SET_NAME_LABEL, SCALE_SET_NAMESPACE_LABEL } from '../reconciler/labels.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * Gives the scale set that an object goes with when that is deleted, as namespace/name: by its labels, by a listener's
 * spec, or by its owners (a pod's is a runner, a runner's a set, a set's a scale set); undefined where nothing names one.
 */
export function scaleSetsOf(snapshot: Snapshot): (object: ApiObject) => string | undefined {
  const owners = new Map(
    [...snapshot.of(EphemeralRunners), ...snapshot.of(EphemeralRunnerSets)].map((one) => [keyOf(one), one]),
  );
  const scaleSetOf = (object: ApiObject, above: number): string | undefined => {
    const { namespace = '', ownerReferences = [] } = object.metadata;
    const named = namedBy(object);
    if (named !== undefined || above === 0) return named;
    for (const { kind, name } of ownerReferences) {
      if (kind === AutoscalingRunnerSets.kind) return `${namespace}/${name}`;
      const owner = owners.get(keyOf({ kind, metadata: { name, namespace } }));
      if (owner !== undefined) return scaleSetOf(owner, above - 1);
    }
    return undefined;
  };
  return (object) => scaleSetOf(object, LEVELS);
}

/** A pod, its runner, and that one's set: what names a scale set is no further away. */
const LEVELS = 3;

function namedBy(object: ApiObject): string | undefined {
  const { name, namespace = '', labels = {} } = object.metadata;
  if (object.kind === AutoscalingRunnerSets.kind) return `${namespace}/${name}`;
  const { spec = {} } = object as { spec?: Readonly<Record<string, unknown>> };
  const { autoscalingRunnerSetName: ofListener, autoscalingRunnerSetNamespace: itsNamespace } = spec;
  if (typeof ofListener === 'string') return `${String(itsNamespace)}/${ofListener}`;
  const labelled = labels[SCALE_SET_NAME_LABEL];
  return labelled === undefined ? undefined : `${labels[SCALE_SET_NAMESPACE_LABEL] ?? namespace}/${labelled}`;
}

function keyOf({ kind, metadata: { name, namespace = '' } }: Pick<ApiObject, 'kind' | 'metadata'>): string {
  return `${kind} ${namespace}/${name}`;
}
