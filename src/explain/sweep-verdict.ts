import { t } from '@vscode/l10n';
import { groupBy } from '../base/group.ts';
import { formatDuration } from '../base/duration.ts';
import { latencyText } from '../base/latency.ts';
import { capital } from '../base/capital.ts';
import { bucketFloorOf, FLOOR_EXPLAINS, lockFloorOf, lockFloorText, type Row } from './floors.ts';
import { isRealDifference } from './real-difference.ts';
import { requestsText, runnersText } from '../base/count-words.ts';
import type { RunSettings } from '../run/settings.ts';

/** What a sweep's table shows, a text for each set of rows that differ in workers alone: what these do, and the floor. */
export function sweepVerdict(rows: readonly Row[]): string[] {
  const groups = groupBy(rows, ({ settings }) => {
    const { mode: _mode, workers: _workers, ...others } = settings;
    return JSON.stringify(others);
  });
  return [...groups.values()].flatMap((group) => {
    const byMode = groupBy(group, ({ settings }) => settings.mode);
    return [...byMode].flatMap(([mode, ofMode]) => {
      const sentences = sentencesOf(ofMode);
      const name = [...settingsInWhichRowsDiffer(rows, group[0] as Row), mode].join(', ');
      return sentences.length === 0 ? [] : [`${name}: ${sentences.join(' ')}`];
    });
  });
}

/** What more workers do to one mode, and the floor that holds it. */
function sentencesOf(rows: readonly Row[]): string[] {
  const byWorkers = [...new Map(rows.filter(isWhole).map((row) => [row.settings.workers, row])).values()].sort(
    (a, b) => a.settings.workers - b.settings.workers,
  );
  const [least, best] = [byWorkers[0], soonest(byWorkers)];
  if (least === undefined || best === undefined) return [];
  return [...helpText(byWorkers, least, best), ...floorText(best)];
}

function helpText(byWorkers: readonly Row[], least: Row, best: Row): string[] {
  const isHelp = isRealDifference(lastPodUs(least), lastPodUs(best));
  const helps = ({ settings, statistics }: Row): string =>
    t('{0} with {1}', lastPodText({ statistics }), settings.workers);
  const isEnough = (row: Row): boolean =>
    isRealDifference(lastPodUs(least), lastPodUs(row)) && !isRealDifference(lastPodUs(row), lastPodUs(best));
  const enough = isHelp ? (byWorkers.find(isEnough) ?? best) : least;
  const further = byWorkers.slice(byWorkers.indexOf(enough) + 1);
  const [most, next] = [further.at(-1), soonest(further)];
  const [from, to] = [lastPodText(least), lastPodText(enough)];
  if (most === undefined || next === undefined) {
    return isHelp ? [t('up to {0} workers help (last pod {1} → {2}).', enough.settings.workers, from, to)] : [];
  }
  // What looks the same in the table is not called sooner.
  const isSooner = lastPodUs(next) < lastPodUs(enough) && lastPodText(next) !== to;
  const other = helps(isSooner ? next : most);
  if (isHelp) {
    const { workers } = enough.settings;
    return [
      isSooner
        ? t('up to {0} workers help (last pod {1} → {2}), more hardly do ({3}).', workers, from, to, other)
        : t('up to {0} workers help (last pod {1} → {2}), more do not ({3}).', workers, from, to, other),
    ];
  }
  const { workers } = enough.settings;
  return [
    isSooner
      ? t('more workers than {0} hardly help (last pod {1}, {2}).', workers, helps(enough), other)
      : t('more workers than {0} do not help (last pod {1}, {2}).', workers, helps(enough), other),
  ];
}

/** The higher floor of the run that was done first, where it explains when that was. */
function floorText(best: Row): string[] {
  const [bucket, lock] = [bucketFloorOf(best), lockFloorOf(best.settings)];
  const [bucketUs, lockUs] = [bucket?.us ?? 0, lock?.us ?? 0];
  if (Math.max(bucketUs, lockUs) < FLOOR_EXPLAINS * lastPodUs(best)) return [];
  if (lock !== undefined && lockUs >= bucketUs) return [capital(lockFloorText(lock))];
  if (bucket === undefined) return [];
  const { qps, burst } = best.settings;
  const { kind, requests, us } = bucket;
  return [
    t(
      'Its {0} requests for {1} ({2} at once, then {3} a second) cannot be done in less than {4}.',
      requests,
      kind,
      burst,
      qps,
      formatDuration(us),
    ),
  ];
}

/** The last pod of a run that was ended before is not the last. */
export function isWhole({ settings, statistics }: Row): boolean {
  return statistics.lastPodUs !== null && statistics.runnersWithPod >= settings.runners;
}

function soonest(rows: readonly Row[]): Row | undefined {
  return rows.reduce<Row | undefined>(
    (best, row) => (best === undefined || lastPodUs(row) < lastPodUs(best) ? row : best),
    undefined,
  );
}

function lastPodUs({ statistics }: Pick<Row, 'statistics'>): number {
  return statistics.lastPodUs ?? 0;
}

function lastPodText(row: Pick<Row, 'statistics'>): string {
  return formatDuration(lastPodUs(row));
}

/** This row's values of the settings, other than mode and workers, in which rows differ. */
export function settingsInWhichRowsDiffer(rows: readonly Row[], { settings }: Row): string[] {
  const us = (given: number | undefined): string => (given === undefined ? '–' : formatDuration(given));
  const differs = (name: keyof RunSettings): boolean => new Set(rows.map((row) => row.settings[name])).size > 1;
  return [
    ...(differs('qps') ? [settings.qps === 0 ? t('No limit') : t('{0} a second', requestsText(settings.qps))] : []),
    ...(differs('burst') ? [t('{0} at once', settings.burst)] : []),
    ...(differs('runners') ? [runnersText(settings.runners)] : []),
    ...(differs('jitLatencyUs')
      ? [t('registrations of {0}', latencyText(settings.jitLatencyUs, settings.jitShape))]
      : []),
    ...(differs('apiLatencyUs') ? [t('requests of {0}', latencyText(settings.apiLatencyUs, settings.apiShape))] : []),
    ...(differs('workqueueRateLimiter') ? [settings.workqueueRateLimiter ?? '–'] : []),
    ...(differs('seed') ? [t('seed {0}', settings.seed)] : []),
    ...(differs('pods') ? [t('pods: {0}', settings.pods ?? '–')] : []),
    ...(differs('podStartUs') ? [t('pods that start after {0}', us(settings.podStartUs))] : []),
    ...(settings.jobDurationUs !== undefined && differs('jobDurationUs')
      ? [t('jobs of {0}', formatDuration(settings.jobDurationUs))]
      : []),
  ];
}
