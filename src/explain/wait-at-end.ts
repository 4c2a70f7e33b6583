import { t } from '@vscode/l10n';
import { workerHoldersOf } from '../analysis/worker-holders.ts';
import { latestPasses } from '../analysis/rounds.ts';
import { formatAge, formatDuration } from '../base/duration.ts';
import { problemSentence, type PodProblem } from '../problems/pod-problem.ts';
import { kindOfController } from '../trace/kinds.ts';
import { RUNNER_KIND, type OpenWait, type PassEvent } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { explainOpenPass } from './explain-open-pass.ts';
import { explainWaits, knobsOf } from './explain-pass.ts';
import { runnerDetail } from './runner-detail.ts';

/**
 * What a runner waited for when its trace ended, and since when, in sentences.
 * @param problem what was wrong with it then
 */
export function waitAtEnd(trace: TraceLog, key: string, endedUs: number, problem: PodProblem | undefined): string[] {
  const open = openAtEnd(trace, key, endedUs);
  if (problem !== undefined) {
    return [...open, t('When the session ended: {0}', problemSentence(problem, endedUs)), problem.next];
  }
  if (open.length > 0) return open;
  const { happened = '', sinceUs } = runnerDetail(trace, key, endedUs) ?? {};
  if (happened === '') return [];
  const since =
    sinceUs === undefined ? [] : [t('It had been in this state for {0}.', formatAge(Math.max(0, endedUs - sinceUs)))];
  return [t('When the session ended: {0}', happened), ...since];
}

/** Of a pass that went on, or of a wait for one. */
function openAtEnd(trace: TraceLog, key: string, endedUs: number): string[] {
  const before = latestPasses(trace, key).next().value?.pass;
  for (const open of trace.open()) {
    if (open.object !== key || kindOfController(open.controller) !== RUNNER_KIND) continue;
    if (open.started === undefined) return openWait(trace, open, endedUs, before);
    const workerHolders = workerHoldersOf(trace, open, trace.length);
    const now = explainOpenPass(open, endedUs, before, workerHolders, knobsOf(trace.header));
    return [t('When the session ended, one of its passes was in progress.'), ...now];
  }
  return [];
}

/** @param before the runner's last pass */
function openWait(trace: TraceLog, wait: OpenWait, endedUs: number, before: PassEvent | undefined): string[] {
  const { queued = wait.ready ?? endedUs, ready = queued } = wait;
  if (ready > endedUs) {
    return [
      t(
        'When the session ended, its next pass was due in {0}; it had waited {1}.',
        formatDuration(ready - endedUs),
        formatDuration(Math.max(0, endedUs - queued)),
      ),
    ];
  }
  const atEnd = { ...wait, started: endedUs };
  const workerHolders = workerHoldersOf(trace, { ...atEnd, ready }, trace.length);
  const [first, ...others] = explainWaits(atEnd, before, workerHolders, knobsOf(trace.header));
  if (first !== undefined) return [t('When the session ended: {0}', first), ...others];
  return [t('When the session ended, it had waited for a worker for {0}.', formatDuration(endedUs - ready))];
}
