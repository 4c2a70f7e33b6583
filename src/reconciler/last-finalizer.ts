import { isNotFound } from '../kubernetes/api-error.ts';
import { done, log, logError, phase, type KubernetesEffect, type Result, type Step } from '../runtime/effects.ts';

/**
 * Takes an object's last finalizer off, which lets the API server remove it.
 * @param patch what takes it off
 * @param failed what the log says when that fails
 * @param mayBeGone whether an object that is gone already is no error
 */
export function* removeLastFinalizer(
  patch: KubernetesEffect<unknown> | Step<unknown>,
  failed: string,
  mayBeGone = true,
): Step<Result> {
  yield* phase('remove-finalizer');
  yield* log('Removing finalizer');
  try {
    yield* patch;
  } catch (error) {
    if (!mayBeGone || !isNotFound(error)) {
      yield* logError(failed, error);
      throw error;
    }
  }
  yield* log('Successfully removed finalizer after cleanup');
  return done;
}
