import { t } from '@vscode/l10n';
import { formatAge } from '../base/duration.ts';
import { REASON_INVALID_POD, REASON_TOO_MANY_POD_FAILURES } from '../reconciler/names.ts';
import { sourceOf } from '../trace/header.ts';
import type { ObjectEvent, PodTrouble, TraceHeader } from '../trace/model.ts';
import { isCommonWait } from '../trace/why.ts';
import { withReason } from './code-words.ts';
import { refusalOfPod } from './refusal.ts';
import { wordsOf, type PodName } from './pod-trouble-words.ts';
import { countsNoFailures } from './uncounted-failures.ts';

/** What is wrong with a runner or its pod, for people. */
export interface PodProblem {
  /** One short word, for example `ImagePullBackOff` or `exit 137`; people are shown it by `codeWords`. */
  readonly code: string;
  /** What happened: a sentence without its full stop. */
  readonly what: string;
  /** When it began, in the trace's time; undefined where that is not known. */
  readonly sinceUs: number | undefined;
  /** What kubelet, scheduler or API server say about it; may be empty. */
  readonly words: string;
  /** What ARC does about it, in one sentence. */
  readonly next: string;
  /** What to do, in one sentence. */
  readonly advice: string;
}

/** What of a runner's event a problem is read from: that of a saved trace is the same as that of a live one. */
export type RunnerFacts = Pick<ObjectEvent, 'phase' | 'pod' | 'reason' | 'message' | 'trouble'>;

/** A wait that every pod passes through is worth a word when it lasts longer. */
const PATIENCE_US = 30_000_000;
/** Init containers do work of their own. */
const INIT_PATIENCE_US = 60_000_000;
/** A kubelet that is alive removes a pod within this time after its grace period. */
const REMOVAL_PATIENCE_US = 10_000_000;
const BETWEEN_PODS_US = 10_000_000;
const NO_POD = 'NoPod';

/** Simulated pods that nothing goes wrong with: they run their jobs, or have no kubelet and stay pending. */
const WELL: readonly unknown[] = [undefined, 'none', 'jobs'];

/**
 * Whether a pod waits because its run's settings say so: then no wait that every pod passes through is a problem. In shadow
 * the pods that the cluster had before are its own, and those that came since are simulated.
 * @param sinceUs when it began to wait
 */
function waitsByDesign(header: TraceHeader, sinceUs: number): boolean {
  const source = sourceOf(header);
  const isSimulated = source === 'embedded' || (source === 'shadow' && sinceUs >= 0);
  return isSimulated && WELL.includes(header.settings['pods']);
}

/**
 * What is wrong with a runner; undefined where nothing is, or nothing yet.
 * @param header of the trace that the facts are from
 * @param of the pod, where commands in advice are to name it
 */
export function podProblem(
  facts: RunnerFacts,
  nowUs: number,
  header?: TraceHeader,
  of?: PodName,
): PodProblem | undefined {
  const { phase, pod, trouble } = facts;
  if (phase === 'Failed' || phase === 'Outdated') return failedRunner(facts);
  if (phase === 'Succeeded') return undefined;
  if (phase === 'Running' && (pod === 'none' || pod === 'deleted')) return withoutPod();
  if (trouble === undefined) return undefined;
  const { code, since, due } = trouble;
  if (due !== undefined && nowUs - due > REMOVAL_PATIENCE_US) return stuckDeletion(trouble, due);
  if (isCommonWait(trouble)) {
    const patienceUs = code === 'InitRunning' ? INIT_PATIENCE_US : PATIENCE_US;
    if (code === 'Terminating' || since === undefined || nowUs - since < patienceUs) return undefined;
    if (header !== undefined && waitsByDesign(header, since)) return undefined;
  }
  const problem = { code, sinceUs: since, words: trouble.message ?? '', ...wordsOf(trouble, of) };
  const isCounted = trouble.ended !== true || trouble.overlooked === true || header === undefined;
  return isCounted || !countsNoFailures(header) ? problem : { ...problem, next: triesForEver() };
}

/**
 * Between a failed pod and the next one a runner has no pod for a moment, and on attaching runners are listed before pods.
 * @param atUs when the runner came to be so
 */
export function isBetweenPods({ code }: PodProblem, atUs: number, nowUs: number): boolean {
  return code === NO_POD && nowUs - atUs < BETWEEN_PODS_US;
}

/** `Pod cannot pull its image (ImagePullBackOff) for 50 s: <the kubelet's words>.` */
export function problemSentence({ code, what, sinceUs, words }: PodProblem, nowUs: number): string {
  const named = withReason(what, code);
  const lasting = sinceUs === undefined ? named : t('{0} for {1}', named, formatAge(nowUs - sinceUs));
  return `${lasting}${words === '' ? '' : `: ${words.replace(/[.\s]+$/, '')}`}.`;
}

function failedRunner({ phase = '', reason = '', message = '' }: RunnerFacts): PodProblem {
  const code = reason === '' ? phase : reason;
  const next = t('ARC has given up on the runner and does not try again.');
  if (reason === REASON_INVALID_POD) {
    return { code, what: t('The API server refused the pod'), sinceUs: undefined, next, ...refusalOfPod(message) };
  }
  if (reason === REASON_TOO_MANY_POD_FAILURES) {
    const advice = t('Find out why its pods failed and fix it, then delete the runner; its set creates another.');
    return { code, what: t('More than five of its pods failed'), sinceUs: undefined, words: '', next, advice };
  }
  const what = phase === 'Outdated' ? t('The version of the runner is no longer accepted') : t('The runner has failed');
  const advice =
    phase === 'Outdated'
      ? t('Use a newer runner image.')
      : t('Read its status and log, then delete the runner; its set creates another.');
  return { code, what, sinceUs: undefined, words: message, next, advice };
}

function triesForEver(): string {
  return t(
    'ARC deletes the pod and creates another at once, without end: custom resource definitions of an earlier release refuse the failure that it wants to count.',
  );
}

function withoutPod(): PodProblem {
  return {
    code: NO_POD,
    what: t('The runner reports Running but has no pod'),
    sinceUs: undefined,
    words: '',
    next: t('ARC counts the runner as running until its next pass, which creates another pod.'),
    advice: t('Find out who deleted the pod. If no new one appears, delete the runner.'),
  };
}

function stuckDeletion({ detail }: PodTrouble, dueUs: number): PodProblem {
  return {
    code: 'Terminating',
    what: t('Pod still exists after its grace period'),
    sinceUs: dueUs,
    words: detail === undefined ? '' : t('it is kept by {0}', detail),
    next: t('ARC waits until the pod is gone.'),
    advice: t(
      'Check the node and finalizers of the pod; if the node is gone, delete the pod with --grace-period=0 --force.',
    ),
  };
}
