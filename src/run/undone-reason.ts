import { t } from '@vscode/l10n';
import { scaleSetDeletedUs } from '../analysis/deleted-scale-set.ts';
import { refusedRequests } from '../analysis/refused-requests.ts';
import { scaleSetFigures } from '../analysis/scale-set-figures.ts';
import { inWords } from '../base/count-words.ts';
import { codeWords } from '../problems/code-words.ts';
import { acquiresJobs } from '../reconciler/releases/acquires-jobs.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { RUNNER_KIND } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';
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
  const failed = failedPods(log);
  if (unstarted !== undefined && unstarted.runners > failed.runners)
    return t('pods do not start ({0})', unstarted.reasons);
  if (failed.runners > 0) return t('pods fail ({0})', failed.reasons);
  const [refused] = refusedRequests(log);
  if (hasNone && refused !== undefined) {
    const what = refused.to === 'actions' ? refused.resource : `${refused.verb} ${refused.resource}`;
    return refused.status === 0 ? t('{0} gets no answer', what) : t('{0} is refused ({1})', what, refused.status);
  }
  return hasNone && jobs.length > 0 && decisions.length === 0 ? t('its listener has asked for no runner') : undefined;
}

/** How many runners had pods that failed, and with what, the most frequent first. */
function failedPods({ rows: { objects, words, whys } }: TraceLog): {
  readonly runners: number;
  readonly reasons: string;
} {
  const runners = new Set<number>();
  const counts = new Map<string, number>();
  for (let row = 0; row < objects.object.length; row++) {
    const trouble = whys[objects.why.get(row)]?.trouble;
    if (trouble?.ended !== true || words.textOf(objects.kind.get(row)) !== RUNNER_KIND) continue;
    runners.add(objects.object.get(row));
    const reason = codeWords(trouble.code);
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([, a], [, b]) => b - a).map(([reason]) => reason);
  return { runners: runners.size, reasons: inWords(sorted) };
}
