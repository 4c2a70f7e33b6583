import { AutoscalingListeners } from '../../kubernetes/resource.ts';
import type {
  AutoscalingListener,
  AutoscalingListenerSpec,
  AutoscalingRunnerSet,
} from '../../kubernetes/scale-set-types.ts';
import type { EphemeralRunnerSet } from '../../kubernetes/types.ts';
import { hashOf } from '../template-hash.ts';
import {
  COMPONENT_LABEL,
  labelsOfUrl,
  PART_OF,
  PART_OF_LABEL,
  passedOn,
  SCALE_SET_NAME_LABEL,
  SCALE_SET_NAMESPACE_LABEL,
  VERSION_LABEL,
} from '../labels.ts';
import type { Switches } from '../releases/switches.ts';
import { listenerName } from './listener-name.ts';
import {
  INTEGRITY_HASH_ANNOTATION,
  SCALE_SET_ID_ANNOTATION,
  SPEC_HASH_ANNOTATION,
  VALUES_HASH_ANNOTATION,
} from './names.ts';
import { idOf, type ScaleSetPass } from './scale-set-pass.ts';

/** What stands for no maximum: as many runners as a number can say. */
export const NO_MAXIMUM = 2 ** 31 - 1;

/** A hash of all that a scale set asks for: before pull request 4516, another one means another listener. */
export function listenerHash({ spec }: AutoscalingRunnerSet): string {
  return hashOf(spec);
}

/**
 * The listener of a scale set, which lives in the controller's namespace and patches the EphemeralRunnerSet.
 * @param imagePullSecrets names of secrets
 */
export function listenerFor(
  scaleSet: AutoscalingRunnerSet,
  runnerSet: EphemeralRunnerSet,
  { switches, process }: Pick<ScaleSetPass, 'switches' | 'process'>,
  imagePullSecrets: readonly string[] = process.imagePullSecrets,
): AutoscalingListener {
  const { name, namespace = '', labels = {}, annotations = {} } = scaleSet.metadata;
  const given = switches.has(4400) ? scaleSet.spec.autoscalingListener : undefined;
  const spec = listenerSpec(scaleSet, runnerSet, process.image, imagePullSecrets, switches);
  const hashes: Record<string, string> = switches.has(4516)
    ? { [INTEGRITY_HASH_ANNOTATION]: hashOf(spec) }
    : {
        [SPEC_HASH_ANNOTATION]: listenerHash(scaleSet),
        [VALUES_HASH_ANNOTATION]: annotations[VALUES_HASH_ANNOTATION] ?? '',
      };
  return {
    apiVersion: AutoscalingListeners.apiVersion,
    kind: AutoscalingListeners.kind,
    metadata: {
      name: listenerName(scaleSet, switches),
      namespace: process.namespace,
      labels: {
        ...passedOn(process, given?.labels, labels, {
          [SCALE_SET_NAMESPACE_LABEL]: namespace,
          [SCALE_SET_NAME_LABEL]: name,
          [PART_OF_LABEL]: PART_OF,
          [COMPONENT_LABEL]: 'runner-scale-set-listener',
          [VERSION_LABEL]: labels[VERSION_LABEL] ?? '',
        }),
        ...labelsOfUrl(scaleSet.spec.githubConfigUrl, switches),
      },
      annotations: { ...given?.annotations, ...hashes },
    },
    spec,
    status: {},
  };
}

function listenerSpec(
  scaleSet: AutoscalingRunnerSet,
  runnerSet: EphemeralRunnerSet,
  image: string,
  imagePullSecrets: readonly string[],
  switches: Switches,
): AutoscalingListenerSpec {
  const { metadata, spec } = scaleSet;
  return withoutEmpty({
    githubConfigUrl: spec.githubConfigUrl,
    githubConfigSecret: spec.githubConfigSecret,
    vaultConfig: switches.has(4090) ? spec.vaultConfig : undefined,
    runnerScaleSetId: idOf(scaleSet, SCALE_SET_ID_ANNOTATION) ?? 0,
    autoscalingRunnerSetNamespace: metadata.namespace ?? '',
    autoscalingRunnerSetName: metadata.name,
    ephemeralRunnerSetName: runnerSet.metadata.name,
    minRunners: spec.minRunners ?? 0,
    maxRunners: spec.maxRunners ?? NO_MAXIMUM,
    image,
    imagePullSecrets: imagePullSecrets.map((name) => ({ name })),
    proxy: spec.proxy,
    githubServerTLS: spec.githubServerTLS,
    metrics: switches.has(3975) ? spec.listenerMetrics : undefined,
    template: spec.listenerTemplate,
    ...(switches.has(4400) ? metadataOfObjects(spec) : {}),
  });
}

function metadataOfObjects(spec: AutoscalingRunnerSet['spec']): Partial<AutoscalingListenerSpec> {
  return withoutEmpty({
    serviceAccountMetadata: spec.listenerServiceAccountMetadata,
    roleMetadata: spec.listenerRoleMetadata,
    roleBindingMetadata: spec.listenerRoleBindingMetadata,
    configSecretMetadata: spec.listenerConfigSecretMetadata,
  });
}

type MaybeEmpty<T> = { readonly [K in keyof T]: T[K] | undefined };

/** As Go's types write it: fields that are empty are left out. */
function withoutEmpty<T extends object>(fields: MaybeEmpty<T>): T {
  const isEmpty = (value: unknown): boolean =>
    value === undefined || value === 0 || value === '' || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value))) as T;
}
