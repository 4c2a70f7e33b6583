import { isDeepStrictEqual } from 'node:util';
import { t } from '@vscode/l10n';
import { accuracyPage } from '../advice/accuracy-page.ts';
import type { Advice, AdviceListener, Growth } from '../advice/advise.ts';
import type { Curve } from '../advice/curve.ts';
import type { KnobId } from '../advice/knobs.ts';
import { isRaised, limitOf, type Limit } from '../advice/limit.ts';
import type { Objective } from '../advice/objective.ts';
import { cutOffUsOf, type Outcome } from '../advice/outcome.ts';
import type { Found } from '../advice/search.ts';
import { hasFlagsFor, helmValues, type FlagChange } from '../advice/patch.ts';
import { basisOf } from '../advice/recorded.ts';
import { describedSentences, versionNameOf } from '../explain/release-words.ts';
import { isDescribed, SWITCHES } from '../reconciler/releases/switches.ts';
import type { Bar, BarEnd } from '../advice/tornado.ts';
import type { Spread } from '../analysis/spread.ts';
import { inWords, requestsText, runnersText, workersText } from '../base/count-words.ts';
import { capital } from '../base/capital.ts';
import { formatDuration } from '../base/duration.ts';
import { latencyText } from '../base/latency.ts';
import { lockFloorText } from '../explain/floors.ts';
import { isRealDifference } from '../explain/real-difference.ts';
import { hasClientLimitFlags, hasWorkersFlag } from '../run/fitting-settings.ts';
import type { RunSettings } from '../run/settings.ts';
import { textTable } from './table.ts';

/** A difference that seeds alone make this often, or more, is none. */
const CHANCE = 0.05;
/** Characters of the longest bar. */
const BAR_WIDTH = 24;

/** How advice is written. */
export interface AdviceForm {
  readonly objective: Objective;
  /** The patch: values for Helm, or the controller's flags. */
  readonly patch: 'helm' | 'flags';
  /** Where the settings come from, in sentences; empty where they were given. */
  readonly source: string;
}

/** Writes each part of an advice as soon as it is known. */
export function adviceWriter(
  { objective, patch, source }: AdviceForm,
  write: (text: string) => void,
): AdviceListener & { readonly end: () => void } {
  const rest: Outcome[] = [];
  let reason = '';
  const block = (text: string): void => write(`${text}\n\n`);
  return {
    now: (now, limit) => {
      rest.push(now);
      if (source !== '') write(`${source}\n`);
      block(settingsText(now.settings));
      block(t('Now {0}. {1}', lastPodText(now), capital(limitText(limit, now.settings))));
    },
    tornado: (bars, now) => block(`${t('What each change alone does to the last pod:')}\n${tornadoText(bars, now)}`),
    curve: (curve) => {
      if (curve !== undefined) block(`${curveTable(curve)}\n${kneeText(curve)}`);
    },
    found: (advice) => {
      rest.push(advice.found.nearest);
      block(foundText(advice, objective));
      if (advice.found.best === undefined) reason = lacksText(advice.found, advice.limit);
      if (advice.changes.length > 0) write(`${patchText(advice, advice.found.nearest, patch)}\n`);
    },
    growth: (growth) => {
      rest.push(growth.outcome);
      write(`${growthText(growth, objective, reason)}\n`);
      if (growth.found !== undefined && growth.needed === undefined) reason = lacksText(growth.found, growth.limit);
    },
    end: () => write(`\n${basesText(rest)}`),
  };
}

/** What the last end of a bar that is known does, in a few words. */
export function barText({ id, ends }: Bar, settings: RunSettings): string {
  const end = ends.at(-1);
  if (end === undefined) return '';
  const { median } = end.outcome.lastUs;
  const isSeen = median === Infinity || isRealDifference(median + end.soonerUs, median);
  const effect = isSeen ? effectText(end) : t('no difference');
  return t('{0}: {1}', changeText(id, settings, end.outcome.settings), effect);
}

function settingsText(settings: RunSettings): string {
  const { mode, runners, jitLatencyUs, jitShape, apiLatencyUs, apiShape } = settings;
  const load = [flagsText(settings), t('JIT calls of {0}', latencyText(jitLatencyUs, jitShape))];
  const api = t('requests to Kubernetes of {0}', latencyText(apiLatencyUs, apiShape));
  return `${mode}, ${runnersText(runners)}, ${[...load, api].join(', ')}`;
}

/** Workers and the client's limit. */
function flagsText({ workers, qps, burst, workqueueRateLimiter }: RunSettings): string {
  const limit = qps === 0 ? t('no limit') : rateText({ qps, burst });
  return [workersText(workers), limit, ...(workqueueRateLimiter === undefined ? [] : [workqueueRateLimiter])].join(
    ', ',
  );
}

function rateText({ qps, burst }: Pick<RunSettings, 'qps' | 'burst'>): string {
  return t('{0} a second ({1} at once)', requestsText(rounded(qps)), burst);
}

function rounded(qps: number): number {
  return Number(qps.toPrecision(3));
}

/** When the last pod comes, in which band, and what that rests on. */
export function lastPodText(outcome: Outcome): string {
  const { lastUs, settings } = outcome;
  if (lastUs.median === Infinity) return noPodText(outcome);
  return t('the last pod comes after {0} ({1})', formatDuration(Math.round(lastUs.median)), restsOn(lastUs, settings));
}

/** Of runs that were ended before their last pod nobody knows whether it would have come. */
function noPodText(outcome: Outcome): string {
  const cutOffUs = cutOffUsOf(outcome);
  return cutOffUs === undefined
    ? t('some runners get no pod')
    : t('some runners get no pod within {0}', formatDuration(cutOffUs));
}

/** The band, where its ends do not read the same, and what the figure rests on. */
function restsOn({ low, high }: Spread, settings: RunSettings): string {
  const [from, to] = [low, high].map((us) => (us === Infinity ? '∞' : formatDuration(Math.round(us))));
  return from === to ? basisText(settings) : `${t('{0} to {1}', from ?? '', to ?? '')}; ${basisText(settings)}`;
}

/** What figures of these settings rest on, in a few words. */
export function basisText(settings: RunSettings): string {
  if (describedSentences([settings.mode]).length > 0) return t('from its description');
  const basis = basisOf(settings);
  if (basis === 'recorded') return t('recorded');
  return basis === 'within' ? t('within what was recorded') : t('extrapolated');
}

export function limitText(limit: Limit, { qps, burst, workers }: RunSettings): string {
  switch (limit.kind) {
    case 'lock':
      return lockFloorText(limit);
    case 'bucket':
      return t(
        "the client's bucket for {0} is the limit: {1} ({2} at once, then {3} a second) alone take {4}.",
        limit.of,
        requestsText(limit.requests),
        burst,
        rounded(qps),
        formatDuration(limit.us),
      );
    case 'server':
      return t(
        'the API server is the limit: its answers take {0} on average instead of {1}, as it has more requests than it can serve.',
        formatDuration(limit.us),
        formatDuration(limit.usualUs),
      );
    case 'workers':
      return t('runners wait most for a worker: {0} ({1} of their time).', workersText(workers), percent(limit.part));
    case 'service':
      return t('runners wait most for the Actions service ({0} of their time).', percent(limit.part));
    case 'api':
      return t('runners wait most for the API server ({0} of their time).', percent(limit.part));
    case 'limiter':
      return t("runners wait most for the client's own rate limit ({0} of their time).", percent(limit.part));
    case 'delay':
      return t('runners wait most for back-offs ({0} of their time).', percent(limit.part));
    case 'other':
      return t('no single wait takes most of the time.');
  }
}

function percent(part: number): string {
  return `${Math.round(100 * part)} %`;
}

function tornadoText(bars: readonly Bar[], now: Outcome): string {
  const all = bars.flatMap((bar) =>
    bar.ends.map((end) => ({ end, change: changeText(bar.id, now.settings, end.outcome.settings) })),
  );
  const rows = all.filter(({ end }) => isEffect(end, now));
  const none = all.filter(({ end }) => !isEffect(end, now)).map(({ change }) => change);
  const most = Math.max(
    1,
    ...rows.map(({ end: { soonerUs } }) => (Number.isFinite(soonerUs) ? Math.abs(soonerUs) : 0)),
  );
  const width = Math.max(...rows.map(({ change }) => change.length));
  const effects = Math.max(...rows.map(({ end }) => effectText(end).length));
  const lines = rows.map(({ end, change }) => {
    const length = Math.round((BAR_WIDTH * Math.min(most, Math.abs(end.soonerUs))) / most);
    const bar = (end.soonerUs > 0 ? '█' : '░').repeat(length);
    return `  ${change.padEnd(width)}  ${effectText(end).padEnd(effects)}  ${bar}`.trimEnd();
  });
  const numbers = new Set(bars.filter(({ ends }) => ends.some((end) => isEffect(end, now))).map(({ id }) => id));
  const switches = [...numbers].flatMap((id) =>
    typeof id === 'number' ? [`  ${t('Pull request {0} of ARC: {1}.', `#${id}`, SWITCHES[id])}`] : [],
  );
  if (none.length === 0) return [...lines, ...switches].join('\n');
  // Of two bursts that were given up nobody knows which is the longer one.
  const rest =
    now.lastUs.median === Infinity
      ? t('With each of these {0}, too: {1}.', noPodText(now), inWords(none))
      : t('No difference: {0}.', inWords(none));
  const isPodStartNone =
    now.lastUs.median !== Infinity && all.some(({ end }) => !isEffect(end, now) && isPodStart(now, end));
  return [...lines, ...switches, `  ${rest}`, ...(isPodStartNone ? [`  ${podStartNote()}`] : [])].join('\n');
}

function isPodStart({ settings }: Outcome, { outcome }: BarEnd): boolean {
  return settings.podStartUs !== outcome.settings.podStartUs;
}

/** Why a knob that people expect to matter does nothing, in a sentence. */
export function podStartNote(): string {
  return t('The last pod counts from when it is made, however long it then takes to start.');
}

export function isEffect({ outcome, p }: BarEnd, now: Outcome): boolean {
  return p < CHANCE && isRealDifference(now.lastUs.median, outcome.lastUs.median);
}

export function effectText(end: BarEnd): string {
  if (end.outcome.lastUs.median === Infinity) return noPodText(end.outcome);
  if (end.soonerUs === Infinity) return t('last pod after {0}', formatDuration(Math.round(end.outcome.lastUs.median)));
  const by = formatDuration(Math.abs(Math.round(end.soonerUs)));
  return end.soonerUs > 0 ? t('{0} sooner', by) : t('{0} later', by);
}

/** One knob from what it is to what it would be. */
export function changeText(id: KnobId, from: RunSettings, to: RunSettings): string {
  const times = (of: (settings: RunSettings) => number | undefined): string =>
    `${formatDuration(of(from) ?? 0)} → ${formatDuration(of(to) ?? 0)}`;
  if (typeof id === 'number') {
    if (to.mode.includes(`-${id}`)) return t('without #{0}', id);
    return isDescribed(id) ? t('with #{0} (unreleased, from its description)', id) : t('with #{0}', id);
  }
  switch (id) {
    case 'workers':
      return t('workers {0} → {1}', from.workers, to.workers);
    case 'qps':
      return t('requests a second {0} → {1}', rounded(from.qps), rounded(to.qps));
    case 'burst':
      return t('requests at once {0} → {1}', from.burst, to.burst);
    case 'workqueueRateLimiter':
      return t('rate limiter of the work queue: {0}', to.workqueueRateLimiter ?? '');
    case 'jitLatencyUs':
      return t(
        'JIT calls {0}',
        times(({ jitLatencyUs }) => jitLatencyUs),
      );
    case 'apiLatencyUs':
      return t(
        'requests to Kubernetes {0}',
        times(({ apiLatencyUs }) => apiLatencyUs),
      );
    case 'podStartUs':
      return t(
        'pods start after {0}',
        times(({ podStartUs }) => podStartUs),
      );
    case 'release':
      return t('release {0} → {1}', from.mode, to.mode);
  }
}

function curveTable({ knob, points }: Curve): string {
  const title = knob === 'workers' ? t('workers') : t('requests a second');
  // The client's burst goes with its rate, which a change of the rate alone leaves as it is.
  const bursts = knob === 'workers' ? [] : [[t('at once'), ...points.map(({ settings }) => String(settings.burst))]];
  return textTable(
    [title, ...points.map(({ settings }) => String(rounded(settings[knob])))],
    [
      ...bursts,
      [
        t('last pod'),
        ...points.map(({ lastUs }) => (lastUs.median === Infinity ? '–' : formatDuration(Math.round(lastUs.median)))),
      ],
    ],
  );
}

/** Where the curve bends, why it does not go on, and what makes more of it worse. */
export function kneeText({ knob, points, knee, limit, limitAt }: Curve): string {
  const textOf = ({ settings }: Outcome): string =>
    knob === 'workers' ? workersText(settings.workers) : rateText(settings);
  const at = points[knee] as Outcome;
  if (points.every(({ lastUs }) => lastUs.median === Infinity)) return t('With each of them {0}.', noPodText(at));
  if (knee === points.length - 1) return t('Up to {0} each step helps; more was not tried.', textOf(at));
  const why = limitText(limit, (points[limitAt] as Outcome).settings);
  const worst = points.slice(knee).reduce((a, b) => (b.lastUs.median > a.lastUs.median ? b : a));
  if (!isRealDifference(at.lastUs.median, worst.lastUs.median)) {
    return t('From {0} on more does not help: {1}', textOf(at), why);
  }
  const more =
    at.settings[knob] === 1
      ? t('More than {0} does not help: {1}', textOf(at), why)
      : t('More than {0} do not help: {1}', textOf(at), why);
  if (worst.lastUs.median === Infinity) return `${more} ${t('With {0} {1}.', textOf(worst), noPodText(worst))}`;
  const by = formatDuration(Math.round(worst.lastUs.median - at.lastUs.median));
  const because = limitText(limitOf(worst), worst.settings);
  return `${more} ${t('With {0} the last pod comes {1} later: {2}', textOf(worst), by, because)}`;
}

function objectiveText({ p95Us, lastUs, mostRequestsASecond }: Objective): string {
  return inWords([
    ...(p95Us === undefined ? [] : [t('95 of 100 pods within {0}', formatDuration(p95Us))]),
    ...(lastUs === undefined ? [] : [t('the last pod within {0}', formatDuration(lastUs))]),
    ...(mostRequestsASecond === undefined
      ? []
      : [t('at most {0} a second to Kubernetes', requestsText(mostRequestsASecond))]),
  ]);
}

export function foundText(
  { now, found, otherRelease, limit }: Pick<Advice, 'now' | 'found' | 'otherRelease' | 'limit'>,
  objective: Objective,
): string {
  const { best, nearest, runs } = found;
  const wanted = objectiveText(objective);
  if (best === undefined) {
    const why = lacksText(found, limit);
    // There are settings between those that were tried, which a limit on all of them rules out too, and a choice does not.
    const text =
      wanted === ''
        ? t('No setting helps: {0}', why)
        : found.lacks === 'both'
          ? t('None of the settings that were tried meets it ({0}): {1}', wanted, why)
          : t('No setting meets it ({0}): {1}', wanted, why);
    const reached = `${reachedText(nearest, objective)}${lateText(nearest, objective)}`;
    const isNow = isDeepStrictEqual(nearest.settings, now.settings);
    const came = isNow
      ? t('None comes nearer than the settings now: {0}.', reached)
      : t('The nearest is {0}: {1}.', flagsText(nearest.settings), reached);
    return [text, came, ...(otherRelease === undefined ? [] : [otherReleaseText(otherRelease, objective)])].join(' ');
  }
  if (best === now) return t('It is met already ({0}).', wanted);
  if (isDeepStrictEqual(best.settings, now.settings)) {
    return t('No other setting is worth its price: {0}', endText(limit, found));
  }
  const times = reachedText(best, { ...objective, mostRequestsASecond: undefined });
  const text = t('{0}: {1}, {2}', flagsText(best.settings), times, ratesText(best));
  const said =
    wanted === ''
      ? t('Worth its price, after {0}: {1}.', furtherRunsText(runs), text)
      : t('The least that meets it ({0}), after {1}: {2}.', wanted, furtherRunsText(runs), text);
  const { mode } = best.settings;
  return hasFlagsFor(now.settings, best.settings)
    ? said
    : `${said} ${t('{0} was never published, and has no flags for that.', mode)}`;
}

/** A release is no setting: what else it changes has to be looked at before. */
function otherReleaseText(outcome: Outcome, objective: Objective): string {
  return t(
    'ARC {0} meets it with {1}: {2}; an upgrade check says what going there would do.',
    ...[versionNameOf(outcome.settings.mode), flagsText(outcome.settings), reachedText(outcome, objective)],
  );
}

/** Those of the curve may be all that it takes. */
function furtherRunsText(count: number): string {
  if (count === 0) return t('no further run');
  return count === 1 ? t('1 run') : t('{0} runs', count);
}

/** Why no setting meets an objective. */
function lacksText(found: Found, limit: Limit): string {
  const { lacks, nearest } = found;
  const { settings, requestsASecond } = nearest;
  const wantedUs = Math.min(found.objective.lastUs ?? Infinity, found.objective.p95Us ?? Infinity);
  if (lacks === 'time' && wantedUs < settings.jitLatencyUs) {
    return t('one JIT call alone takes {0}.', latencyText(settings.jitLatencyUs, settings.jitShape));
  }
  if (lacks === 'both') return t('what is fast enough sends more requests, and what sends so few takes longer.');
  if (lacks !== 'rate') return endText(limit, found);
  const requests = requestsText(requestsASecond.median);
  return hasClientLimitFlags(settings.mode)
    ? t('the settings that send the fewest still send {0} within a second.', requests)
    : t('{0} has no flag for the rate of requests, and sends {1} within a second.', settings.mode, requests);
}

/** What holds back, and why that is not raised further where a flag would. */
function endText(limit: Limit, { best, heldBack: { settings } }: Found): string {
  const text = limitText(limit, settings);
  if (!isRaised(limit.kind)) return text;
  const hasFlag = limit.kind === 'workers' ? hasWorkersFlag(settings.mode) : hasClientLimitFlags(settings.mode);
  if (!hasFlag) return `${text} ${t('{0} has no flag for more.', settings.mode)}`;
  return best === undefined ? `${text} ${t('More was not tried.')}` : text;
}

/** What was asked for; the last pod where no time was. */
function reachedText(outcome: Outcome, objective: Objective): string {
  const times = timesText(outcome, objective);
  return objective.mostRequestsASecond === undefined ? times : `${times}, ${ratesText(outcome)}`;
}

function timesText(outcome: Outcome, { p95Us, lastUs }: Objective): string {
  const { p95Us: reached, settings } = outcome;
  if (p95Us === undefined || reached.median === Infinity) return lastPodText(outcome);
  const time = formatDuration(Math.round(reached.median));
  const text = t('95 of 100 pods come within {0} ({1})', time, restsOn(reached, settings));
  return lastUs === undefined ? text : `${text}, ${lastPodText(outcome)}`;
}

function ratesText({ requestsASecond }: Outcome): string {
  return t('at most {0} to Kubernetes within one second', requestsText(Math.ceil(requestsASecond.median)));
}

/** By how much a time is missed that reads the same as the one that was asked for; empty where it does not. */
function lateText({ p95Us, lastUs }: Outcome, objective: Objective): string {
  const misses = [
    [lastUs.median, objective.lastUs],
    [p95Us.median, objective.p95Us],
  ] as const;
  const lateUs = misses.flatMap(([us, wantedUs = us]) => {
    const isSeen = us <= wantedUs || formatDuration(Math.round(us)) !== formatDuration(wantedUs);
    return isSeen ? [] : [Math.round(us - wantedUs)];
  });
  return lateUs.length === 0 ? '' : `, ${t('{0} too late', formatDuration(Math.max(...lateUs)))}`;
}

/** Settings as they are to be changed: values of the chart, or flags of the controller. */
export function patchText(
  { version, changes, now }: Pick<Advice, 'version' | 'changes' | 'now'>,
  then: Outcome,
  form: 'helm' | 'flags',
): string {
  if (form === 'flags') return `${changes.map(({ flag, to }) => `${flag}=${to}`).join('\n')}\n`;
  const chart = ['gha-runner-scale-set-controller', ...(version === undefined ? [] : [version])].join(' ');
  const basis = t('# from simulations; how near they come to real controllers: docs/accuracy.md of ARC Reconciler Lab');
  const after = formatDuration(Math.round(then.lastUs.median));
  const effect =
    then.lastUs.median === Infinity
      ? noPodText(then)
      : now.lastUs.median === Infinity
        ? t('last pod after {0}; without it {1}', after, noPodText(now))
        : t('last pod after {0} instead of {1}', after, formatDuration(Math.round(now.lastUs.median)));
  const isOne = changes.length === 1;
  const lines = [
    t('# values of the chart {0}', chart),
    basis,
    // What several changes do together is no effect of each.
    ...(isOne ? [] : [t('# with all of them: {0}', effect)]),
  ];
  const reason = ({ from }: FlagChange): string => {
    const was = from === '' ? t('was not set') : t('was {0}', from);
    return isOne ? `${was}: ${effect}` : was;
  };
  return `${lines.join('\n')}\n${helmValues(changes, reason)}`;
}

/** @param before why the load before has no setting that meets the objective: it is not said twice */
export function growthText(
  { factor, outcome, isMet, needed, limit, found }: Growth,
  objective: Objective,
  before = '',
): string {
  const { settings } = outcome;
  const said = [runnersText(settings.runners), flagsText(settings), reachedText(outcome, objective)];
  const load =
    factor === 2
      ? t('Twice the load ({0}) with {1}: {2}', ...said)
      : t('{3} times the load ({0}) with {1}: {2}', ...said, factor);
  if (isMet === undefined) return `${load}.`;
  if (isMet) return `${load}; ${t('the objective is met.')}`;
  if (needed !== undefined) return `${load}; ${t('the objective needs {0}.', flagsText(needed.settings))}`;
  const why = found === undefined ? limitText(limit, settings) : lacksText(found, limit);
  return why === before
    ? `${load}; ${t('no setting meets the objective, for the same reason.')}`
    : `${load}; ${t('no setting meets the objective: {0}', why)}`;
}

/** What the words behind figures mean, of those that were used. */
function basesText(outcomes: readonly Outcome[]): string {
  const used = new Set(outcomes.map(({ settings }) => basisOf(settings)));
  const modes = outcomes.map(({ settings }) => settings.mode);
  const lines = [
    ...new Set(describedSentences(modes)),
    ...(used.has('recorded')
      ? [t('recorded: a real controller with these settings was recorded, and the simulation compared with it.')]
      : []),
    ...(used.has('within')
      ? [t('within what was recorded: real controllers with less and with more of each setting were recorded.')]
      : []),
    ...(used.has('extrapolated')
      ? [t('extrapolated: these settings lie outside of those that were recorded; the simulation says so alone.')]
      : []),
  ];
  const accuracy = t('How near simulations come to recorded controllers, and to which: {0}', accuracyPage());
  return `${t('In brackets: where 19 of 20 runs with other seeds lie, and what the figure rests on.')}\n${[...lines, accuracy].join('\n')}\n`;
}
