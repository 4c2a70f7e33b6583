import type { KubernetesEvent } from '../kubernetes/types.ts';
import type { EventRow } from './formats/event-table.ts';
import type { MetricFields } from './formats/metric-sample.ts';
import type { LogRecord } from './log-record.ts';
import type { ObjectEvents, Reading } from './reading.ts';
import type { Seen } from './seen.ts';

/** A value that the controller's metrics have; of several scrapes the last one counts. */
export function foldMetric(reading: Reading, { message, fields }: LogRecord, seen: Seen): void {
  const { labels, value } = JSON.parse(fields) as MetricFields;
  reading.metrics.set(`${message} ${JSON.stringify(labels)}`, { name: message, labels, value, seen });
}

/** A row of what `kubectl get events` prints. */
export function foldEventRow(reading: Reading, { fields }: LogRecord, seen: Seen): void {
  reading.others++;
  if (fields === '') return;
  const row = JSON.parse(fields) as EventRow;
  const [kind = '', name = ''] = row.object.split('/');
  const named = eventKind(kind);
  if (named === undefined) return;
  const firstTimestamp = timeAgo(row.firstAgeS);
  const lastTimestamp = timeAgo(row.ageS);
  addEvent(reading, seen, {
    ...{ apiVersion: 'v1', kind: 'Event', metadata: { name: `${name}.row`, namespace: row.namespace } },
    ...{ involvedObject: { kind: named, name, namespace: row.namespace }, reason: row.reason },
    ...{ message: row.message, type: row.type, count: row.count },
    ...(firstTimestamp === undefined ? {} : { firstTimestamp }),
    ...(lastTimestamp === undefined ? {} : { lastTimestamp }),
  });
}

/** What holds a volume of a pod. */
const CLAIM = 'PersistentVolumeClaim';

/** When a table of events was printed, in milliseconds: its rows tell only how long ago something was, so any time will do. */
export const TABLE_PRINTED_MS = 1e12;

/** @param seconds null where it is not known, as JSON has no other word for it */
function timeAgo(seconds: number | null): string | undefined {
  return seconds === null ? undefined : new Date(TABLE_PRINTED_MS - seconds * 1000).toISOString();
}

const EVENT_KINDS = [
  'Pod',
  'Node',
  CLAIM,
  'EphemeralRunner',
  'EphemeralRunnerSet',
  'AutoscalingRunnerSet',
  'AutoscalingListener',
];

/** The kind of an object whose events are kept, however it is written; undefined for others. */
export function eventKind(kind: unknown): string | undefined {
  const wanted = String(kind).toLowerCase();
  return EVENT_KINDS.find((known) => known.toLowerCase() === wanted);
}

export function addEvent(reading: Reading, seen: Seen, event: KubernetesEvent): void {
  const { kind = '', name = '', namespace = '' } = event.involvedObject;
  const key = `${namespace}/${name}`;
  reading.eventLines.set(event, seen);
  if (kind === 'Pod') append(reading.podEvents, key, { name, namespace, events: [event], seen });
  else if (kind === CLAIM) append(reading.claimEvents, key, { name, namespace, events: [event], seen });
  // Nodes are in no namespace, and their events are listed in that of somebody else.
  else if (kind === 'Node') append(reading.nodeEvents, name, { name, namespace: '', events: [event], seen });
  else append(reading.arcEvents, `${kind} ${key}`, { kind, name, namespace, events: [event], seen });
}

function append<T extends ObjectEvents>(all: Map<string, T>, key: string, one: T): void {
  const known = all.get(key);
  if (known === undefined) all.set(key, one);
  else known.events.push(...one.events);
}
