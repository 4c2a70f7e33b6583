import { EphemeralRunners, EphemeralRunnerSets } from '../../kubernetes/resource.ts';
import type { EphemeralRunner, EphemeralRunnerSet } from '../../kubernetes/types.ts';
import { REGISTRATION_FINALIZER, RUNNER_FINALIZER } from '../names.ts';
import type { Switches } from '../releases/switches.ts';
import { proxySecretOf } from './proxy-secret.ts';
import { COMPONENT_LABEL, PATCH_ID_ANNOTATION } from './names.ts';

/** The runner that a set makes; the API server makes its name. */
export function newRunner(set: EphemeralRunnerSet, switches: Switches): EphemeralRunner {
  const { metadata, spec } = set;
  const { name, namespace = '', uid = '', labels = {}, annotations = {} } = metadata;
  const proxySecretRef = proxySecretOf(set);
  const hasComponent = switches.has(4324) || labels[COMPONENT_LABEL] !== undefined;
  // What is given for the runners stands behind what they have from their set.
  const given = switches.has(4400) ? spec.ephemeralRunnerMetadata : undefined;
  return {
    apiVersion: EphemeralRunners.apiVersion,
    kind: EphemeralRunners.kind,
    metadata: {
      name: '',
      generateName: `${name}-runner-`,
      namespace,
      labels: { ...given?.labels, ...labels, ...(hasComponent ? { [COMPONENT_LABEL]: 'runner' } : {}) },
      annotations: { ...given?.annotations, ...annotations, [PATCH_ID_ANNOTATION]: String(spec.patchID ?? 0) },
      ...(switches.has(4320) ? { finalizers: [RUNNER_FINALIZER, REGISTRATION_FINALIZER] } : {}),
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
    spec: { ...spec.ephemeralRunnerSpec, ...(proxySecretRef === undefined ? {} : { proxySecretRef }) },
  };
}
