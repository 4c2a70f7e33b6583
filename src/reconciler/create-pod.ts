import { WallTimeEffect } from '../base/effect.ts';
import { isAlreadyExists, isForbidden, isInvalid } from '../kubernetes/api-error.ts';
import { Pods } from '../kubernetes/resource.ts';
import type { EphemeralRunner } from '../kubernetes/types.ts';
import { create, done, log, logError, phase, requeueAfter, type Result, type Step } from '../runtime/effects.ts';
import { deleteRunner } from './delete-runner.ts';
import { markAsFailed } from './mark-failed.ts';
import { REASON_INVALID_POD } from './names.ts';
import { podFor } from './objects.ts';
import type { RunnerPass } from './runner-pass.ts';

/** The cache does not show a pod that exists; it will before this time has passed. */
const POD_EXISTS_RETRY_US = 5_000_000;
const QUOTA_RETRY_US = 30_000_000;
/** A runner that the quota has kept without a pod for this time is deleted, and its set makes another. */
const QUOTA_LIMIT_MS = 600_000;

/** Makes the runner's pod. */
export function* createPod(runner: EphemeralRunner, pass: RunnerPass): Step<Result> {
  yield* phase('create-pod');
  yield* log(
    pass.switches.has(4201)
      ? 'Ephemeral runner pod does not exist. Creating new ephemeral runner'
      : 'Creating new EphemeralRunner pod.',
  );
  yield* log('Creating new pod for ephemeral runner');
  const spec = podFor(runner, pass.switches);
  yield* log('Created new pod spec for ephemeral runner');
  try {
    const pod = yield* create(Pods, spec);
    yield* log('Created ephemeral runner pod', {
      runnerScaleSetId: runner.spec.runnerScaleSetId,
      runnerName: runner.status?.runnerName,
      runnerId: runner.status?.runnerId,
      configUrl: runner.spec.githubConfigUrl,
      podName: pod.metadata.name,
    });
    return done;
  } catch (error) {
    yield* logError('Failed to create pod resource for ephemeral runner.', error);
    return yield* withoutPod(runner, pass, error);
  }
}

/** The pod was refused: the runner waits, is deleted, is given up, or the pass fails. */
function* withoutPod(runner: EphemeralRunner, pass: RunnerPass, error: unknown): Step<Result> {
  const { switches } = pass;
  if (switches.has(4201) && isAlreadyExists(error)) {
    yield* log('Runner pod already exists. Waiting for the pod event to be received');
    return requeueAfter(POD_EXISTS_RETRY_US);
  }
  if (switches.has(4305) && isQuotaExceeded(error)) return yield* waitForQuota(runner, error);
  if (!isInvalid(error) && !isForbidden(error)) {
    yield* logError('Failed to create the pod', error);
    throw error;
  }
  yield* logError('Failed to create a pod due to unrecoverable failure', error);
  const message = `Failed to create the pod: ${(error as Error).message}`;
  return yield* markAsFailed(runner, pass, REASON_INVALID_POD, message);
}

function isQuotaExceeded(error: unknown): boolean {
  return isForbidden(error) && (error as Error).message.includes('exceeded quota:');
}

function* waitForQuota(runner: EphemeralRunner, error: unknown): Step<Result> {
  const ageMs = (yield* new WallTimeEffect()) - Date.parse(runner.metadata.creationTimestamp ?? '');
  if (ageMs > QUOTA_LIMIT_MS) {
    yield* logError(
      'Failed to create a pod due to resource quota exceeded and the ephemeral runner is about to expire; re-creating the ephemeral runner',
      error,
    );
    yield* deleteRunner(runner, 'Failed to delete the ephemeral runner');
    return done;
  }
  yield* logError('Resource quota is exceeded; requeue in 30s to retry pod creation', error);
  return requeueAfter(QUOTA_RETRY_US);
}
