import type { EphemeralRunner, Pod } from '../kubernetes/types.ts';
import { log, logError, type Step } from '../runtime/effects.ts';
import { deleteRunner } from './delete-runner.ts';
import { countFailure } from './failures.ts';
import type { RunnerPass } from './runner-pass.ts';
import { leaveService } from './leave-service.ts';

/** A pod has failed before its runner had a job: another one can take its place. */
export function* replacePod(runner: EphemeralRunner, pod: Pod, pass: RunnerPass): Step<void> {
  yield* countFailure(runner, pod, pass, 'Failed to delete runner pod on failure');
}

/** A pod has failed. If that was during a job, nothing can go on with that job, and the runner is deleted. */
export function* replacePodOrDeleteRunner(runner: EphemeralRunner, pod: Pod, pass: RunnerPass): Step<void> {
  if ((runner.status?.jobId ?? '') === '') return yield* replacePod(runner, pod, pass);
  yield* logError(
    'Ephemeral runner either has faulty entrypoint or something external killing the runner',
    new Error('ephemeral runner has a job assigned, but the pod has failed'),
  );
  yield* log('Deleting the ephemeral runner that has a job assigned but the pod has failed');
  yield* deleteRunner(runner, 'Failed to delete the ephemeral runner that has a job assigned but the pod has failed');
  if (!pass.switches.has(4260)) return;
  yield* log('Deleted the ephemeral runner that has a job assigned but the pod has failed');
  yield* log('Trying to remove the runner from the service');
  try {
    yield* leaveService(runner, pass);
    yield* log('Removed the runner from the service');
  } catch (error) {
    // The runner's finalizer has it removed as well.
    yield* logError('Failed to remove the runner from the service', error);
  }
}
