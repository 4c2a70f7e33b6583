import { AutoscalingRunnerSets, EphemeralRunnerSets } from '../../kubernetes/resource.ts';
import type { AutoscalingRunnerSet } from '../../kubernetes/scale-set-types.ts';
import type { Container, EphemeralRunnerSet, EphemeralRunnerSpec, Labelled, PodSpec } from '../../kubernetes/types.ts';
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
import { integrityHashOf } from '../runner-set/integrity.ts';
import { controllerReference } from '../owner-reference.ts';
import type { Switches } from '../releases/switches.ts';
import {
  GROUP_ANNOTATION,
  INTEGRITY_HASH_ANNOTATION,
  SCALE_SET_ID_ANNOTATION,
  SCALE_SET_NAME_ANNOTATION,
  SPEC_HASH_ANNOTATION,
} from './names.ts';
import { idOf, type ScaleSetPass } from './scale-set-pass.ts';

/** A hash of what a scale set's runners are made of: another one means another EphemeralRunnerSet. */
export function runnerSetHash({ spec }: AutoscalingRunnerSet): string {
  const { githubConfigUrl, githubConfigSecret, runnerGroup, runnerScaleSetName, proxy, githubServerTLS } = spec;
  return hashOf({
    ...{ githubConfigUrl, githubConfigSecret, runnerGroup, runnerScaleSetName, proxy, githubServerTLS },
    template: spec.template,
  });
}

/**
 * The EphemeralRunnerSet of a scale set: of the same name since pull request 4516, before one for each spec, whose name
 * the API server makes.
 */
export function runnerSetFor(scaleSet: AutoscalingRunnerSet, { switches, process }: ScaleSetPass): EphemeralRunnerSet {
  const { metadata, spec } = scaleSet;
  const { name, namespace = '', labels = {}, annotations = {} } = metadata;
  const given = switches.has(4400) ? spec.ephemeralRunnerSetMetadata : undefined;
  const ephemeralRunnerSpec = runnerSpecFor(scaleSet, switches);
  const hash: Record<string, string> = switches.has(4516)
    ? { [INTEGRITY_HASH_ANNOTATION]: integrityHashOf(ephemeralRunnerSpec) }
    : { [SPEC_HASH_ANNOTATION]: runnerSetHash(scaleSet) };
  const { ephemeralRunnerMetadata } = spec;
  return {
    apiVersion: EphemeralRunnerSets.apiVersion,
    kind: EphemeralRunnerSets.kind,
    metadata: {
      ...(switches.has(4516) ? { name } : { name: '', generateName: `${name}-` }),
      namespace,
      labels: {
        ...passedOn(process, given?.labels, labels, {
          [PART_OF_LABEL]: PART_OF,
          [COMPONENT_LABEL]: 'runner-set',
          [VERSION_LABEL]: labels[VERSION_LABEL] ?? '',
          [SCALE_SET_NAME_LABEL]: name,
          [SCALE_SET_NAMESPACE_LABEL]: namespace,
        }),
        ...labelsOfUrl(spec.githubConfigUrl, switches),
      },
      annotations: {
        ...given?.annotations,
        [GROUP_ANNOTATION]: annotations[GROUP_ANNOTATION] ?? '',
        [SCALE_SET_NAME_ANNOTATION]: annotations[SCALE_SET_NAME_ANNOTATION] ?? '',
        ...hash,
      },
      ownerReferences: [controllerReference(AutoscalingRunnerSets, scaleSet)],
    },
    spec: {
      patchID: 0,
      ephemeralRunnerSpec,
      ...(switches.has(4400) && ephemeralRunnerMetadata !== undefined ? { ephemeralRunnerMetadata } : {}),
    },
    status: noRunners(switches),
  };
}

function runnerSpecFor(scaleSet: AutoscalingRunnerSet, switches: Switches): EphemeralRunnerSpec {
  const { spec } = scaleSet;
  const { proxy, githubServerTLS, vaultConfig, ephemeralRunnerConfigSecretMetadata, template } = spec;
  return {
    githubConfigUrl: spec.githubConfigUrl,
    githubConfigSecret: spec.githubConfigSecret,
    runnerScaleSetId: idOf(scaleSet, SCALE_SET_ID_ANNOTATION) ?? 0,
    ...(proxy === undefined ? {} : { proxy }),
    ...(githubServerTLS === undefined ? {} : { githubServerTLS }),
    ...(switches.has(4090) && vaultConfig !== undefined ? { vaultConfig } : {}),
    ...(switches.has(4400) && ephemeralRunnerConfigSecretMetadata !== undefined
      ? { ephemeralRunnerConfigSecretMetadata }
      : {}),
    metadata: metadataAsWritten(template.metadata, switches),
    spec: podSpecAsWritten(template.spec),
  };
}

/** Go's types write a time that is not set, up to those that 0.13.1 is built with, which came together with 4320. */
function metadataAsWritten(metadata: Labelled | undefined, switches: Switches): Labelled {
  const written = switches.has(4320) ? {} : { creationTimestamp: null };
  return { ...written, ...metadata };
}

/** Go's types write a container's resources although there are none. */
function podSpecAsWritten(spec: PodSpec): PodSpec {
  const written = (container: Container): Container => ({ resources: {}, ...container });
  const { initContainers } = spec;
  return {
    ...spec,
    containers: spec.containers.map(written),
    ...(initContainers === undefined ? {} : { initContainers: initContainers.map(written) }),
  };
}

function noRunners(switches: Switches): NonNullable<EphemeralRunnerSet['status']> {
  return {
    currentReplicas: 0,
    pendingEphemeralRunners: 0,
    runningEphemeralRunners: 0,
    failedEphemeralRunners: 0,
    ...(switches.has(4404) ? { phase: '' } : {}),
  };
}
