import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { inWords, runnersText, workersText } from '../run/sentence-parts.ts';
import { isRealDifference } from './real-difference.ts';
import type { LabSettings } from '../run/settings.ts';
import { statisticsOf, type RunStatistics } from '../analysis/statistics.ts';
import type { TimeSpent } from '../analysis/time-spent.ts';

/** A run to be judged, finished or not. */
export interface JudgedRun {
  readonly statistics: RunStatistics;
  /** What is known of its settings; `runners` where their number can be chosen. */
  readonly settings: Partial<Pick<LabSettings, 'runners' | 'workers'>>;
  /** Told apart by it where modes are the same. */
  readonly name?: string;
  readonly isRunning?: boolean;
}

/** With so many runners for each worker, and at least so many, the modes differ. */
const RUNNERS_A_WORKER = 10;
const RUNNERS_TO_TRY = 30;

/** What a trace says of a run; settings as its header has them. */
export function judgedRun(trace: TraceLog, originUs: number): JudgedRun {
  const { settings, source } = trace.header;
  const [runners, workers] = [settings['runners'], settings['workers']];
  return {
    statistics: statisticsOf(trace, originUs),
    settings: {
      ...(typeof workers === 'number' ? { workers } : {}),
      ...(typeof runners === 'number' && source === 'embedded' ? { runners } : {}),
    },
  };
}

/**
 * One sentence with the figures that matter of one run, or of several side by side: what differs, or that nothing does,
 * and why. Empty while there is nothing to say.
 */
export function verdict(runs: readonly JudgedRun[]): string {
  const [first, second] = runs;
  if (first === undefined || runs.every(({ statistics }) => statistics.runners === 0)) return '';
  if (second === undefined) return ofOne(first);
  return runs.length === 2 ? ofTwo(first, second) : ofMany(runs);
}

function ofOne({ statistics: s, settings, isRunning = false }: JudgedRun): string {
  const { firstPodUs, p50FirstOfRunnerUs: halfUs, lastFirstOfRunnerUs: lastUs } = s;
  if (firstPodUs === null || halfUs === null || lastUs === null)
    return t('No pod for {0} yet.', runnersText(s.runners));
  const isDone = s.runnersWithPod === s.runners && !isRunning;
  const made = isDone
    ? s.runners === 1
      ? t('1 runner got its pod')
      : t('{0} got their pods', runnersText(s.runners))
    : t('{0} of {1} have a pod', s.runnersWithPod, runnersText(s.runners));
  const [first, half, last] = [firstPodUs, halfUs, lastUs].map(formatDuration) as [string, string, string];
  const times =
    s.runnersWithPod === 1
      ? t('after {0}', first)
      : isDone
        ? t('the first after {0}, half of them after {1}, the last after {2}', first, half, last)
        : t('the first after {0}, the latest after {1}', first, last);
  const { lastStartedUs } = s;
  const ran =
    isDone && lastStartedUs !== null && s.pods === s.runnersWithPod && lastStartedUs > 2 * lastUs
      ? `, ${t('and the last ran after {0}', formatDuration(lastStartedUs))}`
      : '';
  const more = s.pods - s.runnersWithPod;
  const replaced =
    more === 0
      ? ''
      : `, ${more === 1 ? t('and 1 more pod took the place of one that ended') : t('and {0} more pods took the place of pods that ended', more)}`;
  return `${made}${withWorkers(settings)}: ${times}${ran}${replaced}; ${causeText(s.untilPods, settings)}.`;
}

function ofTwo(one: JudgedRun, other: JudgedRun): string {
  const isTurned = one.statistics.mode === 'new' && other.statistics.mode === 'old';
  const [before, after] = isTurned ? [other, one] : [one, other];
  const [a, b] = [before.statistics, after.statistics];
  const [beforeName, afterName] = namesOf([before, after]) as [string, string];
  if (a.firstPodUs === null || b.firstPodUs === null) {
    const none = t('no pod yet');
    const made = (s: RunStatistics): string =>
      s.firstPodUs === null ? none : t('the first pod after {0}', formatDuration(s.firstPodUs));
    return `${beforeName}: ${made(a)}; ${afterName}: ${made(b)}.`;
  }
  const isPartial = [before, after].some(isUnfinished) || a.pods !== b.pods;
  const figures: Figure[] = [{ what: t('the first pod'), from: a.firstPodUs, to: b.firstPodUs }];
  if (!isPartial && a.pods > 2) figures.push({ what: t('the median one'), from: a.p50PodUs ?? 0, to: b.p50PodUs ?? 0 });
  if (!isPartial && a.pods > 1) figures.push({ what: t('the last'), from: a.lastPodUs ?? 0, to: b.lastPodUs ?? 0 });
  const progress = isPartial
    ? `${t('{0} has {1} for {2}', beforeName, podsText(a), runnersText(a.runners))}, ${t('{0} has {1} for {2}', afterName, podsText(b), runnersText(b.runners))}; `
    : '';
  if (!figures.some(isReal)) {
    const same = figures
      .filter(({ what }) => what !== t('the median one'))
      .map(({ what, from, to }) => t('{0} after {1} and {2}', what, formatDuration(from), formatDuration(to)));
    const why = sameBecause(before, after);
    const settings = `${withWorkers(before.settings)}${t(' and {0}', runnersText(a.runners))}`;
    return `${progress}${t('No real difference{0}', settings)}: ${same.join(', ')}${why}.`;
  }
  const text = t('{0} made {1}', afterName, inWords(figures.map(differenceText)));
  const [registeredA, registeredB] = [a.registeredBeforeFirstPod, b.registeredBeforeFirstPod];
  const isCause = a.mode !== b.mode && b.firstPodUs < a.firstPodUs && registeredA > registeredB;
  const cause = isCause
    ? `: ${t('before its first pod {0} had registered {1}, {2} {3}', beforeName, runnersText(registeredA), afterName, registeredB)}`
    : '';
  return `${progress}${settingsText(before, after)}${text}${cause}.`;
}

function ofMany(runs: readonly JudgedRun[]): string {
  const names = namesOf(runs);
  const ranked = (pick: (s: RunStatistics) => number | null): string =>
    runs
      .map(({ statistics }, index) => ({ us: pick(statistics), name: names[index] ?? '' }))
      .sort((a, b) => (a.us ?? Infinity) - (b.us ?? Infinity))
      .map(({ us, name }) => `${name} ${us === null ? '–' : formatDuration(us)}`)
      .join(', ');
  return t(
    'First pod: {0}; last pod: {1}.',
    ranked((s) => s.firstPodUs),
    ranked((s) => s.lastPodUs),
  );
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

/** Why two modes came out alike, and what to try; as far as the figures tell. */
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
  const wanted = Math.max(RUNNERS_TO_TRY, RUNNERS_A_WORKER * workers);
  const isTryable = runners !== undefined && runners < wanted && ![before, after].some(isUnfinished);
  return `; ${why}${isTryable ? `; ${t('try {0} runners', wanted)}` : ''}`;
}

/** What most of the time until pods went by with, and what the workers did meanwhile when it was they that were waited for. */
function causeText(spent: TimeSpent, { workers }: JudgedRun['settings']): string {
  const limiterUs = Object.values(spent.limiterUs).reduce((sum, us) => sum + us, 0);
  const { workerUs, delayUs, actionsUs, kubernetesUs, otherUs } = spent;
  const totalUs = workerUs + delayUs + limiterUs + actionsUs + kubernetesUs + otherUs;
  const work: Share[] = [
    { us: limiterUs, what: t('being held back by the client limiter on {0}', heldKinds(spent.limiterUs)) },
    { us: actionsUs, what: t('calls of the Actions service') },
    { us: kubernetesUs, what: t('requests to Kubernetes') },
  ];
  const waiting: Share = { us: workerUs, what: waitingText(workers) };
  const other: Share[] = [
    { us: delayUs, what: t('waiting for back-offs to pass') },
    { us: otherUs, what: t('waiting for events') },
  ];
  const most = largest([waiting, ...work, ...other]);
  const text = t('{0} of the time until then was {1}', percent(most.us, totalUs), most.what);
  if (most !== waiting) return text;
  const busy = largest(work);
  return `${text}, ${t('and {0} of the work was {1}', percent(busy.us, limiterUs + actionsUs + kubernetesUs), busy.what)}`;
}

interface Share {
  readonly us: number;
  readonly what: string;
}

function largest(shares: readonly Share[]): Share {
  return shares.reduce((a, b) => (b.us > a.us ? b : a));
}

function waitingText(workers: number | undefined): string {
  if (workers === undefined) return t('waiting for a worker');
  return workers === 1 ? t('waiting for the only worker') : t('waiting for one of {0} workers', workers);
}

/** The kinds whose buckets held requests back, the one that did so most first. */
function heldKinds(limiterUs: Readonly<Record<string, number>>): string {
  const kinds = Object.entries(limiterUs).sort(([, a], [, b]) => b - a);
  return inWords(kinds.map(([kind]) => kind));
}

function percent(part: number, whole: number): string {
  return `${whole === 0 ? 0 : Math.round((100 * part) / whole)} %`;
}

function isUnfinished({ statistics, isRunning }: JudgedRun): boolean {
  return isRunning === true || statistics.runnersWithPod < statistics.runners;
}

/** The modes where they tell the runs apart, or else the names, or numbers. */
function namesOf(runs: readonly JudgedRun[]): string[] {
  const modes = runs.map(({ statistics }) => statistics.mode);
  if (new Set(modes).size === runs.length) return modes;
  return runs.map(({ statistics, name }, index) => name ?? `${statistics.mode} (${index + 1})`);
}

function settingsText({ settings: a, statistics }: JudgedRun, { settings: b }: JudgedRun): string {
  if (a.workers === undefined || a.workers !== b.workers) return '';
  return t('With {0} and {1}, ', workersText(a.workers), runnersText(statistics.runners));
}

function withWorkers({ workers }: JudgedRun['settings']): string {
  return workers === undefined ? '' : t(' with {0}', workersText(workers));
}

function podsText({ pods }: RunStatistics): string {
  return pods === 1 ? t('1 pod') : t('{0} pods', pods);
}
