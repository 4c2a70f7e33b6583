import { RUNNER_STATES, type RunnerState, type RunnerTable } from './runner-table.ts';

/** Which runners are wanted, and in which order. */
export interface RunnerCriteria {
  /** The set or the state that they are in. */
  readonly group: string;
  readonly groupBy: 'set' | 'state';
  /** Part of the name, in small letters; empty for all. */
  readonly text: string;
  /** Empty for all. */
  readonly states: readonly RunnerState[];
  /** The oldest, the pending or the one with the longest pass first. */
  readonly sort: 'age' | 'state' | 'slowest';
}

export interface RunnerSelection {
  readonly keys: readonly string[];
  /** How many there are in all. */
  readonly total: number;
}

/**
 * The first runners that are wanted, up to a limit. One pass over the table without ordering what is beyond the limit:
 * a tree of 100,000 runners asks for its first 500 again and again.
 */
export function selectRunners(
  table: Pick<RunnerTable, 'rows' | 'counts' | 'countOfSet'>,
  criteria: RunnerCriteria,
  limit = Infinity,
): RunnerSelection {
  const { group, groupBy, text, states, sort } = criteria;
  const isWhole = text === '' && states.length === 0;
  const size = groupBy === 'set' ? table.countOfSet(group) : table.counts[group as RunnerState];
  const best = new Best(limit);
  let total = 0;
  for (const [key, { state, set, longestUs }] of table.rows()) {
    if ((groupBy === 'set' ? set : state) !== group) continue;
    if (states.length > 0 && !states.includes(state)) continue;
    if (text !== '' && !key.toLowerCase().includes(text)) continue;
    total++;
    // Rows come in order of age: nothing after these is wanted.
    if (sort === 'age' && isWhole && total > limit) return { keys: best.take(), total: size };
    best.add(key, sort === 'age' ? 0 : sort === 'state' ? RUNNER_STATES.indexOf(state) : -longestUs);
  }
  return { keys: best.take(), total };
}

/** Keeps the entries with the lowest ranks; of equal ones those that came first. */
class Best {
  readonly #limit: number;
  #entries: { readonly key: string; readonly rank: number }[] = [];
  /** Ranks as high as this one are not among the best any more. */
  #bound = Infinity;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(key: string, rank: number): void {
    if (rank >= this.#bound) return;
    this.#entries.push({ key, rank });
    if (this.#entries.length >= 2 * this.#limit + 64) this.#trim();
  }

  take(): string[] {
    this.#trim();
    return this.#entries.map(({ key }) => key);
  }

  #trim(): void {
    this.#entries.sort((a, b) => a.rank - b.rank);
    if (this.#entries.length < this.#limit) return;
    this.#entries.length = this.#limit;
    this.#bound = this.#entries.at(-1)?.rank ?? Infinity;
  }
}
