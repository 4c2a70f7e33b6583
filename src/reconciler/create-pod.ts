import { isForbidden, isInvalid } from '../kubernetes/api-error.ts';
import { Pods } from '../kubernetes/resource.ts';
import type { EphemeralRunner } from '../kubernetes/types.ts';
import { create, done, log, logError, phase, type Result, type Step } from '../runtime/effects.ts';
import { markAsFailed } from './mark-failed.ts';
import { REASON_INVALID_POD } from './names.ts';
import { podFor } from './objects.ts';
import type { RunnerPass } from './runner-pass.ts';

/** Makes the runner's pod. A runner whose pod cannot be made, now or later, is given up. */
export function* createPod(runner: EphemeralRunner, pass: RunnerPass): Step<Result> {
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
    return yield* markAsFailed(runner, pass, REASON_INVALID_POD, message);
  }
}
