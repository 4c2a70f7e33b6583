import type { ActionsClientCache } from '../actions/client-cache.ts';
import { Pods } from '../kubernetes/resource.ts';
import type { EphemeralRunner, Pod, RunnerPhase } from '../kubernetes/types.ts';
import { done, log, orLogError, phase, remove, type Result, type Step } from '../runtime/effects.ts';
import { RUNNER_CONTAINER } from './names.ts';
import { patchStatus } from './patches.ts';
import type { Release } from './releases/release.ts';
import { isRegistered } from './service.ts';

/** What a pass does about a pod that exists, by the state of the container called `runner`. */
export function* followPod(
  runner: EphemeralRunner,
  pod: Pod,
  release: Release,
  clients: ActionsClientCache,
): Step<Result> {
  yield phase('follow-pod');
  const container = pod.status?.containerStatuses?.find(({ name }) => name === RUNNER_CONTAINER);
  if (container === undefined) {
    yield log('Waiting for runner container status to be available');
    return done;
  }
  const terminated = container.state?.terminated;
  if (terminated === undefined) {
    if (pod.status?.phase === 'Failed' && pod.status.reason === 'Evicted') {
      yield log('Pod set the termination phase, but container state is not terminated. Deleting pod', {
        PodPhase: pod.status.phase,
        PodReason: pod.status.reason,
        PodMessage: pod.status.message,
      });
      yield* orLogError(deletePodAsFailed(runner, pod), 'failed to delete pod as failed on pod.Status.Phase: Failed');
      return done;
    }
    yield log('Ephemeral runner container is still running');
    yield* followPhase(runner, pod, release);
    return done;
  }
  if (terminated.exitCode !== 0) {
    yield log('Ephemeral runner container failed', { exitCode: terminated.exitCode });
    yield* orLogError(deletePodAsFailed(runner, pod), 'Failed to delete runner pod on failure');
    return done;
  }
  const check = isRegistered(runner, clients);
  if (yield* orLogError(check, 'Failed to check if runner is registered with the service')) {
    yield log(
      'Ephemeral runner pod has finished, but the runner still exists in the service. Deleting the pod to restart it.',
    );
    yield* orLogError(deletePodAsFailed(runner, pod), 'failed to delete a pod that still exists in the service');
    return done;
  }
  yield log('Ephemeral runner has finished since it does not exist in the service anymore');
  yield phase('finish');
  yield log('Updating ephemeral runner status to Finished');
  yield* orLogError(
    patchStatus(runner, { ...runner.status, phase: 'Succeeded' }),
    'Failed to mark ephemeral runner as finished',
  );
  yield log('EphemeralRunner status is marked as Finished');
  return done;
}

/** Counts a failure against the runner; the next pass makes a new pod or gives up. */
function* deletePodAsFailed(runner: EphemeralRunner, pod: Pod): Step<void> {
  yield phase('count-failure');
  if (pod.metadata.deletionTimestamp === undefined) {
    yield log('Deleting the ephemeral runner pod', { podId: pod.metadata.uid });
    yield* remove(Pods, pod);
  }
  yield log('Updating ephemeral runner status to track the failure count');
  yield* patchStatus(runner, {
    ...runner.status,
    failures: { ...runner.status?.failures, [pod.metadata.uid ?? '']: true },
    ready: false,
    reason: pod.status?.reason ?? '',
    message: pod.status?.message ?? '',
  });
  yield log('EphemeralRunner pod is deleted and status is updated with failure count');
}

function* followPhase(runner: EphemeralRunner, pod: Pod, release: Release): Step<void> {
  try {
    yield* copyPhase(runner, pod, release);
  } catch (error) {
    yield log('Failed to update ephemeral runner status. Requeue to not miss this event');
    throw error;
  }
}

/** Ready follows the phase alone here: a pod restarted while the phase stays Running leaves it false. */
function* copyPhase(runner: EphemeralRunner, pod: Pod, { log: texts }: Release): Step<void> {
  const podPhase = pod.status?.phase ?? '';
  if (podPhase === 'Succeeded' || podPhase === 'Failed' || podPhase === (runner.status?.phase ?? '')) return;
  yield phase('copy-phase');
  yield log(texts.followsPhase, {
    statusPhase: podPhase,
    statusReason: pod.status?.reason,
    statusMessage: pod.status?.message,
  });
  yield* patchStatus(runner, {
    ...runner.status,
    phase: podPhase as RunnerPhase,
    ready: runner.status?.ready === true || podPhase === 'Running',
    reason: pod.status?.reason ?? '',
    message: pod.status?.message ?? '',
  });
  yield log('Updated ephemeral runner status with pod phase');
}
