import { hashString } from '../../../base/random.ts';
import type { ContainerStatus, PodCondition, PodStatus } from '../../types.ts';
import { initState, isInitialized, phaseOf, type SimulatedContainer, type SimulatedPod } from './simulated-pod.ts';

/**
 * What a kubelet reports of its pod, and before there is a node the scheduler.
 * @param now RFC 3339 with whole seconds
 */
export function statusOf(pod: SimulatedPod, hostIP: string, now: string): PodStatus {
  const { node, podIP, evicted, startTime } = pod;
  const phase = phaseOf(pod);
  const conditions = conditionsOf(pod, phase, now);
  if (node === undefined) return { phase, conditions };
  const status: Changing<PodStatus> = { phase, conditions, hostIP, hostIPs: [{ ip: hostIP }] };
  if (podIP !== '') {
    status.podIP = podIP;
    status.podIPs = [{ ip: podIP }];
  }
  if (startTime !== undefined) status.startTime = startTime;
  if (evicted !== undefined) {
    status.reason = 'Evicted';
    status.message = evicted;
  }
  if (pod.initContainers.length > 0) status.initContainerStatuses = pod.initContainers.map(initStatus);
  status.containerStatuses = pod.containers.map((container) => statusOfContainer(container, container.isReady));
  return status;
}

/** While it is made: a status is made for every change of every pod, and assigning a field is quicker than spreading one. */
type Changing<T> = { -readonly [field in keyof T]: T[field] };

function initStatus(container: SimulatedContainer): ContainerStatus {
  return statusOfContainer(container, container.isSidecar ? container.isReady : isInitialized(container));
}

function statusOfContainer(container: SimulatedContainer, ready: boolean): ContainerStatus {
  const { spec, state, lastState, restarts, containerID } = container;
  const { name, image = '' } = spec;
  const status: Changing<ContainerStatus> = { name, state, lastState, ready, restartCount: restarts, image };
  status.imageID = containerID === '' ? '' : imageId(image);
  if (containerID !== '') status.containerID = containerID;
  status.started = state.running !== undefined;
  return status;
}

const imageIds = new Map<string, string>();

/** Made up, and the same for the same image. */
function imageId(image: string): string {
  let id = imageIds.get(image);
  if (id === undefined) {
    const digest = Array.from({ length: 8 }, (_, part) => hashString(`${part} ${image}`).toString(16).padStart(8, '0'));
    id = `${image.replace(/@.*$|:[^/:]*$/, '')}@sha256:${digest.join('')}`;
    imageIds.set(image, id);
  }
  return id;
}

/** The conditions that kubelet and scheduler keep, in the kubelet's order; what others wrote stays behind them. */
function conditionsOf(pod: SimulatedPod, phase: string, now: string): PodCondition[] {
  const wanted = pod.node === undefined ? [unscheduledCondition(pod)] : kubeletConditions(pod, phase);
  const conditions = wanted.map((one) => {
    const old = pod.conditions.find(({ type }) => type === one.type);
    return reported(one, old, now);
  });
  for (const other of pod.pod.status?.conditions ?? []) {
    if (!wanted.some(({ type }) => type === other.type)) conditions.push(other);
  }
  return conditions;
}

/** A condition as a pod's state wants it; its times depend on what was reported before. */
interface Wanted {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason: string | undefined;
  readonly message: string | undefined;
}

/** What is as it was stays the same object: who compares it has nothing to look into. */
function reported({ type, status, reason, message }: Wanted, old: PodCondition | undefined, now: string): PodCondition {
  const since = old?.status === status ? old.lastTransitionTime : undefined;
  const isSame = old?.status === status && old.reason === reason && old.message === message;
  if (isSame && since !== undefined && since !== null && old.lastProbeTime === null) return old;
  const condition: Changing<PodCondition> = { type, status };
  if (reason !== undefined) condition.reason = reason;
  if (message !== undefined) condition.message = message;
  condition.lastProbeTime = null;
  condition.lastTransitionTime = since ?? now;
  return condition;
}

function unscheduledCondition({ unschedulable = '' }: SimulatedPod): Wanted {
  return { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: unschedulable };
}

function kubeletConditions(pod: SimulatedPod, phase: string): Wanted[] {
  const isOver = phase === 'Succeeded' || phase === 'Failed';
  const scheduled = condition('PodScheduled', true);
  const sandbox = condition('PodReadyToStartContainers', pod.podIP !== '' && !isOver);
  const disrupted = pod.evicted === undefined ? [] : [disruption(pod.evicted)];
  const pending = pod.initContainers.filter((container) => !isInitialized(container)).map(({ spec }) => spec.name);
  const isInitialised = initState(pod) === 'done';
  const initialized =
    isInitialised || phase === 'Succeeded'
      ? condition('Initialized', true, phase === 'Succeeded' ? 'PodCompleted' : undefined)
      : condition(
          'Initialized',
          false,
          'ContainersNotInitialized',
          `containers with incomplete status: [${pending.join(' ')}]`,
        );
  return [...disrupted, sandbox, initialized, ...readiness(pod, phase, isOver), scheduled];
}

function readiness(pod: SimulatedPod, phase: string, isOver: boolean): Wanted[] {
  const unready = pod.containers.filter(({ isReady }) => !isReady).map(({ spec }) => spec.name);
  const make = (type: string): Wanted => {
    if (isOver) return condition(type, false, phase === 'Succeeded' ? 'PodCompleted' : 'PodFailed');
    if (unready.length === 0) return condition(type, true);
    return condition(type, false, 'ContainersNotReady', `containers with unready status: [${unready.join(' ')}]`);
  };
  return [make('Ready'), make('ContainersReady')];
}

function disruption(message: string): Wanted {
  return condition('DisruptionTarget', true, 'TerminationByKubelet', message);
}

function condition(type: string, is: boolean, reason?: string, message?: string): Wanted {
  return { type, status: is ? 'True' : 'False', reason, message };
}
