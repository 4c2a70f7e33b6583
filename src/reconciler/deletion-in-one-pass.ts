import { ApiError } from '../kubernetes/api-error.ts';
import { Pods } from '../kubernetes/resource.ts';
import type { EphemeralRunner } from '../kubernetes/types.ts';
import { cached, done, log, orLogError, phase, requeueAfter, type Result, type Step } from '../runtime/effects.ts';
import { deleteHookPods, deleteHookSecrets, deleteJitSecret, deletePod } from './clean-up.ts';
import { removeLastFinalizer } from './last-finalizer.ts';
import { HOOKS_VARIABLE, REGISTRATION_FINALIZER, RUNNER_CONTAINER, RUNNER_FINALIZER } from './names.ts';
import { hasFinalizer, LAST_FINALIZER_FAILED, removeFinalizer, removeFinalizerSince } from './patches.ts';
import { runnerExitCode } from './pod-state.ts';
import type { RunnerPass } from './runner-pass.ts';
import { isJobStillRunning, JOB_STILL_RUNNING_RETRY_US, removeFromService } from './service.ts';

/**
 * The runner's deletion was requested: one pass undoes all that was done for it, and waits for nothing to be gone. Its pod
 * may outlive it.
 */
export function* finalizeInOnePass(runner: EphemeralRunner, pass: RunnerPass): Step<Result> {
  if (!hasFinalizer(runner, RUNNER_FINALIZER)) return done;
  const { switches, unregistration } = pass;
  let current = runner;
  const isRegistered = hasFinalizer(runner, REGISTRATION_FINALIZER);
  if (isRegistered && unregistration === undefined) {
    yield* log('Trying to clean up runner from the service');
    if (!(yield* orLogError(isRemoved(runner, pass), 'Failed to clean up runner from service'))) {
      yield* log('Runner is not finished yet, retrying in 30s');
      return requeueAfter(JOB_STILL_RUNNING_RETRY_US);
    }
  }
  const isDone = unregistration !== undefined && (yield* hasDoneItsJob(runner, pass));
  if (isRegistered && !switches.has(4669)) {
    yield* phase('remove-registration-finalizer');
    yield* log('Runner is cleaned up from the service, removing finalizer');
    current = yield* removeFinalizer(runner, REGISTRATION_FINALIZER);
    yield* log('Removed finalizer from ephemeral runner');
    if (!isDone) unregistration?.push(runner);
  }

  yield* log('Finalizing ephemeral runner');
  yield* cleanUpInOnePass(current, pass);
  if (usesHooks(current)) {
    yield* log('Runner has container hook configured, cleaning up container hook resources');
    yield* orLogError(cleanUpHookObjects(current), 'Failed to clean up container hooks resources');
  }
  const last = [RUNNER_FINALIZER, ...(switches.has(4669) ? [REGISTRATION_FINALIZER] : [])];
  const result = yield* removeLastFinalizer(
    switches.has(4516) ? removeFinalizerSince(runner, current, ...last) : removeFinalizer(current, ...last),
    LAST_FINALIZER_FAILED,
  );
  if (isRegistered && switches.has(4669) && !isDone) unregistration?.push(runner);
  return result;
}

/** Its container ended with 0: the runner has then taken itself off the service. */
function* hasDoneItsJob({ status }: EphemeralRunner, { key }: RunnerPass): Step<boolean> {
  const pod = yield* cached(Pods, key);
  return status?.phase === 'Succeeded' || (pod !== undefined && runnerExitCode(pod) === 0);
}

/** Deletes the runner's pod and secret. */
export function* cleanUpInOnePass(runner: EphemeralRunner, pass: RunnerPass): Step<Result> {
  yield* phase('clean-up');
  yield* orLogError(deletePodAndSecret(runner, pass), 'Failed to clean up ephemeral runner owned resources');
  return done;
}

function* deletePodAndSecret(runner: EphemeralRunner, { key, switches }: RunnerPass): Step<void> {
  const ofPod = { nothing: 'Runner pod is deleted', terminating: 'Pod contains deletion timestamp' };
  yield* log({ ...ofPod, 'deleted now': 'Deleted the runner pod' }[yield* deletePod(key, switches.has(4673))]);
  const ofSecret = { nothing: 'Runner jitconfig secret is deleted', terminating: 'Secret contains deletion timestamp' };
  yield* log({ ...ofSecret, 'deleted now': 'Deleted jitconfig secret' }[yield* deleteJitSecret(runner)]);
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
  yield* phase('clean-up-hook-objects');
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
