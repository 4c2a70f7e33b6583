import { t } from '@vscode/l10n';
import { counted, podsText, runnersText, thousands, timesText } from '../../base/count-words.ts';
import { groupBy } from '../../base/group.ts';
import { wordsOf } from '../../problems/pod-trouble-words.ts';
import type { Finding, Rule } from '../finding.ts';
import type { Reading } from '../reading.ts';
import type { RunnerHistory } from '../runner-history.ts';
import { timeOfDay } from '../moment.ts';
import { lengthUs, together, type Repeated } from '../seen.ts';
import { firstAndLast, names, shortened, spanText, withNote, withStop } from '../words.ts';
import { showsPod } from './given-up.ts';

const SIGNALS: Readonly<Record<string, () => string>> = {
  '7': () => t('GitHub no longer takes this version of the runner'),
  '137': () => t('killed, often for its memory'),
  '139': () => t('segmentation fault'),
  '143': () => t('terminated'),
  '127': () => t('command not found'),
  '126': () => t('not executable'),
};

const ADVICE: Readonly<Record<string, () => string>> = {
  '7': () => t('Use a current image of actions-runner in the pod template.'),
  '137': () =>
    t(
      'Where kubectl describe of such a pod says OOMKilled, raise the memory limit of container "runner" in the pod template, or find out which job needs that much.',
    ),
  '143': () =>
    t(
      'Something outside asked these pods to end, as a drain, a spot node or an eviction does: see kubectl get events and the nodes at that time.',
    ),
};

/** More kinds of failures than this are too many to read. */
const SHOWN = 3;

interface Failing {
  readonly runner: RunnerHistory;
  readonly failures: Repeated;
  /** When it was given up. */
  readonly given: Repeated | undefined;
  readonly code: string;
  /** Why the pod as a whole was ended, as `Evicted: The node was low on resource: memory.`; empty where it was not. */
  readonly ended: string;
}

/** Pods that end with failure: those that end in the same way are one finding. */
export const keepsFailing: Rule = (reading) => {
  const kinds = groupBy(failingRunners(reading), ({ code, ended }) => reasonOf(ended) || code);
  return [...kinds.values()].map((failing) => finding(reading, failing)).slice(0, SHOWN);
};

/** Those that were given up first, then those whose pods failed most. */
function failingRunners(reading: Reading): Failing[] {
  const noted = (['failed for good', 'recreated', 'pod failed', 'pod ended'] as const)
    .flatMap((note) => withNote(reading, note))
    .map(({ runner }) => runner);
  return [...new Set(noted)]
    .filter((runner) => showsPod(runner) && !hasItsOwnFinding(runner))
    .flatMap((runner): Failing[] => {
      const { notes } = runner;
      const given = notes.get('failed for good') ?? notes.get('recreated');
      const failures = notes.get('pod failed') ?? notes.get('pod ended') ?? given;
      const [exit, end] = [notes.get('container failed'), notes.get('pod ended')];
      // The container of an evicted pod may end with a code too.
      const isEnded = (end?.count ?? 0) > 0 && (end?.count ?? 0) >= (exit?.count ?? 0);
      const [code, ended] = isEnded ? ['', end?.text ?? ''] : [exit?.text ?? '', ''];
      return failures === undefined ? [] : [{ runner, failures, given, code, ended }];
    })
    .sort(
      (a, b) => Number(b.given !== undefined) - Number(a.given !== undefined) || b.failures.count - a.failures.count,
    );
}

function finding(reading: Reading, failing: readonly Failing[]): Finding {
  const [{ code, ended }] = failing as readonly [Failing, ...Failing[]];
  const given = failing.flatMap((each) => each.given ?? []);
  const isLasting = failing.some(({ runner: { notes } }) => notes.has('failed for good'));
  const isRepeated = failing.some(({ failures: { count } }) => count > 1);
  const over = overText(failing);
  const means = SIGNALS[code]?.();
  return {
    id: 'keeps-failing',
    severity: given.length > 0 || (over.length === 0 && isRepeated) ? 'error' : 'warning',
    sentence: sentence(reading, failing),
    details: [
      ...(means === undefined ? [] : [t('Exit code {0} means: {1}.', code, means)]),
      ...(code === '' && ended === '' ? [t('The log does not say why; the pod is gone by now.')] : []),
      ...over,
      ...(isLasting ? [counted(given.length, lastingOne(), lastingSeveral())] : []),
      ...(failing.length > 1
        ? [
            t(
              'Failed pods: {0}, {1}.',
              runnersText(thousands(failing.length)),
              names(failing.map((each) => each.runner)),
            ),
          ]
        : []),
    ],
    runners: failing.map((each) => each.runner.name),
    evidence: [
      ...firstAndLast(
        together(
          failing.map((each) => (ended === '' ? undefined : each.runner.notes.get('pod ended')) ?? each.failures),
        ),
        ended || t('the failed pod is deleted and counted'),
      ),
      ...given.slice(0, 1).map(({ first }) => ({ at: first, says: t('it is given up') })),
    ],
    confidence: 'sure',
    advice: ended === '' ? (ADVICE[code]?.() ?? lookAtIt()) : wordsOf({ code: reasonOf(ended), ended: true }).advice,
    weightUs: spanUs(failing),
  };
}

/** That another pod of each came to run. */
function overText(failing: readonly Failing[]): string[] {
  const ranUs = failing.map(({ runner: { milestones }, failures }) => {
    const { us, withinUs } = milestones.get('running')?.at ?? { us: 0, withinUs: 0 };
    return us + withinUs > failures.last.at.us ? us + withinUs : Number.POSITIVE_INFINITY;
  });
  const lastUs = ranUs.reduce((last, us) => Math.max(last, us), 0);
  if (lastUs === Number.POSITIVE_INFINITY) return [];
  const time = timeOfDay(lastUs);
  return [
    counted(
      failing.length,
      t('It is over: another pod of it ran by {0}.', time),
      t('It is over: another pod of each ran, the last by {0}.', time),
    ),
  ];
}

const lookAtIt = (): string =>
  t('Read the log of container "runner" of such a pod while it is there, or its last state in kubectl describe.');
const lastingOne = (): string =>
  t('It has failed for good: its set counts it, and makes no other, until it is deleted.');
const lastingSeveral = (): string =>
  t('They have failed for good: their set counts them, and makes no others, until they are deleted.');

/** `The pod of x failed 6 times in 50 s with exit code 137, then it was given up.`; of several how many pods and runners. */
function sentence(reading: Reading, failing: readonly Failing[]): string {
  const [first] = failing as readonly [Failing, ...Failing[]];
  const given = failing.filter((each) => each.given !== undefined).length;
  const body = failing.length === 1 ? ofOne(reading, first) : ofSeveral(reading, failing, first);
  const whole =
    given === 0
      ? body
      : failing.length === 1
        ? t('{0}, then it was given up', body)
        : given === failing.length
          ? t('{0}, then all were given up', body)
          : counted(given, t('{0}; 1 was given up', body), t('{0}; {1} were given up', body, thousands(given)));
  const why = shortened(messageOf(first.ended), 14);
  return withStop(why === '' ? whole : `${whole}: ${why}`);
}

function ofOne(reading: Reading, { runner: { name }, failures, code, ended }: Failing): string {
  const us = lengthUs(failures);
  const often = us > 0 ? t('{0} in {1}', timesText(failures.count), spanText(reading, us)) : timesText(failures.count);
  if (isEvicted(ended)) return t('The pod of {0} was evicted {1}', name, often);
  if (ended !== '') return t('The pod of {0} was ended {1} ({2})', name, often, reasonOf(ended));
  return code === ''
    ? t('The pod of {0} failed {1}', name, often)
    : t('The pod of {0} failed {1} with exit code {2}', name, often, code);
}

function ofSeveral(reading: Reading, failing: readonly Failing[], { code, ended }: Failing): string {
  const count = failing.reduce((sum, { failures }) => sum + failures.count, 0);
  const all = podsText(count);
  const pods = count === failing.length ? all : t('{0} of {1}', all, runnersText(thousands(failing.length)));
  const us = spanUs(failing);
  const what = isEvicted(ended)
    ? t('{0} were evicted', pods)
    : ended !== ''
      ? t('{0} were ended ({1})', pods, reasonOf(ended))
      : code === ''
        ? t('{0} failed', pods)
        : t('{0} failed with exit code {1}', pods, code);
  return us > 0 ? t('{0} in {1}', what, spanText(reading, us)) : what;
}

/** From the first failure to the last one, of all of them. */
function spanUs(failing: readonly Failing[]): number {
  return lengthUs(together(failing.map(({ failures }) => failures)));
}

const REASON = /^(\w*): /;

/** Kubernetes' reason why the pod was ended. */
function reasonOf(ended: string): string {
  return REASON.exec(ended)?.[1] ?? '';
}

/** The first sentence of what it says besides: `The node was low on resource: memory`. */
function messageOf(ended: string): string {
  return ended.replace(REASON, '').split(/\.\s/)[0]?.replace(/\.$/, '') ?? '';
}

function isEvicted(ended: string): boolean {
  return reasonOf(ended) === 'Evicted';
}

/** Its pods ended well, and were deleted because the service still listed the runner. */
function hasItsOwnFinding({ notes }: RunnerHistory): boolean {
  // Its pod was never made.
  if (notes.has('pod refused')) return true;
  return (
    (notes.get('exists after exit')?.count ?? 0) + 1 >= (notes.get('pod failed')?.count ?? 0) &&
    notes.has('exists after exit')
  );
}
