import type { EphemeralRunner, Pod } from '../kubernetes/types.ts';
import { log, orLogError, phase, type Step } from '../runtime/effects.ts';
import { deleteRunner } from './delete-runner.ts';
import { countFailure } from './failures.ts';
import { patchStatus } from './patches.ts';
import type { RunnerPass } from './runner-pass.ts';
import { isRegistered } from './service.ts';

/** The runner's container has ended with 0, so its job is done and it is needed no more. */
export function* deleteFinished(runner: EphemeralRunner, pod: Pod): Step<void> {
  const isPodFailed = pod.status?.phase === 'Failed';
  yield* isPodFailed
    ? log('Runner container has succeeded but pod is in failed phase; Assume successful exit')
    : log('Ephemeral runner has finished successfully, deleting ephemeral runner', { exitCode: 0 });
  yield* deleteRunner(runner, 'Failed to delete ephemeral runner after successful completion');
}

/** The runner's container has ended with 0, so its job is done. */
export function* finish(runner: EphemeralRunner): Step<void> {
  yield* log('Ephemeral runner has finished successfully');
  yield* markAsSucceeded(runner);
}

/** The runner's container has ended with 0. Its job is done if the service says so by knowing the runner no longer. */
export function* finishIfForgotten(runner: EphemeralRunner, pod: Pod, pass: RunnerPass): Step<void> {
  const check = isRegistered(runner, pass.clients);
  if (yield* orLogError(check, 'Failed to check if runner is registered with the service')) {
    yield* log(
      'Ephemeral runner pod has finished, but the runner still exists in the service. Deleting the pod to restart it.',
    );
    return yield* countFailure(runner, pod, pass, 'failed to delete a pod that still exists in the service');
  }
  yield* log('Ephemeral runner has finished since it does not exist in the service anymore');
  yield* markAsSucceeded(runner);
}

function* markAsSucceeded(runner: EphemeralRunner): Step<void> {
  yield* phase('finish');
  yield* log('Updating ephemeral runner status to Finished');
  yield* orLogError(patchStatus(runner, { phase: 'Succeeded' }), 'Failed to mark ephemeral runner as finished');
  yield* log('EphemeralRunner status is marked as Finished');
}
