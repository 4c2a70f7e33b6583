import { t } from '@vscode/l10n';
import { counted, thousands } from '../../base/count-words.ts';
import type { Container, EphemeralRunner, Pod } from '../../kubernetes/types.ts';
import { withReason } from '../../problems/code-words.ts';
import { problemOfEvents, wantsEvents } from '../../problems/pod-event-problem.ts';
import { podProblem, problemSentence, type PodProblem } from '../../problems/pod-problem.ts';
import { endIsOverlooked, endIsSeen } from '../../problems/pod-trouble-words.ts';
import { runnerNote, type RunnerNote } from '../../problems/runner-note.ts';
import { briefWords } from '../brief-words.ts';
import { clean } from '../clean.ts';
import { failedBefore, failedText, type FailedBefore } from '../failed-before.ts';
import type { EvidenceLine, OfOne, Rule } from '../finding.ts';
import { toSecond } from '../moment.ts';
import { isNameTaken, nameOfAnotherSetAdvice } from '../name-taken.ts';
import { eventsOfPod, isRunnersPod, runnerOfPod } from '../pod-owner.ts';
import { quotaCause } from '../quota-cause.ts';
import { keyOf, type Found, type Reading } from '../reading.ts';
import { isUpTo, mayBeUpTo, releaseGiven } from '../release.ts';
import { sameWords } from '../same-words.ts';
import { shortened } from '../words.ts';

/** What is wrong with a runner by what its object, its pod and the events of that say. */
export const objectProblems: Rule = (reading) => {
  const { runners, pods } = reading.objects;
  // Whatever its phase says, one that is to go has a finding of its own.
  return [...runners, ...runnersOf(pods, runners)].flatMap((found) =>
    found.object.metadata.deletionTimestamp === undefined ? ofRunner(reading, found) : [],
  );
};

/** The keys of runners that `objectProblems` looks at: it also reads their events. */
export function runnersLookedAt({ objects: { runners, pods } }: Reading): ReadonlySet<string> {
  return new Set([...runners, ...runnersOf(pods, runners)].map(({ object }) => keyOf(object)));
}

function ofRunner(reading: Reading, found: Found<EphemeralRunner>): OfOne[] {
  const { pods, latestUs } = reading.objects;
  const { object } = found;
  const pod = pods.get(keyOf(object));
  // Times are those of the epoch, as in a log.
  const noted = runnerNote(object, pod?.object, undefined, {
    ...{ nowUs: latestUs, epochMs: 0, redact: clean },
    isOnce: !reading.isLive,
  });
  const failed = isOver(object) ? undefined : failedBefore(object);
  // The pod of a runner has its name.
  const { metadata } = object;
  const told = problemOfEvents({ events: eventsOfPod(reading, metadata), epochMs: 0, redact: clean, pod: metadata });
  // With a failure that is counted a runner that was ready is so no longer, and its phase stays.
  const { phase, ready } = object.status ?? {};
  const isBetween = pod === undefined && (phase !== 'Running' || ready === false);
  if (isBetween && failed !== undefined) return [ofFailures(reading, found, failed, told)];
  const isHidden = pod === undefined && reading.hidden.has('Pod') && phase === 'Running';
  const isPodUnknown = pod === undefined && pods.size === 0 && !reading.isLive;
  const asked = isHidden || isPodUnknown || wantsEvents(noted) ? told : undefined;
  const shown = asked ?? (isHidden ? undefined : podProblem(noted, latestUs, undefined, metadata)) ?? told;
  const problem = shown?.code === 'Unschedulable' ? withAutoscaler(shown, told) : shown;
  if (problem !== undefined) return [ofProblem(reading, found, noted, asOfRelease(reading, noted, problem))];
  if (failed !== undefined) return [ofFailures(reading, found, failed, told)];
  return ofStatus(reading, found);
}

/** The status has what the scheduler says, and only events what the autoscaler does about it. */
function withAutoscaler(problem: PodProblem, told: PodProblem | undefined): PodProblem {
  return told?.code === 'FailedScheduling' ? { ...problem, next: told.next, advice: told.advice } : problem;
}

/** What ARC does about a pod that has ended, in the release that runs: the problem's own words name all of them. */
function asOfRelease(reading: Reading, { trouble }: RunnerNote, problem: PodProblem): PodProblem {
  const release = releaseGiven(reading);
  if (trouble?.overlooked !== true || release === undefined) return problem;
  const last = trouble.init === true ? '0.14.1' : '0.13.0';
  if (!mayBeUpTo(reading, last)) return { ...problem, next: endIsSeen() };
  return isUpTo(reading, last) ? { ...problem, next: endIsOverlooked(release.text) } : problem;
}

/** ARC does no more about it than what its phase says. */
function isOver({ status }: EphemeralRunner): boolean {
  return ['Failed', 'Outdated', 'Succeeded'].includes(status?.phase ?? '');
}

function ofProblem(reading: Reading, found: Found<EphemeralRunner>, noted: RunnerNote, problem: PodProblem): OfOne {
  const { object } = found;
  const { pods, latestUs } = reading.objects;
  const pod = pods.get(keyOf(object));
  const { container = 'runner', exitCode } = noted.trouble ?? {};
  const isExitTold = exitCode === undefined || problem.what.includes(String(exitCode));
  const { status = {}, metadata } = object;
  // How long it has lasted is not known: the objects do not say when they were printed.
  const said = clean(problem.words);
  const brief = briefWords(said);
  const isPodMissing = pod === undefined && pods.size === 0 && problem.code === 'NoPod' && !reading.isLive;
  // Only that a pod of it has failed tells that this is more than pods nobody has asked for.
  const isUnsure = isPodMissing && Object.keys(status.failures ?? {}).length === 0;
  const what = isUnsure ? t('{0}, if pods were asked for', problem.what) : problem.what;
  const words = problemSentence({ ...problem, what, words: brief, sinceUs: undefined }, latestUs);
  const sentence = shortened(`${calledIn(reading, object)}: ${clean(words)}`, 24);
  const cause = quotaCause(problem.words);
  return {
    id: 'object-problem',
    severity: isUnsure ? 'warning' : 'error',
    sentence,
    details: [
      ...(problem.sinceUs === undefined ? [] : [t('Since {0}Z.', toSecond(problem.sinceUs))]),
      ...(isExitTold ? [] : [t('Container {0} ended with exit code {1}.', container, exitCode)]),
      ...(isToldBy(sentence, said, brief) ? [] : [said]),
      ...(status.jobRequestId === undefined || status.jobRequestId === 0
        ? []
        : [t('Job {0} is assigned to it.', status.jobRequestId)]),
      ...failuresText(Object.values(status.failures ?? {})),
      ...(isPodMissing && !isUnsure ? [noPodGiven()] : []),
      ...(isUnsure ? [] : [problem.next]),
    ],
    runners: [metadata.name],
    evidence: evidenceOf(reading, found),
    confidence: isUnsure ? 'unsure' : isPodMissing ? 'likely' : 'sure',
    advice: isUnsure ? t('Give kubectl get ephemeralrunners,pods -o yaml. {0}', problem.advice) : problem.advice,
    weightUs: problem.sinceUs === undefined ? 0 : latestUs - problem.sinceUs,
    ...(cause === undefined ? {} : { cause }),
    alike: {
      cause: `${what} ${causeOf(problem, imageOf(pod?.object, container), metadata.name)} ${problem.next}`,
      sentence: (who) => shortened(`${who}: ${clean(words.replaceAll(metadata.name, '…'))}`, 24),
      sinceUs: problem.sinceUs,
    },
  };
}

/** Whether a sentence has what somebody said, or the beginning of it that matters. */
function isToldBy(sentence: string, said: string, brief: string): boolean {
  const start = brief.replace(/[.\s]+$/, '');
  return said.startsWith(start) && sentence.includes(start);
}

const noPodGiven = (): string =>
  t(
    'What was given has no pod at all. That says something only if pods were asked for: kubectl get ephemeralrunners,pods.',
  );

/** Of an image that cannot be pulled the kubelet says now the one, now the other. */
const PULLS: ReadonlySet<string> = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'Failed',
  'BackOff',
  'RegistryUnavailable',
]);

function causeOf({ code, words }: PodProblem, image: string | undefined, name: string): string {
  return PULLS.has(code) && image !== undefined ? image : `${code} ${sameWords(words, name)}`;
}

function imageOf(pod: Pod | undefined, container: string): string | undefined {
  const { containers, initContainers } = pod?.spec ?? {};
  // In what somebody has edited they may be anything.
  const all = [containers, initContainers].flatMap((some) => (Array.isArray(some) ? (some as Container[]) : []));
  return all.find((one) => one.name === container)?.image;
}

function evidenceOf({ objects: { pods } }: Reading, { object, phaseSeen }: Found<EphemeralRunner>): EvidenceLine[] {
  const pod = pods.get(keyOf(object));
  return [
    ...(object.status === undefined && pod !== undefined
      ? []
      : [{ at: phaseSeen, says: `status.phase ${object.status?.phase ?? t('is empty')}` }]),
    ...(pod === undefined
      ? []
      : [{ at: pod.phaseSeen, says: t("the pod's phase is {0}", pod.object.status?.phase ?? 'empty') }]),
  ];
}

/** Its pods have failed, and ARC has not given up: without a pod it backs off. */
function ofFailures(
  reading: Reading,
  found: Found<EphemeralRunner>,
  failed: FailedBefore,
  told: PodProblem | undefined,
): OfOne {
  const { object } = found;
  const { pods, latestUs } = reading.objects;
  const { name } = object.metadata;
  const hasPod = pods.has(keyOf(object));
  const isPodMissing = !hasPod && pods.size === 0 && !reading.isLive;
  const why = failed.why !== '' || told === undefined ? failed.why : clean(withReason(told.what, told.code));
  const isPlain = hasPod || isPodMissing;
  const sentenceOf = (failures: string): string =>
    shortened(why === '' ? `${failures}.` : `${failures}: ${why.replace(/[.\s]+$/, '')}.`, 24);
  const [who, what] = [calledIn(reading, object), failedText(failed)];
  const many = counted(
    failed.count,
    t('1 pod of each has failed'),
    t('{0} pods of each have failed', thousands(failed.count)),
  );
  return {
    id: 'failed-before',
    severity: hasPod ? 'warning' : 'error',
    sentence: sentenceOf(isPlain ? `${who}: ${what}` : t('{0} has no pod now: {1}', who, what)),
    details: [
      ...(why.split(' ').length > 10 ? [t('{0}.', why.replace(/[.\s]+$/, ''))] : []),
      ...(told === undefined || told.words === '' || why.includes(told.words)
        ? []
        : [t('Its last event: {0}', told.words)]),
      ...(hasPod ? [t('It has another pod now.')] : [failed.next]),
      ...(isPodMissing ? [noPodGiven()] : []),
    ],
    runners: [name],
    evidence: [{ at: found.seen, says: `status.failures: ${failed.count}` }, ...evidenceOf(reading, found)],
    confidence: isPodMissing ? 'likely' : 'sure',
    advice: failed.why === '' && told !== undefined ? told.advice : failed.advice,
    weightUs: failed.lastUs === undefined ? 0 : latestUs - failed.lastUs,
    alike: {
      cause: `${failed.count} ${String(hasPod)} ${sameWords(why, name)}`,
      sentence: (all) => sentenceOf(isPlain ? `${all}: ${many}` : t('{0} have no pod now: {1}', all, many)),
      sinceUs: failed.lastUs,
    },
  };
}

/** One that goes on, and whose status says something all the same. */
function ofStatus(reading: Reading, found: Found<EphemeralRunner>): OfOne[] {
  const { object } = found;
  const { reason = '', message = '', phase = '' } = object.status ?? {};
  if ((reason === '' && message === '') || isOver(object)) return [];
  const { name } = object.metadata;
  const words = clean(reason === '' || message === '' ? reason + message : `${reason}: ${message}`).replace(
    /[.\s]+$/,
    '',
  );
  const isTaken = isNameTaken(words);
  const state = phase === '' ? t('has no phase yet') : t('is {0}', phase);
  return [
    {
      id: 'status-says',
      severity: isTaken ? 'error' : 'warning',
      sentence: isTaken
        ? t('The name {0} is registered by another runner: registration is refused (409).', calledIn(reading, object))
        : shortened(t('{0} {1}, and its status says: {2}.', calledIn(reading, object), state, words), 24),
      details: isTaken || words.split(' ').length > 16 ? [words] : [],
      runners: [name],
      evidence: evidenceOf(reading, found),
      confidence: 'likely',
      advice: isTaken
        ? nameOfAnotherSetAdvice()
        : t("Look at its pod (kubectl describe pod) and at the lines of the controller's log about it."),
      weightUs: 0,
      alike: {
        cause: `${phase} ${sameWords(words, name)}`,
        sentence: (who) => shortened(t('{0} have a status that says: {1}.', who, words.replaceAll(name, '…')), 24),
      },
    },
  ];
}

/** Runners that only their pods tell: where nobody has asked for the runners themselves. */
function runnersOf(
  pods: ReadonlyMap<string, Found<Pod>>,
  known: readonly Found<EphemeralRunner>[],
): Found<EphemeralRunner>[] {
  const names = new Set(known.map(({ object }) => keyOf(object)));
  return [...pods].flatMap(([key, found]) =>
    isRunnersPod(found.object) && !names.has(key) ? [{ ...found, object: runnerOfPod(found.object) }] : [],
  );
}

/** With its namespace where two have a runner of that name. */
function calledIn({ objects: { runners } }: Reading, runner: EphemeralRunner): string {
  const { name } = runner.metadata;
  return runners.some(({ object }) => object.metadata.name === name && object !== runner) ? keyOf(runner) : name;
}

/** When its pods failed; up to ARC 0.11.0 the status counts them and has no times. */
function failuresText(failures: readonly unknown[]): string[] {
  const times = failures.filter((time) => typeof time === 'string');
  const untimed = failures.length - times.length;
  return [
    ...times.map((time) => t('A pod of it failed at {0}.', time)),
    ...(untimed === 0
      ? []
      : [counted(untimed, t('A pod of it failed before.'), t('{0} of its pods failed before.', thousands(untimed)))]),
  ];
}
