import { Pods } from '../kubernetes/resource.ts';
import type { EphemeralRunner, Pod } from '../kubernetes/types.ts';
import { WallTimeEffect } from '../base/effect.ts';
import { log, orLogError, phase, remove, type Result, type Step } from '../runtime/effects.ts';
import { markAsFailed } from './mark-failed.ts';
import { MAX_POD_FAILURES, REASON_TOO_MANY_POD_FAILURES } from './names.ts';
import { patchStatus } from './patches.ts';
import type { RunnerPass } from './runner-pass.ts';

/** Whether more of the runner's pods have failed than it is allowed. */
export function hasFailedTooOften({ status }: EphemeralRunner): boolean {
  return Object.keys(status?.failures ?? {}).length > MAX_POD_FAILURES;
}

/** Too many pods have failed: the runner is left as it is, for people to look at. */
export function* giveUp(runner: EphemeralRunner, pass: RunnerPass): Step<Result> {
  yield* log('EphemeralRunner has failed more than 5 times. Marking it as failed');
  const message = `Pod has failed to start more than ${MAX_POD_FAILURES} times: `;
  return yield* markAsFailed(runner, pass, REASON_TOO_MANY_POD_FAILURES, message);
}

/**
 * Deletes a failed pod and counts it against the runner; the next pass makes a new pod or gives up.
 * @param message under which an error is logged
 */
export function* countFailure(runner: EphemeralRunner, pod: Pod, pass: RunnerPass, message: string): Step<void> {
  yield* phase('count-failure');
  yield* orLogError(deletePodAsFailed(runner, pod, pass), message);
}

function* deletePodAsFailed(runner: EphemeralRunner, pod: Pod, { switches }: RunnerPass): Step<void> {
  if (pod.metadata.deletionTimestamp === undefined) {
    yield* log('Deleting the ephemeral runner pod', { podId: pod.metadata.uid });
    yield* remove(Pods, pod);
  }
  yield* log('Updating ephemeral runner status to track the failure count');
  const failed = switches.has(4059) ? timeOf(yield* new WallTimeEffect()) : true;
  yield* patchStatus(runner, {
    failures: { ...runner.status?.failures, [pod.metadata.uid ?? '']: failed },
    ready: false,
    reason: pod.status?.reason ?? '',
    message: pod.status?.message ?? '',
  });
  yield* log('EphemeralRunner pod is deleted and status is updated with failure count');
}

/** As Kubernetes writes times: whole seconds, cut off. */
function timeOf(wallMs: number): string {
  return new Date(wallMs).toISOString().replace(/\.\d+Z$/, 'Z');
}
