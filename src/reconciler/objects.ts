import type { JitConfig } from '../actions/client.ts';
import { EphemeralRunners } from '../kubernetes/resource.ts';
import type {
  Container,
  EnvVar,
  EphemeralRunner,
  EphemeralRunnerSpec,
  ObjectMeta,
  Pod,
  Secret,
} from '../kubernetes/types.ts';
import {
  JIT_TOKEN_KEY,
  OUTDATED_VARIABLE,
  RUNNER_CONTAINER,
  RUNNER_ID_KEY,
  RUNNER_NAME_KEY,
  RUNNER_POD_LABEL,
  SCALE_SET_ID_KEY,
} from './names.ts';
import { controllerReference } from './owner-reference.ts';
import type { Switches } from './releases/switches.ts';
import { hashOf } from './template-hash.ts';

/** The secret and the pod that the controller makes for a runner. */
export function jitSecretFor(runner: EphemeralRunner): Secret {
  const { name, namespace = '' } = runner.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      namespace,
      ownerReferences: [controllerReference(EphemeralRunners, runner)],
    },
    data: { [JIT_TOKEN_KEY]: Buffer.from(runner.status?.runnerJITConfig ?? '').toString('base64') },
  };
}

/** The secret where a runner's registration is kept, with all that the service gave. */
export function registrationSecretFor(
  runner: EphemeralRunner,
  { runner: given, encodedJITConfig }: JitConfig,
  switches: Switches,
): Secret {
  const named = switches.has(4400) ? runner.spec.ephemeralRunnerConfigSecretMetadata : undefined;
  const { labels, annotations } = named ?? {};
  const data = {
    [JIT_TOKEN_KEY]: encodedJITConfig,
    [RUNNER_NAME_KEY]: given.name,
    [RUNNER_ID_KEY]: String(given.id),
    [SCALE_SET_ID_KEY]: String(given.runnerScaleSetId),
  };
  const secret = jitSecretFor(runner);
  return {
    ...secret,
    metadata: { ...secret.metadata, ...(labels && { labels }), ...(annotations && { annotations }) },
    data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')])),
  };
}

export function podFor(runner: EphemeralRunner, switches: Switches): Pod {
  const { name, namespace = '' } = runner.metadata;
  const environment = environmentFor(runner, switches);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      ...sharedMetadata(runner),
      ownerReferences: [controllerReference(EphemeralRunners, runner)],
    },
    spec: {
      ...runner.spec.spec,
      containers: runner.spec.spec.containers.map((container) =>
        container.name === RUNNER_CONTAINER ? withEnvironment(container, environment) : container,
      ),
    },
  };
}

function environmentFor(runner: EphemeralRunner, switches: Switches): EnvVar[] {
  const fromSecret = (name: string, secret: string, key: string): EnvVar => ({
    name,
    valueFrom: { secretKeyRef: { name: secret, key } },
  });
  const environment: EnvVar[] = [
    fromSecret('ACTIONS_RUNNER_INPUT_JITCONFIG', runner.metadata.name, JIT_TOKEN_KEY),
    { name: 'GITHUB_ACTIONS_RUNNER_EXTRA_USER_AGENT', value: 'actions-runner-controller/NA' },
  ];
  if (switches.has(4404)) environment.push({ name: OUTDATED_VARIABLE, value: '1' });
  const { proxy, proxySecretRef = '' } = runner.spec;
  if (proxySecretRef !== '') {
    if (proxy?.http !== undefined) environment.push(fromSecret('http_proxy', proxySecretRef, 'http_proxy'));
    if (proxy?.https !== undefined) environment.push(fromSecret('https_proxy', proxySecretRef, 'https_proxy'));
    if ((proxy?.noProxy ?? []).length > 0) environment.push(fromSecret('no_proxy', proxySecretRef, 'no_proxy'));
  }
  return environment;
}

function withEnvironment(container: Container, environment: readonly EnvVar[]): Container {
  return { ...container, env: [...(container.env ?? []), ...environment] };
}

/** What the pods of runners with one spec share, and what of a runner it was made from beside the spec. */
interface PodMetadata {
  readonly from: Pick<ObjectMeta, 'labels' | 'annotations'>;
  readonly shared: Pick<ObjectMeta, 'labels' | 'annotations'>;
}

/** Runners of one set share their spec in memory: making this once is what makes large runs cheap. */
const podMetadata = new WeakMap<EphemeralRunnerSpec, PodMetadata>();

function sharedMetadata({ metadata, spec }: EphemeralRunner): PodMetadata['shared'] {
  const known = podMetadata.get(spec);
  const isKnown = known?.from.labels === metadata.labels && known?.from.annotations === metadata.annotations;
  if (known !== undefined && isKnown) return known.shared;
  const labels: Record<string, string> = { ...metadata.labels, ...spec.metadata?.labels };
  const annotations = { ...metadata.annotations, ...spec.metadata?.annotations };
  const shared = {
    labels: { ...labels, [RUNNER_POD_LABEL]: 'True', 'pod-template-hash': templateHash(spec, labels) },
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
  podMetadata.set(spec, { from: { labels: metadata.labels, annotations: metadata.annotations }, shared });
  return shared;
}

/** `runner-template-hash` is copied to the pod but not hashed. */
function templateHash(spec: EphemeralRunnerSpec, labels: Readonly<Record<string, string>>): string {
  const { 'runner-template-hash': _left, ...hashed } = labels;
  return hashOf([hashed, spec.metadata?.annotations ?? {}, spec]);
}
