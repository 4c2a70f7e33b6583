import type { Reading } from './reading.ts';
import type { RunnerHistory } from './runner-history.ts';

/** Fewer may be left by a controller that ended between a registration and its record. */
const FEWEST = 3;
const WRITTEN_BY_BOTH = /the object has been modified/;

/**
 * Runners that another controller works on at the same time: it has registered them first, and its writes get in the way of
 * this one's. None where so few are that one controller alone comes to it, after a restart or with a stale cache.
 */
export function runnersOfTwo({ runners }: Reading): RunnerHistory[] {
  const both = [...runners.values()].filter(
    ({ notes, failed }) => notes.has('name conflict') && failed.some(({ text }) => WRITTEN_BY_BOTH.test(text)),
  );
  return both.length < FEWEST ? [] : both;
}
