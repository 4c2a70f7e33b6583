import { t } from '@vscode/l10n';
import { describedSentences } from './release-words.ts';
import { formatDuration } from '../base/duration.ts';
import { isRead, sourceOf } from '../trace/header.ts';
import type { TraceHeader } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { inWords, podsText, runnersText, workersText } from '../base/count-words.ts';
import { changesIn } from '../timeline/caption.ts';
import { runTroubles, troubleSentences, type RunTroubles } from './run-troubles.ts';
import { isRealDifference } from './real-difference.ts';
import { runsApart } from './runs-apart.ts';
import { causeText, longestWait, type SpentRun } from './time-shares.ts';
import { hasActionsLock } from '../reconciler/releases/actions-lock.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import type { RunSettings } from '../run/settings.ts';
import { statisticsOf, type RunStatistics } from '../analysis/statistics.ts';
import { spentUntilStarts } from '../analysis/time-spent.ts';

/** A run to be judged, finished or not. */
export interface JudgedRun extends SpentRun {
  readonly statistics: RunStatistics;
  readonly troubles: RunTroubles;
  /** What is known of its settings; `runners` where their number can be chosen. */
  readonly settings: Partial<Pick<RunSettings, 'runners' | 'workers'>>;
  /** All that is known of how it was set up; what two runs differ in besides their mode is not the mode's doing. */
  readonly header: TraceHeader;
  /** What was changed about its cluster while it went on. */
  readonly changes?: readonly string[];
  /** Told apart by it where modes are the same. */
  readonly name?: string;
  readonly isRunning?: boolean;
  /** When it ended, counted as its figures are; undefined where that is not known. */
  readonly endedUs?: number | undefined;
}

/** Runners per worker, and at least how many, from which the modes differ. */
const RUNNERS_A_WORKER = 10;
const RUNNERS_TO_TRY = 30;
/** With this many workers, calls to the Actions service overlap where a release lets them. */
const WORKERS_TO_TRY = 4;

/**
 * What a trace says of a run; settings as its header has them.
 * @param nowUs the trace's time, for one that has not ended
 */
export function judgedRun(trace: TraceLog, originUs: number, nowUs?: number): JudgedRun {
  const { settings } = trace.header;
  const [runners, workers] = [settings['runners'], settings['workers']];
  const fromUs = reconciledFromUs(trace, originUs);
  const statistics = statisticsOf(trace, fromUs);
  const { endedUs } = trace;
  return {
    header: trace.header,
    changes: changesIn(trace),
    statistics,
    untilStarts: statistics.started === 0 ? undefined : spentUntilStarts(trace),
    troubles: runTroubles(trace, endedUs ?? nowUs ?? fromUs + statistics.makespanUs),
    settings: {
      ...(typeof workers === 'number' ? { workers } : {}),
      ...(typeof runners === 'number' && sourceOf(trace.header) === 'embedded' ? { runners } : {}),
    },
    endedUs: endedUs === undefined ? undefined : endedUs - fromUs,
    isRead: isRead(trace.header),
  };
}

/** Runners that a cluster has may be held at first: nothing is queued, and no time counts, before reconciling starts. */
function reconciledFromUs(trace: TraceLog, originUs: number): number {
  const { passes } = trace.rows;
  const isAttached = ['shadow', 'remote'].includes(sourceOf(trace.header));
  const queuedUs = isAttached && trace.passCount > 0 ? passes.queuedUs(0) : NaN;
  return Number.isNaN(queuedUs) ? originUs : Math.max(originUs, queuedUs);
}

/**
 * What a run shows, or several side by side, in a sentence or few: what went wrong, then the figures that matter, what
 * differs, or that nothing does, and why. Empty while there is nothing to say.
 * @param baseline mode of the run that the others are compared with; the earliest release where none is given
 */
export function verdict(runs: readonly JudgedRun[], baseline?: string): string {
  const [first] = runs;
  if (first === undefined || runs.every(({ statistics }) => statistics.runners === 0)) return '';
  const names = namesOf(runs);
  const troubles = troubleSentences(runs.map((run, index) => ({ name: names[index] ?? '', troubles: run.troubles })));
  const base = baselineOf(runs, baseline) ?? first;
  const others = runs.filter((run) => run !== base);
  const [other] = others;
  const apart = apartText([base, ...others]);
  const figures =
    other === undefined
      ? ofOne(base)
      : apart !== ''
        ? [apart, ...progressOf(runs, names), ...rankingSentences(runs, names)]
        : others.length === 1
          ? ofTwo(base, other)
          : ofMany(runs, base, others);
  const replaced = runs.length > 1 ? replacedSentences(runs, names) : [];
  const described = describedSentences(runs.map(({ statistics }) => statistics.mode));
  return [...troubles, ...figures, ...replaced, ...described].join(' ');
}

/** The run that others are compared with: that of a mode, or else that of the earliest release, the first of several. */
export function baselineOf<Run extends { readonly statistics: { readonly mode: string } }>(
  runs: readonly Run[],
  baseline?: string,
): Run | undefined {
  const positions = runs.map(({ statistics }) => RELEASES.position(statistics.mode));
  return runs.find(({ statistics }) => statistics.mode === baseline) ?? runs[positions.indexOf(Math.min(...positions))];
}

function ofOne(run: JudgedRun): string[] {
  const { statistics: s, settings } = run;
  const { firstPodUs, p50PodUs: halfUs, lastPodUs: lastUs } = s;
  const stopped = stoppedAfter([run]);
  if (firstPodUs === null || halfUs === null || lastUs === null) {
    const all = runnersText(wantedRunners(run));
    if (stopped !== undefined) {
      return run.isRead === true
        ? [t('The log ends after {0} without a pod for {1}.', stopped, all)]
        : [t('Stopped after {0} without a pod for {1}.', stopped, all)];
    }
    return [isOver(run) || hasGivenUp(run) ? t('No pod was made.') : t('No pod for {0} yet.', all)];
  }
  const isDone = !isUnfinished(run);
  const made = isDone
    ? s.runners === 1
      ? t('1 runner got its pod')
      : t('{0} got their pods', runnersText(s.runners))
    : stopped !== undefined
      ? `${stoppedText(run, stopped)} ${t('Pods')}`
      : s.runnersWithPod === 1
        ? t('{0} of {1} has a pod', s.runnersWithPod, runnersText(wantedRunners(run)))
        : t('{0} of {1} have pods', s.runnersWithPod, runnersText(wantedRunners(run)));
  const [first, half, last] = [firstPodUs, halfUs, lastUs].map(formatDuration) as [string, string, string];
  const times =
    s.runnersWithPod === 1
      ? t('after {0}', first)
      : isDone
        ? t('the first after {0}, half of them after {1}, the last after {2}', first, half, last)
        : t('the first after {0}, the latest after {1}', first, last);
  const ran =
    isDone && ranLate(run) ? `, ${t('and the last ran after {0}', formatDuration(s.lastStartedUs ?? 0))}` : '';
  const more = s.pods - s.runnersWithPod;
  const replaced =
    more === 0
      ? ''
      : `, ${more === 1 ? t('and 1 more pod took the place of one that ended') : t('and {0} more pods took the place of pods that ended', more)}`;
  if (!isDone && stopped !== undefined && s.runnersWithPod === 1) {
    const came = t('The pod came after {0}', first);
    return [`${stoppedText(run, stopped)} ${came}${withWorkers(settings)}${replaced}; ${causeText(run)}`];
  }
  return [`${made}${withWorkers(settings)}: ${times}${ran}${replaced}; ${causeText(run)}`];
}

/** How far one run had come when it ended before all runners had pods. */
function stoppedText(run: JudgedRun, stopped: string): string {
  const { runnersWithPod: had } = run.statistics;
  const wanted = wantedRunners(run);
  const created = Math.max(run.statistics.runners, run.troubles.runners);
  const [none, notCreated] = [created - had, wanted - created];
  if (run.isRead === true || notCreated <= 0) {
    const counts = [stopped, had, runnersText(wanted), wanted - had] as const;
    return run.isRead === true
      ? t('The log ends after {0}: {1} of {2} had a pod, {3} still had none.', ...counts)
      : t('Stopped after {0}: {1} of {2} had a pod, {3} still had none.', ...counts);
  }
  const parts = [
    ...(none > 0 ? [t('{0} still had none', none)] : []),
    notCreated === 1 ? t('1 was not created') : t('{0} were not created', notCreated),
  ];
  return t('Stopped after {0}: {1} of {2} had a pod, {3}.', stopped, had, runnersText(wanted), inWords(parts));
}

function ofTwo(before: JudgedRun, after: JudgedRun): string[] {
  const [a, b] = [before.statistics, after.statistics];
  const [beforeName, afterName] = namesOf([before, after]) as [string, string];
  const isPartial = [before, after].some(isUnfinished);
  const progress = isPartial ? [progressText(before, after, beforeName, afterName)] : [];
  const figures = figuresOf(before, after);
  if (a.firstPodUs === null || b.firstPodUs === null || figures.length === 0) return progress;
  const ran = !isPartial && [before, after].every(ranLate) ? [ranText(before, after, beforeName, afterName)] : [];
  if (!figures.some(isReal)) {
    const same = figures
      .filter(({ what }) => what !== t('the median one'))
      .map(({ what, from, to }) => t('{0} after {1} and {2}', what, formatDuration(from), formatDuration(to)));
    const why = sameBecause(before, after);
    const settings = `${withWorkers(before.settings)}${t(' and {0}', runnersText(a.runners))}`;
    return [...progress, `${t('No real difference{0}', settings)}: ${same.join(', ')}${why}.`, ...ran];
  }
  const text = t('{0} made {1}', afterName, inWords(figures.map(differenceText)));
  const [registeredA, registeredB] = [a.registeredBeforeFirstPod, b.registeredBeforeFirstPod];
  // It brings the first pod forward: it is no reason for a pod that comes later.
  const isLater = figures.some((figure) => isReal(figure) && figure.to > figure.from);
  const isCause = a.mode !== b.mode && !isLater && b.firstPodUs < a.firstPodUs && registeredA > registeredB;
  const cause = isCause
    ? `: ${t('before its first pod {0} had registered {1}, {2} {3}', beforeName, runnersText(registeredA), afterName, registeredB)}`
    : '';
  return [...progress, `${settingsText(before, after)}${text}${cause}.`, ...ran];
}

function ranText(before: JudgedRun, after: JudgedRun, beforeName: string, afterName: string): string {
  const [first, second] = [before, after].map(({ statistics }) => formatDuration(statistics.lastStartedUs ?? 0)) as [
    string,
    string,
  ];
  const causes = new Set([before, after].map(longestWait));
  const why = causes.size === 1 ? ` ${t('What took longest was {0}.', [...causes].join(''))}` : '';
  return first === second
    ? `${t('The last one ran after {0} in both.', first)}${why}`
    : `${t('The last one ran after {0} in {1} and {2} in {3}.', first, beforeName, second, afterName)}${why}`;
}

/** How many pods each of several runs made besides each runner's first, whose times are compared. */
function replacedSentences(runs: readonly JudgedRun[], names: readonly string[]): string[] {
  const counts = runs.map(({ statistics: { pods, runnersWithPod } }) => pods - runnersWithPod);
  const [first = 0] = counts;
  if (counts.every((count) => count === 0)) return [];
  const each = counts.every((count) => count === first)
    ? t('{0} in each', first)
    : inWords(counts.map((count, index) => t('{0} in {1}', count, names[index] ?? '')));
  return [t('More pods took the place of pods that ended: {0}.', each)];
}

/** How far two runs have come that have not made all their pods. */
function progressText(before: JudgedRun, after: JudgedRun, beforeName: string, afterName: string): string {
  const made = (run: JudgedRun): string => {
    const { runnersWithPod } = run.statistics;
    return runnersWithPod === 0 ? t('no pod') : t('{0} of {1}', runnersWithPod, podsText(wantedRunners(run)));
  };
  const stopped = stoppedAfter([before, after]);
  const parts = [beforeName, made(before), afterName, made(after)] as const;
  if (stopped === undefined) return t('{0} has made {1}, {2} {3}.', ...parts);
  return [before, after].every((run) => run.isRead === true)
    ? t('The logs end after {4}: {0} had made {1}, {2} {3}.', ...parts, stopped)
    : t('Stopped after {4}: {0} had made {1}, {2} {3}.', ...parts, stopped);
}

/** Whether modes tell the runs apart. */
export function haveOwnModes(runs: readonly { readonly statistics: { readonly mode: string } }[]): boolean {
  return new Set(runs.map(({ statistics }) => statistics.mode)).size === runs.length;
}

/** Each of several releases beside the one that they are compared with; runs of the same release only by their times. */
function ofMany(runs: readonly JudgedRun[], base: JudgedRun, others: readonly JudgedRun[]): string[] {
  const names = namesOf(runs);
  const figures = others.map((run) => figuresOf(base, run));
  if (!haveOwnModes(runs) || figures.some(({ length }) => length === 0)) {
    const ranking = rankingSentences(runs, names);
    return ranking.length > 0 ? ranking : progressOf(runs, names);
  }
  const changes = others.map(({ statistics: { mode } }, index) => {
    const compared = figures[index] ?? [];
    return compared.some(isReal)
      ? t('{0} made {1}', mode, inWords(compared.map(differenceText)))
      : t('{0} made no real difference', mode);
  });
  const { settings, statistics } = base;
  const load =
    settings.workers === undefined
      ? runnersText(statistics.runners)
      : t('{0} and {1}', workersText(settings.workers), runnersText(statistics.runners));
  return [...progressOf(runs, names), t('Compared with {0} ({1}): {2}.', statistics.mode, load, changes.join('; '))];
}

/** How far each of several runs has come, where one is not done. */
function progressOf(runs: readonly JudgedRun[], names: readonly string[]): string[] {
  if (!runs.some(isUnfinished)) return [];
  return runs.map((run, index) => {
    const { runnersWithPod } = run.statistics;
    return t('{0} has pods for {1} of {2}.', names[index] ?? '', runnersWithPod, runnersText(wantedRunners(run)));
  });
}

/** What else runs differ in: then no figure is put down to a mode. Empty where nothing does. */
export function apartText(runs: readonly JudgedRun[]): string {
  const apart = runsApart(
    runs.map((run) => ({ header: run.header, runners: comparedRunners(run), changes: run.changes ?? [] })),
  );
  if (apart.length === 0) return '';
  const what = apart.join('; ');
  return haveOwnModes(runs)
    ? t('The runs differ in more than the mode: {0}. What follows is not the mode’s doing alone.', what)
    : t('The runs differ in their settings: {0}.', what);
}

/** How many runners a run has had; undefined while their number may grow. A set makes new ones for those that are gone. */
function comparedRunners({ isRunning, settings, statistics, troubles, header }: JudgedRun): number | undefined {
  if (isRunning === true || header.settings['throughSet'] === true) return settings.runners;
  return Math.max(settings.runners ?? 0, statistics.runners, troubles.runners);
}

/** None where no run has a pod. */
function rankingSentences(runs: readonly JudgedRun[], names: readonly string[]): string[] {
  if (runs.every(({ statistics }) => statistics.firstPodUs === null)) return [];
  const ranked = (pick: (s: RunStatistics) => number | null): string =>
    runs
      .map(({ statistics }, index) => ({ us: pick(statistics), name: names[index] ?? '' }))
      .sort((a, b) => (a.us ?? Infinity) - (b.us ?? Infinity))
      .map(({ us, name }) => `${name} ${us === null ? '–' : formatDuration(us)}`)
      .join(', ');
  const [first, last] = [ranked((s) => s.firstPodUs), ranked((s) => s.lastPodUs)];
  return [t('First pod: {0}; last pod: {1}.', first, last)];
}

/** What two runs differ by; the first pod alone while one of them is not done, nothing while one has none. */
function figuresOf(before: JudgedRun, after: JudgedRun): Figure[] {
  const [a, b] = [before.statistics, after.statistics];
  if (a.firstPodUs === null || b.firstPodUs === null) return [];
  const figures: Figure[] = [{ what: t('the first pod'), from: a.firstPodUs, to: b.firstPodUs }];
  if ([before, after].some(isUnfinished)) return figures;
  if (a.runners > 2) figures.push({ what: t('the median one'), from: a.p50PodUs ?? 0, to: b.p50PodUs ?? 0 });
  if (a.runners > 1) figures.push({ what: t('the last'), from: a.lastPodUs ?? 0, to: b.lastPodUs ?? 0 });
  return figures;
}

interface Figure {
  readonly what: string;
  readonly from: number;
  readonly to: number;
}

function isReal({ from, to }: Figure): boolean {
  return isRealDifference(from, to);
}

function differenceText(figure: Figure): string {
  const { what, from, to } = figure;
  if (!isReal(figure)) return t('{0} at about the same time', what);
  const difference = formatDuration(Math.abs(from - to));
  const text = to < from ? t('{0} {1} sooner', what, difference) : t('{0} {1} later', what, difference);
  return `${text} (${formatDuration(from)} → ${formatDuration(to)})`;
}

/** Why two modes had the same result, and what to try, if the figures show it. */
function sameBecause(before: JudgedRun, after: JudgedRun): string {
  const [a, b] = [before.statistics, after.statistics];
  const { workers, runners } = before.settings;
  if (a.mode === b.mode || workers === undefined) return '';
  const why =
    workers >= a.runners
      ? t('every runner has a worker at once')
      : t(
          'before their first pods {0} had registered {1}, {2} {3}',
          a.mode,
          runnersText(a.registeredBeforeFirstPod),
          b.mode,
          b.registeredBeforeFirstPod,
        );
  if (runners === undefined || [before, after].some(isUnfinished)) return `; ${why}`;
  // With one worker, calls to the Actions service come one at a time in any release.
  const isOfLock = hasActionsLock(a.mode) !== hasActionsLock(b.mode);
  const wanted = Math.max(RUNNERS_TO_TRY, RUNNERS_A_WORKER * workers);
  if (isOfLock && workers < WORKERS_TO_TRY && runners > WORKERS_TO_TRY) {
    return `; ${why}; ${t('try {0} workers', WORKERS_TO_TRY)}`;
  }
  return `; ${why}${runners < wanted ? `; ${t('try {0} runners', wanted)}` : ''}`;
}

function isUnfinished(run: JudgedRun): boolean {
  return run.isRunning === true || run.statistics.runnersWithPod < wantedRunners(run);
}

/** How many runners it is about: also those that are still to be created, or that no pass has had a worker for. */
function wantedRunners({ statistics: { runners }, settings }: JudgedRun): number {
  return Math.max(runners, settings.runners ?? 0);
}

function isOver({ isRunning, endedUs }: JudgedRun): boolean {
  return isRunning !== true && endedUs !== undefined;
}

/** Whether ARC makes none of the pods any more that are still missing. */
function hasGivenUp(run: JudgedRun): boolean {
  return run.statistics.runnersWithPod + run.troubles.failedWithoutPod >= wantedRunners(run);
}

/** After how long runs ended before ARC was through with all runners; undefined where none did. */
function stoppedAfter(runs: readonly JudgedRun[]): string | undefined {
  const stopped = runs.filter((run) => {
    const { statistics, troubles } = run;
    return isOver(run) && statistics.runnersWithPod + troubles.failedWithoutPod < wantedRunners(run);
  });
  return stopped.length === 0 ? undefined : formatDuration(Math.max(...stopped.map(({ endedUs = 0 }) => endedUs)));
}

/** Whether it took the pods much longer to run than to be made; pods that do not stay have trouble enough. */
function ranLate({ statistics: s, troubles }: JudgedRun): boolean {
  const isWell = s.pods === s.runnersWithPod && s.started === s.runners && troubles.failed.count === 0;
  return isWell && (s.lastStartedUs ?? 0) > 2 * (s.lastPodUs ?? 0);
}

/** The modes where they tell the runs apart, or else modes and names, with numbers where even these are the same. */
function namesOf(runs: readonly JudgedRun[]): string[] {
  if (haveOwnModes(runs)) return runs.map(({ statistics }) => statistics.mode);
  const seen = new Map<string, number>();
  return runs.map(({ statistics: { mode }, name }, index) => {
    if (name === undefined) return `${mode} (${index + 1})`;
    const times = (seen.get(`${mode} ${name}`) ?? 0) + 1;
    seen.set(`${mode} ${name}`, times);
    return `${mode} (${times === 1 ? name : `${name}, ${times}`})`;
  });
}

function settingsText({ settings: a, statistics }: JudgedRun, { settings: b }: JudgedRun): string {
  if (a.workers === undefined || a.workers !== b.workers) return '';
  return t('With {0} and {1}, ', workersText(a.workers), runnersText(statistics.runners));
}

function withWorkers({ workers }: JudgedRun['settings']): string {
  return workers === undefined ? '' : t(' with {0}', workersText(workers));
}
