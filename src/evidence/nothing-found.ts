import { t } from '@vscode/l10n';
import { counted, runnersText, thousands } from '../base/count-words.ts';
import { formatAge } from '../base/duration.ts';
import { errorReason } from './findings/error-reason.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { stillToCome } from './burst-finding.ts';
import { wayStart, withoutPod, type Burst } from './bursts.ts';
import { listenersSay } from './listener-alone.ts';
import { giveMore, missingFromEvents, missingFromObjects } from './missing-from-objects.ts';
import { UNDATED } from './moment.ts';
import { isAboutOne } from './one-runner.ts';
import type { Reading } from './reading.ts';
import type { RunnerHistory } from './runner-history.ts';
import type { Repeated } from './seen.ts';
import { byClock, clock, isCoarse, spanText, withNote } from './words.ts';

/** A wait like this is late, and never called nothing wrong. */
const LATE_US = 10e6;
/** Waits that are shorter need no word on when they would be late. */
const TOLD_US = 2e6;

interface NothingFound {
  readonly verdict: string;
  /** Whether what was given shows enough of a runner to say that nothing is wrong. */
  readonly isJudged: boolean;
}

/**
 * What is said where no finding is: that nothing is wrong, or what is missing to say so.
 * @param bursts all of the log
 * @param hasLost whether lines are cut so that it is not known what they are about
 * @param newMessages lines whose message no known release of ARC writes
 */
export function nothingFound(
  reading: Reading,
  bursts: readonly Burst[],
  hasLost: boolean,
  newMessages: number,
): NothingFound {
  const found = withoutFindings(reading, bursts, hasLost);
  if (newMessages === 0) return found;
  // What they say may be what is wrong.
  const verdict = found.isJudged
    ? t('{0} But {1}.', found.verdict, newMessagesText(newMessages))
    : t('{0} And {1}.', found.verdict, newMessagesText(newMessages));
  return { verdict, isJudged: false };
}

/** `12 lines have a message that no release up to 0.14.2 writes: perhaps a newer release` */
export function newMessagesText(lines: number): string {
  const newest = RELEASES.published.at(-1) ?? '';
  return counted(
    lines,
    t('1 line has a message that no release up to {0} writes: perhaps a newer release', newest),
    t('{0} lines have a message that no release up to {1} writes: perhaps a newer release', thousands(lines), newest),
  );
}

function withoutFindings(reading: Reading, bursts: readonly Burst[], hasLost: boolean): NothingFound {
  const said = hasLost || reading.lastRunnerLine !== undefined ? undefined : listenersSay(reading);
  if (said !== undefined) return said;
  const waits = waitsIn(bursts);
  const missing = whatIsMissing(reading, bursts, waits, hasLost);
  return missing === undefined
    ? { verdict: healthy(reading, waits), isJudged: true }
    : { verdict: t('Not enough to judge: {0}.', missing), isJudged: false };
}

function whatIsMissing(reading: Reading, bursts: readonly Burst[], waits: Waits, hasLost: boolean): string | undefined {
  const { lastRunnerLine } = reading;
  const runners = [...reading.runners.values()];
  if (reading.first !== undefined && reading.latestUs === UNDATED.us)
    return t('the lines have no times, so waits are unknown; give them as kubectl logs printed them');
  if (hasLost) return t('lines are cut before they name their runner; give the log with whole lines');
  const untold = reading.first === undefined ? (missingFromObjects(reading) ?? missingFromEvents(reading)) : undefined;
  if (untold !== undefined) return untold;
  const waiting = withoutPod(reading);
  if (waits.count > 0) {
    return waiting.length === 0
      ? (ofOneRunner(reading, waits) ?? unexplained(reading, waits))
      : `${waitingText(reading, bursts, waiting)}; ${giveMore(reading)}`;
  }
  const made = runners.filter(({ milestones }) => milestones.has('podCreated')).length;
  if (made > 0) {
    return counted(
      made,
      t(
        "1 pod made; the log begins in the middle of its runner's life, so its wait is unknown; give the log from before",
      ),
      t(
        "{0} pods made; the log begins in the middle of their runners' lives, so their waits are unknown; give the log from before",
        thousands(made),
      ),
    );
  }
  if (lastRunnerLine === undefined && reading.stranger !== undefined) {
    return t("{0}; give the log of ARC's controller, gha-rs-controller", reading.stranger);
  }
  if (lastRunnerLine === undefined && reading.isController) {
    return runners.some(({ milestones }) => milestones.has('created')) ? untoldText(runners) : wantedText(reading);
  }
  if (lastRunnerLine === undefined && reading.process.waitsForLease) {
    return t(
      'this replica of the controller waits for the lease, which another one holds; give the log of the replica that works',
    );
  }
  if (lastRunnerLine === undefined && reading.isLive) {
    return t("no line of the time that was read is one of the controller's about a runner; {0}", giveMore(reading));
  }
  if (lastRunnerLine === undefined) {
    return t("no line is one of the controller's about a runner; give the controller's log");
  }
  const refused = runners.find(({ notes }) => notes.has('removal refused'))?.notes.get('removal refused');
  if (refused !== undefined) {
    return t(
      'the service refused to remove {0} at {1}, as its job still ran, and the log does not show what came after; {2}',
      runners.find(({ notes }) => notes.has('removal refused'))?.name ?? '',
      clock(refused.first),
      giveMore(reading),
    );
  }
  const seen = runners.filter(({ hasPod, milestones }) => hasPod || milestones.has('finished'));
  if (seen.length > 0) {
    return counted(
      seen.length,
      t(
        'the log shows 1 runner with its pod, and not how that was made, so its wait is unknown; {0}',
        giveMore(reading),
      ),
      t(
        'the log shows {0} runners with their pods, and not how these were made, so their waits are unknown; {1}',
        thousands(seen.length),
        giveMore(reading),
      ),
    );
  }
  const making = runners.filter((runner) => runner.hasSaid('podSpec')).length;
  if (making > 0) {
    return counted(
      making,
      t('the log ends while the controller makes the pod of 1 runner; {0}', giveMore(reading)),
      t('the log ends while the controller makes the pods of {0} runners; {1}', thousands(making), giveMore(reading)),
    );
  }
  return t(
    'no line is about a pod of {0} in {1}; {2}',
    runnersText(thousands(runners.length)),
    spanText(reading, overUs(reading)),
    giveMore(reading),
  );
}

/** What a search for the lines of sets leaves of a log: runners that are made, and nothing of what happened to them. */
function untoldText(runners: readonly RunnerHistory[]): string {
  const made = runners.filter(({ milestones }) => milestones.has('created')).length;
  return counted(
    made,
    t(
      'the log says of 1 runner that it was made, and has no line about its pod (logger EphemeralRunner); give the whole log, not what a search left of it',
    ),
    t(
      'the log says of {0} runners that they were made, and has no line about their pods (logger EphemeralRunner); give the whole log, not what a search left of it',
      thousands(made),
    ),
  );
}

/** With what sets wanted: `set lab wanted 0`. */
function wantedText({ sets, otherErrors }: Reading): string {
  const short = [...sets.values()].find(({ current = 0, desired = 0 }) => desired > current);
  if (short !== undefined) {
    return t(
      "set {0} wants {1} and has {2}, and no line shows that it makes one; give the controller's whole log",
      short.name,
      runnersText(thousands(short.desired ?? 0)),
      thousands(short.current ?? 0),
    );
  }
  const full = [...sets.values()].find(({ current = 0, desired = 0 }) => current > desired);
  if (full !== undefined) {
    return t(
      "set {0} counts {1} and wants {2}, so that it makes none; give the controller's whole log",
      full.name,
      runnersText(thousands(full.current ?? 0)),
      thousands(full.desired ?? 0),
    );
  }
  const [failed] = otherErrors;
  const [error] = failed === undefined ? [] : failed[1].kinds;
  if (failed !== undefined && error !== undefined) {
    return t(
      "no runner was made in this part of the controller's log; {0} reported an error, which the next pass may get over: {1}",
      failed[0],
      errorReason(error.text),
    );
  }
  const wanted = [...sets.values()].flatMap(({ name, desired }) => (desired === undefined ? [] : [{ name, desired }]));
  const shown = wanted.slice(0, 3).map(({ name, desired }) => t('set {0} wanted {1}', name, desired));
  return shown.length === 0
    ? t("no runner was made in this part of the controller's log; give one from when runners were wanted")
    : t(
        "no runner was made in this part of the controller's log ({0}); give one from when runners were wanted",
        shown.join(', '),
      );
}

/** `62 of 100 runners have no pod when the log ends`, and where pods still come how long the others need. */
function waitingText(reading: Reading, bursts: readonly Burst[], waiting: readonly RunnerHistory[]): string {
  const without = new Set(waiting);
  const all = [...reading.runners.values()].filter(
    (runner) => runner.milestones.has('podCreated') || without.has(runner),
  );
  const unfinished = bursts.find((burst) => burst.waiting.length > 0);
  const pace = unfinished === undefined ? undefined : stillToCome(unfinished);
  return [
    counted(
      waiting.length,
      t('1 of {0} has no pod when the log ends', runnersText(thousands(all.length))),
      t('{0} of {1} have no pod when the log ends', thousands(waiting.length), runnersText(thousands(all.length))),
    ),
    ...(pace === undefined ? [] : [pace]),
  ].join('; ');
}

/** Pods that came late, and no finding says why: undefined where there are none. */
function unexplained(reading: Reading, { late, longestUs }: Waits): string | undefined {
  // Objects alone show none of the way to a pod.
  if (late === 0 || reading.lastRunnerLine === undefined) return undefined;
  const longest = spanText(reading, longestUs);
  const what = counted(
    late,
    t('1 runner got its pod only after {0}, and no line shows why', longest),
    t('{0} runners got their pods only after up to {1}, and no line shows why', thousands(late), longest),
  );
  if (isAboutOne(reading)) return t('{0}; give the whole log, not only the lines about one runner', what);
  return reading.isLive ? what : t("{0}; give the API server's audit log as well", what);
}

/** A wait of less than this needs no other runner's lines to be explained. */
const SHORT_US = 2e6;
/** Who makes runners for a set names them so. */
const OF_SET = /-runner-[a-z0-9]{5}$/;

/** What a search for a runner's name left: its wait, and none of the lines with which its set counts before it makes one. */
function ofOneRunner(reading: Reading, { longestUs }: Waits): string | undefined {
  const { runners } = reading;
  if (!isAboutOne(reading)) return undefined;
  const [only] = runners.values();
  // A log that has been shortened by hand lacks more than a search for words takes away.
  const isSearched = only !== undefined && OF_SET.test(only.name) && only.hasSaid('podSpec');
  if (!isSearched || longestUs <= SHORT_US) return undefined;
  return t(
    'only lines about {0} are here, which got its pod after {1}; what it waited for is in those about the others, so give the whole log',
    only.name,
    spanText(reading, longestUs),
  );
}

/** Times from creation, or first line, to the pod, of all runners that have one and did not begin before the log. */
interface Waits {
  readonly count: number;
  /** Whether the log tells when each of them was created. */
  readonly isCreated: boolean;
  /** How many of them make somebody ask why: more than LATE_US. */
  readonly late: number;
  /** By the stamps. */
  readonly longestUs: number;
  /** What each took lies between the two, as stamps are no finer than their clock. */
  readonly leastUs: number;
  readonly mostUs: number;
  readonly offUs: number;
}

function waitsIn(bursts: readonly Burst[]): Waits {
  let [count, late, longestUs, leastUs, mostUs, offUs] = [0, 0, 0, Number.POSITIVE_INFINITY, 0, 0];
  let isCreated = true;
  for (const { runners, isCut } of bursts) {
    for (const runner of runners) {
      const { milestones } = runner;
      const pod = milestones.get('podCreated');
      if (pod === undefined || (isCut && !milestones.has('created'))) continue;
      const from = wayStart(runner);
      const us = pod.at.us - from.at.us;
      count++;
      if (us > LATE_US) late++;
      longestUs = Math.max(longestUs, us);
      leastUs = Math.min(leastUs, us - from.at.withinUs - 1);
      mostUs = Math.max(mostUs, us + pod.at.withinUs);
      offUs = Math.max(offUs, from.at.withinUs, pod.at.withinUs);
      isCreated &&= milestones.has('created');
    }
  }
  return { count, isCreated, late, longestUs, leastUs, mostUs, offUs };
}

function overUs({ first, latestUs }: Reading): number {
  return first === undefined ? 0 : latestUs - first.at.us;
}

function healthy(reading: Reading, waits: Waits): string {
  const runners = [...reading.runners.values()];
  const made = runners.filter(({ milestones }) => milestones.has('podCreated')).length;
  const unknown = made - waits.count;
  const [failures, failed] = [
    sum(withNote(reading, 'pod failed').map(({ note }) => note)),
    sum(runners.flatMap((runner) => runner.failed)),
  ];
  const who = runnersText(thousands(runners.length));
  return [
    // Objects alone are of one moment.
    reading.first === undefined
      ? t('Nothing wrong found in {0}: pods {1}', who, judgedRange(waits))
      : t('Nothing wrong found in {0} over {1}: pods {2}', who, spanText(reading, overUs(reading)), judgedRange(waits)),
    ...(unknown === 0
      ? []
      : [
          counted(
            unknown,
            t('1 wait unknown because the log begins later'),
            t('{0} waits unknown because the log begins later', thousands(unknown)),
          ),
        ]),
    counted(failures, t('1 failure'), t('{0} failures', thousands(failures))),
    ...(reading.first === undefined
      ? []
      : [counted(failed, t('1 failed pass'), t('{0} failed passes', thousands(failed)))]),
  ]
    .join(', ')
    .concat('.');
}

/** With when pods are late, where a reader may ask whether these are. */
function judgedRange(waits: Waits): string {
  // Objects alone do not show what a pod waited for, so that a late one is no trouble there.
  return waits.longestUs < TOLD_US || waits.late > 0
    ? range(waits)
    : t('{0} (late from {1} on)', range(waits), formatAge(LATE_US));
}

/** `within 2 s of their runner` where the clock shows no more; `1.49 s after their runner`, or the runner's first line. */
function range({ isCreated, leastUs: least, mostUs: most, offUs }: Waits): string {
  const hasSeconds = isCoarse(offUs);
  const [from, to] = [
    byClock(hasSeconds ? least : least + 1, hasSeconds),
    byClock(hasSeconds ? most + 1 : most, hasSeconds),
  ];
  if (hasSeconds && least <= 0)
    return isCreated ? t('within {0} of their runner', to) : t("within {0} of their runner's first line", to);
  const span = from === to ? from : t('{0} to {1}', from, to);
  return isCreated ? t('{0} after their runner', span) : t("{0} after their runner's first line", span);
}

function sum(all: readonly Repeated[]): number {
  return all.reduce((total, { count }) => total + count, 0);
}
