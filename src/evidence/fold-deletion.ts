import { copyOf } from './clean.ts';
import { objectField } from './fields.ts';
import type { LogRecord } from './log-record.ts';
import type { Reading } from './reading.ts';
import { again, type Seen } from './seen.ts';

/** A pass of an object that is being deleted looks every few seconds whether what it has made is gone. */
const AWAITED = /^Waiting for (.+?) to be (?:deleted|cleaned up)/;
const REMOVED = /^(?:Removing finalizer|Successfully removed finalizer)/;
/** The pass of a scale set that is to go, before and at its call to the service. */
const DELETING = /^(?:Deleting resources|deleting runner scale set|Failed to delete runner scale set)$/i;
const KINDS = { AutoscalingRunnerSet: 'autoscalingrunnerset', AutoscalingListener: 'autoscalinglistener' } as const;

/** A line of a scale set or a listener that is to go: what it waits for, or that it is gone. */
export function noteDeletion({ deletionWaits, deleting }: Reading, record: LogRecord, seen: Seen): void {
  const awaited = AWAITED.exec(record.message)?.[1];
  const isDeleting = DELETING.test(record.message);
  if (awaited === undefined && !isDeleting && !REMOVED.test(record.message)) return;
  const kind = record.logger as keyof typeof KINDS;
  const object = objectField(record.fields, KINDS[kind]);
  if (object === undefined) return;
  const key = copyOf(`${kind} ${object.namespace}/${object.name}`);
  if (isDeleting) {
    deleting.add(key);
    return;
  }
  if (awaited === undefined) {
    deletionWaits.delete(key);
    deleting.delete(key);
  } else deletionWaits.set(key, again(deletionWaits.get(key), seen, copyOf(awaited)));
}
