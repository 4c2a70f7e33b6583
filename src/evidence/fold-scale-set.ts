import { copyOf } from './clean.ts';
import { objectField } from './fields.ts';
import { foldListenerWait } from './listener-wait.ts';
import type { LogRecord } from './log-record.ts';
import type { Reading, ScaleSetCall } from './reading.ts';
import type { Seen } from './seen.ts';
import { foldVersionDeletion } from './version-deletion.ts';

/** Lines that stand before a call to the service, and what the call does with the scale set. */
const CALLS: ReadonlyMap<string, ScaleSetCall['does']> = new Map([
  ['Deleting the runner scale set from Actions service', 'delete'],
  ['Creating a new runner scale set', 'create'],
  ['AutoScalingRunnerSet runner group changed. Updating the runner scale set.', 'update'],
  ['AutoScalingRunnerSet runner scale set name changed. Updating the runner scale set.', 'update'],
]);
/** Shorter ones hold nobody up. */
const LONG_US = 30e6;

/** A line of the AutoscalingRunnerSet controller. */
export function foldScaleSetLine(reading: Reading, record: LogRecord, seen: Seen): void {
  endScaleSetCall(reading, seen);
  const does = CALLS.get(record.message);
  const object = objectField(record.fields, 'autoscalingrunnerset');
  if (object === undefined) return;
  const name = `${object.namespace}/${object.name}`;
  const deletion = foldVersionDeletion(reading.versionDeletions.get(name), record, seen);
  if (deletion !== undefined) reading.versionDeletions.set(name, deletion);
  const wait = foldListenerWait(reading.listenerWaits.get(name), record, seen);
  if (wait !== undefined) reading.listenerWaits.set(name, wait);
  if (does === undefined) return;
  reading.scaleSetCalls.push({ name: copyOf(object.name), does, from: seen, until: undefined });
}

/** The controller goes on: it has one worker, so that whatever it says ends the call before. */
export function endScaleSetCall({ scaleSetCalls }: Reading, seen: Seen): void {
  const open = scaleSetCalls.at(-1);
  if (open === undefined || open.until !== undefined) return;
  if (seen.at.us - open.from.at.us < LONG_US) scaleSetCalls.pop();
  else open.until = seen;
}
