import type { EphemeralRunner, EphemeralRunnerStatus } from '../kubernetes/types.ts';
import { done, log, orLogError, phase, type Result, type Step } from '../runtime/effects.ts';
import { REASON_OUTDATED } from './names.ts';
import { patchStatus } from './patches.ts';
import type { RunnerPass } from './runner-pass.ts';
import { leaveService } from './leave-service.ts';

/** The runner is given up: its status says why, and the service forgets it. Its set deletes it. */
export function* markAsFailed(
  runner: EphemeralRunner,
  pass: RunnerPass,
  reason: string,
  message: string,
): Step<Result> {
  yield* phase('mark-failed');
  yield* log('Updating ephemeral runner status to Failed');
  const status = { phase: 'Failed', reason, message } as const;
  yield* orLogError(giveUp(runner, pass, status), 'Failed to set ephemeral runner to phase Failed');
  yield* log('EphemeralRunner is marked as Failed and deleted from the service');
  return done;
}

/** The service takes the runner's version no more; neither will it take another runner of this set. */
export function* markAsOutdated(runner: EphemeralRunner, pass: RunnerPass): Step<void> {
  yield* phase('mark-outdated');
  yield* log('Updating ephemeral runner status to Outdated');
  const status = { phase: 'Outdated', reason: REASON_OUTDATED, message: 'Runner is deprecated' } as const;
  yield* orLogError(giveUp(runner, pass, status), 'Failed to set ephemeral runner to phase Outdated');
}

function* giveUp(runner: EphemeralRunner, pass: RunnerPass, status: EphemeralRunnerStatus): Step<void> {
  const over = yield* patchStatus(runner, status);
  yield* log('Removing the runner from the service');
  yield* leaveService(over, pass);
}
