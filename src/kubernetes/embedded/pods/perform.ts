import type { Random } from '../../../base/random.ts';
import type { Pod } from '../../types.ts';
import type { PodEventSink } from './pod-events.ts';
import type { LifeAction } from './pod-life.ts';
import { currentInit, hasEnded, mainContainer, type SimulatedContainer, type SimulatedPod } from './simulated-pod.ts';

/** What actions need besides the pod. */
export interface Performance {
  /** RFC 3339 with whole seconds. */
  readonly now: string;
  readonly random: Random;
  readonly events: PodEventSink | undefined;
}

/** Exit codes of a container that was asked to stop, and of one that was killed. */
export const STOPPED = 128 + 15;
export const KILLED = 128 + 9;

/**
 * Does to a pod's containers what a stage says; where the pod is placed is the scheduler's business.
 * @returns whether anything is other than before
 */
export function perform(action: LifeAction, pod: SimulatedPod, on: Performance): boolean {
  switch (action.do) {
    case 'start-init': {
      const init = currentInit(pod);
      return init?.state.waiting !== undefined && run(init, pod, on);
    }
    case 'finish-init': {
      const init = currentInit(pod);
      return init !== undefined && end(init, pod, on, action.exitCode);
    }
    case 'start':
      return every(
        targets(pod, action.container),
        ({ state }) => state.waiting !== undefined,
        (one) => run(one, pod, on),
      );
    case 'ready':
      return every(
        pod.containers,
        ({ state, isReady }) => state.running !== undefined && isReady !== action.isReady,
        (one) => (one.isReady = action.isReady) || true,
      );
    case 'exit': {
      const container = action.container === undefined ? mainContainer(pod) : targets(pod, action.container)[0];
      return container !== undefined && end(container, pod, on, action.exitCode, action.reason, action.message);
    }
    case 'wait':
      return every(
        targets(pod, action.container),
        ({ state }) => state.waiting !== undefined,
        (one) => wait(one, pod, on, action.reason),
      );
    case 'evict':
      return evict(pod, on, action.message);
    case 'schedule':
    case 'unschedulable':
    case 'never':
      return false;
  }
}

/** Ends whatever of the pod still runs. */
export function stop(pod: SimulatedPod, on: Performance, exitCode: number): boolean {
  return every([...pod.containers, ...pod.initContainers], isRunning, (one) => end(one, pod, on, exitCode));
}

function every(
  containers: readonly SimulatedContainer[],
  which: (container: SimulatedContainer) => boolean,
  act: (container: SimulatedContainer) => boolean,
): boolean {
  let isChanged = false;
  for (const container of containers) if (which(container)) isChanged = act(container) || isChanged;
  return isChanged;
}

function targets(
  { containers, initContainers }: SimulatedPod,
  name: string | undefined,
): readonly SimulatedContainer[] {
  return name === undefined ? containers : [...containers, ...initContainers].filter(({ spec }) => spec.name === name);
}

function isRunning({ state }: SimulatedContainer): boolean {
  return state.running !== undefined;
}

function run(container: SimulatedContainer, pod: SimulatedPod, { now, random, events }: Performance): boolean {
  const { spec, lastState } = container;
  if (lastState.terminated !== undefined) container.restarts++;
  container.state = { running: { startedAt: now } };
  // Joined: put together it would stay two strings for as long as the pod is there.
  container.containerID = ['containerd://', random.hex(64)].join('');
  container.isReady = spec['readinessProbe'] === undefined;
  events?.(pod, 'Normal', 'Pulled', `Container image "${spec.image}" already present on machine`, container);
  events?.(pod, 'Normal', 'Created', `Created container: ${spec.name}`, container);
  events?.(pod, 'Normal', 'Started', `Started container ${spec.name}`, container);
  return true;
}

function end(
  container: SimulatedContainer,
  pod: SimulatedPod,
  on: Performance,
  exitCode: number,
  reason = exitCode === 0 ? 'Completed' : 'Error',
  message?: string,
): boolean {
  const { running } = container.state;
  if (running === undefined) return false;
  const terminated = {
    exitCode,
    reason,
    ...(message === undefined ? {} : { message }),
    startedAt: running.startedAt ?? on.now,
    finishedAt: on.now,
    containerID: container.containerID,
  };
  container.isReady = false;
  if (isRestarted(container, pod, exitCode)) {
    container.lastState = { terminated };
    const who = `container=${container.spec.name} pod=${nameOf(pod.pod)}`;
    container.state = { waiting: { reason: 'CrashLoopBackOff', message: `back-off 10s restarting failed ${who}` } };
    const words = `Back-off restarting failed container ${container.spec.name} in pod ${nameOf(pod.pod)}`;
    on.events?.(pod, 'Warning', 'BackOff', words, container);
  } else container.state = { terminated };
  // Containers that run beside the others go when those have ended.
  if (hasEnded(pod)) every(pod.initContainers, isRunning, (one) => end(one, pod, on, 0));
  return true;
}

function isRestarted({ isSidecar }: SimulatedContainer, pod: SimulatedPod, exitCode: number): boolean {
  if (pod.isDeleting || pod.evicted !== undefined || hasEnded(pod)) return false;
  const { restartPolicy = 'Always' } = pod.pod.spec;
  return isSidecar || restartPolicy === 'Always' || (restartPolicy === 'OnFailure' && exitCode !== 0);
}

function wait(
  container: SimulatedContainer,
  pod: SimulatedPod,
  { events }: Performance,
  reason: 'ErrImagePull' | 'ImagePullBackOff',
): boolean {
  const { state, spec } = container;
  if (state.waiting?.reason === reason) return false;
  const failure = `failed to pull and unpack image "${spec.image}": failed to resolve reference "${spec.image}": not found`;
  if (reason === 'ErrImagePull') {
    events?.(pod, 'Normal', 'Pulling', `Pulling image "${spec.image}"`, container);
    const words = `Failed to pull image "${spec.image}": rpc error: code = NotFound desc = ${failure}`;
    events?.(pod, 'Warning', 'Failed', words, container);
    events?.(pod, 'Warning', 'Failed', 'Error: ErrImagePull', container);
  } else {
    events?.(pod, 'Normal', 'BackOff', `Back-off pulling image "${spec.image}"`, container);
    events?.(pod, 'Warning', 'Failed', 'Error: ImagePullBackOff', container);
  }
  const message =
    reason === 'ErrImagePull'
      ? `rpc error: code = NotFound desc = ${failure}`
      : `Back-off pulling image "${spec.image}": ErrImagePull: ${failure}`;
  container.state = { waiting: { reason, message } };
  return true;
}

function evict(pod: SimulatedPod, on: Performance, message: string): boolean {
  if (pod.node === undefined || hasEnded(pod)) return false;
  pod.evicted = message;
  on.events?.(pod, 'Warning', 'Evicted', message);
  for (const container of [...pod.containers, ...pod.initContainers].filter(isRunning)) {
    on.events?.(pod, 'Normal', 'Killing', `Stopping container ${container.spec.name}`, container);
  }
  stop(pod, on, KILLED);
  return true;
}

function nameOf({ metadata }: Pod): string {
  return `${metadata.name}_${metadata.namespace ?? ''}(${metadata.uid ?? ''})`;
}
