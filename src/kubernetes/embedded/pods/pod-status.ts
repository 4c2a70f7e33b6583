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
  const status: Changing<PodStatus> = { phase, conditions, hostIP, hostIPs: hostAddresses(hostIP) };
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

const addressesOfHosts = new Map<string, readonly { readonly ip: string }[]>();

/** The same for all pods of a node. */
function hostAddresses(ip: string): readonly { readonly ip: string }[] {
  let addresses = addressesOfHosts.get(ip);
  if (addresses === undefined) addressesOfHosts.set(ip, (addresses = [{ ip }]));
  return addresses;
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

/** Conditions of pods that changed in the second that is given, by what was wanted: many pods share them. */
const madeNow = new Map<Wanted, PodCondition>();
let madeAt = '';

/** What is as it was stays the same object: who compares it has nothing to look into. */
function reported(wanted: Wanted, old: PodCondition | undefined, now: string): PodCondition {
  const { status, reason, message } = wanted;
  const since = old?.status === status ? old.lastTransitionTime : undefined;
  const isSame = old?.status === status && old.reason === reason && old.message === message;
  if (isSame && since !== undefined && since !== null && old.lastProbeTime === null) return old;
  if ((since ?? now) !== now || message !== undefined) return conditionAt(wanted, since ?? now);
  if (madeAt !== now) {
    madeNow.clear();
    madeAt = now;
  }
  let made = madeNow.get(wanted);
  if (made === undefined) madeNow.set(wanted, (made = conditionAt(wanted, now)));
  return made;
}

function conditionAt({ type, status, reason, message }: Wanted, since: string): PodCondition {
  const condition: Changing<PodCondition> = { type, status };
  if (reason !== undefined) condition.reason = reason;
  if (message !== undefined) condition.message = message;
  condition.lastProbeTime = null;
  condition.lastTransitionTime = since;
  return condition;
}

function unscheduledCondition({ unschedulable = '' }: SimulatedPod): Wanted {
  return { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: unschedulable };
}

const SCHEDULED = condition('PodScheduled', true);
const SANDBOX = [false, true].map((is) => condition('PodReadyToStartContainers', is)) as [Wanted, Wanted];
const INITIALIZED = condition('Initialized', true);
const COMPLETED = condition('Initialized', true, 'PodCompleted');

function kubeletConditions(pod: SimulatedPod, phase: string): Wanted[] {
  const isOver = phase === 'Succeeded' || phase === 'Failed';
  const disrupted = pod.evicted === undefined ? [] : [disruption(pod.evicted)];
  const sandbox = SANDBOX[pod.podIP !== '' && !isOver ? 1 : 0];
  return [...disrupted, sandbox, initialization(pod, phase), ...readiness(pod, phase, isOver), SCHEDULED];
}

function initialization(pod: SimulatedPod, phase: string): Wanted {
  if (phase === 'Succeeded') return COMPLETED;
  if (initState(pod) === 'done') return INITIALIZED;
  const pending = pod.initContainers.filter((container) => !isInitialized(container)).map(({ spec }) => spec.name);
  const message = `containers with incomplete status: [${pending.join(' ')}]`;
  return condition('Initialized', false, 'ContainersNotInitialized', message);
}

const READINESS = ['Ready', 'ContainersReady'].map((type) => ({
  type,
  ready: condition(type, true),
  succeeded: condition(type, false, 'PodCompleted'),
  failed: condition(type, false, 'PodFailed'),
}));

function readiness(pod: SimulatedPod, phase: string, isOver: boolean): Wanted[] {
  if (isOver) return READINESS.map(({ succeeded, failed }) => (phase === 'Succeeded' ? succeeded : failed));
  const unready = pod.containers.filter(({ isReady }) => !isReady).map(({ spec }) => spec.name);
  if (unready.length === 0) return READINESS.map(({ ready }) => ready);
  const message = `containers with unready status: [${unready.join(' ')}]`;
  return READINESS.map(({ type }) => condition(type, false, 'ContainersNotReady', message));
}

function disruption(message: string): Wanted {
  return condition('DisruptionTarget', true, 'TerminationByKubelet', message);
}

function condition(type: string, is: boolean, reason?: string, message?: string): Wanted {
  return { type, status: is ? 'True' : 'False', reason, message };
}
