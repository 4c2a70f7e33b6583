import { t } from '@vscode/l10n';
import { requestsText, workersText } from '../base/count-words.ts';
import { formatDuration } from '../base/duration.ts';
import { visibleText } from '../base/visible-text.ts';
import { isRead, sourceOf } from '../trace/header.ts';
import type { TraceHeader } from '../trace/model.ts';

/** One setting of a run, and how it is worded. */
interface Setting {
  /** What the header calls it. */
  readonly field: string;
  /** Puts a value, or several, into words that say what it is of: `30 workers`. */
  readonly named: (values: string) => string;
  /** The value alone: `30`, `200 ms`. */
  readonly value: (value: unknown) => string | undefined;
  /** The same of several values, where that reads otherwise. */
  readonly apart?: (values: string) => string;
  /** What its absence means in a run of ours; undefined where it says nothing. */
  readonly absent?: () => string;
  /** It has no meaning where the cluster and the service are real. */
  readonly isSimulated?: true;
}

const count = (value: unknown): string | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
const time = (value: unknown): string | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? formatDuration(value) : undefined;
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? visibleText(value) : undefined;
const notGiven = (): string => t('not given');

/** All but the number of runners, which a cluster may have from elsewhere, and the seed, which only draws small variations. */
const SETTINGS: readonly Setting[] = [
  {
    field: 'workers',
    value: count,
    named: workersText,
  },
  {
    field: 'qps',
    value: (value) => (value === 0 ? t('any number of') : count(value)),
    named: (values) =>
      values === t('any number of')
        ? t('no client limiter')
        : t('{0} a second for each kind of object', requestsText(values)),
  },
  { field: 'burst', value: count, named: (values) => t('{0} at once', values) },
  {
    field: 'workqueueRateLimiter',
    value: text,
    named: (values) => t('rate limiter of the work queue: {0}', values),
    absent: () => t('that of the release'),
  },
  { field: 'jitLatencyUs', value: time, named: (values) => t('registration takes {0}', values), isSimulated: true },
  {
    field: 'otherActionsLatencyUs',
    value: time,
    named: (values) => t('other calls of the Actions service take {0}', values),
    absent: () => t('the usual time'),
    isSimulated: true,
  },
  { field: 'apiLatencyUs', value: time, named: (values) => t('API request takes {0}', values), isSimulated: true },
  {
    field: 'pods',
    value: text,
    named: (values) => t('pods: {0}', values),
    absent: () => t('no preset'),
    isSimulated: true,
  },
  {
    field: 'podStartUs',
    value: time,
    named: (values) => t('pods start after {0}', values),
    apart: (values) => t('time until pods start: {0}', values),
    absent: notGiven,
    isSimulated: true,
  },
  {
    field: 'jobDurationUs',
    value: time,
    named: (values) => t('jobs last {0}', values),
    apart: (values) => t('length of jobs: {0}', values),
    absent: notGiven,
    isSimulated: true,
  },
  {
    field: 'faults',
    value: text,
    named: (values) => t('requests that fail: {0}', values),
    absent: () => t('none'),
    isSimulated: true,
  },
  {
    field: 'perSecond',
    value: (value) => (typeof value === 'number' ? t('{0} a second', value) : undefined),
    named: (values) => t('runners come {0}', values),
    absent: () => t('all at once'),
    isSimulated: true,
  },
  {
    field: 'throughSet',
    value: (value) => (value === true ? t('by an EphemeralRunnerSet') : undefined),
    named: (values) => t('runners are made {0}', values),
    absent: () => t('one by one'),
    isSimulated: true,
  },
];

/** What a trace's header says of a run's settings, in the order in which people read them; what it does not say is left out. */
export function settingsWords(header: TraceHeader): readonly string[] {
  return known(header).flatMap(({ named, said }) => (said === undefined ? [] : [named(said)]));
}

/**
 * In what the settings of several runs differ: `1 against 2 workers`. What one of them does not say, because it was read
 * from a log, is no difference.
 */
export function settingsApart(headers: readonly TraceHeader[]): readonly string[] {
  const all = headers.map(known);
  return (all[0] ?? []).flatMap(({ named, apart = named }, index) => {
    const values = all.map((settings) => settings[index]?.said ?? settings[index]?.absentMeans);
    const said = values.filter((value) => value !== undefined);
    if (said.length < values.length || new Set(said).size < 2) return [];
    return [apart(against(said))];
  });
}

/** `30 against 3`, or of more than two `30 against 3 and 5`. */
export function against(values: readonly string[]): string {
  const [first = '', ...others] = values;
  return t('{0} against {1}', first, others.join(', '));
}

interface Known extends Pick<Setting, 'field' | 'named' | 'apart'> {
  readonly said: string | undefined;
  readonly absentMeans: string | undefined;
}

function known(header: TraceHeader): readonly Known[] {
  const { settings } = header;
  const isReal = sourceOf(header) === 'remote';
  return SETTINGS.map((setting) => {
    const { field, value, absent, isSimulated } = setting;
    const counts = !(isReal && isSimulated === true) && !(field === 'burst' && settings['qps'] === 0);
    return {
      ...setting,
      said: counts ? value(settings[field]) : undefined,
      absentMeans: counts && !isRead(header) ? absent?.() : undefined,
    };
  });
}
