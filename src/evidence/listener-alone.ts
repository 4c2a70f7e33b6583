import { t } from '@vscode/l10n';
import { counted, thousands } from '../base/count-words.ts';
import { splitKey } from '../kubernetes/types.ts';
import type { ListenerHistory } from './listener-history.ts';
import type { Reading } from './reading.ts';
import { lengthUs, type Seen } from './seen.ts';
import { clock, spanText } from './words.ts';

/** A shorter time without a job shows nothing. */
const LONG_US = 60e6;
/** Less than a message and what follows it. */
const SHOWN_US = 1e6;
/** A job that is assigned has a runner by then, if all goes well. */
const PATIENCE_US = 120e6;

/** What is said where listeners' logs show no trouble. */
interface ListenersSay {
  readonly verdict: string;
  readonly isJudged: boolean;
}

/** What listeners' logs tell where no line of a controller is about a runner; undefined where none is a listener's. */
export function listenersSay(reading: Reading): ListenersSay | undefined {
  const listeners = [...reading.listeners.values()];
  if (listeners.length === 0) return undefined;
  const asked = listeners.filter(({ asked, decisions, hasHeard }) => asked !== undefined || decisions > 0 || hasHeard);
  const stopped = listeners.find(({ isOver, ends }) => isOver && ends === undefined);
  if (stopped !== undefined && asked.length === 0) {
    return unsure(
      t(
        "the listener was asked to stop at {0}, and says no more; the controller's log and the events of its pod tell why",
        clock(stopped.last),
      ),
    );
  }
  if (asked.length === 0) {
    return unsure(t("the listener's log ends before it asks for a message; give more of it, and the controller's log"));
  }
  const partial = asked.reduce((sum, listener) => sum + listener.partial, 0);
  if (partial > 0) return unsure(partialText(partial));
  const { count, counted: assigned } = reading.assignments;
  if (assigned !== undefined && count > assigned) {
    return unsure(
      counted(
        count,
        t(
          'GitHub assigned 1 job and counts {0} as assigned, and the log ends before the listener decides; give more of it',
          assigned,
        ),
        t(
          'GitHub assigned {0} jobs and counts {1} as assigned, and the log ends before the listener decides; give more of it',
          thousands(count),
          assigned,
        ),
      ),
    );
  }
  const late = asked.find(isLate);
  if (late !== undefined) return unsure(lateText(reading, late));
  const cutEnd = asked.find((listener) => listener.cutEnd !== undefined)?.cutEnd;
  if (cutEnd !== undefined) {
    return unsure(
      t(
        'the listener ended at {0}, and the line in which it says why is cut; give the log with whole lines',
        clock(cutEnd.last),
      ),
    );
  }
  const brief = asked.find(isBrief);
  if (brief !== undefined) return unsure(briefText(brief));
  const overUs = Math.max(...asked.map(lengthUs));
  // A message alone shows nothing of what the listener makes of it.
  if (overUs < SHOWN_US && asked.every(({ decisions, jobsStarted }) => decisions + jobsStarted === 0)) {
    return unsure(
      t(
        "the listener's log covers {0} and has no decision; give more of it, and the controller's log",
        spanText(reading, overUs),
      ),
    );
  }
  const isIdle = asked.every(
    ({ decisions, mostAssigned, jobsStarted }) => decisions > 0 && mostAssigned + jobsStarted === 0,
  );
  if (isIdle && overUs >= LONG_US) return { verdict: withoutJobs(reading, asked, overUs), isJudged: false };
  // Of what the controller has done its own log tells.
  if (reading.isController) return undefined;
  return { verdict: healthy(reading, asked, overUs), isJudged: true };
}

function partialText(decisions: number): string {
  return counted(
    decisions,
    t(
      'a line in which the listener decides lacks a number: of jobs assigned, of runners wanted, or of those that exist; give the log with whole lines',
    ),
    t(
      '{0} lines in which the listener decides lack a number: of jobs assigned, of runners wanted, or of those that exist; give the log with whole lines',
      thousands(decisions),
    ),
  );
}

function unsure(missing: string): ListenersSay {
  return { verdict: t('Not enough to judge: {0}.', missing), isJudged: false };
}

/** Jobs are assigned and none starts: more than at another time, or those that may be running since before the log. */
function isLate(listener: ListenerHistory): boolean {
  const { assigned, jobsStarted, jobsEnded, last, isOver } = listener;
  const isSilent = assigned > 0 && jobsStarted + jobsEnded === 0 && !isOver;
  return isSilent && last.at.us - noneSince(listener).at.us >= PATIENCE_US;
}

/** Jobs are assigned, and one decision alone does not show whether they start. */
function isBrief({ decisions, assigned, jobsStarted, jobsEnded }: ListenerHistory): boolean {
  return decisions === 1 && assigned > 0 && jobsStarted + jobsEnded === 0;
}

function briefText({ assigned, existing, registered }: ListenerHistory): string {
  const jobs = counted(assigned, t('1 job is assigned'), t('{0} jobs are assigned', thousands(assigned)));
  const runners = counted(existing, t('1 runner exists'), t('{0} runners exist', thousands(existing)));
  return registered === 0 && existing > 0
    ? t(
        "{0}, {1} and none is registered at GitHub, by the only decision in the listener's log; look at their pods, and give more of it and the controller's log",
        jobs,
        runners,
      )
    : t(
        "{0} and {1} by the only decision in the listener's log; give more of it, and the controller's log",
        jobs,
        runners,
      );
}

function noneSince({ moreSince, first }: ListenerHistory): Seen {
  return moreSince ?? first;
}

function lateText(reading: Reading, listener: ListenerHistory): string {
  const { assigned, fewestAssigned, moreSince, noneRunsSince, last } = listener;
  const noneRunsUs = noneRunsSince === undefined ? 0 : last.at.us - noneRunsSince.at.us;
  if (noneRunsUs >= PATIENCE_US) return noneRunsText(listener, spanText(reading, noneRunsUs));
  const span = spanText(reading, last.at.us - noneSince(listener).at.us);
  if (moreSince === undefined) return perhapsRunning(listener, span);
  const more = assigned - fewestAssigned;
  if (fewestAssigned > 0) {
    return counted(
      more,
      t(
        "1 more job is assigned than before and no job started in {0}; the controller's log tells what its runner waits for",
        span,
      ),
      t(
        "{0} more jobs are assigned than before and none started in {1}; the controller's log tells what their runners wait for",
        thousands(more),
        span,
      ),
    );
  }
  return counted(
    assigned,
    t("1 job is assigned and no job started in {0}; the controller's log tells what its runner waits for", span),
    t(
      "{0} jobs are assigned and none started in {1}; the controller's log tells what their runners wait for",
      thousands(assigned),
      span,
    ),
  );
}

/** GitHub itself counts none that runs, and which runners there are for them. */
function noneRunsText({ assigned, registered, idle = 0 }: ListenerHistory, span: string): string {
  const jobs = counted(
    assigned,
    t('1 job is assigned and does not run for {0} by what GitHub counts', span),
    t('{0} jobs are assigned and none runs for {1} by what GitHub counts', thousands(assigned), span),
  );
  if (registered === 0) {
    return t("{0}: no runner is registered; look at the runners' pods, and give the controller's log", jobs);
  }
  if (idle === 0) return t("{0}; the controller's log tells what their runners wait for", jobs);
  return counted(
    idle,
    t("{0}: 1 runner is registered, idle and gets no job; look at its pod's log and at GitHub's status page", jobs),
    t(
      "{0}: {1} runners are registered, idle and get no job; look at their pods' logs and at GitHub's status page",
      jobs,
      thousands(idle),
    ),
  );
}

/** Of jobs that were assigned before the log begins it does not tell whether they run. */
function perhapsRunning({ assigned, assignedAtFirst }: ListenerHistory, span: string): string {
  if (assigned < assignedAtFirst) {
    return t(
      "{0} of {1} jobs that were assigned when the log begins are left and none started in {2}: they run or wait; the controller's log tells which",
      thousands(assigned),
      thousands(assignedAtFirst),
      span,
    );
  }
  return counted(
    assigned,
    t(
      "1 job was assigned when the log begins and no job started in {0}: it runs or waits; the controller's log tells which",
      span,
    ),
    t(
      "{0} jobs were assigned when the log begins and none started in {1}: they run or wait; the controller's log tells which",
      thousands(assigned),
      span,
    ),
  );
}

function withoutJobs(reading: Reading, listeners: readonly ListenerHistory[], us: number): string {
  const [{ set }, second] = listeners as [ListenerHistory, ListenerHistory?];
  const name = set === undefined || second !== undefined ? undefined : splitKey(set).name;
  const span = spanText(reading, us);
  const offered = Math.max(...listeners.map(({ mostOffered }) => mostOffered));
  if (offered > 0) return offeredText(offered, listeners, name, span);
  return name === undefined
    ? t(
        'GitHub assigned no job in {0}: none was queued, or its runs-on or its runner group does not lead to this scale set.',
        span,
      )
    : t(
        'GitHub assigned no job to {0} in {1}: none was queued, or its runs-on or its runner group does not lead here.',
        name,
        span,
      );
}

/** Jobs were queued for it and are not assigned. */
function offeredText(
  offered: number,
  listeners: readonly ListenerHistory[],
  name: string | undefined,
  span: string,
): string {
  const set = name ?? t('this scale set');
  if (listeners.some(({ acquired }) => acquired > 0)) {
    return t(
      'GitHub offered jobs to {0}, the listener acquired some, and none was assigned in {1}: they were cancelled, or GitHub is late.',
      set,
      span,
    );
  }
  return counted(
    offered,
    t(
      'GitHub offered 1 job to {0} in {1} and its listener got none: another scale set that its runs-on leads to was first, or the request failed.',
      set,
      span,
    ),
    t(
      'GitHub offered up to {0} jobs at a time to {1} in {2} and its listener got none: another scale set that their runs-on leads to was first, or the request failed.',
      thousands(offered),
      set,
      span,
    ),
  );
}

function healthy(reading: Reading, listeners: readonly ListenerHistory[], us: number): string {
  const started = listeners.reduce((sum, { jobsStarted }) => sum + jobsStarted, 0);
  const jobs =
    started === 0
      ? t('no job started')
      : counted(started, t('1 job started'), t('{0} jobs started', thousands(started)));
  const span = spanText(reading, us);
  return listeners.length === 1
    ? t(
        "Nothing wrong found in the listener's log over {0}: {1}; the controller's log tells about the runners.",
        span,
        jobs,
      )
    : t(
        "Nothing wrong found in the logs of {0} listeners over {1}: {2}; the controller's log tells about the runners.",
        listeners.length,
        span,
        jobs,
      );
}
