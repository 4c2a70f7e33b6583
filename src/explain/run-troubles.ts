import { t } from '@vscode/l10n';
import type { ScaleSetFigures } from '../analysis/scale-set-figures.ts';
import { capital } from '../base/capital.ts';
import { codeWords } from '../problems/code-words.ts';
import { isBetweenPods, podProblem } from '../problems/pod-problem.ts';
import { runnersText } from '../base/count-words.ts';
import { REASON_TOO_MANY_POD_FAILURES } from '../reconciler/names.ts';
import { RUNNER_KIND, type ObjectEvent, type PodTrouble } from '../trace/model.ts';
import { NONE } from '../trace/tables.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** How many runners the same happened to, and why. */
interface Group {
  readonly count: number;
  /** The most common first; their counts add up to that of the group. */
  readonly reasons: readonly CountedReason[];
}

interface CountedReason {
  readonly count: number;
  readonly reason: Reason;
}

/** Why something happened to a runner: as it is said of all of a group, and as it follows a number of runners. */
interface Reason {
  readonly ofAll: string;
  readonly ofSome: string;
}

/** What went wrong with a run's runners until a moment. */
export interface RunTroubles {
  readonly runners: number;
  /** Given up by ARC. */
  readonly failed: Group;
  readonly failedWithoutPod: number;
  /** Their pods never ran, for a reason that lasts. */
  readonly notStarted: Group;
  /** The same after their pods ran. */
  readonly stuck: Group;
  /** Pods of theirs failed, and they went on with another one or were deleted. */
  readonly lostPods: Group;
}

/** @param nowUs the trace's time: a wait becomes a trouble when it lasts */
export function runTroubles(trace: TraceLog, nowUs: number): RunTroubles {
  const [failed, notStarted, stuck, lostPods] = [new Tally(), new Tally(), new Tally(), new Tally()];
  let failedWithoutPod = 0;
  const histories = historiesOf(trace);
  for (const { last, hadPod, hasRun, lastFailure } of histories.values()) {
    if (last.phase === 'Failed' || last.phase === 'Outdated') {
      failed.add(whyFailed(last, lastFailure, nowUs));
      if (!hadPod) failedWithoutPod++;
      continue;
    }
    if (last.phase === 'Succeeded') continue;
    if (last.deleted) {
      // Also where ARC gave the runner up by deleting it.
      if (lastFailure !== undefined) lostPods.add(reasonOf(lastFailure));
      continue;
    }
    const problem = podProblem(last, nowUs, trace.header);
    const isReplaced = last.trouble?.ended === true && last.trouble.overlooked !== true;
    if (problem !== undefined && !isReplaced && !isBetweenPods(problem, last.at, nowUs)) {
      (hasRun ? stuck : notStarted).add(
        last.trouble?.code === problem.code ? reasonOf(last.trouble) : codeReason(problem.code),
      );
    } else if (lastFailure !== undefined) lostPods.add(reasonOf(lastFailure));
  }
  return {
    runners: histories.size,
    failed: failed.group,
    failedWithoutPod,
    notStarted: notStarted.group,
    stuck: stuck.group,
    lostPods: lostPods.group,
  };
}

/** What went wrong in one run or several, in sentences; none where nothing did. What is the same in all is said once. */
export function troubleSentences(runs: readonly { readonly name: string; readonly troubles: RunTroubles }[]): string[] {
  const clauses = runs.map(({ name, troubles }) => ({ name, text: clausesOf(troubles).join('; ') }));
  const [first] = clauses;
  if (first === undefined || clauses.every(({ text }) => text === '')) return [];
  if (runs.length === 1) return [`${capital(first.text)}.`];
  if (clauses.every(({ text }) => text === first.text)) {
    return [runs.length === 2 ? t('In both runs {0}.', first.text) : t('In all runs {0}.', first.text)];
  }
  return clauses.flatMap(({ name, text }) => (text === '' ? [] : [t('In {0} {1}.', name, text)]));
}

function clausesOf({ runners, failed, notStarted, stuck, lostPods }: RunTroubles): string[] {
  const who = ({ count }: Group): string => {
    if (count < runners) return t('{0} of {1}', count, runnersText(runners));
    if (runners === 2) return t('both runners');
    return runners === 1 ? t('the runner') : t('all {0}', runnersText(runners));
  };
  const noneStarted = runners > 1 && notStarted.count === runners;
  return [
    failed.count === 0 ? '' : t('{0} failed: {1}', who(failed), whyText(failed)),
    notStarted.count === 0
      ? ''
      : noneStarted
        ? t('no pod started: {0}', whyText(notStarted))
        : t('{0} did not start: {1}', who(notStarted), whyText(notStarted)),
    stuck.count === 0 ? '' : t('{0} got stuck: {1}', who(stuck), whyText(stuck)),
    lostPods.count === 0 ? '' : t('{0} lost pods: {1}', who(lostPods), whyText(lostPods)),
  ].filter((clause) => clause !== '');
}

/** `exit 3`, or with several reasons `3 with exit 3, 3 Evicted`. */
function whyText({ reasons }: Group): string {
  const [first] = reasons;
  if (reasons.length === 1 && first !== undefined) return first.reason.ofAll;
  return reasons.map(({ count, reason }) => `${count} ${reason.ofSome}`).join(', ');
}

interface History {
  last: ObjectEvent;
  hadPod: boolean;
  hasRun: boolean;
  /** How the last of its pods that failed did so. */
  lastFailure: PodTrouble | undefined;
}

function historiesOf(trace: TraceLog): ReadonlyMap<string, History> {
  const histories = new Map<string, History>();
  for (let index = 0; index < trace.length; index++) {
    // Passes are many, and making objects of them costs.
    if (trace.objectAt(index) === NONE) continue;
    const event = trace.event(index) as ObjectEvent;
    if (event.kind !== RUNNER_KIND) continue;
    const known = histories.get(event.object);
    const history = known ?? { last: event, hadPod: false, hasRun: false, lastFailure: undefined };
    if (known === undefined) histories.set(event.object, history);
    const { pod, trouble } = event;
    history.last = event;
    history.hadPod ||= pod !== undefined && pod !== 'none';
    history.hasRun ||= pod === 'running' || pod === 'ready' || pod === 'succeeded';
    if (trouble?.ended === true) history.lastFailure = trouble;
  }
  return histories;
}

/** ARC says of a runner that it had too many failures; what these were is in its pods. */
function whyFailed(last: ObjectEvent, lastFailure: PodTrouble | undefined, nowUs: number): Reason {
  if (lastFailure !== undefined) return reasonOf(lastFailure);
  const problem = podProblem(last, nowUs);
  if (problem === undefined) return sameReason(last.phase ?? '');
  if (problem.words === '') return codeReason(problem.code);
  // A second colon, and commas inside, would not tell where the next reason begins.
  return { ofAll: problem.words, ofSome: problem.words.replace(/^([^:]+): (.*)$/s, '$1 ($2)') };
}

/** Why a pod failed, in a word or two. */
export function reasonText(trouble: PodTrouble): string {
  return reasonOf(trouble).ofAll;
}

/** The same run's troubles without those of pods that jobSentences() names as why jobs are not done. */
export function besideJobs(troubles: RunTroubles, { jobs }: Pick<ScaleSetFigures, 'jobs'>): RunTroubles {
  const waits = jobs.some(({ startedUs, lostUs }) => startedUs === undefined && lostUs === undefined);
  const isLost = jobs.some(({ lostUs }) => lostUs !== undefined);
  const none = { count: 0, reasons: [] };
  return { ...troubles, ...(waits ? { notStarted: none } : {}), ...(waits || isLost ? { lostPods: none } : {}) };
}

function reasonOf({ code, init }: PodTrouble): Reason {
  if (init === true && code !== 'InitRunning') return withReason(t('init container {0}', code));
  if (code === 'exit 0') return withReason(t('exit 0 without a job'));
  return codeReason(code);
}

function codeReason(code: string): Reason {
  const words = codeWords(code);
  if (code === REASON_TOO_MANY_POD_FAILURES) return { ofAll: words, ofSome: t('after too many pod failures') };
  if (code === 'InitRunning') return { ofAll: words, ofSome: t('with an init container that still runs') };
  if (code === 'PodFailed') return { ofAll: words, ofSome: t('with a failed pod') };
  return code === 'NoPod' || code.startsWith('exit ') ? withReason(words) : sameReason(words);
}

function sameReason(text: string): Reason {
  return { ofAll: text, ofSome: text };
}

function withReason(text: string): Reason {
  return { ofAll: text, ofSome: t('with {0}', text) };
}

class Tally {
  readonly #counts = new Map<string, { count: number; reason: Reason }>();

  add(reason: Reason): void {
    const known = this.#counts.get(reason.ofAll);
    if (known === undefined) this.#counts.set(reason.ofAll, { count: 1, reason });
    else known.count++;
  }

  get group(): Group {
    const reasons = [...this.#counts.values()].sort((a, b) => b.count - a.count);
    return { count: reasons.reduce((sum, { count }) => sum + count, 0), reasons };
  }
}
