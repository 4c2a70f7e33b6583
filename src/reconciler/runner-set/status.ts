import { createMergePatch } from '../../kubernetes/merge-patch.ts';
import { EphemeralRunnerSets } from '../../kubernetes/resource.ts';
import type { EphemeralRunnerSet, EphemeralRunnerSetStatus } from '../../kubernetes/types.ts';
import { log, orLogError, patch, phase, type Step } from '../../runtime/effects.ts';
import type { Switches } from '../releases/switches.ts';
import { countOf, type RunnerStates } from './runner-states.ts';

/** Writes what is different from the status that the cache shows, which may be older than the last one that was written. */
export function* updateStatus(set: EphemeralRunnerSet, states: RunnerStates, switches: Switches): Step<void> {
  const before = { ...NOTHING_COUNTED, ...set.status };
  const difference = createMergePatch(before, { ...before, ...statusOf(set, states, switches) });
  if (difference === undefined) return;
  yield* phase('update-status');
  const count = countOf(states);
  const isInPlace = switches.has(4516);
  if (!isInPlace) yield* log('Updating status with current runners count', { count });
  // ARC 0.14 writes the total whenever it writes.
  const status = switches.has(4404) && !isInPlace ? { ...difference, currentReplicas: count } : difference;
  const write = patch(EphemeralRunnerSets, set, { status }, 'status');
  const what = isInPlace ? 'EphemeralRunnerSet status' : 'status with current runners count';
  yield* orLogError(write, `Failed to update ${what}`);
  if (isInPlace) yield* log('Updated EphemeralRunnerSet status', { status: { ...before, ...status } });
}

const NOTHING_COUNTED: EphemeralRunnerSetStatus = {
  currentReplicas: 0,
  pendingEphemeralRunners: 0,
  runningEphemeralRunners: 0,
  failedEphemeralRunners: 0,
};

function statusOf(set: EphemeralRunnerSet, states: RunnerStates, switches: Switches): EphemeralRunnerSetStatus {
  const phaseNow = states.outdated.length > 0 ? 'Outdated' : (set.status?.phase ?? 'Running');
  return {
    currentReplicas: countOf(states),
    pendingEphemeralRunners: states.pending.length,
    runningEphemeralRunners: states.running.length,
    failedEphemeralRunners: states.failed.length,
    ...(switches.has(4404) ? { phase: phaseNow } : {}),
  };
}
