import type { Pod } from '../kubernetes/types.ts';
import { log, type Step } from '../runtime/effects.ts';
import { RUNNER_CONTAINER } from './names.ts';

/** What a pod's status means for its runner. */
export type PodState = 'starting' | 'running' | 'evicted' | 'failed' | 'finished';

/** Judges a pod by the state of the container called `runner` alone, but for an eviction. */
export function* stateByContainer(pod: Pod): Step<PodState> {
  const container = pod.status?.containerStatuses?.find(({ name }) => name === RUNNER_CONTAINER);
  if (container === undefined) {
    yield log('Waiting for runner container status to be available');
    return 'starting';
  }
  const terminated = container.state?.terminated;
  if (terminated === undefined) {
    if (pod.status?.phase === 'Failed' && pod.status.reason === 'Evicted') {
      yield log('Pod set the termination phase, but container state is not terminated. Deleting pod', {
        PodPhase: pod.status.phase,
        PodReason: pod.status.reason,
        PodMessage: pod.status.message,
      });
      return 'evicted';
    }
    yield log('Ephemeral runner container is still running');
    return 'running';
  }
  if (terminated.exitCode === 0) return 'finished';
  yield log('Ephemeral runner container failed', { exitCode: terminated.exitCode });
  return 'failed';
}
