import { t } from '@vscode/l10n';
import { absencesOf, isMostlyAbsence } from './absences.ts';
import { burstFinder, explainedBursts, isSlow, isWaitedFor, type SlowBurst } from './burst-cause.ts';
import { burstsOf, withoutPod } from './bursts.ts';
import type { Finding, OfOne } from './finding.ts';
import { slowBurstFindings } from './slow-burst-findings.ts';
import { isAcrossHole } from './holes.ts';
import { damageOf } from './integrity.ts';
import { FROM_SILENCE, SLOW_START, STUCK } from './findings/all.ts';
import { sampledFinding } from './findings/sampled.ts';
import { RunnerAnswer, type Answering } from './milestones.ts';
import { WHOLE_SECOND_US } from './moment.ts';
import { nothingFound } from './nothing-found.ts';
import { oneCause } from './one-cause.ts';
import { presentFirst } from './present-first.ts';
import type { Evidence, ReadFile } from './read-evidence.ts';
import type { Reading } from './reading.ts';
import type { Seen } from './seen.ts';
import type { RunnerHistory } from './runner-history.ts';
import { releaseGiven, type Release } from './release.ts';
import { together } from './together.ts';
import { missingWayLine } from './way-lines.ts';
import { clock, spanText } from './words.ts';

/** What a log says, concluded. */
export interface Explanation {
  /** One sentence: why runners start late or hang, or that nothing is wrong. */
  readonly verdict: string;
  /** Good to know and no trouble: what took the time of bursts that were short. */
  readonly remarks: readonly string[];
  /** No finding is grave. */
  readonly isHealthy: boolean;
  /** Whether what was given shows enough to say that nothing is wrong. */
  readonly isJudged: boolean;
  readonly release: Release | undefined;
  /** Longest first; none where lines are missing. */
  readonly bursts: readonly SlowBurst[];
  readonly runners: readonly RunnerAnswer[];
  /** The sure and grave ones first; of these, what goes on when the log ends. */
  readonly findings: readonly Finding[];
  readonly files: readonly ReadFile[];
  readonly lookedAt: string;
  /** `file:line` */
  readonly lineName: (seen: Seen) => string;
  readonly reading: Reading;
}

/** What took less is not worth a line, and whole seconds do not show it. */
const TOLD_US = 2e6;
/** Of clocks with whole seconds: a call that begins in one and ends in the next took anything up to two. */
const COARSELY_TOLD_US = 5e6;
/** A log with this many has more: any line may be missing. */
const MANY_HOLES = 3;
const SEVERITIES = ['error', 'warning', 'note'] as const;
const CONFIDENCES = ['sure', 'likely', 'unsure'] as const;

export function explain({ reading, files }: Evidence): Explanation {
  // How long something took cannot be told where lines of it are missing.
  const isSampled = files.some(({ sampledAway }) => sampledAway > 0);
  // The last line of a file is often cut where the file was.
  const hasLost = reading.cutBeforeName > files.length;
  const damage = damageOf(reading);
  const hasGaps = isSampled || hasLost || damage.isWhole;
  const newMessages = files.reduce((sum, file) => sum + file.newMessages, 0);
  const isSilenceUntold = hasGaps || (!reading.isLive && reading.holes.length >= MANY_HOLES);
  const allBursts = burstsOf(reading);
  const absences = hasGaps ? [] : absencesOf(reading);
  const bursts = hasGaps
    ? []
    : explainedBursts(reading, allBursts).filter(
        ({ burst }) =>
          !isAcrossHole(reading, burst.start.at.us, burst.lastPod.at.us) && !isMostlyAbsence(absences, burst),
      );
  const found = [
    ...damage.findings,
    ...slowBurstFindings(reading, bursts.filter(isSlow)),
    ...together(
      STUCK.filter((rule) => !isSilenceUntold || !FROM_SILENCE.has(rule)).flatMap((rule) =>
        FROM_SILENCE.has(rule) && newMessages > 0 ? rule(reading).map(unsure) : rule(reading),
      ),
    ),
    ...sampledFinding(files),
  ];
  found.sort(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      CONFIDENCES.indexOf(a.confidence) - CONFIDENCES.indexOf(b.confidence) ||
      b.weightUs - a.weightUs,
  );
  const findings = presentFirst(reading, oneCause(found));
  const waiting = new Set(hasGaps ? [] : withoutPod(reading));
  const lineName = ({ source, line }: Seen): string => `${files[source]?.file ?? '?'}:${line}`;
  const answering: Answering = {
    burstOf: burstFinder(bursts),
    isTimeKnown: (runner) => !hasGaps && !isAcrossHole(reading, runner.first.at.us, runner.lastUs),
    lineName,
    findingOf: findingFinder(findings),
    reading,
    idle: (runner) => (waiting.has(runner) ? idleText(reading, runner) : undefined),
  };
  const worst = findings[0];
  const isHealthy = worst === undefined || worst.severity === 'note';
  return {
    ...(isHealthy
      ? nothingFound(reading, allBursts, hasLost, newMessages)
      : { verdict: worst.sentence, isJudged: true }),
    remarks: [...remarksOn(reading, bursts), ...lackingText(reading)],
    isHealthy,
    release: releaseGiven(reading),
    bursts,
    runners: Array.from(reading.runners.values(), (runner) => new RunnerAnswer(runner, answering)),
    findings,
    files,
    lookedAt: t('{0} causes of slow starts, {1} kinds of stuck runners.', Object.keys(SLOW_START).length, STUCK.length),
    lineName,
    reading,
  };
}

/** Which finding about a runner says most: the first that names it; where it has its pod none about the way to that. */
function findingFinder(findings: readonly Finding[]): Answering['findingOf'] {
  let [about, apartFromBursts]: Map<string, string>[] = [];
  return (runner) => {
    about ??= byRunner(findings);
    apartFromBursts ??= byRunner(findings.filter(({ burst }) => burst === undefined));
    return (runner.milestones.has('podCreated') ? apartFromBursts : about).get(runner.name);
  };
}

function byRunner(findings: readonly Finding[]): Map<string, string> {
  const sentences = new Map<string, string>();
  for (const { severity, runners, sentence } of findings) {
    if (severity !== 'note') for (const name of runners) if (!sentences.has(name)) sentences.set(name, sentence);
  }
  return sentences;
}

/** What a newer release calls otherwise has not failed to happen. */
function unsure(finding: OfOne): OfOne {
  return { ...finding, confidence: 'unsure' };
}

/** `No worker has touched it: 20 min since it was created.` */
function idleText(reading: Reading, runner: RunnerHistory): string | undefined {
  const us = (reading.last?.at.us ?? 0) - runner.lastUs;
  if (us < TOLD_US) return undefined;
  const [span, since] = [spanText(reading, us), clock(runner.last)];
  if (!runner.isTouched) {
    return reading.isLive
      ? t('Not touched since it was created at {0}: for {1} by now.', since, span)
      : t('Not touched since it was created at {0}: for {1} when the log ends.', since, span);
  }
  return reading.isLive
    ? t('It has no pod yet, and no line has been about it since {0}: for {1} by now.', since, span)
    : t('It has no pod yet, and no line has been about it since {0}: for {1} when the log ends.', since, span);
}

/** That a search has left a line out that the settings would be fitted to. */
function lackingText(reading: Reading): string[] {
  const missing = missingWayLine(reading);
  if (missing === undefined) return [];
  return [
    t(
      'Lines are missing: none says "{0}", which every runner with a pod has. No setting is fitted; give the whole log.',
      missing,
    ),
  ];
}

/** What took the time of the longest burst that is too short for a finding, and what would help. */
function remarksOn(reading: Reading, bursts: readonly SlowBurst[]): string[] {
  const short = bursts.find((each) => !isSlow(each));
  const leastUs = reading.coarsestUs >= WHOLE_SECOND_US ? COARSELY_TOLD_US : TOLD_US;
  if (short?.cause === undefined || short.burst.runners.length < 2 || short.waitUs < leastUs || !isWaitedFor(short))
    return [];
  const { sentence, advice } = SLOW_START[short.cause](reading, short);
  return [t('{0} {1}', sentence, advice)];
}
