import { WallTimeEffect } from '../base/effect.ts';
import type { EphemeralRunner } from '../kubernetes/types.ts';
import { done, log, phase, requeueAfter, type Step } from '../runtime/effects.ts';
import { deleteRunner } from './delete-runner.ts';
import { hasFailedTooOften } from './failures.ts';
import { MAX_POD_FAILURES } from './names.ts';
import { end, goOn, type Progress, type RunnerPass } from './runner-pass.ts';

/** How long a runner waits after its last failure, by how many there are. */
export const BACK_OFFS_MS = [0, 5_000, 10_000, 20_000, 40_000, 80_000];

/** Deletes a runner with too many failures, and holds one back whose last failure was not long ago. */
export function* backOff(runner: EphemeralRunner, { switches }: RunnerPass): Step<Progress> {
  if (hasFailedTooOften(runner)) {
    yield* log(
      `EphemeralRunner has failed more than ${MAX_POD_FAILURES} times. Deleting ephemeral runner so it can be re-created`,
    );
    yield* deleteRunner(runner, 'Failed to delete ephemeral runner');
    return end(done);
  }
  const times = Object.values(runner.status?.failures ?? {}).map((time) => Date.parse(String(time)));
  const lastMs = Math.max(...times.filter((ms) => !Number.isNaN(ms)));
  const nextMs = lastMs + (BACK_OFFS_MS[times.length] ?? 0);
  const nowMs = yield* new WallTimeEffect();
  if (!(nowMs < nextMs)) return goOn(runner);
  yield* phase('back-off');
  const requeueAfterMs = nextMs - nowMs;
  yield* log('Backing off the next reconciliation due to failure', {
    lastFailure: new Date(lastMs).toISOString(),
    nextReconciliation: new Date(nextMs).toISOString(),
    requeueAfter: `${requeueAfterMs / 1000}s`,
  });
  // Without 4152 the time has the wrong sign, and none is waited for.
  return end(switches.has(4152) ? requeueAfter(requeueAfterMs * 1000) : done);
}
