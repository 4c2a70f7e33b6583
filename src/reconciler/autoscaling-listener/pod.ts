import { AutoscalingListeners } from '../../kubernetes/resource.ts';
import type { AutoscalingListener } from '../../kubernetes/scale-set-types.ts';
import type { ApiObject, Container, EnvVar, Pod, Secret } from '../../kubernetes/types.ts';
import { INTEGRITY_HASH_ANNOTATION } from '../autoscaling-runner-set/names.ts';
import { hashOf } from '../template-hash.ts';
import { controllerReference } from '../owner-reference.ts';
import type { ProcessOptions } from '../process-options.ts';
import type { ListenerPass } from './listener-pass.ts';
import { CONFIG_FILE, CONFIG_FOLDER, LISTENER_COMMAND, LISTENER_CONTAINER, proxySecretName } from './names.ts';
import { mergeTemplate } from './pod-template.ts';

/**
 * The listener's pod.
 * @param needs service account, role and role binding, whose hashes say whether the pod is out of date
 */
export function listenerPodFor(
  listener: AutoscalingListener,
  config: Secret,
  needs: readonly (ApiObject | undefined)[],
  pass: ListenerPass,
): Pod {
  const { name, namespace = '', labels = {} } = listener.metadata;
  const spec = podSpec(listener, config.metadata.name, pass);
  const hashes = [listener, config, ...needs].map((each) => each?.metadata.annotations?.[INTEGRITY_HASH_ANNOTATION]);
  const integrity = hashOf({ spec, hashes, metrics: pass.process.listenerMetrics });
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels,
      ...(pass.switches.has(4516) ? { annotations: { [INTEGRITY_HASH_ANNOTATION]: integrity } } : {}),
      ownerReferences: [controllerReference(AutoscalingListeners, listener)],
    },
    spec,
  };
  const { template } = listener.spec;
  return template === undefined ? pod : mergeTemplate(pod, template, pass.switches);
}

function podSpec(listener: AutoscalingListener, configName: string, { switches, process }: ListenerPass): Pod['spec'] {
  const { imagePullSecrets = [] } = listener.spec;
  return {
    serviceAccountName: listener.metadata.name,
    containers: [containerFor(listener, process)],
    volumes: [{ name: 'listener-config', secret: { secretName: configName } }],
    ...(imagePullSecrets.length === 0 ? {} : { imagePullSecrets }),
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: 60,
    ...(switches.has(4377) ? { nodeSelector: { 'kubernetes.io/os': 'linux' } } : {}),
  };
}

function containerFor(listener: AutoscalingListener, { listenerMetrics }: ProcessOptions): Container {
  return {
    name: LISTENER_CONTAINER,
    image: listener.spec.image,
    command: [LISTENER_COMMAND],
    env: [{ name: 'LISTENER_CONFIG_PATH', value: `${CONFIG_FOLDER}/${CONFIG_FILE}` }, ...proxyVariables(listener)],
    ...(listenerMetrics === undefined
      ? {}
      : { ports: [{ name: 'metrics', containerPort: portOf(listenerMetrics.address), protocol: 'TCP' }] }),
    volumeMounts: [{ name: 'listener-config', mountPath: CONFIG_FOLDER, readOnly: true }],
  };
}

/** @throws Error for an address without a port */
function portOf(address: string): number {
  const port = /:(\d+)$/.exec(address)?.[1];
  if (port === undefined) throw new Error('failed to convert metrics server address to container port: it has no port');
  return Number(port);
}

function proxyVariables({ metadata, spec }: AutoscalingListener): EnvVar[] {
  const { http, https, noProxy = [] } = spec.proxy ?? {};
  const names = [
    ...(http === undefined ? [] : ['http_proxy']),
    ...(https === undefined ? [] : ['https_proxy']),
    ...(noProxy.length === 0 ? [] : ['no_proxy']),
  ];
  const secret = proxySecretName(metadata.name);
  return names.map((key) => ({ name: key, valueFrom: { secretKeyRef: { name: secret, key } } }));
}
