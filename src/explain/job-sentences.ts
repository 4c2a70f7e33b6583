import { t } from '@vscode/l10n';
import { scaleSetFigures, type ScaleSetFigures } from '../analysis/scale-set-figures.ts';
import { thousands } from '../base/count-words.ts';
import { NO_MAXIMUM } from '../reconciler/autoscaling-runner-set/listener-for.ts';
import { acquiresJobs } from '../reconciler/releases/acquires-jobs.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
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
  const unacquired = unacquiredText(log, figures);
  // What else could be said of such jobs follows from it.
  if (unacquired !== undefined) return [unacquired];
  const limits = limitsOf(log);
  return [
    ...lateJobsSentences(log, figures),
    ...undoneJobsSentences(log, figures, limits.maxRunners, nowUs),
    ...listenerWaitSentences(log, figures, limits, nowUs),
  ];
}

/** Where the release's listener never acquires jobs, and none has started. */
function unacquiredText({ header: { release: id = '' } }: TraceLog, { jobs }: ScaleSetFigures): string | undefined {
  const release = RELEASES.find(id);
  const isNone = jobs.length > 0 && jobs.every(({ startedUs }) => startedUs === undefined);
  if (release === undefined || acquiresJobs(release) || !isNone) return undefined;
  return t(
    "{0}: {1}'s listener acquires no jobs, and the embedded service assigns only acquired ones, as GitHub Enterprise Server does. 0.14.1 acquires them again: run 0.14.2.",
    ...[jobs.length === 1 ? t('1 job has not started') : t('{0} jobs have not started', thousands(jobs.length)), id],
  );
}

/** How many runners the scale set of a run may have. */
function limitsOf({ header: { settings } }: TraceLog): Pick<ScaleSetLoad, 'minRunners' | 'maxRunners'> {
  const { minRunners = 0, maxRunners = NO_MAXIMUM } = (settings['scaleSet'] ?? {}) as Partial<ScaleSetLoad>;
  return { minRunners, maxRunners };
}
