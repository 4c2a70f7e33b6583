import type { Clock } from '../base/clock.ts';
import { TokenBucket } from '../base/token-bucket.ts';

export interface BackoffOptions {
  readonly baseUs: number;
  readonly maxUs: number;
  /** Requeues a second over all items, and how many at once; 0 a second means no limit. */
  readonly perSecond: number;
  readonly burst: number;
}

/** client-go's default controller rate limiter, which controller-runtime's controllers have with a FIFO queue. */
export const DEFAULT_BACKOFF: BackoffOptions = { baseUs: 5_000, maxUs: 1_000_000_000, perSecond: 10, burst: 100 };

/** What they have with a priority queue: the back-off of each key, and no limit over all of them. */
export const PER_ITEM_BACKOFF: BackoffOptions = { ...DEFAULT_BACKOFF, perSecond: 0 };

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

/** What ARC's `--workqueue-rate-limiter` takes, from 0.14.2 on. */
export const WORKQUEUE_RATE_LIMITERS = ['bucket_rate_limiter', 'typed_rate_limiter'] as const;

export type WorkqueueRateLimiter = (typeof WORKQUEUE_RATE_LIMITERS)[number];

/**
 * What gives the controllers of a process their limiters. With `typed_rate_limiter` all get the same one, which knows
 * keys by namespace and name alone: objects of several kinds with one name share their failures. With anything else
 * each gets its own; `bucket_rate_limiter` names a default and adds no bucket where `backoff` has none.
 * @param backoff the limiter of a controller that is given none
 */
export function limitersFor(
  chosen: WorkqueueRateLimiter | undefined,
  backoff: BackoffOptions,
): (clock: Clock) => RateLimiter {
  if (chosen !== 'typed_rate_limiter') return (clock) => new ControllerRateLimiter(clock, backoff);
  let shared: RateLimiter | undefined;
  return (clock) => (shared ??= new ControllerRateLimiter(clock, PER_ITEM_BACKOFF));
}
