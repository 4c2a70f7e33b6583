import { clean } from './clean.ts';
import type { LogRecord } from './log-record.ts';
import type { Reading } from './reading.ts';
import type { Seen } from './seen.ts';

/** Go says these before the error itself. */
const BEFORE_IT = /^(?:runtime: |unexpected fault address )/;
/** Longer ones after it are of something else. */
const SAME_US = 1e6;

/** The first line of a Go program's crash; the program has ended with it. */
export function foldCrash(reading: Reading, { message }: LogRecord, seen: Seen): void {
  if (BEFORE_IT.test(message)) return;
  const text = clean(
    message
      .replace(/ \[recovered.*\]$/, '')
      .replace(/^(?:panic|fatal error): (?:runtime error: )?/, '')
      .replace(/^runtime: /, ''),
  );
  // The handler of panics writes the same words before it lets the panic go on.
  const before = reading.processEvents.at(-1);
  const isSame = before !== undefined && seen.at.us - before.at.at.us < SAME_US && before.text.includes(text);
  if (isSame) reading.processEvents.pop();
  const isListeners = reading.listeners.has(seen.source) && reading.lastControllerLine?.source !== seen.source;
  reading.crashes.push({ text, at: seen, isListeners });
}
