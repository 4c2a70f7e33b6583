import type { Clock } from '../base/clock.ts';
import { TokenBucket } from '../base/token-bucket.ts';

export interface BackoffOptions {
  readonly baseUs: number;
  readonly maxUs: number;
  /** Requeues a second over all items, and how many at once; 0 a second means no limit. */
  readonly perSecond: number;
  readonly burst: number;
}

/** client-go's default controller rate limiter. */
export const DEFAULT_BACKOFF: BackoffOptions = { baseUs: 5_000, maxUs: 1_000_000_000, perSecond: 10, burst: 100 };

/** Says when a key may be tried again. */
export interface RateLimiter {
  /** Counts a failure and returns how many microseconds the key has to wait. */
  nextDelayUs(key: string): number;
  /** Failures in a row that the key has behind it. */
  failures(key: string): number;
  /** The key has succeeded. */
  forget(key: string): void;
}

/** When a key may be tried again: per key 5 ms doubling with each failure, and never before the overall bucket allows. */
export class ControllerRateLimiter implements RateLimiter {
  readonly #failures = new Map<string, number>();
  readonly #bucket: TokenBucket;
  readonly #options: BackoffOptions;

  constructor(clock: Clock, options: BackoffOptions = DEFAULT_BACKOFF) {
    this.#options = options;
    this.#bucket = new TokenBucket(clock, options.perSecond, options.burst);
  }

  nextDelayUs(key: string): number {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    const backoffUs = Math.min(this.#options.maxUs, this.#options.baseUs * 2 ** failures);
    return Math.max(backoffUs, this.#bucket.reserveUs());
  }

  failures(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  forget(key: string): void {
    this.#failures.delete(key);
  }
}
