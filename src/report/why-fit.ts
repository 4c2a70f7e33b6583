import { t } from '@vscode/l10n';
import { workersText } from '../base/count-words.ts';
import { formatAge } from '../base/duration.ts';
import { WHOLE_SECOND_US } from '../evidence/moment.ts';
import { clock, count } from '../evidence/words.ts';
import { errorUs, lastPodUs, WORTH, type Gain } from '../fit/gain.ts';
import type { FittedSetting, LogFit, Simulation } from '../fit/log-fit.ts';
import { hasActionsLock, LOCK_SINCE, NO_LOCK_UNTIL } from '../reconciler/releases/actions-lock.ts';
import { standInTexts } from './stand-in-text.ts';

/** Two changes together are named where their last pod comes sooner than that of one by this part. */
const MORE = 0.05;
/** A lower limit than this says nothing. */
const LEAST_LIMIT = 2;
/** What is known to this part of it is one value, and no interval. */
const NARROW = 0.1;
/** From here on whole seconds are exact enough. */
const WHOLE_US = 10e6;

/** What is known of the controller's settings, each as a part of a sentence. */
export function settingsTexts({ settings: { workers, qps, burst, jitMs }, simulation }: LogFit): string[] {
  return [
    ...(workers === null
      ? []
      : workers.basis === 'run'
        ? [t('about {0}', workersText(workers.value))]
        : [workers.high === null ? t('at least {0}', workersText(workers.value)) : workersText(workers.value)]),
    ...(qps === null ? [] : limitTexts(qps)),
    ...(burst === null || burst.high === null || burst.basis === 'usual' ? [] : [t('{0} at once', rounded(burst))]),
    ...(jitMs === null ? [] : [jitText(rounded(jitMs), simulation)]),
  ];
}

/** How long a call takes without its wait for others depends on whether it has any: where the log leaves that open, with what was taken. */
function jitText(ms: string, simulation: Simulation | undefined): string {
  if (simulation === undefined || !isLockOpen(simulation)) return t('JIT calls about {0} ms', ms);
  return isLocked(simulation)
    ? t('JIT calls about {0} ms if it is ARC {1} or later', ms, LOCK_SINCE)
    : t('JIT calls about {0} ms if it is ARC {1} or earlier', ms, NO_LOCK_UNTIL);
}

/** Whether the log may be of a release with the lock and of one without. */
function isLockOpen({ slow }: Simulation): boolean {
  return slow.cause === 'lock or workers';
}

function isLocked({ fit }: Simulation): boolean {
  return hasActionsLock(fit.run.settings.mode) === true;
}

/** Where a limit was never reached, the log tells no more than that it is not lower. */
function limitTexts(qps: FittedSetting): string[] {
  if (qps.high !== null) return qps.basis === 'usual' ? [] : [t('client limit {0} a second', rounded(qps))];
  return qps.low < LEAST_LIMIT
    ? []
    : [t('client limit at least {0} a second: the token bucket never ran empty', Math.floor(qps.low))];
}

/** `200 (180 to 225)`; where the log leaves more open, `120 to 260`. */
function rounded({ value, low, high }: FittedSetting): string {
  const [from, to] = [Math.round(low), high === null ? t('any') : Math.round(high)];
  if (from === to) return `${Math.round(value)}`;
  return high === null || high - low > 2 * NARROW * value
    ? t('{0} to {1}', from, to)
    : t('{0} ({1} to {2})', Math.round(value), from, to);
}

/** How near the simulated burst is to the log, and what would have made it shorter; no lines where nothing was simulated. */
export function simulationLines({ simulation }: LogFit): string[] {
  if (simulation === undefined || !simulation.isFound) return [];
  const { gains, isClose, fit } = simulation;
  if (!isClose) {
    return [
      t(
        'The simulation of {0} {1}, so that it says nothing of what would help.',
        burstName(simulation),
        offText(simulation),
      ),
    ];
  }
  if (gains.length === 0) return [];
  const shown = gainRows(simulation);
  const width = Math.max(...shown.map(({ change }) => change.length));
  return [
    isLockOpen(simulation)
      ? t(
          'What would help {0} if it is ARC {1}, which comes nearest, simulated with the same runners (the simulation of these settings {2}):',
          burstName(simulation),
          fit.run.settings.mode,
          offText(simulation),
        )
      : simulation.isOnly
        ? t(
            'What would help, simulated with the same runners (the simulation of these settings {0}):',
            offText(simulation),
          )
        : t(
            'What would help {0}, simulated with the same runners (the simulation of these settings {1}):',
            burstName(simulation),
            offText(simulation),
          ),
    ...shown.map(({ change, effect }) => `  ${change.padEnd(width)}  ${effect}`),
    ...(fit.observed.clockUs >= WHOLE_SECOND_US && shown.some(({ effect }) => effect.includes(','))
      ? [
          t(
            'Compared with {0}, when the simulation itself has its last pod: the log has whole seconds only.',
            tenths(lastPodUs(fit)),
          ),
        ]
      : []),
    ...(shown.some(({ effect }) => effect.endsWith(')'))
      ? [t('In brackets: with JIT calls and client limit at the ends of what the log leaves open.')]
      : []),
    ...standInTexts(simulation),
    ...conclusion(simulation),
  ];
}

/** A change, and what it would do to the burst. */
export interface GainRow {
  readonly change: string;
  readonly effect: string;
  /** Whether it would help by more than what a simulation errs. */
  readonly isHelpful: boolean;
  /** Whether a setting of the controller's chart does it. */
  readonly isSetting: boolean;
}

/** What would help and what would not, the most helpful first. */
export function gainRows(simulation: Simulation): GainRow[] {
  const least = errorUs(simulation.fit);
  const told = worthTelling(simulation);
  const spanText = spansOf(told.filter((gain) => isWorthTimes(gain, least)));
  return told.map((gain) => ({
    change: gain.text,
    effect: gainText(gain, least, spanText),
    isHelpful: isHelpful(gain, least),
    isSetting: gain.isSetting,
  }));
}

/** `the burst of 300 runners from 07:08:35 to 07:09:39 (ARC 0.14.2, 2 workers)`, where the log has several. */
function burstName({ slow, isOnly, fit }: Simulation): string {
  if (isOnly) return t('this burst');
  const { burst, release } = slow;
  const runners = count(burst.runners.length + burst.waiting.length, 'runner');
  const by = [...(release === undefined ? [] : [`ARC ${release.text}`]), count(fit.run.settings.workers, 'worker')];
  return t('the burst of {0} from {1} to {2} ({3})', runners, clock(burst.start), clock(burst.lastPod), by.join(', '));
}

/** `ends 3 % later than the log` */
export function offText({ fit: { lastOff, medianOff } }: Simulation): string {
  const [last, median] = [lastOff, medianOff].map((off) => Math.round(100 * off)) as [number, number];
  // It was ended before.
  if (!Number.isFinite(last)) return t('has pods for fewer runners than the log');
  if (last === 0 && median === 0) return t('ends when the log does');
  const [lastBy, medianBy] = [Math.abs(last), Math.abs(median)];
  if (medianBy <= lastBy)
    return last > 0 ? t('ends {0} % later than the log', lastBy) : t('ends {0} % sooner than the log', lastBy);
  return median > 0
    ? t('has its median pod {0} % later than the log', medianBy)
    : t('has its median pod {0} % sooner than the log', medianBy);
}

/** Two changes at once are left out where one of them does as much. */
function worthTelling({ gains, fit }: Simulation): Gain[] {
  const least = errorUs(fit);
  return gains.filter(
    (gain) =>
      !gain.isBoth ||
      gains.every(
        (one) =>
          one.isBoth || !one.isSetting || gain.lastPodUs < Math.min((1 - MORE) * one.lastPodUs, one.lastPodUs - least),
      ),
  );
}

function gainText(
  { lastPodUs, soonerUs, soonerWithinUs: [fewest, most] }: Gain,
  least: number,
  spanText: (us: number) => string,
): string {
  const lateUs = lastPodUs + soonerUs;
  if (Math.abs(soonerUs) < WORTH * lateUs) return t('changes nothing');
  if (Math.abs(soonerUs) < least) return t("changes less than the simulation's error");
  const { sooner, last } = { sooner: spanText(Math.abs(soonerUs)), last: spanText(lastPodUs) };
  const told =
    soonerUs > 0 ? t('last pod after {0}, {1} sooner', last, sooner) : t('last pod after {0}, {1} later', last, sooner);
  if (fewest < 0 && most > 0) return t('{0} ({1} later to {2} sooner)', told, spanText(-fewest), spanText(most));
  const [from = '', to = ''] = [fewest, most]
    .map(Math.abs)
    .sort((a, b) => a - b)
    .map(spanText);
  return from === to ? told : t('{0} ({1} to {2})', told, from, to);
}

function isWorthTimes({ lastPodUs, soonerUs }: Gain, least: number): boolean {
  return Math.abs(soonerUs) >= Math.max(WORTH * (lastPodUs + soonerUs), least);
}

/** How the times of gains are written: with tenths of a second where whole ones would make different last pods look the same. */
function spansOf(gains: readonly Gain[]): (us: number) => string {
  const shown = (us: (gain: Gain) => number, unitUs: number): number =>
    new Set(gains.map((gain) => Math.round(us(gain) / unitUs))).size;
  const last = ({ lastPodUs }: Gain): number => lastPodUs;
  const areTold = shown(last, 1e6) === shown(last, 1e5) && shown(last, 1e6) === shown(({ soonerUs }) => soonerUs, 1e6);
  return (us) => (us >= WHOLE_US && areTold ? formatAge(Math.round(us / 1e6) * 1e6) : tenths(us));
}

function tenths(us: number): string {
  const minutes = Math.floor(Math.round(us / 1e5) / 600);
  const seconds = (Math.round(us / 1e5) / 10 - 60 * minutes).toFixed(1);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds} s`;
}

/** Where nothing that can be set helps, a sentence that says so. */
export function conclusion(simulation: Simulation): string[] {
  const { gains, fit } = simulation;
  const least = errorUs(fit);
  if (isLockOpen(simulation))
    return [t('With another release something else may help: the image tag of the controller tells which it is.')];
  if (gains.some((gain) => gain.isSetting && isHelpful(gain, least))) return [];
  return [
    isLocked(simulation)
      ? t(
          'No setting of the chart helps: it is the lock since ARC {0}. Each credential has a lock of its own.',
          LOCK_SINCE,
        )
      : t('No setting of the chart helps.'),
  ];
}

function isHelpful({ lastPodUs, soonerUs }: Gain, least: number): boolean {
  return soonerUs >= Math.max(WORTH * lastPodUs, least);
}
