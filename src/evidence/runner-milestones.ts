import { NONE, type Entries } from './entries.ts';
import { MILESTONES, type Milestone } from './messages.ts';
import type { Seen } from './seen.ts';

/** The milestones of one runner: a list of entries. */
export class RunnerMilestones {
  readonly #entries: Entries;
  /** The entry that the list follows. */
  readonly #before: number;

  constructor(entries: Entries, before: number) {
    this.#entries = entries;
    this.#before = before;
  }

  has(milestone: Milestone): boolean {
    return this.#entryOf(milestone) !== NONE;
  }

  get(milestone: Milestone): Seen | undefined {
    const entry = this.#entryOf(milestone);
    return entry === NONE ? undefined : this.#entries.seen(entry);
  }

  set(milestone: Milestone, seen: Seen): void {
    const [entry, kind] = [this.#entryOf(milestone), MILESTONES.indexOf(milestone)];
    if (entry !== NONE) {
      this.#entries.replace(entry, seen, kind);
      return;
    }
    const added = this.#entries.add(seen, kind);
    this.#entries.link(added, this.#entries.next(this.#before));
    this.#entries.link(this.#before, added);
  }

  #entryOf(milestone: Milestone): number {
    const kind = MILESTONES.indexOf(milestone);
    let entry = this.#entries.next(this.#before);
    while (entry !== NONE && this.#entries.kind(entry) !== kind) entry = this.#entries.next(entry);
    return entry;
  }
}
