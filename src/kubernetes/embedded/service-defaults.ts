import { createHash } from 'node:crypto';
import type { Service, ServicePort } from '../types.ts';

const AFFINITY_TIMEOUT_S = 10_800;

/** What the API server fills in whenever it reads a service. */
export function defaultService(service: Service): Service {
  const { spec = {} } = service as Partial<Service>;
  const { type = 'ClusterIP', sessionAffinity = 'None' } = spec as { type?: string; sessionAffinity?: string };
  const isReachableFromOutside = type === 'NodePort' || type === 'LoadBalancer';
  return {
    ...service,
    spec: {
      ...spec,
      ...(spec.ports === undefined ? {} : { ports: spec.ports.map(defaultPort) }),
      sessionAffinity,
      ...(sessionAffinity === 'ClientIP'
        ? { sessionAffinityConfig: { clientIP: { timeoutSeconds: AFFINITY_TIMEOUT_S } } }
        : {}),
      type,
      ...(isReachableFromOutside ? { externalTrafficPolicy: spec['externalTrafficPolicy'] ?? 'Cluster' } : {}),
      ...(type === 'ExternalName' ? {} : { internalTrafficPolicy: spec['internalTrafficPolicy'] ?? 'Cluster' }),
      ...(type === 'LoadBalancer'
        ? { allocateLoadBalancerNodePorts: spec['allocateLoadBalancerNodePorts'] ?? true }
        : {}),
    },
  };
}

function defaultPort(port: ServicePort): ServicePort {
  const { targetPort = 0 } = port;
  return { protocol: 'TCP', ...port, targetPort: targetPort === 0 || targetPort === '' ? port.port : targetPort };
}

/** What a new service is given: an address, unless it has a name elsewhere, and ports on the nodes where it wants some. */
export function allocatedService(service: Service): Service {
  const { spec, metadata } = service;
  const status = { loadBalancer: {} };
  if (spec.type === 'ExternalName') return { ...service, status };
  const clusterIP =
    spec.clusterIP === undefined || spec.clusterIP === '' ? addressFor(metadata.uid ?? '') : spec.clusterIP;
  const onNodes = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  return {
    ...service,
    spec: {
      ...spec,
      ...(spec.ports === undefined || !onNodes
        ? {}
        : { ports: spec.ports.map((port, index) => ({ nodePort: nodePortFor(metadata.uid ?? '', index), ...port })) }),
      clusterIP,
      clusterIPs: [clusterIP],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
    },
    status,
  };
}

/** A service that is replaced keeps what it was given, unless it says otherwise. */
export function keepAllocated({ spec, ...next }: Service, { spec: before }: Service): Service {
  if (spec.type === 'ExternalName' || before.type === 'ExternalName') return { ...next, spec };
  const { clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy } = before as Readonly<Record<string, unknown>>;
  const isAddressed = spec.clusterIP !== undefined && spec.clusterIP !== '';
  return {
    ...next,
    spec: {
      ...spec,
      ...(isAddressed ? {} : { clusterIP, clusterIPs }),
      ipFamilies: spec['ipFamilies'] ?? ipFamilies,
      ipFamilyPolicy: spec['ipFamilyPolicy'] ?? ipFamilyPolicy,
    } as Service['spec'],
  };
}

/** An address of the range that clusters usually give to services. */
function addressFor(uid: string): string {
  const [a = 0, b = 0] = digest(uid);
  return `10.96.${a}.${1 + (b % 254)}`;
}

function nodePortFor(uid: string, index: number): number {
  return 30_000 + (digest(`${uid}/${index}`).readUInt16BE() % 2_768);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
