import type { Clock } from './clock.ts';

/**
 * A token bucket whose holders queue by reservation: each caller takes one token, possibly one that does not exist yet,
 * and learns how long to wait for it. The arithmetic is that of Go's x/time/rate, which client-go and its work
 * queue use; it starts full.
 */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #perUs: number;
  readonly #burst: number;
  #tokens: number;
  #updatedUs: number;

  /** @param perSecond tokens a second; 0 or less means no limit */
  constructor(clock: Clock, perSecond: number, burst: number) {
    this.#clock = clock;
    this.#perUs = perSecond > 0 ? perSecond / 1e6 : Infinity;
    this.#burst = burst;
    this.#tokens = burst;
    this.#updatedUs = clock.nowUs();
  }

  /** Takes one token and returns how long to wait for it, in whole microseconds. */
  reserveUs(): number {
    if (this.#perUs === Infinity) return 0;
    const nowUs = this.#clock.nowUs();
    this.#tokens = Math.min(this.#burst, this.#tokens + (nowUs - this.#updatedUs) * this.#perUs) - 1;
    this.#updatedUs = nowUs;
    return this.#tokens >= 0 ? 0 : Math.ceil(-this.#tokens / this.#perUs);
  }
}
