import { t } from '@vscode/l10n';
import { counted, podsText, runnersText, thousands } from '../../base/count-words.ts';
import { addTo } from '../../base/group.ts';
import type { Finding, Rule } from '../finding.ts';
import { isAcrossHole } from '../holes.ts';
import { RAN_OR_GOES, type Note } from '../messages.ts';
import { isLaterLine, type Reading } from '../reading.ts';
import type { RunnerHistory } from '../runner-history.ts';
import type { Seen } from '../seen.ts';
import { lateFromUs, PEERS, usualOf } from '../usual-start.ts';
import { spanText } from '../words.ts';

/** Where none ran that it could be compared with, an image of several gigabytes may still be on its way before this. */
const LONG_ALONE_US = 600e6;
/** Where several pods were made and none runs, or others ran, that is worth a word before. */
const LONG_TOGETHER_US = 300e6;

/** Where others ran, this many that have waited this long are worth a word, late or not. */
const MANY = 5;
const STILL_US = 60e6;

interface Waiting {
  readonly runner: RunnerHistory;
  readonly pod: Seen;
  readonly us: number;
}

/** Pods that were made and never ran, up to the log's end, where only the controller's log was given: it does not see why. */
export const neverRan: Rule = (reading) => {
  const took = timesToRun(reading);
  const usualUs = usualOf(took);
  const fromUs = usualUs === undefined || took.length < PEERS ? LONG_ALONE_US : lateFromUs(usualUs);
  const waiting = waitingFor(reading, fromUs);
  const ownFromUs = ofSets(reading, waiting);
  const sure = waiting.filter(({ runner, us }) => us >= ownFromUs(runner));
  if (sure.length > 0) return [finding(reading, sure, took)];
  if (usualUs !== undefined) return notYet(reading, took);
  const together = waitingFor(reading, LONG_TOGETHER_US);
  if (together.length < 2) return [];
  return [
    {
      ...finding(reading, together, took),
      severity: 'warning',
      confidence: 'unsure',
      details: [t('A large image that a node pulls for the first time may take some minutes.'), notSaid()],
    },
  ];
};

/** From when on a pod is late for its set, in microseconds: those of others may need no node to be added, and no large image. */
function ofSets(reading: Reading, waiting: readonly Waiting[]): (runner: RunnerHistory) => number {
  const ranUs = longestOfSets(reading);
  const own = new Map<string | undefined, number>();
  for (const { runner } of waiting) own.set(runner.set, (own.get(runner.set) ?? 0) + 1);
  return ({ set }) => {
    const longestUs = ranUs.get(set ?? '');
    if (longestUs !== undefined) return longestUs + 1;
    return (own.get(set) ?? 0) >= MANY || ranUs.size === 0 ? 0 : LONG_TOGETHER_US;
  };
}

/** Pods that may still run as others did, when the log ends. */
function notYet(reading: Reading, took: readonly number[]): Finding[] {
  const waiting = waitingFor(reading, STILL_US);
  const [longest] = waiting;
  if (longest === undefined || waiting.length < MANY) return [];
  return [
    {
      ...finding(reading, waiting, took),
      severity: 'warning',
      confidence: 'sure',
      sentence: t(
        '{0} have not run yet when the log ends, the first for {1}.',
        podsText(waiting.length),
        spanText(reading, longest.us),
      ),
    },
  ];
}

/** The longest first. */
function waitingFor(reading: Reading, fromUs: number): Waiting[] {
  const { last, runners } = reading;
  if (last === undefined) return [];
  return [...runners.values()]
    .flatMap((runner): Waiting[] => {
      const pod = runner.lastPod;
      const us = pod === undefined ? 0 : last.at.us - pod.at.us;
      if (pod === undefined || us < fromUs || isElsewhere(reading, runner, pod)) return [];
      // Where lines are missing, that it ran may be among them.
      return isAcrossHole(reading, pod.at.us, pod.at.us + fromUs) ? [] : [{ runner, pod, us }];
    })
    .sort((a, b) => b.us - a.us);
}

function notSaid(): string {
  return t('The log does not say why: the controller only sees that the container of such a pod has not begun.');
}

/** @param took from pod to container, of those that ran, shortest first */
function finding(reading: Reading, waiting: readonly Waiting[], took: readonly number[]): Finding {
  const [longest] = waiting as readonly [Waiting, ...Waiting[]];
  return {
    id: 'never-ran',
    severity: 'error',
    sentence: sentence(reading, waiting, took),
    details: [...(took.length === 0 ? [] : setsText(reading, waiting)), notSaid()],
    runners: waiting.map(({ runner }) => runner.name),
    evidence: [
      { at: longest.pod, says: t('the pod of {0} is made', longest.runner.name) },
      { at: longest.runner.last, says: t('the last line about it') },
    ],
    confidence: 'likely',
    advice: t(
      'Give kubectl get pods,events -o yaml beside the log: they say whether no node has room, or an image or a volume is missing.',
    ),
    weightUs: longest.us,
  };
}

function sentence(reading: Reading, waiting: readonly Waiting[], took: readonly number[]): string {
  const [{ runner, us }] = waiting as readonly [Waiting, ...Waiting[]];
  const span = spanText(reading, us);
  const usualUs = usualOf(took);
  if (usualUs === undefined && isAll(reading, waiting)) {
    return counted(
      waiting.length,
      t('{0} has had a pod for {1} that never ran.', runner.name, span),
      t('None of {0} pods has run, the first for {1}.', thousands(waiting.length), span),
    );
  }
  const who = runnersText(thousands(waiting.length));
  const never = counted(
    waiting.length,
    t('{0} has had a pod for {1} that never ran', runner.name, span),
    t('{0} have had a pod for up to {1} that never ran', who, span),
  );
  return usualUs === undefined
    ? t('{0}.', never)
    : t(
        '{0}; half of {1} others ran within {2}.',
        never,
        thousands(took.length),
        spanText(reading, Math.max(usualUs, 1)),
      );
}

/** Whether no other runner of the log has a pod. */
function isAll({ runners }: Reading, waiting: readonly Waiting[]): boolean {
  return [...runners.values()].filter(({ hasPod }) => hasPod).length === waiting.length;
}

/** From pod to container, of all that have it, shortest first, in microseconds. */
function timesToRun(reading: Reading): number[] {
  return [...reading.runners.values()].flatMap((runner) => timeToRun(runner) ?? []).sort((a, b) => a - b);
}

function timeToRun({ milestones }: RunnerHistory): number | undefined {
  const [pod, running] = [milestones.get('podCreated'), milestones.get('running') ?? milestones.get('finished')];
  return pod === undefined || running === undefined ? undefined : running.at.us + running.at.withinUs - pod.at.us;
}

/**
 * How long others of each set took from pod to container, at most, in microseconds: sets that scale from zero wait for a node
 * every time. The longest of several is left out, as it may have been stuck itself.
 */
function longestOfSets({ runners }: Reading): Map<string, number> {
  const took = new Map<string, number[]>();
  for (const runner of runners.values()) {
    const us = timeToRun(runner);
    if (us !== undefined) addTo(took, runner.set ?? '', us);
  }
  return new Map(
    [...took].map(([set, us]) => {
      const longestFirst = us.sort((a, b) => b - a);
      return [set, longestFirst[us.length > PEERS ? 1 : 0] ?? 0];
    }),
  );
}

/** Its pod is not seen waiting, it is gone or is to go, or something else says more of its pod. */
function isElsewhere(reading: Reading, runner: RunnerHistory, pod: Seen): boolean {
  const { objects, podEvents, process } = reading;
  const { milestones, name, notes } = runner;
  const key = `${runner.namespace}/${name}`;
  // What was before this pod is over; within one second it is the file's order that tells.
  const isAfter = (seen: Seen | undefined): boolean => {
    if (seen === undefined) return false;
    const us = seen.at.us + seen.at.withinUs - pod.at.us - pod.at.withinUs;
    return us === 0 && seen.source === pod.source ? isLaterLine(reading, seen, pod) : us > 0;
  };
  return (
    !runner.isContainerMissing ||
    // A controller that starts looks at every runner that is there.
    runner.lastUs < (process.firstRunnerLine?.at.us ?? 0) ||
    RAN_OR_GOES.some((each) => isAfter(milestones.get(each))) ||
    [...notes].some(([note, { last }]) => !isOfWaiting(note) && isAfter(last)) ||
    objects.pods.has(key) ||
    podEvents.has(key) ||
    podEvents.has(`/${name}`)
  );
}

/** What is also said of a pod that waits. */
function isOfWaiting(note: Note): boolean {
  return note === 'nothing new' || note === 'pod exists';
}

/** Whether they are all those of one set, which is then what to look at. */
function setsText({ runners }: Reading, waiting: readonly Waiting[]): string[] {
  const [set, ...others] = new Set(waiting.map(({ runner }) => runner.set));
  if (set === undefined || others.length > 0) return [];
  const own = [...runners.values()].filter((runner) => runner.set === set);
  const hasOthers = [...runners.values()].some((runner) => runner.set !== set);
  if (!hasOthers) return [];
  return own.length === waiting.length
    ? [
        counted(
          waiting.length,
          t('It is the only runner of set {0}; those of other sets ran.', set),
          t('These are all the runners of set {0}; those of other sets ran.', set),
        ),
      ]
    : [
        counted(
          waiting.length,
          t('It is of set {0}, which has {1}.', set, runnersText(thousands(own.length))),
          t('All of them are of set {0}, which has {1}.', set, runnersText(thousands(own.length))),
        ),
      ];
}
