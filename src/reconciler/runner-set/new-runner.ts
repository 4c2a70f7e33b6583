import { EphemeralRunners, EphemeralRunnerSets } from '../../kubernetes/resource.ts';
import type { EphemeralRunner, EphemeralRunnerSet } from '../../kubernetes/types.ts';
import { COMPONENT_LABEL, PATCH_ID_ANNOTATION } from './names.ts';

/** The runner that a set makes; the API server makes its name. */
export function newRunner({ metadata, spec }: EphemeralRunnerSet): EphemeralRunner {
  const { name, namespace = '', uid = '', labels = {}, annotations = {} } = metadata;
  const component: Record<string, string> =
    labels[COMPONENT_LABEL] === undefined ? {} : { [COMPONENT_LABEL]: 'runner' };
  return {
    apiVersion: EphemeralRunners.apiVersion,
    kind: EphemeralRunners.kind,
    metadata: {
      name: '',
      generateName: `${name}-runner-`,
      namespace,
      labels: { ...labels, ...component },
      annotations: { ...annotations, [PATCH_ID_ANNOTATION]: String(spec.patchID ?? 0) },
      ownerReferences: [
        {
          apiVersion: EphemeralRunnerSets.apiVersion,
          kind: EphemeralRunnerSets.kind,
          name,
          uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: spec.ephemeralRunnerSpec,
  };
}
