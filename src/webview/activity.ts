import type { Bar } from '../timeline/bar-store.ts';
import { BarKind } from '../timeline/bars.ts';
import { JOB_KIND, RUNNER_KIND } from '../timeline/chain-words.ts';

/** A scale set in which nothing has changed for this long is idle. */
export const IDLE_AFTER_US = 30e6;

const ALWAYS_CHANGES: ReadonlySet<string> = new Set([RUNNER_KIND, JOB_KIND]);

/** When something changes in a session whose listener polls for ever, and with each poll may set off a pass. Times are the session's. */
export class Activity {
  /** Of jobs that wait or run: lane and kind of the bar that has no end. */
  readonly #jobs = new Set<string>();
  #lastUs: number | undefined;
  #sinceUs = 0;
  #isNew = false;

  /** The end of the last change; undefined before the first, and while there are jobs. */
  get lastUs(): number | undefined {
    return this.#jobs.size > 0 ? undefined : this.#lastUs;
  }

  /** Of the changes that follow on one another, when the first of those now came; 0 for those from the beginning. */
  get sinceUs(): number {
    return this.#sinceUs;
  }

  /** What comes now is asked for by somebody, after a rest. */
  wakes(): void {
    this.#isNew = true;
  }

  /** Takes a bar: all of runners and jobs are changes, of other objects their states and moments. */
  note({ kind, lane, startUs, endUs }: Bar, ofKind: string): void {
    if (!ALWAYS_CHANGES.has(ofKind) && kind < BarKind.runnerPending) return;
    const { lastUs } = this;
    const isOpen = endUs === Infinity;
    if (ofKind === JOB_KIND && isOpen) this.#jobs.add(`${lane} ${kind}`);
    else if (ofKind === JOB_KIND) this.#jobs.delete(`${lane} ${kind}`);
    // An open bar changes where it begins.
    const untilUs = isOpen ? startUs : endUs;
    if (lastUs !== undefined && untilUs > lastUs && (this.#isNew || untilUs - lastUs > IDLE_AFTER_US)) {
      this.#sinceUs = untilUs;
      this.#isNew = false;
    }
    this.#lastUs = Math.max(this.#lastUs ?? 0, untilUs);
  }
}
