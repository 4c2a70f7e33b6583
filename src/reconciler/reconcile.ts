import type { ActionsClientCache } from '../actions/client-cache.ts';
import { ActionsError } from '../actions/errors.ts';
import { isForbidden, isInvalid, isNotFound } from '../kubernetes/api-error.ts';
import { EphemeralRunners, Pods, Secrets } from '../kubernetes/resource.ts';
import type { EphemeralRunner } from '../kubernetes/types.ts';
import {
  cached,
  create,
  done,
  find,
  get,
  log,
  logError,
  orLogError,
  phase,
  requeue,
  requeueAfter,
  type Reconcile,
  type Result,
  type Step,
} from '../runtime/effects.ts';
import { cleanUpHookObjects, cleanUpPodAndSecret } from './cleanup.ts';
import {
  MAX_POD_FAILURES,
  REASON_INVALID_POD,
  REASON_TOO_MANY_POD_FAILURES,
  REGISTRATION_FINALIZER,
  RUNNER_FINALIZER,
} from './names.ts';
import { jitSecretFor, podFor } from './objects.ts';
import { addFinalizer, hasFinalizer, patchStatus, removeFinalizer } from './patches.ts';
import { followPod } from './pod-status.ts';
import { register } from './registration.ts';
import type { Release } from './releases/release.ts';
import { removeFromService } from './service.ts';

const JOB_STILL_RUNNING_RETRY_US = 30_000_000;
const HOOK_OBJECTS_RETRY_US = 5_000_000;
const SECRET_NOT_FETCHED = 'Failed to fetch secret';
const RESOURCES_NOT_CLEANED_UP = 'Failed to clean up ephemeral runner owned resources';

/**
 * One reconcile pass of ARC's EphemeralRunner controller: looks at the runner named by `key` and does the next thing that
 * brings it closer to having a registered runner in a pod, or to being cleaned up.
 */
export function* reconcileEphemeralRunner(key: string, release: Release, clients: ActionsClientCache): Reconcile {
  let runner = yield* cached(EphemeralRunners, key);
  if (runner === undefined) return done;
  if (runner.metadata.deletionTimestamp !== undefined) return yield* finalize(key, runner, clients);
  if (runner.status?.phase === 'Succeeded' || runner.status?.phase === 'Failed') {
    yield log('Cleaning up resources after after ephemeral runner termination', { phase: runner.status.phase });
    return yield* cleanUpFinished(key, runner);
  }

  if (!hasFinalizer(runner, RUNNER_FINALIZER)) {
    yield phase('add-finalizer');
    yield log('Adding finalizer');
    yield* orLogError(addFinalizer(runner, RUNNER_FINALIZER), 'Failed to update with finalizer set');
    yield log('Successfully added finalizer');
    return done;
  }
  if (!hasFinalizer(runner, REGISTRATION_FINALIZER)) {
    yield phase('add-registration-finalizer');
    yield log('Adding runner registration finalizer');
    yield* orLogError(
      addFinalizer(runner, REGISTRATION_FINALIZER),
      'Failed to update with runner registration finalizer set',
    );
    yield log('Successfully added runner registration finalizer');
    return done;
  }

  const isOnePass = release.switches.has(3831);
  if ((runner.status?.runnerId ?? 0) === 0) {
    const registration = yield* register(runner, clients);
    if (registration.result !== undefined) return registration.result;
    if (!isOnePass) return done;
    runner = registration.runner;
  }

  const { namespace = '', name } = runner.metadata;
  yield phase('ensure-secret');
  if ((yield* orLogError(find(Secrets, namespace, name), SECRET_NOT_FETCHED)) === undefined) {
    yield phase('create-secret');
    yield log('Creating new ephemeral runner secret for jitconfig.');
    yield log('Creating new secret for ephemeral runner');
    const secret = jitSecretFor(runner);
    yield log('Created new secret spec for ephemeral runner');
    yield* create(Secrets, secret);
    yield log('Created ephemeral runner secret', { secretName: name });
    if (!isOnePass) return requeue;
    yield* orLogError(get(Secrets, namespace, name), SECRET_NOT_FETCHED);
  }

  const pod = yield* cached(Pods, key);
  if (pod !== undefined) return yield* followPod(runner, pod, release, clients);
  if (Object.keys(runner.status?.failures ?? {}).length > MAX_POD_FAILURES) {
    yield log(release.log.tooManyFailures);
    const message = `Pod has failed to start more than ${MAX_POD_FAILURES} times: `;
    return yield* markAsFailed(runner, REASON_TOO_MANY_POD_FAILURES, message, clients);
  }
  return yield* createPod(runner, clients);
}

/** A runner that is done needs its pod and secret no longer; its set deletes it. */
function* cleanUpFinished(key: string, runner: EphemeralRunner): Step<Result> {
  if (!(yield* orLogError(cleanUpPodAndSecret(key, runner), RESOURCES_NOT_CLEANED_UP))) {
    yield log('Waiting for ephemeral runner owned resources to be deleted');
    return requeue;
  }
  yield log(
    'EphemeralRunner has already finished. Stopping reconciliation and waiting for EphemeralRunnerSet to clean it up',
    { phase: runner.status?.phase },
  );
  return done;
}

function* createPod(runner: EphemeralRunner, clients: ActionsClientCache): Step<Result> {
  yield phase('create-pod');
  yield log('Creating new EphemeralRunner pod.');
  yield log('Creating new pod for ephemeral runner');
  const spec = podFor(runner);
  yield log('Created new pod spec for ephemeral runner');
  try {
    const pod = yield* create(Pods, spec);
    yield log('Created ephemeral runner pod', {
      runnerScaleSetId: runner.spec.runnerScaleSetId,
      runnerName: runner.status?.runnerName,
      runnerId: runner.status?.runnerId,
      configUrl: runner.spec.githubConfigUrl,
      podName: pod.metadata.name,
    });
    return done;
  } catch (error) {
    yield logError('Failed to create pod resource for ephemeral runner.', error);
    if (!isInvalid(error) && !isForbidden(error)) {
      yield logError('Failed to create the pod', error);
      throw error;
    }
    yield logError('Failed to create a pod due to unrecoverable failure', error);
    const message = `Failed to create the pod: ${(error as Error).message}`;
    return yield* markAsFailed(runner, REASON_INVALID_POD, message, clients);
  }
}

function* markAsFailed(
  runner: EphemeralRunner,
  reason: string,
  message: string,
  clients: ActionsClientCache,
): Step<Result> {
  yield phase('mark-failed');
  yield log('Updating ephemeral runner status to Failed');
  yield* orLogError(failAndRemove(runner, reason, message, clients), 'Failed to set ephemeral runner to phase Failed');
  yield log('EphemeralRunner is marked as Failed and deleted from the service');
  return done;
}

function* failAndRemove(
  runner: EphemeralRunner,
  reason: string,
  message: string,
  clients: ActionsClientCache,
): Step<void> {
  const failed = yield* patchStatus(runner, { ...runner.status, phase: 'Failed', reason, message });
  yield log('Removing the runner from the service');
  yield* removeFromService(failed, clients);
}

/** The runner's deletion was requested: undo, in reverse, what was done for it. One step a pass. */
function* finalize(key: string, runner: EphemeralRunner, clients: ActionsClientCache): Step<Result> {
  if (!hasFinalizer(runner, RUNNER_FINALIZER)) return done;
  if (hasFinalizer(runner, REGISTRATION_FINALIZER)) return yield* finalizeRegistration(runner, clients);

  yield log('Finalizing ephemeral runner');
  if (!(yield* orLogError(cleanUpPodAndSecret(key, runner), RESOURCES_NOT_CLEANED_UP))) {
    yield log('Waiting for ephemeral runner owned resources to be deleted');
    return requeue;
  }
  if (!(yield* orLogError(cleanUpHookObjects(runner), 'Failed to clean up container hooks resources'))) {
    yield log('Waiting for container hooks resources to be deleted');
    return requeueAfter(HOOK_OBJECTS_RETRY_US);
  }
  yield phase('remove-finalizer');
  yield log('Removing finalizer');
  try {
    yield* removeFinalizer(runner, RUNNER_FINALIZER);
  } catch (error) {
    if (!isNotFound(error)) {
      yield logError('Failed to update ephemeral runner without the finalizer', error);
      throw error;
    }
  }
  yield log('Successfully removed finalizer after cleanup');
  return done;
}

function* finalizeRegistration(runner: EphemeralRunner, clients: ActionsClientCache): Step<Result> {
  // A runner that succeeded was dropped by the service when its job was done.
  if (runner.status?.phase !== 'Succeeded') {
    try {
      yield* removeFromService(runner, clients);
    } catch (error) {
      if (!(error instanceof ActionsError)) {
        yield logError('Failed to clean up runner from the service (not an ActionsError)', error);
        throw error;
      }
      if (error.status !== 400 || !error.is('JobStillRunningException')) {
        yield logError('Failed clean up runner from the service', error);
        throw error;
      }
      yield log('Runner is still running the job. Re-queue in 30 seconds');
      return requeueAfter(JOB_STILL_RUNNING_RETRY_US);
    }
    yield log('Successfully removed runner registration from service');
  }
  yield phase('remove-registration-finalizer');
  yield* orLogError(
    removeFinalizer(runner, REGISTRATION_FINALIZER),
    'Failed to update ephemeral runner without runner registration finalizer',
  );
  yield log('Successfully removed runner registration finalizer');
  return done;
}
