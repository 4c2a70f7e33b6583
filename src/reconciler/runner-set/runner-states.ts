import type { EphemeralRunner } from '../../kubernetes/types.ts';
import type { Switches } from '../releases/switches.ts';
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

export function statesOf(runners: readonly EphemeralRunner[], switches: Switches): RunnerStates {
  const states = { pending: [], running: [], finished: [], failed: [], outdated: [], deleting: [] } as Record<
    Exclude<keyof RunnerStates, 'latestPatchId'>,
    EphemeralRunner[]
  >;
  let latestPatchId = 0;
  for (const runner of runners) {
    const patchId = Number.parseInt(runner.metadata.annotations?.[PATCH_ID_ANNOTATION] ?? '', 10);
    if (patchId > latestPatchId) latestPatchId = patchId;
    states[stateOf(runner, switches)].push(runner);
  }
  return { ...states, latestPatchId };
}

function stateOf(
  { metadata, status }: EphemeralRunner,
  switches: Switches,
): Exclude<keyof RunnerStates, 'latestPatchId'> {
  if (metadata.deletionTimestamp !== undefined) return 'deleting';
  switch (status?.phase) {
    case 'Running':
      return 'running';
    case 'Succeeded':
      return 'finished';
    case 'Failed':
      return 'failed';
    case 'Outdated':
      // A phase that a controller does not know is no phase.
      return switches.has(4404) ? 'outdated' : 'pending';
    case 'Pending':
    case undefined:
      return 'pending';
  }
}

/** Those that fill a place: runners that have finished, are outdated or are being deleted do not, those that have failed do. */
export function countOf({ pending, running, failed }: RunnerStates): number {
  return pending.length + running.length + failed.length;
}

/** As the controller's log has them. */
export function countsForLog(states: RunnerStates, switches: Switches): Record<string, number> {
  const { pending, running, finished, failed, deleting, outdated } = states;
  return {
    ...(switches.has(4404) ? { outdated: outdated.length } : {}),
    pending: pending.length,
    running: running.length,
    finished: finished.length,
    failed: failed.length,
    deleting: deleting.length,
  };
}
