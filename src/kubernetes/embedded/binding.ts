import { conflict } from '../api-error.ts';
import { Pods } from '../resource.ts';
import type { Pod } from '../types.ts';

/**
 * The pod on the node that a Binding names.
 * @param now RFC 3339 with whole seconds
 * @throws ApiError 409 when it has a node or is on its way out
 */
export function bound(pod: Pod, binding: unknown, now: string): Pod {
  const { name, uid } = pod.metadata;
  const { target, metadata } = binding as { target: { name: string }; metadata?: { uid?: string } };
  if (metadata?.uid !== undefined && metadata.uid !== uid) {
    throw conflict(Pods, name, 'the pod that the binding is for is gone');
  }
  if (pod.metadata.deletionTimestamp !== undefined) {
    throw conflict(Pods, name, `pod ${name} is being deleted, cannot be assigned to a host`);
  }
  const { nodeName = '' } = pod.spec;
  if (nodeName !== '') throw conflict(Pods, name, `pod ${name} is already assigned to node "${nodeName}"`);
  const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== 'PodScheduled');
  const scheduled = { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: now };
  return {
    ...pod,
    spec: { ...pod.spec, nodeName: target.name },
    status: { ...pod.status, conditions: [...others, scheduled] },
  };
}
