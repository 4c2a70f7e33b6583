import type { EphemeralRunner } from '../kubernetes/types.ts';
import { done, log, orLogError, phase, type Result, type Step } from '../runtime/effects.ts';
import { patchStatus } from './patches.ts';
import type { RunnerPass } from './runner-pass.ts';
import { removeFromService } from './service.ts';

/** The runner is given up: its status says why, and the service forgets it. Its set deletes it. */
export function* markAsFailed(
  runner: EphemeralRunner,
  pass: RunnerPass,
  reason: string,
  message: string,
): Step<Result> {
  yield phase('mark-failed');
  yield log('Updating ephemeral runner status to Failed');
  yield* orLogError(failAndRemove(runner, pass, reason, message), 'Failed to set ephemeral runner to phase Failed');
  yield log('EphemeralRunner is marked as Failed and deleted from the service');
  return done;
}

function* failAndRemove(runner: EphemeralRunner, pass: RunnerPass, reason: string, message: string): Step<void> {
  const failed = yield* patchStatus(runner, { ...runner.status, phase: 'Failed', reason, message });
  yield log('Removing the runner from the service');
  yield* removeFromService(failed, pass.clients);
}
