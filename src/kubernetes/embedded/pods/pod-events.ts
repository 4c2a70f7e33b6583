import type { Cluster } from '../../cluster.ts';
import { createRequest, deleteRequest, patchRequest } from '../../request.ts';
import { Events } from '../../resource.ts';
import type { KubernetesEvent } from '../../types.ts';
import type { SimulatedContainer, SimulatedPod } from './simulated-pod.ts';

/** Tells what happened to a pod; without a container it is about the whole pod. Before there is a node the scheduler says it. */
export type PodEventSink = (
  pod: SimulatedPod,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
  container?: SimulatedContainer,
) => void;

const SCHEDULER = 'default-scheduler';
/** How long API servers keep events. */
const EVENT_LIFE_MS = 3_600_000;

interface Told {
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  count: number;
  lastMs: number;
}

/** Writes events as kubelets and the scheduler do: repeated events are counted, and events expire after an hour. */
export class PodEvents {
  readonly #cluster: Cluster;
  readonly #nowMs: () => number;
  /** By pod, reason and message; the one told last comes last. */
  readonly #told = new Map<string, Told>();
  #names = 0;

  constructor(cluster: Cluster, nowMs: () => number) {
    this.#cluster = cluster;
    this.#nowMs = nowMs;
  }

  readonly tell: PodEventSink = (simulated, type, reason, message, container) => {
    const nowMs = this.#nowMs();
    this.#expire(nowMs);
    const { namespace = 'default', name: podName, uid = '' } = simulated.pod.metadata;
    const fieldPath = container === undefined ? undefined : fieldPathOf(simulated, container);
    const key = [uid, type, reason, message, fieldPath].join('\n');
    const before = this.#told.get(key);
    if (before !== undefined && reason !== 'Scheduled') {
      before.count++;
      before.lastMs = nowMs;
      this.#told.delete(key);
      this.#told.set(key, before);
      const again = { count: before.count, lastTimestamp: seconds(nowMs) };
      this.#cluster.send(patchRequest(Events, namespace, before.name, again), ignore);
      return;
    }
    // As client-go names events: after the object, and the time in nanoseconds; here no two have the same.
    const name = `${podName}.${(BigInt(Math.floor(nowMs)) * 1_000_000n + BigInt(this.#names++)).toString(16)}`;
    const involvedObject = {
      apiVersion: 'v1',
      kind: 'Pod',
      namespace,
      name: podName,
      uid,
      ...(fieldPath === undefined ? {} : { fieldPath }),
    };
    const event: KubernetesEvent = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      involvedObject,
      reason,
      message,
      type,
      ...authorOf(reason, simulated.node, nowMs),
    };
    this.#told.set(key, { key, namespace, name, count: 1, lastMs: nowMs });
    this.#cluster.send(createRequest(Events, event), ignore);
  };

  #expire(nowMs: number): void {
    for (const { key, namespace, name, lastMs } of this.#told.values()) {
      if (nowMs - lastMs < EVENT_LIFE_MS) return;
      this.#told.delete(key);
      this.#cluster.send(deleteRequest(Events, namespace, name), ignore);
    }
  }
}

/** The scheduler writes events of the newer form, with one time and an action, the kubelet of the older one. */
function authorOf(reason: string, node: string | undefined, nowMs: number): Partial<KubernetesEvent> {
  if (reason === 'Scheduled' || reason === 'FailedScheduling') {
    return {
      action: reason === 'Scheduled' ? 'Binding' : 'Scheduling',
      eventTime: new Date(nowMs).toISOString().replace(/\.(\d{3})Z$/, '.$1000Z'),
      firstTimestamp: null,
      lastTimestamp: null,
      reportingComponent: SCHEDULER,
      reportingInstance: `${SCHEDULER}-lab`,
    };
  }
  const host = node ?? '';
  const time = seconds(nowMs);
  return {
    count: 1,
    firstTimestamp: time,
    lastTimestamp: time,
    source: { component: 'kubelet', host },
    reportingComponent: 'kubelet',
    reportingInstance: host,
  };
}

function fieldPathOf({ initContainers }: SimulatedPod, container: SimulatedContainer): string {
  const field = initContainers.includes(container) ? 'initContainers' : 'containers';
  return `spec.${field}{${container.spec.name}}`;
}

function seconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function ignore(): void {
  // An event that cannot be written is not told; nothing depends on it.
}
