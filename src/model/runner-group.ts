import { controllerOf, keyOf, type ObjectMeta } from '../kubernetes/types.ts';

const SCALE_SET_LABEL = 'actions.github.com/scale-set-name';

/** The group that a runner is counted in: the key of the EphemeralRunnerSet that owns it, or else the scale set that its label names. */
export function groupOfRunner(metadata: ObjectMeta): string {
  const owner = controllerOf(metadata);
  return owner === undefined ? (metadata.labels?.[SCALE_SET_LABEL] ?? '') : keyOf({ ...metadata, name: owner.name });
}

/** The same for people: the scale set by its label, then the EphemeralRunnerSet. */
export function groupLabelOf(metadata: ObjectMeta): string {
  const names = [metadata.labels?.[SCALE_SET_LABEL], controllerOf(metadata)?.name];
  return names.filter((name) => name !== undefined && name !== '').join(' / ');
}
