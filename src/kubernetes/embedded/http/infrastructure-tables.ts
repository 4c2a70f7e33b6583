import type { Node, Service } from '../../types.ts';
import { AGE, age, layout, text } from './table-layout.ts';

export const SERVICE_LAYOUT = layout<Service>(
  [text('Type'), text('Cluster-IP'), text('External-IP'), text('Port(s)'), AGE, text('Selector', 1)],
  (service, nowMs) => {
    const { type = '', clusterIP = '<none>', ports = [], selector = {} } = service.spec;
    const shown = ports.map(({ port, protocol = '', nodePort }) =>
      nodePort === undefined ? `${port}/${protocol}` : `${port}:${nodePort}/${protocol}`,
    );
    const labels = Object.keys(selector)
      .sort()
      .map((key) => `${key}=${selector[key] ?? ''}`);
    return [
      type,
      clusterIP,
      externalAddress(service),
      shown.length === 0 ? '<none>' : shown.join(','),
      age(service, nowMs),
      labels.length === 0 ? '<none>' : labels.join(','),
    ];
  },
);

function externalAddress({ spec, status }: Service): string {
  if (spec.type === 'ExternalName') return spec.externalName ?? '';
  const given = (spec['externalIPs'] ?? []) as readonly string[];
  const balanced = (status?.loadBalancer?.ingress ?? []) as readonly { ip?: string; hostname?: string }[];
  const addresses = [...balanced.map(({ ip, hostname = '' }) => ip ?? hostname), ...given];
  if (addresses.length > 0) return addresses.join(',');
  return spec.type === 'LoadBalancer' ? '<pending>' : '<none>';
}

export const NODE_LAYOUT = layout<Node>(
  [text('Status'), text('Roles'), AGE, text('Version')].concat(
    ['Internal-IP', 'External-IP', 'OS-Image', 'Kernel-Version', 'Container-Runtime'].map((name) => text(name, 1)),
  ),
  (node, nowMs) => {
    const { addresses = [], nodeInfo = {} } = node.status ?? {};
    const addressOf = (type: string): string => addresses.find((one) => one.type === type)?.address ?? '<none>';
    const info = (field: string): string => nodeInfo[field] || '<unknown>';
    const version = nodeInfo['kubeletVersion'] ?? '';
    return [
      ...[readiness(node), rolesOf(node), age(node, nowMs), version],
      ...[addressOf('InternalIP'), addressOf('ExternalIP')],
      ...[info('osImage'), info('kernelVersion'), info('containerRuntimeVersion')],
    ];
  },
);

function readiness({ spec, status }: Node): string {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const word = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return spec?.unschedulable === true ? `${word},SchedulingDisabled` : word;
}

const ROLE_LABEL = 'node-role.kubernetes.io/';

function rolesOf({ metadata }: Node): string {
  const roles = Object.entries(metadata.labels ?? {}).flatMap(([key, value]) => {
    if (key.startsWith(ROLE_LABEL) && key.length > ROLE_LABEL.length) return [key.slice(ROLE_LABEL.length)];
    return key === 'kubernetes.io/role' && value !== '' ? [value] : [];
  });
  return roles.length === 0 ? '<none>' : [...new Set(roles)].sort().join(',');
}
