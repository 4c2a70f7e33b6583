import { JOB_KIND, LISTENER_KIND } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';

const ABOVE: readonly string[] = [
  JOB_KIND,
  LISTENER_KIND,
  'AutoscalingRunnerSet',
  'AutoscalingListener',
  'EphemeralRunnerSet',
];
const CONTROLLERS: readonly string[] = ['autoscalingrunnerset', 'autoscalinglistener', 'ephemeralrunnerset'];

/** Whether a trace has anything above runners: jobs, scale sets, listeners, sets of runners. */
export function hasChain({ rows: { words } }: TraceLog): boolean {
  return [...ABOVE, ...CONTROLLERS].some((word) => words.find(word) !== undefined);
}
