import type { EphemeralRunner, EphemeralRunnerSetStatus } from '../../kubernetes/types.ts';
import { PATCH_ID_ANNOTATION } from './names.ts';

/** A set's runners as its cache shows them, by what they count as. */
export interface RunnerStates {
  /** No pod runs yet, whatever the phase says besides. */
  readonly pending: readonly EphemeralRunner[];
  readonly running: readonly EphemeralRunner[];
  readonly finished: readonly EphemeralRunner[];
  readonly failed: readonly EphemeralRunner[];
  /** The service takes their version of the runner no longer. */
  readonly outdated: readonly EphemeralRunner[];
  readonly deleting: readonly EphemeralRunner[];
  /** The greatest number of a decision that any of them carries, those included that are being deleted. */
  readonly latestPatchId: number;
}

export function statesOf(runners: readonly EphemeralRunner[]): RunnerStates {
  const states = { pending: [], running: [], finished: [], failed: [], outdated: [], deleting: [] } as Record<
    Exclude<keyof RunnerStates, 'latestPatchId'>,
    EphemeralRunner[]
  >;
  let latestPatchId = 0;
  for (const runner of runners) {
    const patchId = Number.parseInt(runner.metadata.annotations?.[PATCH_ID_ANNOTATION] ?? '', 10);
    if (patchId > latestPatchId) latestPatchId = patchId;
    states[stateOf(runner)].push(runner);
  }
  return { ...states, latestPatchId };
}

function stateOf({ metadata, status }: EphemeralRunner): Exclude<keyof RunnerStates, 'latestPatchId'> {
  if (metadata.deletionTimestamp !== undefined) return 'deleting';
  switch (status?.phase) {
    case 'Running':
      return 'running';
    case 'Succeeded':
      return 'finished';
    case 'Failed':
      return 'failed';
    case 'Outdated':
      return 'outdated';
    case 'Pending':
    case undefined:
      return 'pending';
  }
}

/** Those that fill a place: runners that have finished, are outdated or are being deleted do not, those that have failed do. */
export function countOf({ pending, running, failed }: RunnerStates): number {
  return pending.length + running.length + failed.length;
}

export function statusOf(states: RunnerStates): EphemeralRunnerSetStatus {
  return {
    currentReplicas: countOf(states),
    pendingEphemeralRunners: states.pending.length,
    runningEphemeralRunners: states.running.length,
    failedEphemeralRunners: states.failed.length,
  };
}

/** As the controller's log has them. */
export function countsForLog({ pending, running, finished, failed, deleting }: RunnerStates): Record<string, number> {
  return {
    pending: pending.length,
    running: running.length,
    finished: finished.length,
    failed: failed.length,
    deleting: deleting.length,
  };
}
