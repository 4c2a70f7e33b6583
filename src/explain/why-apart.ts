import { t } from '@vscode/l10n';
import { inWords } from '../base/count-words.ts';
import { formatDuration } from '../base/duration.ts';
import { hasActionsLock } from '../reconciler/releases/actions-lock.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { SWITCHES, type Switch } from '../reconciler/releases/switches.ts';
import {
  decidingSwitches,
  type ComparedRun,
  type Figure,
  type Simulating,
  type UndoneSwitch,
} from '../run/deciding-switches.ts';
import type { RunSettings } from '../run/settings.ts';
import { SimulationPool } from '../run/simulation-pool.ts';
import { isRealDifference } from './real-difference.ts';

/** A limit explains a time when it alone takes this part of it. */
const EXPLAINS = 0.7;
/** The requests of one kind explain a difference when they make this part of it. */
const MOST = 0.5;

/**
 * Why runs of neighbouring releases differ, a sentence for each pair that does: which pull requests make the difference,
 * as simulations with the same settings but without them show, and which limit these change. Releases are neighbours in
 * the order in which they came. With a baseline each of the others is compared with that one instead.
 * @param form how pull requests that are left out are named: as options of the command line, or in words
 * @param runs of embedded clusters, with settings that differ in the mode alone
 * @throws SimulationError, SimulationCancelled
 */
export async function whyApart(
  runs: readonly ComparedRun[],
  simulating: Simulating = {},
  baseline?: string,
  form: 'options' | 'words' = 'options',
): Promise<readonly string[]> {
  const releases = simulating.releases ?? RELEASES;
  const position = ({ settings }: ComparedRun): number => releases.position(settings.mode);
  const inOrder = [...runs].sort((a, b) => position(a) - position(b));
  const base = inOrder.findIndex(({ settings }) => settings.mode === baseline);
  const sentences: string[] = [];
  for (const index of inOrder.keys()) {
    const pair = base < 0 ? [index - 1, index] : [index, base].sort((a, b) => a - b);
    const [older, newer] = pair.map((place) => inOrder[place]);
    const figure = older === undefined || newer === undefined ? undefined : figureApart(older, newer);
    if (older === undefined || newer === undefined || figure === undefined) continue;
    const undone = await decidingSwitches(older, newer, figure, simulating);
    sentences.push(sentence(older, newer, figure, undone, form));
  }
  return sentences;
}

/** The same for runs that were not simulated: their settings are, first of all. */
export async function whyModesDiffer(
  all: readonly RunSettings[],
  simulating: Simulating = {},
  baseline?: string,
  form: 'options' | 'words' = 'options',
): Promise<readonly string[]> {
  const { load, horizonUs, signal, releases } = simulating;
  const pool = simulating.pool ?? new SimulationPool(0, releases);
  const runs = await Promise.all(all.map((settings) => pool.run({ settings, load, horizonUs }, signal)));
  return whyApart(runs, { ...simulating, pool }, baseline, form);
}

/**
 * The last pod, or the first where the last ones come at about the same time; undefined where both do, and where not every
 * runner got a pod.
 */
function figureApart(older: ComparedRun, newer: ComparedRun): Figure | undefined {
  if ([older, newer].some(({ settings, statistics }) => statistics.runnersWithPod < settings.runners)) return undefined;
  const { statistics: a } = older;
  const { statistics: b } = newer;
  const figures: readonly Figure[] = ['lastPodUs', 'firstPodUs'];
  return figures.find((figure) => {
    const [from, to] = [a[figure], b[figure]];
    return from !== null && to !== null && isRealDifference(from, to);
  });
}

function sentence(
  { settings: { mode: before }, statistics: a }: ComparedRun,
  newer: ComparedRun,
  figure: Figure,
  undone: readonly UndoneSwitch[],
  form: 'options' | 'words',
): string {
  const { settings, statistics: b } = newer;
  const differenceUs = (b[figure] ?? 0) - (a[figure] ?? 0);
  const what = [settings.mode, formatDuration(Math.abs(differenceUs)), before] as const;
  const text =
    figure === 'lastPodUs'
      ? differenceUs < 0
        ? t('The last pod of {0} comes {1} sooner than that of {2}', ...what)
        : t('The last pod of {0} comes {1} later than that of {2}', ...what)
      : differenceUs < 0
        ? t('The first pod of {0} comes {1} sooner than that of {2}', ...what)
        : t('The first pod of {0} comes {1} later than that of {2}', ...what);
  if (undone.length === 0) {
    return `${text}; ${t('why is not known: leaving out the pull requests between them one by one does not undo it')}.`;
  }
  const limit = figure === 'lastPodUs' ? limitText(undone) : '';
  const undoings = undone.map(({ run }, index) => {
    const options = optionsOf(undone.slice(0, index + 1), form);
    const time = formatDuration(run.statistics[figure] ?? 0);
    if (index > 0) return t('{0} at {1}', options, time);
    const now = formatDuration(b[figure] ?? 0);
    return figure === 'lastPodUs'
      ? t('{0} the last pod comes at {1} instead of {2}', options, time, now)
      : t('{0} the first pod comes at {1} instead of {2}', options, time, now);
  });
  const because = becauseText(undone, figure, differenceUs);
  return `${text} ${because}${limit === '' ? '' : `: ${limit}`}; ${undoings.join(', ')}.`;
}

/** Which pull requests make the difference, and which take a part of it back; of several, with how much each does. */
function becauseText(undone: readonly UndoneSwitch[], figure: Figure, differenceUs: number): string {
  const effectUs = ({ before, run }: UndoneSwitch): number =>
    (before.statistics[figure] ?? 0) - (run.statistics[figure] ?? 0);
  const by = (one: UndoneSwitch): string => formatDuration(Math.abs(effectUs(one)));
  const isWith = (one: UndoneSwitch): boolean => effectUs(one) < 0 === differenceUs < 0;
  const makes = undone.filter(isWith).map((one) => {
    const [pullRequest, gist] = [one.pullRequest, gistOf(one.pullRequest)];
    return undone.length === 1 ? `#${pullRequest} (${gist})` : `#${pullRequest} (${gist}; ${by(one)})`;
  });
  const takesBack = undone
    .filter((one) => !isWith(one))
    .map((one) => t('#{0} ({1}) takes {2} back', one.pullRequest, gistOf(one.pullRequest), by(one)));
  return [t('because of {0}', inWords(makes)), ...(takesBack.length === 0 ? [] : [inWords(takesBack)])].join('; ');
}

function gistOf(pullRequest: Switch): string {
  return SWITCHES[pullRequest].replace(/;.*/s, '');
}

/** `--without 4320,4191` as the command line takes them, or `without #4320 and #4191` where there are no options. */
function optionsOf(undone: readonly UndoneSwitch[], form: 'options' | 'words'): string {
  const numbersOf = (isNew: boolean): Switch[] =>
    undone.filter((one) => one.isNew === isNew).map(({ pullRequest }) => pullRequest);
  const [without, having] = [numbersOf(true), numbersOf(false)];
  const names = (numbers: readonly Switch[]): string => inWords(numbers.map((number) => `#${number}`));
  const isWords = form === 'words';
  return [
    ...(without.length === 0 ? [] : [isWords ? t('without {0}', names(without)) : `--without ${without.join()}`]),
    ...(having.length === 0 ? [] : [isWords ? t('with {0}', names(having)) : `--with ${having.join()}`]),
  ].join(' ');
}

/** Which limits the pull requests change, each by the runs with and without it; empty where that is not seen. */
function limitText(undone: readonly UndoneSwitch[]): string {
  const locks = undone.map(lockText).filter((text) => text !== '');
  return [...locks, bucketsText(undone)].filter((text) => text !== '').join('; ');
}

function lockText({ before, run }: UndoneSwitch): string {
  const [without, having] = [callsInTurn(run), callsInTurn(before)];
  if (without === undefined && having !== undefined) {
    return t('the calls to the Actions service, {0} for a runner, are made one after another', formatDuration(having));
  }
  if (without !== undefined && having === undefined) {
    const took = formatDuration(without);
    return t('the calls to the Actions service, {0} for a runner, were made one after another before', took);
  }
  return '';
}

function bucketsText(undone: readonly UndoneSwitch[]): string {
  const changed = undone.flatMap((one) => {
    const bucket = lockText(one) === '' ? bucketApart(one.run, one.before) : undefined;
    return bucket === undefined ? [] : [{ ...one, ...bucket }];
  });
  const [first] = changed;
  if (first === undefined) return '';
  const { qps } = first.before.settings;
  if (undone.length === 1) {
    const { kind, before, run } = first;
    return t(
      "until then a runner's requests for {0} are {1} instead of {2}, and the client sends {3} a second",
      ...[kind, requestsFor(before, kind), requestsFor(run, kind), qps],
    );
  }
  const each = changed.map(({ pullRequest, kind, before, run }) => {
    const more = (requestCount(before, kind) - requestCount(run, kind)) / Math.max(1, before.statistics.runners);
    const by = Math.abs(more).toFixed(1);
    return more < 0
      ? t("#{0} saves {1} of a runner's requests for {2}", pullRequest, by, kind)
      : t("#{0} adds {1} to a runner's requests for {2}", pullRequest, by, kind);
  });
  return t('until its last pod {0}, and the client sends {1} a second of each kind', inWords(each), qps);
}

/** The kind of object whose requests differ most, where the client's limit for them makes most of the difference. */
function bucketApart(without: ComparedRun, newer: ComparedRun): { readonly kind: string } | undefined {
  const { qps } = newer.settings;
  if (qps <= 0 || without.settings.qps !== qps) return undefined;
  const laterUs = (without.statistics.lastPodUs ?? 0) - (newer.statistics.lastPodUs ?? 0);
  const later = laterUs > 0 ? without : newer;
  const apart = Object.entries(later.statistics.untilPods.limiterUs)
    .filter(([, heldUs]) => heldUs > 0)
    .map(([kind]) => {
      const requests = requestCount(without, kind) - requestCount(newer, kind);
      return { kind, us: (requests / qps) * 1e6 };
    })
    .filter(({ us }) => us / laterUs >= MOST);
  return apart.sort((a, b) => Math.abs(b.us) - Math.abs(a.us))[0];
}

/** Time of a runner's calls, in microseconds, where these run one after another and take most of the time in all. */
function callsInTurn({ settings, statistics }: ComparedRun): number | undefined {
  const { actionsUs, runners } = statistics.untilPods;
  const isMost = actionsUs >= EXPLAINS * (statistics.lastPodUs ?? Infinity);
  return hasActionsLock(settings.mode) === true && isMost ? actionsUs / Math.max(1, runners) : undefined;
}

function requestsFor(run: ComparedRun, kind: string): string {
  return (requestCount(run, kind) / Math.max(1, run.statistics.runners)).toFixed(1);
}

function requestCount({ statistics }: ComparedRun, kind: string): number {
  return statistics.requestsUntilLastPod[kind] ?? 0;
}
