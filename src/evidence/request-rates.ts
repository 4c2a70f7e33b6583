import { durationUs, type Burst } from './bursts.ts';
import type { Reading } from './reading.ts';

/** The client's limit for each kind of object where nobody has set another. */
export const DEFAULT_QPS = 20;
export const DEFAULT_BURST = 30;

export interface Limited {
  readonly kind: keyof Reading['requests'];
  /** Seconds of the burst in which its requests ran at the limit. */
  readonly seconds: number;
  /** All its requests in the burst that lines show. */
  readonly requests: number;
}

/** Rates are taken over this many seconds: within one they jump. */
const WINDOW = 10;
/** Lines tell of most requests and not of all, and not in the very second. */
const [LOW, HIGH] = [0.75, 1.25];
/** A longer burst is not looked through second by second. */
const LONGEST = 100_000;

/** How long requests for one kind of object take at the least at the usual limit, in microseconds. */
export function leastUsAtLimit(requests: number): number {
  return Math.max(0, ((requests - DEFAULT_BURST) / DEFAULT_QPS) * 1e6);
}

/** How long a burst's requests ran at the client's usual limit, by kind of object, longest first. */
export function limitedIn(reading: Reading, burst: Burst): Limited[] {
  const from = Math.floor(burst.start.at.us / 1e6);
  const until = Math.floor(burst.lastPod.at.us / 1e6);
  if (durationUs(burst) > LONGEST * 1e6) return [];
  const requestsOf = reading.audited.secrets.size > 0 ? reading.audited : reading.requests;
  return (Object.keys(requestsOf) as Limited['kind'][])
    .map((kind) => {
      const counts = requestsOf[kind];
      let [seconds, requests, inWindow] = [0, 0, 0];
      for (let second = from; second <= until; second++) {
        requests += counts.get(second) ?? 0;
      }
      const width = Math.min(WINDOW, until - from + 1);
      for (let second = from; second <= until; second++) {
        inWindow += (counts.get(second) ?? 0) - (second - from >= width ? (counts.get(second - width) ?? 0) : 0);
        // What may go at once at the beginning comes on top.
        const allowed = DEFAULT_QPS * width + (second - from < width ? DEFAULT_BURST : 0);
        if (second - from >= width - 1 && inWindow >= LOW * allowed && inWindow <= HIGH * allowed + DEFAULT_BURST) {
          seconds += second - from === width - 1 ? width : 1;
        }
      }
      return { kind, seconds, requests };
    })
    .sort((a, b) => b.seconds - a.seconds);
}
