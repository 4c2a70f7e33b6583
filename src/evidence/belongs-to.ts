import type { ApiObject } from '../kubernetes/types.ts';
import { SCALE_SET_NAME_LABEL } from '../reconciler/labels.ts';
import type { Reading, ScaleSet } from './reading.ts';

/** Whether a runner or a set is of a set: by its owner or its label; where people cut those out, by its name. */
export function belongsTo(set: ApiObject, { metadata }: ApiObject): boolean {
  const { name, namespace, ownerReferences = [], labels } = metadata;
  if (namespace !== set.metadata.namespace) return false;
  const owner = ownerReferences.find(({ kind }) => kind === set.kind);
  if (owner !== undefined) return owner.name === set.metadata.name;
  const scaleSet = set.kind === 'AutoscalingRunnerSet' ? labels?.[SCALE_SET_NAME_LABEL] : undefined;
  return scaleSet === undefined ? name.startsWith(`${set.metadata.name}-`) : scaleSet === set.metadata.name;
}

/** What to call a set: with its namespace where another one has its name there. */
export function setCalled({ objects: { sets } }: Reading, { kind, metadata: { name, namespace } }: ScaleSet): string {
  const isAlone = sets.every(
    ({ object }) => object.kind !== kind || object.metadata.name !== name || object.metadata.namespace === namespace,
  );
  return isAlone ? name : `${namespace ?? 'default'}/${name}`;
}
