import { ActionsError } from '../actions/errors.ts';
import type { EphemeralRunner } from '../kubernetes/types.ts';
import {
  done,
  log,
  logError,
  orLogError,
  phase,
  requeue,
  requeueAfter,
  type Result,
  type Step,
} from '../runtime/effects.ts';
import { deleteHookPods, deleteHookSecrets, deleteJitSecret, deletePod } from './clean-up.ts';
import { removeLastFinalizer } from './last-finalizer.ts';
import { REGISTRATION_FINALIZER, RUNNER_FINALIZER } from './names.ts';
import { hasFinalizer, LAST_FINALIZER_FAILED, removeFinalizer } from './patches.ts';
import type { RunnerPass } from './runner-pass.ts';
import { isJobStillRunning, JOB_STILL_RUNNING_RETRY_US, removeFromService } from './service.ts';

const HOOK_OBJECTS_RETRY_US = 5_000_000;
const RESOURCES_NOT_CLEANED_UP = 'Failed to clean up ephemeral runner owned resources';

/** The runner's deletion was requested: undo, in reverse, what was done for it. One step a pass, which waits for its end. */
export function* finalizeInSteps(runner: EphemeralRunner, pass: RunnerPass): Step<Result> {
  if (!hasFinalizer(runner, RUNNER_FINALIZER)) return done;
  if (hasFinalizer(runner, REGISTRATION_FINALIZER)) return yield* finalizeRegistration(runner, pass);

  yield* log('Finalizing ephemeral runner');
  if (!(yield* orLogError(cleanUpPodAndSecret(runner, pass.key), RESOURCES_NOT_CLEANED_UP))) {
    yield* log('Waiting for ephemeral runner owned resources to be deleted');
    return requeue;
  }
  if (!(yield* orLogError(cleanUpHookObjects(runner), 'Failed to clean up container hooks resources'))) {
    yield* log('Waiting for container hooks resources to be deleted');
    return requeueAfter(HOOK_OBJECTS_RETRY_US);
  }
  return yield* removeLastFinalizer(removeFinalizer(runner, RUNNER_FINALIZER), LAST_FINALIZER_FAILED);
}

function* finalizeRegistration(runner: EphemeralRunner, pass: RunnerPass): Step<Result> {
  // A runner that succeeded was dropped by the service when its job was done.
  if (runner.status?.phase !== 'Succeeded') {
    try {
      yield* removeFromService(runner, pass.clients);
    } catch (error) {
      if (!(error instanceof ActionsError)) {
        yield* logError('Failed to clean up runner from the service (not an ActionsError)', error);
        throw error;
      }
      if (!isJobStillRunning(error)) {
        yield* logError('Failed clean up runner from the service', error);
        throw error;
      }
      yield* log('Runner is still running the job. Re-queue in 30 seconds');
      return requeueAfter(JOB_STILL_RUNNING_RETRY_US);
    }
    yield* log('Successfully removed runner registration from service');
  }
  yield* phase('remove-registration-finalizer');
  yield* orLogError(
    removeFinalizer(runner, REGISTRATION_FINALIZER),
    'Failed to update ephemeral runner without runner registration finalizer',
  );
  yield* log('Successfully removed runner registration finalizer');
  return done;
}

/** A runner that is over needs its pod and secret no longer; its set deletes it. */
export function* cleanUpInSteps(runner: EphemeralRunner, pass: RunnerPass): Step<Result> {
  if (!(yield* orLogError(cleanUpPodAndSecret(runner, pass.key), RESOURCES_NOT_CLEANED_UP))) {
    yield* log('Waiting for ephemeral runner owned resources to be deleted');
    return requeue;
  }
  return done;
}

/**
 * Deletes the runner's pod and then its secret, one a pass.
 * @returns whether both were found gone
 */
function* cleanUpPodAndSecret(runner: EphemeralRunner, key: string): Step<boolean> {
  yield* phase('clean-up');
  if ((yield* deletePod(key)) !== 'nothing') return false;
  yield* log('Pod is deleted');
  if ((yield* deleteJitSecret(runner)) !== 'nothing') return false;
  yield* log('Secret is deleted');
  return true;
}

/**
 * Deletes what the job's container hooks left: pods first, secrets once no such pod is to be seen.
 * @returns whether none of either was found
 */
function* cleanUpHookObjects(runner: EphemeralRunner): Step<boolean> {
  yield* phase('clean-up-hook-objects');
  return !(yield* deleteHookPods(runner)) && !(yield* deleteHookSecrets(runner));
}
