import { t } from '@vscode/l10n';
import { scaleSetDeletedUs } from '../analysis/deleted-scale-set.ts';
import { refusedRequests } from '../analysis/refused-requests.ts';
import { scaleSetFigures } from '../analysis/scale-set-figures.ts';
import { codeWords } from '../problems/code-words.ts';
import { acquiresJobs } from '../reconciler/releases/acquires-jobs.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { podFailures } from './pod-failures.ts';
import { unstartedPods } from './unstarted-pods.ts';

/**
 * Why jobs of a scale set are not done, in a few words that stand after a colon, as `its listener acquires no jobs`; undefined
 * where all are done, where only time was missing, and where the trace does not tell.
 */
export function undoneReason(log: TraceLog, nowUs = log.endedUs ?? 0): string | undefined {
  const { jobs, decisions } = scaleSetFigures(log);
  const undone = jobs.filter(({ completedUs }) => completedUs === undefined);
  if (jobs.length > 0 && undone.length === 0) return undefined;
  const hasNone = jobs.every(({ startedUs }) => startedUs === undefined);
  const release = RELEASES.find(log.header.release ?? '');
  if (hasNone && release !== undefined && !acquiresJobs(release)) return t('its listener acquires no jobs');
  if (scaleSetDeletedUs(log) !== undefined) return t('it deleted the scale set, whose version label it does not take');
  const unstarted = unstartedPods(log, nowUs);
  const failed = podFailures(log, ({ code }) => codeWords(code));
  if (unstarted !== undefined && unstarted.runners > (failed?.runners ?? 0))
    return t('pods do not start ({0})', unstarted.reasons);
  if (failed !== undefined) return t('pods fail ({0})', failed.reasons);
  const [refused] = refusedRequests(log);
  if (hasNone && refused !== undefined) {
    const what = refused.to === 'actions' ? refused.resource : `${refused.verb} ${refused.resource}`;
    return refused.status === 0 ? t('{0} gets no answer', what) : t('{0} is refused ({1})', what, refused.status);
  }
  return hasNone && jobs.length > 0 && decisions.length === 0 ? t('its listener has asked for no runner') : undefined;
}
