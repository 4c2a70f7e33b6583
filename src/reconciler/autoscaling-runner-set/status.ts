import { createMergePatch } from '../../kubernetes/merge-patch.ts';
import { AutoscalingRunnerSets } from '../../kubernetes/resource.ts';
import type {
  AutoscalingRunnerSet,
  AutoscalingRunnerSetStatus,
  ScaleSetPhase,
} from '../../kubernetes/scale-set-types.ts';
import type { EphemeralRunnerSet } from '../../kubernetes/types.ts';
import { orLogError, patch, phase as phaseMark, type Step } from '../../runtime/effects.ts';
import type { Switches } from '../releases/switches.ts';

/** The counts of an EphemeralRunnerSet; none without one. */
function countsOf(runnerSet: EphemeralRunnerSet | undefined): AutoscalingRunnerSetStatus {
  const { status } = runnerSet ?? {};
  return {
    currentRunners: status?.currentReplicas ?? 0,
    pendingEphemeralRunners: status?.pendingEphemeralRunners ?? 0,
    runningEphemeralRunners: status?.runningEphemeralRunners ?? 0,
    failedEphemeralRunners: status?.failedEphemeralRunners ?? 0,
  };
}

/** As Go's types write it: counts are there although they are 0. */
function asWritten(status: AutoscalingRunnerSetStatus | undefined): AutoscalingRunnerSetStatus {
  return { ...countsOf(undefined), ...status };
}

/**
 * Copies the counts of the EphemeralRunnerSet when its total has changed: while the total stays, how many of them run is
 * not noticed. Since pull request 4404 the phase is written too.
 * @param runnerSet undefined where it is not known, which between 4404 and 4516 clears the counts with a change of phase
 */
export function* updateStatus(
  scaleSet: AutoscalingRunnerSet,
  runnerSet: EphemeralRunnerSet | undefined,
  phase: ScaleSetPhase,
  switches: Switches,
): Step<AutoscalingRunnerSet> {
  const before = asWritten(scaleSet.status);
  const counts = countsOf(runnerSet);
  const countDiffers = runnerSet !== undefined && counts.currentRunners !== before.currentRunners;
  const phaseDiffers = switches.has(4404) && phase !== before.phase;
  if (!countDiffers && !phaseDiffers) return scaleSet;
  const takesCounts = countDiffers || !switches.has(4516);
  const after = { ...before, ...(takesCounts ? counts : {}), ...(phaseDiffers ? { phase } : {}) };
  return yield* patchStatus(scaleSet, after);
}

/** One that changes nothing is sent too, and is empty. */
export function* patchStatus(
  scaleSet: AutoscalingRunnerSet,
  status: AutoscalingRunnerSetStatus,
): Step<AutoscalingRunnerSet> {
  yield* phaseMark('update-status');
  const difference = createMergePatch({ ...asWritten(scaleSet.status) }, { ...asWritten(status) });
  return yield* orLogError(
    patch(AutoscalingRunnerSets, scaleSet, difference === undefined ? {} : { status: difference }, 'status'),
    'Failed to update autoscaling runner set status',
  );
}
