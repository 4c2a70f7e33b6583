import type { Clock } from '../base/clock.ts';
import { withReserve, type ServedState } from './served-state.ts';
import type { StateFile } from './state-file.ts';

/** How often the state is saved at most; a large one, which takes long to write, less often. */
const LEAST_INTERVAL_US = 2_000_000;
const MOST_INTERVAL_US = 30_000_000;
/** Saving takes this part of the time at most. */
const LARGEST_SHARE = 0.05;

interface Keepable {
  state(): ServedState;
  /** Grows with every change of the state. */
  changes(): number;
  /** Told in a sentence when the state cannot be saved; it is tried again. */
  say(sentence: string): void;
}

/** Saves a state when it begins to be kept, now and then while it changes, and at the end. */
export class StateKeeper {
  readonly #clock: Clock;
  readonly #file: StateFile;
  readonly #what: Keepable;
  #saved = -1;
  #isFailing = false;

  /** @throws Error with a sentence when the state cannot be saved */
  constructor(clock: Clock, file: StateFile, what: Keepable) {
    this.#clock = clock;
    this.#file = file;
    this.#what = what;
    this.#save();
  }

  /** @throws Error with a sentence when the state cannot be saved; what was saved last stays */
  close(): void {
    try {
      this.#file.save(this.#what.state());
    } finally {
      this.#file.release();
    }
  }

  #save(): void {
    const changes = this.#what.changes();
    const startedMs = performance.now();
    if (changes !== this.#saved) {
      this.#file.save(withReserve(this.#what.state()));
      this.#saved = changes;
    }
    const neededUs = ((performance.now() - startedMs) * 1_000) / LARGEST_SHARE;
    this.#later(Math.min(MOST_INTERVAL_US, Math.max(LEAST_INTERVAL_US, neededUs)));
  }

  #later(delayUs: number): void {
    this.#clock.schedule(
      delayUs,
      () => {
        try {
          this.#save();
          this.#isFailing = false;
        } catch (error) {
          if (!this.#isFailing) this.#what.say(`${(error as Error).message}; it is tried again`);
          this.#isFailing = true;
          this.#later(LEAST_INTERVAL_US);
        }
      },
      undefined,
    );
  }
}
