import { EphemeralRunners } from '../kubernetes/resource.ts';
import type { EphemeralRunner } from '../kubernetes/types.ts';
import { orLogError, phase, removeExisting, type Step } from '../runtime/effects.ts';

/**
 * Asks the API server to delete the runner; its finalizers bring a later pass, which takes it down. Its set makes another.
 * @param message under which an error is logged
 */
export function* deleteRunner(runner: EphemeralRunner, message: string): Step<void> {
  yield* phase('delete-runner');
  yield* orLogError(removeExisting(EphemeralRunners, runner), message);
}
