import type { PodTemplate } from '../../kubernetes/scale-set-types.ts';
import type { Container, Pod } from '../../kubernetes/types.ts';
import type { Switches } from '../releases/switches.ts';
import { LISTENER_CONTAINER } from './names.ts';

/** What the listener's pod has in common with another template: some of it is added, some replaced. */

/** Replaced by what the template says of them, also where it says nothing. */
const REPLACED = [
  ...['initContainers', 'ephemeralContainers', 'terminationGracePeriodSeconds', 'activeDeadlineSeconds', 'dnsPolicy'],
  ...['nodeName', 'hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace', 'securityContext', 'hostname'],
  ...['subdomain', 'affinity', 'schedulerName', 'tolerations', 'hostAliases', 'priorityClassName', 'priority'],
  ...['dnsConfig', 'readinessGates', 'runtimeClassName', 'enableServiceLinks', 'preemptionPolicy', 'overhead'],
  ...['topologySpreadConstraints', 'setHostnameAsFQDN', 'os', 'hostUsers', 'schedulingGates', 'resourceClaims'],
];
/** Replaced where the template has them. */
const TAKEN_OVER = ['restartPolicy', 'imagePullSecrets', 'nodeSelector'];

const REPLACED_IN_CONTAINER = [
  ...['imagePullPolicy', 'workingDir', 'resources', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'],
  ...['terminationMessagePath', 'terminationMessagePolicy', 'securityContext', 'resizePolicy', 'restartPolicy'],
  ...['stdin', 'stdinOnce', 'tty'],
];
const TAKEN_OVER_IN_CONTAINER = ['image', 'command'];
const ADDED_IN_CONTAINER = ['env', 'args', 'ports', 'envFrom', 'volumeMounts', 'volumeDevices'];

type Fields = Readonly<Record<string, unknown>>;

/** The pod with what spec.listenerTemplate says of it; labels, annotations and rights that it has stay. */
export function mergeTemplate(pod: Pod, { metadata, spec = {} }: PodTemplate, switches: Switches): Pod {
  const [own, ...others] = pod.spec.containers;
  const { containers = [], volumes = [] } = spec;
  const named = containers.filter(({ name }) => name === LISTENER_CONTAINER);
  const added = containers.filter(({ name }) => name !== LISTENER_CONTAINER);
  const listener = named.reduce((merged, from) => mergeContainer(merged, from), own as Container);
  const { annotations, labels } = pod.metadata;
  // Without pull request 4377 the pod asks for no node of its own, and takes the template's as it is.
  const replaced = switches.has(4377) ? REPLACED : [...REPLACED, 'nodeSelector'];
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      ...(metadata?.labels === undefined ? {} : { labels: { ...metadata.labels, ...labels } }),
      ...(metadata?.annotations === undefined ? {} : { annotations: { ...metadata.annotations, ...annotations } }),
    },
    spec: {
      ...merge(pod.spec, spec, replaced, TAKEN_OVER),
      volumes: [...(pod.spec.volumes ?? []), ...volumes],
      containers: [listener, ...others, ...added],
    },
  };
}

function mergeContainer(base: Container, from: Container): Container {
  const merged = merge(base, from, REPLACED_IN_CONTAINER, TAKEN_OVER_IN_CONTAINER);
  for (const field of ADDED_IN_CONTAINER) {
    const all = [...((base[field] as unknown[] | undefined) ?? []), ...((from[field] as unknown[] | undefined) ?? [])];
    if (all.length > 0) merged[field] = all;
  }
  return { ...merged, name: base.name };
}

function merge(
  base: Fields,
  from: Fields,
  replaced: readonly string[],
  takenOver: readonly string[],
): Record<string, unknown> {
  const kept = Object.entries(base).filter(([field]) => !replaced.includes(field));
  const isThere = (field: string): boolean => {
    const value = from[field];
    return value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
  };
  const fields = [...replaced, ...takenOver].filter(isThere);
  return { ...Object.fromEntries(kept), ...Object.fromEntries(fields.map((field) => [field, from[field]])) };
}
