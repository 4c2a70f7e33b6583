import { RELEASES } from './messages.ts';
import type { Reading } from './reading.ts';

export interface Release {
  /** `0.14.1`, or the releases that the messages allow: `0.14.0 to 0.14.2`. */
  readonly text: string;
  readonly isFromMessages: boolean;
  /** Whether JIT calls of one client run one at a time: since 0.14.0; undefined where that is not known. */
  readonly hasLock: boolean | undefined;
}

/** First of RELEASES whose calls to the Actions service are under one lock. */
const LOCK = RELEASES.indexOf('0.14.0');

/** The release that wrote the log; of several, as in an upgrade, the last. Undefined where nothing tells it. */
export function releaseOf(reading: Reading): Release | undefined {
  const versions = [...reading.versions.keys()];
  const version = versions.at(-1);
  if (version !== undefined) {
    const [major = 0, minor = 0] = version.split('.').map(Number);
    return { text: versions.join(', then '), isFromMessages: false, hasLock: major > 0 || minor >= 14 };
  }
  const [low, high] = reading.releaseRange;
  if (low === 0 && high === Number.POSITIVE_INFINITY) return undefined;
  const [first, last] = [RELEASES[low], RELEASES[Math.min(high, RELEASES.length - 1)]];
  return {
    text: first === last ? (first as string) : `${first} to ${last}`,
    isFromMessages: true,
    hasLock: low >= LOCK ? true : high < LOCK ? false : undefined,
  };
}

/** A log that spans an upgrade has messages of both releases: the range is then that of the later ones. */
export function narrow(reading: Reading, first: number, last: number): void {
  const [low, high] = reading.releaseRange;
  const next: [number, number] = [Math.max(low, first), Math.min(high, last)];
  reading.releaseRange = next[0] <= next[1] ? next : [first, last];
}
