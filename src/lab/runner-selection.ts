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
 * The first runners that are wanted, up to a limit. What is beyond the limit is not put into order: a tree of 100,000
 * runners asks for its first 500 again and again.
 */
export function selectRunners(
  table: Pick<RunnerTable, 'rows' | 'counts' | 'countOfSet'>,
  criteria: RunnerCriteria,
  limit = Infinity,
): RunnerSelection {
  const { group, groupBy, text, states, sort } = criteria;
  const isWhole = text === '' && states.length === 0;
  const size = groupBy === 'set' ? table.countOfSet(group) : table.counts[group as RunnerState];
  const keys: string[] = [];
  const ranks = new Float64Array(size);
  for (const [key, row] of table.rows()) {
    if ((groupBy === 'set' ? row.set : row.state) !== group) continue;
    if (states.length > 0 && !states.includes(row.state)) continue;
    if (text !== '' && !key.toLowerCase().includes(text)) continue;
    // Rows come in order of age: nothing after these is wanted.
    if (sort === 'age' && isWhole && keys.length >= limit) return { keys, total: size };
    ranks[keys.length] = sort === 'state' ? RUNNER_STATES.indexOf(row.state) : -row.longestUs;
    keys.push(key);
  }
  const total = keys.length;
  if (sort === 'age') return { keys: keys.slice(0, limit), total };
  return { keys: lowest(keys, ranks.subarray(0, total), limit), total };
}

/** The keys with the lowest ranks in their order; of equal ones those that come first. */
function lowest(keys: readonly string[], ranks: Float64Array, limit: number): string[] {
  const bound = keys.length > limit ? (ranks.slice().sort()[limit - 1] as number) : Infinity;
  const chosen: number[] = [];
  let equals = limit - countBelow(ranks, bound);
  for (let index = 0; index < ranks.length; index++) {
    const rank = ranks[index] as number;
    if (rank < bound || (rank === bound && equals-- > 0)) chosen.push(index);
  }
  chosen.sort((a, b) => (ranks[a] as number) - (ranks[b] as number));
  return chosen.map((index) => keys[index] as string);
}

function countBelow(ranks: Float64Array, bound: number): number {
  let count = 0;
  for (const rank of ranks) if (rank < bound) count++;
  return count;
}
