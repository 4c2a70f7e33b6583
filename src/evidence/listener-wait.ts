import { numberField } from './fields.ts';
import type { LogRecord } from './log-record.ts';
import { again, type Repeated, type Seen } from './seen.ts';

/** A scale set that has changed and gets its new listener only once its runners have ended. */
export interface ListenerWait {
  readonly said: Repeated;
  /** How many it waits for, by the last line that says so; since #4516 none does. */
  running: number | undefined;
  pending: number | undefined;
  /** When it went on. */
  until: Seen | undefined;
}

const WAITS =
  /waiting for the running and pending runners to finish:?$|runners are still active; deleting listener to stop new jobs$/i;
const GOES_ON =
  /^(?:Creating a new AutoscalingListener|Autoscaling runner set is up to date|Deleting resources|Cleaning up the listener)/;

/** @param before what is known of the same scale set: undefined as well where it has never waited */
export function foldListenerWait(
  before: ListenerWait | undefined,
  { message, fields }: LogRecord,
  seen: Seen,
): ListenerWait | undefined {
  if (WAITS.test(message)) {
    const [running, pending] = [numberField(fields, 'running'), numberField(fields, 'pending')];
    const goesOn = before?.until === undefined ? before : undefined;
    return { said: again(goesOn?.said, seen, ''), running, pending, until: undefined };
  }
  if (before !== undefined && GOES_ON.test(message)) before.until ??= seen;
  return before;
}
