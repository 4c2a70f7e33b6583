import type { EphemeralRunner } from '../../kubernetes/types.ts';
import { log, type Said } from '../../runtime/effects.ts';
import type { Switches } from '../releases/switches.ts';

/** Whether the listener has given the runner's status a job; up to ARC 0.12 in another field than since. */
export function hasJob({ status }: EphemeralRunner, switches: Switches): boolean {
  return switches.has(4239) ? (status?.jobId ?? '') !== '' : (status?.jobRequestId ?? 0) > 0;
}

/** The line that says that a runner is left to its job. */
export function skipsForItsJob({ metadata: { name }, status }: EphemeralRunner, switches: Switches): Said {
  const { jobId, jobRequestId, workflowRunId = 0 } = status ?? {};
  const job = switches.has(4239) ? { workflowRunId, jobId } : { jobRequestId };
  return log('Skipping ephemeral runner since it is running a job', { name, ...job });
}
