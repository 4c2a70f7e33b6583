import type { JitConfig } from '../actions/client.ts';
import { EphemeralRunners } from '../kubernetes/resource.ts';
import type { Container, EnvVar, EphemeralRunner, Pod, Secret } from '../kubernetes/types.ts';
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
  const labels: Record<string, string> = { ...runner.metadata.labels, ...runner.spec.metadata?.labels };
  const annotations = { ...runner.metadata.annotations, ...runner.spec.metadata?.annotations };
  const environment = environmentFor(runner, switches);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: { ...labels, [RUNNER_POD_LABEL]: 'True', 'pod-template-hash': templateHash(runner, labels) },
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
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

/** By template: its last hash, and what else that was made from. */
const templateHashes = new WeakMap<object, { readonly others: string; readonly hash: string }>();

/** `runner-template-hash` is copied to the pod but not hashed. */
function templateHash(runner: EphemeralRunner, labels: Readonly<Record<string, string>>): string {
  const { 'runner-template-hash': _left, ...hashed } = labels;
  const { spec: template, ...rest } = runner.spec;
  // Runners of one set share their template in memory; hashing it once is what makes large runs cheap.
  const others = JSON.stringify([hashed, rest]);
  const known = templateHashes.get(template);
  if (known?.others === others) return known.hash;
  const hash = hashOf([hashed, rest.metadata?.annotations ?? {}, runner.spec]);
  templateHashes.set(template, { others, hash });
  return hash;
}
