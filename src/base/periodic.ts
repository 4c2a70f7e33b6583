import type { Clock } from './clock.ts';
import type { Disposable } from './disposable.ts';

/** A callback that schedules itself again; exactly one event of it is pending until it has ended, while it runs too. */
export class Periodic implements Disposable {
  readonly #clock: Pick<Clock, 'schedule'>;
  readonly #periodUs: number;
  readonly #callback: () => void;
  readonly #ended: () => void;
  #disposed = false;

  /** @param ended called once, when the last pending event has gone */
  constructor(clock: Pick<Clock, 'schedule'>, periodUs: number, callback: () => void, ended: () => void) {
    this.#clock = clock;
    this.#periodUs = periodUs;
    this.#callback = callback;
    this.#ended = ended;
    clock.schedule(periodUs, (self) => self.#fire(), this);
  }

  dispose(): void {
    this.#disposed = true;
  }

  #fire(): void {
    if (this.#disposed) {
      this.#ended();
      return;
    }
    this.#clock.schedule(this.#periodUs, (self) => self.#fire(), this);
    this.#callback();
  }
}
