import type { Container, ContainerState, Pod, PodCondition } from '../../types.ts';
import type { InitState } from './pod-life.ts';

/** A container of a simulated pod. */
export interface SimulatedContainer {
  readonly spec: Container;
  /** An init container that goes on running beside the others. */
  readonly isSidecar: boolean;
  state: ContainerState;
  lastState: ContainerState;
  restarts: number;
  isReady: boolean;
  /** Of its last run; empty before the first. */
  containerID: string;
}

/** What a kubelet knows of a pod: the truth about its containers; the pod's status is a report of it. */
export interface SimulatedPod {
  readonly key: string;
  /** As last seen on the cluster. */
  pod: Pod;
  /** How many pods have had this name, this one included. */
  readonly attempt: number;
  node: string | undefined;
  podIP: string;
  startTime: string | undefined;
  readonly initContainers: SimulatedContainer[];
  readonly containers: SimulatedContainer[];
  /** The scheduler's words while there is no node for it. */
  unschedulable: string | undefined;
  /** Why the node put it out. */
  evicted: string | undefined;
  isDeleting: boolean;
  /** As last reported. */
  conditions: readonly PodCondition[];
}

const NO_STATE: ContainerState = {};

/** The name of the container that ARC's runner is in. */
const RUNNER = 'runner';

/** Takes a pod up as it is, which may be in the middle of its life. */
export function takeUp(key: string, pod: Pod, attempt: number): SimulatedPod {
  const { spec, status } = pod;
  const node = spec.nodeName === undefined || spec.nodeName === '' ? undefined : spec.nodeName;
  const initContainers = (spec.initContainers ?? []).map((container) =>
    fromStatus(container, status?.initContainerStatuses),
  );
  const waitsFor = initContainers.length === 0 ? 'ContainerCreating' : 'PodInitializing';
  return {
    key,
    pod,
    attempt,
    node,
    podIP: status?.podIP ?? '',
    startTime: status?.startTime,
    initContainers,
    containers: spec.containers.map((container) => fromStatus(container, status?.containerStatuses, waitsFor)),
    unschedulable: undefined,
    evicted: status?.reason === 'Evicted' ? (status.message ?? '') : undefined,
    isDeleting: pod.metadata.deletionTimestamp !== undefined,
    conditions: status?.conditions ?? [],
  };
}

function fromStatus(
  spec: Container,
  statuses: NonNullable<Pod['status']>['containerStatuses'],
  waitsFor = 'PodInitializing',
): SimulatedContainer {
  const status = statuses?.find(({ name }) => name === spec.name);
  return {
    spec,
    isSidecar: spec['restartPolicy'] === 'Always',
    state: status?.state ?? { waiting: { reason: waitsFor } },
    lastState: status?.lastState ?? NO_STATE,
    restarts: status?.restartCount ?? 0,
    isReady: status?.ready ?? false,
    containerID: status?.containerID ?? '',
  };
}

/** The container that a life is about where it names none. */
export function mainContainer({ containers }: SimulatedPod): SimulatedContainer | undefined {
  return containers.find(({ spec }) => spec.name === RUNNER) ?? containers[0];
}

/** An init container is over when it has ended well, one that goes on beside the others when it has started. */
export function isInitialized({ isSidecar, state }: SimulatedContainer): boolean {
  return isSidecar ? state.waiting === undefined : state.terminated?.exitCode === 0;
}

/** The init container that is in turn; undefined when all are over. */
export function currentInit({ initContainers }: SimulatedPod): SimulatedContainer | undefined {
  return initContainers.find((container) => !isInitialized(container));
}

/** @returns undefined before the pod has a node */
export function initState(pod: SimulatedPod): InitState | undefined {
  if (pod.node === undefined) return undefined;
  const current = currentInit(pod);
  if (current === undefined) return 'done';
  if (current.state.running !== undefined) return 'running';
  return current.state.terminated === undefined ? 'waiting' : 'failed';
}

/** The phase that the kubelet takes from its containers. */
export function phaseOf(pod: SimulatedPod): 'Pending' | 'Running' | 'Succeeded' | 'Failed' {
  if (pod.evicted !== undefined) return 'Failed';
  const policy = pod.pod.spec.restartPolicy;
  const init = initState(pod);
  if (init === 'failed') return policy === 'Never' ? 'Failed' : 'Pending';
  if (init !== 'done') return 'Pending';
  const { containers } = pod;
  const hasStarted = ({ state, lastState }: SimulatedContainer): boolean =>
    state.waiting === undefined || lastState.terminated !== undefined;
  if (!containers.every(hasStarted)) return 'Pending';
  if (containers.some(({ state }) => state.terminated === undefined)) return 'Running';
  if (policy === 'Always' && !pod.isDeleting) return 'Running';
  return containers.every(({ state }) => state.terminated?.exitCode === 0) ? 'Succeeded' : 'Failed';
}

/** Whether nothing of it runs or ever will. */
export function hasEnded(pod: SimulatedPod): boolean {
  const phase = phaseOf(pod);
  return phase === 'Succeeded' || phase === 'Failed';
}

export function runningContainers({ initContainers, containers }: SimulatedPod): SimulatedContainer[] {
  return [...initContainers, ...containers].filter(({ state }) => state.running !== undefined);
}
