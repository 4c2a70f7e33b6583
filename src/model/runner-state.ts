import type { EphemeralRunner } from '../kubernetes/types.ts';

/** In the order in which people look at them: what still waits comes first. */
export const RUNNER_STATES = ['pending', 'running', 'succeeded', 'failed', 'deleting'] as const;
export type RunnerState = (typeof RUNNER_STATES)[number];

export function stateOfRunner({ metadata, status }: EphemeralRunner): RunnerState {
  if (metadata.deletionTimestamp !== undefined) return 'deleting';
  if (status?.phase === 'Running') return 'running';
  if (status?.phase === 'Succeeded') return 'succeeded';
  return status?.phase === 'Failed' ? 'failed' : 'pending';
}
