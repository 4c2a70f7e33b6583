import type { LogRecord } from '../log-record.ts';
import type { Moment } from '../moment.ts';

/** What Go's runtime writes first when a program dies; goroutines with their stacks follow. */
const FIRST = /^(?:panic: |fatal error: |SIG[A-Z]+: |runtime: |unexpected fault address )\S/;

/** A Go program's crash. It has no time stamp: it comes right after the line before. */
export function goCrash(text: string, near: Moment | undefined): LogRecord | undefined {
  if (near === undefined || !FIRST.test(text)) return undefined;
  return { at: near, level: 'error', logger: 'crash', message: text.trimEnd(), fields: '' };
}
