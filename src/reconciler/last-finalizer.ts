import { isNotFound } from '../kubernetes/api-error.ts';
import { done, log, logError, phase, type KubernetesEffect, type Result, type Step } from '../runtime/effects.ts';

/**
 * Takes the runner's last finalizer off, which lets the API server remove it; one that is gone already is no error.
 * @param patch what takes it off
 */
export function* removeLastFinalizer(patch: KubernetesEffect<unknown>): Step<Result> {
  yield phase('remove-finalizer');
  yield log('Removing finalizer');
  try {
    yield* patch;
  } catch (error) {
    if (!isNotFound(error)) {
      yield logError('Failed to update ephemeral runner without the finalizer', error);
      throw error;
    }
  }
  yield log('Successfully removed finalizer after cleanup');
  return done;
}
