import { t } from '@vscode/l10n';
import { capital } from '../base/capital.ts';
import { codeWords } from '../problems/code-words.ts';
import { isBetweenPods, podProblem } from '../problems/pod-problem.ts';
import { runnersText } from '../base/count-words.ts';
import { RUNNER_KIND, type ObjectEvent, type PodTrouble } from '../trace/model.ts';
import { NONE } from '../trace/tables.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** How many runners the same happened to, and the reason that most of them have. */
interface Group {
  readonly count: number;
  readonly why: string;
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
  /** They go on with another pod in place of one that failed. */
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
    if (last.deleted || last.phase === 'Succeeded') continue;
    const problem = podProblem(last, nowUs, trace.header);
    const isReplaced = last.trouble?.ended === true && last.trouble.overlooked !== true;
    if (problem !== undefined && !isReplaced && !isBetweenPods(problem, last.at, nowUs)) {
      (hasRun ? stuck : notStarted).add(
        last.trouble?.code === problem.code ? reasonOf(last.trouble) : codeWords(problem.code),
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
    return runners === 1 ? t('the runner') : t('all {0}', runnersText(runners));
  };
  const noneStarted = runners > 1 && notStarted.count === runners;
  return [
    failed.count === 0 ? '' : t('{0} failed: {1}', who(failed), failed.why),
    notStarted.count === 0
      ? ''
      : noneStarted
        ? t('no pod started: {0}', notStarted.why)
        : t('{0} did not start: {1}', who(notStarted), notStarted.why),
    stuck.count === 0 ? '' : t('{0} got stuck: {1}', who(stuck), stuck.why),
    lostPods.count === 0 ? '' : t('{0} lost pods: {1}', who(lostPods), lostPods.why),
  ].filter((clause) => clause !== '');
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
function whyFailed(last: ObjectEvent, lastFailure: PodTrouble | undefined, nowUs: number): string {
  if (lastFailure !== undefined) return reasonOf(lastFailure);
  const problem = podProblem(last, nowUs);
  if (problem === undefined) return last.phase ?? '';
  return problem.words === '' ? codeWords(problem.code) : problem.words;
}

function reasonOf({ code, init }: PodTrouble): string {
  if (init === true && code !== 'InitRunning') return t('init container {0}', code);
  return code === 'exit 0' ? t('exit 0 without a job') : codeWords(code);
}

class Tally {
  readonly #counts = new Map<string, number>();

  add(why: string): void {
    this.#counts.set(why, (this.#counts.get(why) ?? 0) + 1);
  }

  get group(): Group {
    const counts = [...this.#counts].sort(([, a], [, b]) => b - a);
    return { count: counts.reduce((sum, [, count]) => sum + count, 0), why: counts[0]?.[0] ?? '' };
  }
}
