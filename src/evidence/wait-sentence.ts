import { t } from '@vscode/l10n';
import { wayStart } from './bursts.ts';
import { causeOf, type PathPart } from './path.ts';
import { isUndated } from './moment.ts';
import type { Reading } from './reading.ts';
import type { RunnerHistory } from './runner-history.ts';
import { causeWords, lengthWords, partWords } from './wait-words.ts';
import { byClock, clock, isCoarse, spanText } from './words.ts';

/** What a sentence on a runner's wait is made of. */
export interface Wait {
  readonly reading: Reading;
  readonly runner: RunnerHistory;
  /** The parts of its way to its pod; none where they are not known. */
  readonly path: readonly PathPart[];
  /** Whether no line is missing that would change how long something took. */
  readonly isTimeKnown: boolean;
  /** The gravest finding that names it, a burst's left out where it has its pod. */
  readonly finding: string | undefined;
}

/** What a runner waited for until its pod was made, how long and why, in one sentence; or why that cannot be told. */
export function waitSentence(wait: Wait): string {
  const { runner, finding } = wait;
  if (isUndated(runner.first.at)) {
    return withFinding(t('What {0} waited for cannot be told: no time of it is known.', runner.name), finding);
  }
  return runner.milestones.has('podCreated') ? withFinding(untilPod(wait), finding) : withoutPod(wait);
}

function withFinding(told: string, finding: string | undefined): string {
  return finding === undefined ? told : `${told} ${finding}`;
}

/** With its parts, which sum to the whole. */
function untilPod({ reading, runner, path, isTimeKnown }: Wait): string {
  const { milestones, name, startsInLife } = runner;
  const pod = milestones.get('podCreated') ?? runner.last;
  const at = clock(pod);
  if (!isTimeKnown) {
    return t('What {0} waited for cannot be told: lines are missing; its pod was made at {1}.', name, at);
  }
  if (startsInLife) {
    return t(
      'What {0} waited for cannot be told: the log begins in the middle of its life; its pod was made at {1}.',
      name,
      at,
    );
  }
  const start = wayStart(runner);
  const wholeUs = pod.at.us - start.at.us;
  const offUs = Math.max(start.at.withinUs, pod.at.withinUs);
  const lead = leadText(runner, wholeUs, offUs);
  const told = path.filter((part) => isTold(part, isCoarse(offUs)));
  const leftUs = wholeUs - path.reduce((sum, { us }) => sum + us, 0);
  if (told.length > 0) {
    const parts = inSentence(told);
    if (leftUs > 0) parts.push(t('{0} for what no line tells', spanText(reading, leftUs)));
    if (told.length < path.length) parts.push(t('whole seconds do not tell what the rest was for'));
    return t('{0}: it waited {1}.', lead, parts.join('; '));
  }
  if (path.length > 0) return t('{0}; whole seconds do not tell what it waited for.', lead);
  return leftUs > 0
    ? t('{0}; nothing that was given shows what it waited for.', lead)
    : t('{0}: it waited for nothing that the clock of the log shows.', lead);
}

/** Whether a part is known to have taken any time: by a clock of whole seconds, one between two of them may not. */
function isTold({ leastUs }: PathPart, hasWholeSeconds: boolean): boolean {
  return leastUs > 0 || !hasWholeSeconds;
}

function leadText({ name, milestones }: RunnerHistory, us: number, offUs: number): string {
  const isCreated = milestones.has('created');
  if (us === 0 && offUs > 0) {
    const least = byClock(offUs + 1, isCoarse(offUs));
    return isCreated
      ? t('{0} got its pod within {1} of its creation', name, least)
      : t('{0} got its pod within {1} of its first line, and when it was created is not in the log', name, least);
  }
  const span = byClock(us, isCoarse(offUs));
  return isCreated
    ? t('{0} got its pod {1} after it was created', name, span)
    : t('{0} got its pod {1} after its first line, and when it was created is not in the log', name, span);
}

/** The same causes once, the longest first. */
function inSentence(path: readonly PathPart[]): string[] {
  const sums = new Map<string, PathPart>();
  for (const part of path) {
    const words = causeWords(part);
    const before = sums.get(words);
    sums.set(words, before === undefined ? part : sumOf(before, part));
  }
  return [...sums.values()].sort((a, b) => b.us - a.us).map(toldWords);
}

function toldWords(part: PathPart): string {
  return part.cause === 'worker busy' && part.heldBy === undefined
    ? t('{0} for a worker, and no line shows why', lengthWords(part))
    : partWords(part);
}

function sumOf(one: PathPart, other: PathPart): PathPart {
  return {
    ...one,
    us: one.us + other.us,
    leastUs: one.leastUs + other.leastUs,
    mostUs: one.mostUs + other.mostUs,
  };
}

function withoutPod({ reading, runner, isTimeKnown, finding }: Wait): string {
  const { milestones, name, startsInLife, hasPod } = runner;
  const isOver = (['finished', 'deleted', 'gone'] as const).some((milestone) => milestones.has(milestone));
  const hasRun = hasPod || milestones.has('running') || milestones.has('jobStarted');
  if (hasRun || (isOver && startsInLife)) return withFinding(podNotTold(reading, runner), finding);
  if (reading.first !== undefined && (startsInLife || !isTimeKnown)) return withFinding(podUnknown(runner), finding);
  const lead = isOver
    ? t('{0} never had a pod', name)
    : noPodText(reading, runner, reading.latestUs - wayStart(runner).at.us);
  if (finding !== undefined) return t('{0}: {1}', lead, finding);
  if (isOver) return milestones.has('deleted') ? t('{0}, and was deleted.', lead) : t('{0}.', lead);
  if (reading.first === undefined) return t('{0}, and nothing that was given shows what it waits for.', lead);
  const doing = runner.doing ?? (runner.isTouched ? undefined : 'queue');
  if (doing === undefined || doing === 'rest') {
    return t('{0}; what it waits for is not in the log, whose last line about it is of {1}.', lead, clock(runner.last));
  }
  const cause = causeWords({ cause: causeOf(doing, false) });
  return t('{0}: since {1} it has waited for {2}.', lead, clock(runner.last), cause);
}

/** Why nothing is known of the way to a pod that is there. */
function podNotTold(reading: Reading, { name, namespace, milestones, first }: RunnerHistory): string {
  if (reading.first === undefined) return t('What {0} waited for cannot be told: only a log shows that.', name);
  if (namespace === '') {
    return t(
      "What {0} waited for cannot be told: only the controller's log shows that, and this is a listener's.",
      name,
    );
  }
  const created = milestones.get('created');
  return created === undefined
    ? t(
        'What {0} waited for until its pod was made cannot be told: no line here shows that; the first one about it is of {1}.',
        name,
        clock(first),
      )
    : t(
        'What {0} waited for until its pod was made cannot be told: no line here shows that; it was created at {1}.',
        name,
        clock(created),
      );
}

/** Its pod may have been made in lines that are not here. */
function podUnknown({ name, last, doing }: RunnerHistory): string {
  return doing === 'back-off'
    ? t('Whether {0} has a pod is not in the log; a pass of it failed at {1}, and is tried again.', name, clock(last))
    : t('Whether {0} has a pod is not in the log, whose last line about it is of {1}.', name, clock(last));
}

function noPodText(reading: Reading, { name, milestones }: RunnerHistory, us: number): string {
  if (reading.first === undefined) return t('{0} has no pod', name);
  const isLive = reading.isLive;
  const span = spanText(reading, us);
  const isCreated = milestones.has('created');
  if (isLive) {
    return isCreated
      ? t('{0} has no pod yet, {1} after it was created', name, span)
      : t('{0} has no pod yet, {1} after its first line', name, span);
  }
  return isCreated
    ? t('{0} has no pod when the log ends, {1} after it was created', name, span)
    : t('{0} has no pod when the log ends, {1} after its first line', name, span);
}
