import { ApiError } from '../kubernetes/api-error.ts';
import type { EphemeralRunner } from '../kubernetes/types.ts';
import { done, log, orLogError, phase, requeueAfter, type Result, type Step } from '../runtime/effects.ts';
import { deleteHookPods, deleteHookSecrets, deleteJitSecret, deletePod } from './clean-up.ts';
import { removeLastFinalizer } from './last-finalizer.ts';
import { HOOKS_VARIABLE, REGISTRATION_FINALIZER, RUNNER_CONTAINER, RUNNER_FINALIZER } from './names.ts';
import { hasFinalizer, removeFinalizer, removeFinalizerSince } from './patches.ts';
import type { RunnerPass } from './runner-pass.ts';
import { isJobStillRunning, JOB_STILL_RUNNING_RETRY_US, removeFromService } from './service.ts';

/**
 * The runner's deletion was requested: one pass undoes all that was done for it, and waits for nothing to be gone. Its pod
 * may outlive it.
 */
export function* finalizeInOnePass(runner: EphemeralRunner, pass: RunnerPass): Step<Result> {
  if (!hasFinalizer(runner, RUNNER_FINALIZER)) return done;
  let current = runner;
  if (hasFinalizer(runner, REGISTRATION_FINALIZER)) {
    yield log('Trying to clean up runner from the service');
    if (!(yield* orLogError(isRemoved(runner, pass), 'Failed to clean up runner from service'))) {
      yield log('Runner is not finished yet, retrying in 30s');
      return requeueAfter(JOB_STILL_RUNNING_RETRY_US);
    }
    yield phase('remove-registration-finalizer');
    yield log('Runner is cleaned up from the service, removing finalizer');
    current = yield* removeFinalizer(runner, REGISTRATION_FINALIZER);
    yield log('Removed finalizer from ephemeral runner');
  }

  yield log('Finalizing ephemeral runner');
  yield* cleanUpInOnePass(current, pass);
  if (usesHooks(current)) {
    yield log('Runner has container hook configured, cleaning up container hook resources');
    yield* orLogError(cleanUpHookObjects(current), 'Failed to clean up container hooks resources');
  }
  return yield* removeLastFinalizer(
    pass.switches.has(4516)
      ? removeFinalizerSince(runner, current, RUNNER_FINALIZER)
      : removeFinalizer(current, RUNNER_FINALIZER),
  );
}

/** Deletes the runner's pod and secret. */
export function* cleanUpInOnePass(runner: EphemeralRunner, pass: RunnerPass): Step<Result> {
  yield phase('clean-up');
  yield* orLogError(deletePodAndSecret(runner, pass.key), 'Failed to clean up ephemeral runner owned resources');
  return done;
}

function* deletePodAndSecret(runner: EphemeralRunner, key: string): Step<void> {
  const ofPod = { nothing: 'Runner pod is deleted', terminating: 'Pod contains deletion timestamp' };
  yield log({ ...ofPod, 'deleted now': 'Deleted the runner pod' }[yield* deletePod(key)]);
  const ofSecret = { nothing: 'Runner jitconfig secret is deleted', terminating: 'Secret contains deletion timestamp' };
  yield log({ ...ofSecret, 'deleted now': 'Deleted jitconfig secret' }[yield* deleteJitSecret(runner)]);
}

/** Whether the service has let the runner go; not while its job runs. */
function* isRemoved(runner: EphemeralRunner, { clients }: RunnerPass): Step<boolean> {
  try {
    yield* removeFromService(runner, clients);
    return true;
  } catch (error) {
    if (isJobStillRunning(error)) return false;
    throw error;
  }
}

/** Whether jobs of the runner may have made pods and secrets of their own. */
function usesHooks({ spec }: EphemeralRunner): boolean {
  const container = spec.spec.containers.find(({ name }) => name === RUNNER_CONTAINER);
  return container?.env?.some(({ name }) => name === HOOKS_VARIABLE) === true;
}

/** Pods that cannot be deleted keep no secret from it. */
function* cleanUpHookObjects(runner: EphemeralRunner): Step<void> {
  yield phase('clean-up-hook-objects');
  const errors: (ApiError | AggregateError)[] = [];
  for (const deleteThem of [deleteHookPods, deleteHookSecrets]) {
    try {
      yield* deleteThem(runner);
    } catch (error) {
      if (!(error instanceof ApiError) && !(error instanceof AggregateError)) throw error;
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, errors.map(({ message }) => message).join('; '));
}
