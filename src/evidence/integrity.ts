import { t } from '@vscode/l10n';
import { counted, linesText, runnersText, thousands } from '../base/count-words.ts';
import { filteredText } from './filtered.ts';
import type { EvidenceLine, Finding } from './finding.ts';
import { distinctHoles } from './holes.ts';
import { timeOfDay, toSecond } from './moment.ts';
import type { Process } from './process.ts';
import type { Hole, Reading } from './reading.ts';
import type { RunnerHistory } from './runner-history.ts';
import { runnersOfTwo } from './second-controller.ts';
import type { Seen } from './seen.ts';
import { releaseOf } from './release.ts';
import { clock } from './words.ts';

/** The first few holes are named; the others are counted. */
const SHOWN = 3;
/** Lines that go back in time by chance, where several goroutines or pods write, are fewer than this part. */
const UNORDERED = 0.05;
/** Of the runners that have come so far, more than this part without what each release says of all of them is not by chance. */
const UNSAID = 0.2;
/** Fewer of anything tell nothing. */
const FEWEST = 5;
/** Files that follow one another may overlap by this much. */
const OVERLAP_US = 5e6;

/** What makes a log worthless for conclusions about time. */
export interface Damage {
  readonly findings: readonly Finding[];
  /** Whether nothing may be concluded from how long anything took, anywhere in it. */
  readonly isWhole: boolean;
}

/** Whether a log is one controller's, whole and in order. */
export function damageOf(reading: Reading): Damage {
  // Nobody has searched a log that is read while it is written.
  const searches = reading.isLive ? [] : [filtered(reading), unsaid(reading), onlyBegun(reading)];
  const whole = [unordered(reading), sameNames(reading), twoControllers(reading), ...searches].filter(
    (finding) => finding !== undefined,
  );
  return { findings: whole.length > 0 ? whole.slice(0, 1) : holes(reading), isWhole: whole.length > 0 };
}

function damaged(rest: Pick<Finding, 'id' | 'sentence' | 'details' | 'evidence' | 'advice'>): Finding {
  return { ...rest, severity: 'error', confidence: 'sure', runners: [], weightUs: Number.POSITIVE_INFINITY };
}

function unordered({ backward, lines, first }: Reading): Finding | undefined {
  if (first === undefined || backward.count < FEWEST || backward.count < UNORDERED * lines) return undefined;
  return damaged({
    id: 'unordered',
    sentence: t(
      'The lines are not in the order of their times: {0} of {1} are older than the line before.',
      backward.count.toLocaleString('en'),
      linesText(lines),
    ),
    details: [t('Nothing is concluded from how long anything took.')],
    evidence: [{ at: backward.first ?? first, says: t('the first of them') }],
    advice: t('Give the log as kubectl logs printed it.'),
  });
}

/** Two controllers that work at the same time, in two files or in one. */
function twoControllers(reading: Reading): Finding | undefined {
  const { processes } = reading;
  const pair = pairAtOnce(processes);
  const isMixed = processes.some(({ turns }) => turns > 1);
  const shared = runnersOfTwo(reading);
  const writers = shared.length === 0 ? writersAtOnce(reading) : undefined;
  if (writers !== undefined) return writers;
  if (pair === undefined && !isMixed) return shared.length === 0 ? undefined : onSameRunners(shared);
  const [one, other] = pair ?? [reading.process, undefined];
  const releases = [...new Set((pair ?? []).flatMap((process) => releaseOf(process)?.text ?? []))];
  return twoWrite({
    sentence:
      releases.length === 2
        ? t(
            'Two controllers write in these logs at the same time: ARC {0} and ARC {1}.',
            releases[0] ?? '',
            releases[1] ?? '',
          )
        : t('Two controllers write in these logs at the same time.'),
    shownBy: whatShows(pair),
    evidence: [one, other].flatMap((process) => {
      const at = process?.start ?? process?.workers?.at ?? process?.firstRunnerLine;
      return at === undefined ? [] : [{ at, says: t('a controller starts or writes its first line about a runner') }];
    }),
  });
}

function twoWrite({
  shownBy,
  ...rest
}: Pick<Finding, 'sentence' | 'evidence'> & { readonly shownBy: string }): Finding {
  return damaged({
    ...rest,
    id: 'two-controllers',
    details: [shownBy, t('Whose worker did what cannot be told, so nothing is concluded from how long anything took.')],
    advice: t('Give the log of each controller alone. If both look after the same namespace, stop one of them.'),
  });
}

/** Two pods whose lines about runners stand in one log, by its prefixes. */
function writersAtOnce({ writers }: Reading): Finding | undefined {
  const inOrder = [...writers].sort((a, b) => a.first.at.us - b.first.at.us);
  const [one, other] =
    inOrder.flatMap((first, index) =>
      inOrder
        .slice(index + 1)
        .filter(({ pod }) => pod !== first.pod)
        .flatMap((second) =>
          Math.min(first.lastUs, second.lastUs) - second.first.at.us > OVERLAP_US ? [[first, second] as const] : [],
        ),
    )[0] ?? [];
  if (one === undefined || other === undefined) return undefined;
  return twoWrite({
    sentence: t('Two controllers write in this log at the same time: pods {0} and {1}.', one.pod, other.pod),
    shownBy: t(
      'Both write about runners from {0} to {1}.',
      clock(other.first),
      timeOfDay(Math.min(one.lastUs, other.lastUs)),
    ),
    evidence: [one, other].map(({ pod, first }) => ({
      at: first,
      says: t('the first line of {0} about a runner', pod),
    })),
  });
}

/** What shows that two write: their lines in time, or messages that no one release has. */
function whatShows(pair: readonly [Process, Process] | undefined): string {
  if (pair === undefined) return t('The messages change to and fro between those of two releases.');
  const [one, other] = pair;
  if (one.lastRunnerLine === undefined || other.firstRunnerLine === undefined || other.lastRunnerLine === undefined)
    return t('What one has begun goes on after the start of the other.');
  const from = other.firstRunnerLine;
  const until = one.lastRunnerLine.at.us < other.lastRunnerLine.at.us ? one.lastRunnerLine : other.lastRunnerLine;
  return from.at.us < until.at.us
    ? t('Both write about runners from {0} to {1}.', clock(from), clock(until))
    : t('What one has begun goes on after the start of the other.');
}

/** Two that work on the same runners, told by how they get into each other's way. */
function onSameRunners(shared: readonly RunnerHistory[]): Finding {
  const [first] = shared as [RunnerHistory];
  const conflict = first.notes.get('name conflict');
  const modified = first.failed.find(({ text }) => text.includes('modified'));
  const evidence = [
    ...(conflict === undefined ? [] : [{ at: conflict.first, says: t('its name is registered already') }]),
    ...(modified === undefined ? [] : [{ at: modified.first, says: modified.text }]),
  ];
  return {
    ...damaged({
      id: 'two-controllers',
      sentence: t(
        'Two controllers work on the same {0}: one finds them registered by the other, and their writes collide.',
        runnersText(thousands(shared.length)),
      ),
      details: [t('Nothing is concluded from how long anything took.')],
      evidence,
      advice: t(
        'Stop one of them: look for all deployments of gha-rs-controller (kubectl get deployments -A), also for one that an upgrade or a second installation left.',
      ),
    }),
    runners: shared.map(({ name }) => name),
    confidence: 'likely',
  };
}

/** The first two of them that work at the same time. */
function pairAtOnce(processes: readonly Process[]): readonly [Process, Process] | undefined {
  const sources = new Set(processes.flatMap(({ start, firstRunnerLine }) => (start ?? firstRunnerLine)?.source ?? []));
  // A file may have thousands of starts. In one file the next process follows the one before, unless its lines say otherwise.
  const others = [...processes.keys()].filter((place) => sources.size > 1 || !isSuccessor(processes[place] as Process));
  for (const [index, one] of processes.entries()) {
    for (const place of others) {
      const other = processes[place] as Process;
      if (place > index && workAtOnce(one, other)) return [one, other];
    }
  }
  return undefined;
}

function isSuccessor({ start, foreign }: Process): boolean {
  return start !== undefined && foreign <= 1;
}

function workAtOnce(one: Process, other: Process): boolean {
  // What the first one had begun goes on after the start of the other.
  if (other.start !== undefined && other.start.source === one.firstRunnerLine?.source) return other.foreign > 1;
  const [a, b] = [one.firstRunnerLine, other.firstRunnerLine];
  if (a === undefined || b === undefined) return false;
  const [untilA, untilB] = [one.lastRunnerLine ?? a, other.lastRunnerLine ?? b];
  return Math.min(untilA.at.us, untilB.at.us) - Math.max(a.at.us, b.at.us) > OVERLAP_US;
}

function filtered(reading: Reading): Finding | undefined {
  const text = filteredText(reading.jitPairs, reading.cutBeforeName);
  return text === undefined ? undefined : searched(text.sentence, { at: text.at, says: text.says });
}

/** What a search for words leaves of a log: the lines that do not hold them are lost. */
function searched(sentence: string, line: EvidenceLine): Finding {
  return {
    ...damaged({
      id: 'lines-missing',
      sentence,
      details: [t('Nothing is concluded from how long anything took.')],
      evidence: [line],
      advice: t('Give the whole log, not what a search left of it: what holds runners back is in the lines between.'),
    }),
    // What the lines that are there say stands before what others would say.
    weightUs: -1,
  };
}

/** What a search for the words that begin a step leaves: nothing ends, and no pass fails. */
function onlyBegun({ steps, lastRunnerLine, cutBeforeName }: Reading): Finding | undefined {
  if (lastRunnerLine === undefined || steps.begun < FEWEST || steps.hasOthers || cutBeforeName > 0) return undefined;
  return searched(
    t('Lines are missing: {0} say that a step of a runner begins, and none that one ends.', linesText(steps.begun)),
    { at: lastRunnerLine, says: t('the last of them') },
  );
}

/** Names that were replaced before the log was given. */
function sameNames({ madeTwice }: Reading): Finding | undefined {
  const [runner] = madeTwice;
  if (runner === undefined) return undefined;
  const finding = damaged({
    id: 'same-names',
    sentence: t('Several runners bear the name {0}: their names were replaced in this log.', runner.name),
    details: [
      t('Which line is about which of them cannot be told, so nothing is concluded from how long anything took.'),
    ],
    evidence: [{ at: runner.milestones.get('created') ?? runner.first, says: t('the first of that name is made') }],
    advice: t('Give the log with the names that it had, or with another name for each runner.'),
  });
  // What the lines say of any of them comes first.
  return { ...finding, weightUs: -1 };
}

/** What each release says of every runner, and no line says of many, though what comes before and after it is there. */
function unsaid({ runners }: Reading): Finding | undefined {
  const come = [...runners.values()].filter(
    ({ milestones }) => milestones.has('podCreated') || milestones.has('secret'),
  );
  const unregistered = come.filter(
    (runner) => !runner.startsInLife && runner.hasSaid('secret', 'podSpec', 'pod') && !runner.hasSaid('registered'),
  );
  const withoutSecret = come.filter(
    (runner) =>
      (!runner.startsInLife || runner.hasSaid('registered')) && runner.hasSaid('podSpec') && !runner.hasSaid('secret'),
  );
  const isMost = (some: readonly RunnerHistory[]): boolean =>
    some.length >= FEWEST && some.length >= UNSAID * come.length;
  const later = ([first]: readonly RunnerHistory[]): EvidenceLine => ({
    at: (first?.milestones.get('secret') ?? first?.milestones.get('podCreated')) as Seen,
    says: t('a later line of the first of them'),
  });
  if (isMost(unregistered)) {
    return searched(
      t(
        'Lines are missing: {0} runners have a secret or a pod and no line about their registration.',
        thousands(unregistered.length),
      ),
      later(unregistered),
    );
  }
  if (!isMost(withoutSecret)) return undefined;
  return searched(
    t('Lines are missing: {0} runners have a pod and no line about their secret.', thousands(withoutSecret.length)),
    later(withoutSecret),
  );
}

/** With their days where these differ. */
function clocks(from: Seen, until: Seen): [string, string] {
  const [one, other] = [toSecond(from.at.us), toSecond(until.at.us)];
  return one.slice(0, 10) === other.slice(0, 10) ? [clock(from), clock(until)] : [one, other];
}

function shownText({ shownBy }: Hole): string {
  switch (shownBy) {
    case 'jump':
      return t('A runner whose beginning is here has a pod after it, and no line makes that pod.');
    case 'runners':
      return t('Runners come out of it whose beginning is not here; before it, no such runner came.');
    case 'break':
    case undefined:
      return t(
        'The lines after it do not follow from those before: calls end that had not begun, or more go on than there are workers.',
      );
  }
}

function holes(reading: Reading): Finding[] {
  const all = distinctHoles(reading);
  const [first] = all;
  if (first === undefined) return [];
  const texts = all.slice(0, SHOWN).map(({ from, until }) => t('from {0} to {1}', ...clocks(from, until)));
  const more = all.length - SHOWN;
  const times = texts.join(', ');
  return [
    {
      ...damaged({
        id: 'lines-missing',
        sentence:
          more > 0
            ? counted(
                more,
                t('Lines are missing {0}, and 1 more time.', times),
                t('Lines are missing {0}, and {1} more times.', times, thousands(more)),
              )
            : t('Lines are missing {0}.', times),
        details: [shownText(first), t('Nothing is concluded across it.')],
        evidence: [
          { at: first.from, says: t('the last line before') },
          { at: first.until, says: t('the first one after') },
        ],
        advice: t('Give the whole log.'),
      }),
      severity: 'warning',
    },
  ];
}
