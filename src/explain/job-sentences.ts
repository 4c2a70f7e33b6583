import { scaleSetFigures } from '../analysis/scale-set-figures.ts';
import { NO_MAXIMUM } from '../reconciler/autoscaling-runner-set/listener-for.ts';
import type { ScaleSetLoad } from '../run/job-load.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { lateJobsSentences } from './late-jobs.ts';
import { listenerWaitSentences } from './listener-waits.ts';
import { undoneJobsSentences } from './undone-jobs.ts';

/**
 * Why jobs of a scale set's run came late or are not done, and which of its runners had none, in sentences. Times are counted
 * from when the first job was queued.
 * @param nowUs until when the trace tells what happened, in its microseconds
 */
export function jobSentences(
  log: TraceLog,
  nowUs = log.endedUs ?? 0,
  figures = scaleSetFigures(log),
): readonly string[] {
  const limits = limitsOf(log);
  return [
    ...lateJobsSentences(log, figures),
    ...undoneJobsSentences(log, figures, limits.maxRunners, nowUs),
    ...listenerWaitSentences(log, figures, limits, nowUs),
  ];
}

/** How many runners the scale set of a run may have. */
function limitsOf({ header: { settings } }: TraceLog): Pick<ScaleSetLoad, 'minRunners' | 'maxRunners'> {
  const { minRunners = 0, maxRunners = NO_MAXIMUM } = (settings['scaleSet'] ?? {}) as Partial<ScaleSetLoad>;
  return { minRunners, maxRunners };
}
