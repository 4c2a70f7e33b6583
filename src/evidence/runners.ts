import { copyOf } from './clean.ts';
import type { Process } from './process.ts';
import { RunnerColumns } from './runner-columns.ts';
import { RunnerHistory, type Starts } from './runner-history.ts';
import type { Seen } from './seen.ts';

/** Smaller columns are kept as they are. */
const FEW = 100_000;

/** The runners of a log, by namespace and name. */
export class Runners {
  #columns = new RunnerColumns();
  /** How large the columns may become before what is forgotten is taken out of them. */
  #full = FEW;
  /** Several namespaces rarely have runners of one name. */
  readonly #byName = new Map<string, RunnerHistory | RunnerHistory[]>();
  readonly #namespaces = new Map<string, string>();
  readonly #starts: Starts = { count: 0 };
  #size = 0;

  get size(): number {
    return this.#size;
  }

  *values(): Generator<RunnerHistory> {
    for (const one of this.#byName.values()) {
      if (one instanceof RunnerHistory) yield one;
      else yield* one;
    }
  }

  get(namespace: string, name: string): RunnerHistory | undefined {
    const one = this.#byName.get(name);
    if (one === undefined) return undefined;
    if (one instanceof RunnerHistory) return one.namespace === namespace ? one : undefined;
    return one.find((runner) => runner.namespace === namespace);
  }

  /** One whose namespace is not known, or, where it is not asked for, of any. */
  adoptable(namespace: string, name: string): RunnerHistory | undefined {
    const one = this.#byName.get(name);
    const all = one === undefined || one instanceof RunnerHistory ? [one] : one;
    const found = namespace === '' ? all[0] : all.find((runner) => runner?.namespace === '');
    if (found?.namespace === '') found.namespace = this.#shared(namespace);
    return found;
  }

  add(namespace: string, name: string, seen: Seen, startsInLife: boolean, process: Process): RunnerHistory {
    const named = { name, namespace: this.#shared(namespace) };
    const runner = new RunnerHistory(this.#columns, named, seen, startsInLife, process, this.#starts);
    const before = this.#byName.get(runner.name);
    this.#byName.set(runner.name, before === undefined ? runner : [before, runner].flat());
    this.#size++;
    return runner;
  }

  /** A controller starts: what went on of any runner has ended, nobody knows how. */
  loseAll(): void {
    this.#starts.count++;
  }

  /** Forgets runners, and what the columns have of them and of lines that count no longer. */
  forget(isForgotten: (runner: RunnerHistory) => boolean): void {
    for (const [name, one] of this.#byName) {
      const all = one instanceof RunnerHistory ? [one] : one;
      const kept = all.filter((runner) => !isForgotten(runner));
      if (kept.length === all.length) continue;
      this.#size -= all.length - kept.length;
      const [only] = kept;
      if (only === undefined) this.#byName.delete(name);
      else this.#byName.set(name, kept.length === 1 ? only : kept);
    }
    if (this.#columns.entries.size < this.#full) return;
    this.#columns = new RunnerColumns();
    for (const runner of this.values()) runner.moveTo(this.#columns);
    this.#full = FEW + 2 * this.#columns.entries.size;
  }

  /** The same text for all that lie in a namespace. */
  #shared(namespace: string): string {
    let shared = this.#namespaces.get(namespace);
    if (shared === undefined) this.#namespaces.set((shared = copyOf(namespace)), shared);
    return shared;
  }
}
