import { Nodes } from '../resource.ts';
import type { ApiObject, Node } from '../types.ts';
import type { ApiServer } from './api-server.ts';
import { nodeAddress } from './pods/nodes.ts';

/**
 * Makes the nodes that simulated pods run on, as kubelets register themselves. Those that are there stay as they are.
 * @param names as simulated pods are placed on them
 */
export function registerNodes(api: ApiServer, names: readonly string[], nowMs: number): void {
  for (const [index, name] of names.entries()) {
    if (api.store.of(Nodes).find('', name) !== undefined) continue;
    api.create(Nodes, '', nodeOf(name, nodeAddress(index), nowMs));
    // The API server keeps pods off a new node until somebody has seen that it is ready.
    api.modify(
      { resource: Nodes, namespace: '', name, subresource: '' },
      ({ ...node }) => ({ ...node, spec: {} }) as ApiObject,
    );
  }
}

function nodeOf(name: string, address: string, nowMs: number): Node {
  const now = new Date(Math.floor(nowMs / 1000) * 1000).toISOString().replace('.000Z', 'Z');
  const resources = { cpu: '64', memory: '256Gi', pods: '110', 'ephemeral-storage': '1Ti' };
  const condition = (type: string, status: string, reason: string, message: string): object => {
    return { type, status, lastHeartbeatTime: now, lastTransitionTime: now, reason, message };
  };
  return {
    apiVersion: Nodes.apiVersion,
    kind: Nodes.kind,
    metadata: {
      name,
      labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' },
    },
    status: {
      capacity: resources,
      allocatable: resources,
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address: name },
      ],
      conditions: [
        condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
        condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
        condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
        condition('Ready', 'True', 'KubeletReady', 'the simulated kubelet is ready'),
      ] as NonNullable<NonNullable<Node['status']>['conditions']>,
      daemonEndpoints: { kubeletEndpoint: { Port: 0 } },
      nodeInfo: {
        ...{ machineID: name, systemUUID: name, bootID: name, kernelVersion: 'none', osImage: 'ARC Reconciler Lab' },
        ...{ containerRuntimeVersion: 'simulated://1', kubeletVersion: 'v1.34.4', kubeProxyVersion: '' },
        ...{ operatingSystem: 'linux', architecture: 'amd64' },
      },
    },
  };
}
