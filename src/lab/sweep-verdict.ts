import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import type { LabSettings } from './settings.ts';
import type { RunStatistics } from './statistics.ts';
import type { SweepRow } from './sweep.ts';

type Row = Pick<SweepRow, 'settings' | 'statistics'>;

/** A last pod that comes sooner by less than this part is no sooner for practical purposes. */
const REAL_DIFFERENCE = 0.05;
/** A bucket explains the last pod when its floor is at least this part of the time until then. */
const FLOOR_EXPLAINS = 0.7;

/** The least time in which a bucket lets a run's requests through, and what it had to let through. */
export interface Floor {
  /** Kind of object whose requests the bucket is for. */
  readonly kind: string;
  readonly requests: number;
  readonly us: number;
}

/** The highest floor of the buckets: of the requests for a kind up to the last pod the first `burst` go at once, then `qps` a second. */
export function floorOf({ settings, statistics }: Row): Floor | undefined {
  const { qps, burst } = settings;
  if (qps <= 0) return undefined;
  const floors = Object.entries(statistics.requestsUntilLastPod).map(([kind, requests]): Floor => {
    return { kind, requests, us: Math.max(0, Math.round(((requests - burst) / qps) * 1e6)) };
  });
  return floors.sort((a, b) => b.us - a.us)[0];
}

/** What a sweep's table shows, a sentence for each set of rows that differ in mode and workers alone. */
export function sweepVerdict(rows: readonly Row[]): string[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const { mode: _mode, workers: _workers, ...others } = row.settings;
    const key = JSON.stringify(others);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].flatMap((group) => {
    const modes = [...new Set(group.map(({ settings }) => settings.mode))];
    const clauses = modes.flatMap((mode) => {
      const text = clauseOf(group.filter(({ settings }) => settings.mode === mode));
      return text === '' ? [] : [`${mode}: ${text}`];
    });
    return clauses.length === 0 ? [] : [`${groupName(rows, group[0] as Row)}: ${clauses.join('; ')}.`];
  });
}

/** What more workers do to one mode, and the floor that holds it. */
function clauseOf(rows: readonly Row[]): string {
  const byWorkers = rows
    .filter(({ statistics }) => statistics.lastPodUs !== null)
    .sort((a, b) => a.settings.workers - b.settings.workers);
  const [least, most] = [byWorkers[0], byWorkers.at(-1)];
  if (least === undefined || most === undefined) return '';
  const enough = byWorkers.find((row) => byWorkers.every((other) => !isSooner(other, row))) ?? most;
  const parts: string[] = [];
  if (least !== most) {
    parts.push(
      enough === most
        ? t('workers help up to {0} (the last pod comes after {1} instead of {2})', ...helped(least, most))
        : t('with more than {0} the last pod comes no sooner ({1} with {2}, {3} with {4})', ...atRest(enough, most)),
    );
  }
  const floor = floorOf(enough);
  if (floor !== undefined && floor.us >= FLOOR_EXPLAINS * lastPodUs(enough)) {
    const { qps, burst } = enough.settings;
    const { kind, requests, us } = floor;
    parts.push(
      t(
        '{0} requests for {1}, {2} at once and then {3} a second, take at least {4} whatever the workers',
        requests,
        kind,
        burst,
        qps,
        formatDuration(us),
      ),
    );
  }
  return parts.join(', ');
}

function helped(least: Row, most: Row): [number, string, string] {
  return [most.settings.workers, formatDuration(lastPodUs(most)), formatDuration(lastPodUs(least))];
}

function atRest(enough: Row, most: Row): [string, string, number, string, number] {
  const { workers } = enough.settings;
  return [
    workers === 1 ? t('1 worker') : t('{0} workers', workers),
    formatDuration(lastPodUs(enough)),
    workers,
    formatDuration(lastPodUs(most)),
    most.settings.workers,
  ];
}

/** With more workers, and really sooner. */
function isSooner(other: Row, row: Row): boolean {
  return other.settings.workers > row.settings.workers && lastPodUs(other) < (1 - REAL_DIFFERENCE) * lastPodUs(row);
}

function lastPodUs({ statistics }: { readonly statistics: RunStatistics }): number {
  return statistics.lastPodUs ?? 0;
}

/** The settings in which this set of rows differs from others; the limit always, since it decides most. */
function groupName(rows: readonly Row[], { settings }: Row): string {
  const differs = (name: keyof LabSettings): boolean => new Set(rows.map((row) => row.settings[name])).size > 1;
  const parts = [
    settings.qps === 0 ? t('No limit') : t('{0} requests a second', settings.qps),
    ...(differs('burst') ? [t('{0} at once', settings.burst)] : []),
    ...(differs('runners') ? [t('{0} runners', settings.runners)] : []),
    ...(differs('jitLatencyUs') ? [t('registrations of {0}', formatDuration(settings.jitLatencyUs))] : []),
    ...(differs('apiLatencyUs') ? [t('requests of {0}', formatDuration(settings.apiLatencyUs))] : []),
    ...(differs('seed') ? [t('seed {0}', settings.seed)] : []),
  ];
  return parts.join(', ');
}
