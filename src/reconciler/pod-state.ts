import type { ContainerStatus, Pod } from '../kubernetes/types.ts';
import { log, logError, type Step } from '../runtime/effects.ts';
import { OUTDATED_EXIT_CODE, RUNNER_CONTAINER } from './names.ts';
import type { Switches } from './releases/switches.ts';

/** What a pod's status means for its runner. */
export type PodState = 'starting' | 'running' | 'evicted' | 'failed' | 'outdated' | 'finished';

/** Judges a pod by its phase, which is Failed once all of its containers have ended, and by its containers before that. */
export function* stateByPhase(pod: Pod, switches: Switches): Step<PodState> {
  if (pod.status?.phase !== 'Failed') return yield* stateByContainer(pod, switches);
  yield* log('Pod is in failed phase, inspecting runner container status', {
    podReason: pod.status.reason,
    podMessage: pod.status.message,
    podConditions: pod.status.conditions,
  });
  const terminated = runnerContainer(pod)?.state?.terminated;
  if (terminated === undefined) {
    yield* log('Runner container does not have state set, deleting pod as failed so it can be restarted');
    return 'failed';
  }
  // What else failed in the pod is not the job's.
  if (terminated.exitCode === 0) return 'finished';
  if (isOutdated(terminated, switches)) return 'outdated';
  const message = 'ephemeral runner container has failed, with runner container exit code non-zero';
  yield* logError(
    'Ephemeral runner container has failed, and runner container termination exit code is non-zero',
    new Error(message),
    { containerTerminatedState: terminated },
  );
  return 'failed';
}

/** Judges a pod by the state of the container called `runner` alone, but for an eviction. */
export function* stateByContainer(pod: Pod, switches: Switches): Step<PodState> {
  if (switches.has(4457) && (yield* hasFailedInitContainer(pod))) return 'failed';
  const container = runnerContainer(pod);
  if (container === undefined) {
    yield* log('Waiting for runner container status to be available');
    return 'starting';
  }
  const terminated = container.state?.terminated;
  if (terminated === undefined) {
    if (pod.status?.phase === 'Failed' && pod.status.reason === 'Evicted') {
      yield* log('Pod set the termination phase, but container state is not terminated. Deleting pod', {
        PodPhase: pod.status.phase,
        PodReason: pod.status.reason,
        PodMessage: pod.status.message,
      });
      return 'evicted';
    }
    yield* log(
      switches.has(4340)
        ? 'Runner container is still running; updating ephemeral runner status'
        : 'Ephemeral runner container is still running',
    );
    return 'running';
  }
  if (terminated.exitCode === 0) return 'finished';
  if (isOutdated(terminated, switches)) return 'outdated';
  yield* log('Ephemeral runner container failed', { exitCode: terminated.exitCode });
  return 'failed';
}

/** Undefined while the runner's container has not ended. */
export function runnerExitCode(pod: Pod): number | undefined {
  return runnerContainer(pod)?.state?.terminated?.exitCode;
}

/** The state of the container that runs the job, where the pod has one yet. */
export function runnerContainer(pod: Pod): ContainerStatus | undefined {
  return pod.status?.containerStatuses?.find(({ name }) => name === RUNNER_CONTAINER);
}

function isOutdated({ exitCode }: { readonly exitCode: number }, switches: Switches): boolean {
  return switches.has(4404) && exitCode === OUTDATED_EXIT_CODE;
}

function* hasFailedInitContainer({ status }: Pod): Step<boolean> {
  const initContainerStatuses = status?.initContainerStatuses ?? [];
  if (!initContainerStatuses.some(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0)) return false;
  yield* log('Pod has a failed init container, deleting pod as failed so it can be restarted', {
    initContainerStatuses,
  });
  return true;
}
