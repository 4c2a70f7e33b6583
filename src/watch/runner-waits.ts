import { t } from '@vscode/l10n';
import { formatAge } from '../base/duration.ts';
import type { NextPass } from '../evidence/passes/trace-maker.ts';
import type { HeldWorker } from './held-workers.ts';

/** What a runner waits for, in words. */
export interface RunnerWait {
  readonly text: string;
  /** When it began and, where that is known, ends: microseconds since the trace's start. */
  readonly sinceUs?: number;
  readonly untilUs?: number;
}

/**
 * What the log says a runner waits for; undefined where it says nothing, or the wait is its pod's.
 * @param held what its worker waits for, where a pass of it does
 * @param hasPod whether there is a pod: then it is the pod that is waited for, not a worker
 */
export function runnerWait(
  next: NextPass | undefined,
  held: HeldWorker | undefined,
  hasPod: boolean,
  nowUs: number,
): RunnerWait | undefined {
  if (held !== undefined) {
    const { worker, what, sinceUs } = held;
    const age = formatAge(nowUs - sinceUs);
    const text =
      worker === undefined ? t('{0} for {1}', what, age) : t('worker {0}: {1} for {2}', worker + 1, what, age);
    return { text, sinceUs };
  }
  if (next === undefined) return undefined;
  if (next.isInPass) return { text: t('in a pass') };
  const { trigger, queuedUs, readyUs, attempt } = next;
  if (readyUs !== undefined && readyUs > nowUs) return { text: t('its next try'), untilUs: readyUs };
  if (trigger === 'error' || trigger === 'requeue') {
    const since = queuedUs === undefined ? {} : { sinceUs: queuedUs };
    return { text: t('back-off or a worker, before try {0}', attempt), ...since };
  }
  // What a pod has queued is for its state to be copied: the runner itself waits for the pod.
  if (hasPod || trigger === undefined || trigger.startsWith('pod-') || readyUs === undefined) return undefined;
  return { text: t('a worker for {0}', formatAge(nowUs - readyUs)), sinceUs: readyUs };
}
