import { RUNNER_STATES, type RunnerRow, type RunnerState, type RunnerTable } from './runner-table.ts';

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
  const isWanted = (key: string, row: RunnerRow): boolean =>
    (groupBy === 'set' ? row.set : row.state) === group &&
    (states.length === 0 || states.includes(row.state)) &&
    (text === '' || key.toLowerCase().includes(text));
  const size = groupBy === 'set' ? table.countOfSet(group) : table.counts[group as RunnerState];
  if (sort === 'age')
    return oldest(table.rows(), isWanted, text === '' && states.length === 0 ? size : undefined, limit);
  const keys: string[] = [];
  const ranks = new Float64Array(size);
  table.rows().forEach((row, key) => {
    if (!isWanted(key, row)) return;
    ranks[keys.length] = sort === 'state' ? RUNNER_STATES.indexOf(row.state) : -row.longestUs;
    keys.push(key);
  });
  const total = keys.length;
  return { keys: lowest(keys, ranks.subarray(0, total), limit), total };
}

/** Rows come in order of age: where their number is known already, nothing after the limit is looked at. */
function oldest(
  rows: ReadonlyMap<string, RunnerRow>,
  isWanted: (key: string, row: RunnerRow) => boolean,
  knownTotal: number | undefined,
  limit: number,
): RunnerSelection {
  const keys: string[] = [];
  let total = 0;
  for (const [key, row] of rows) {
    if (!isWanted(key, row)) continue;
    total++;
    if (keys.length < limit) keys.push(key);
    else if (knownTotal !== undefined) return { keys, total: knownTotal };
  }
  return { keys, total };
}

/** The keys with the lowest ranks in their order; of equal ones those that come first. */
function lowest(keys: readonly string[], ranks: Float64Array, limit: number): string[] {
  const bound = keys.length > limit ? nthLowest(ranks.slice(), limit - 1) : Infinity;
  const chosen: number[] = [];
  let equals = limit - countBelow(ranks, bound);
  for (let index = 0; index < ranks.length; index++) {
    const rank = ranks[index] as number;
    if (rank < bound || (rank === bound && equals-- > 0)) chosen.push(index);
  }
  chosen.sort((a, b) => (ranks[a] as number) - (ranks[b] as number));
  return chosen.map((index) => keys[index] as string);
}

/** The value that would stand at `n` if the values were sorted (Hoare's quickselect); they are put into another order. */
function nthLowest(values: Float64Array, n: number): number {
  for (let [low, high] = [0, values.length - 1]; low < high;) {
    const pivot = values[(low + high) >> 1] as number;
    let [left, right] = [low, high];
    while (left <= right) {
      while ((values[left] as number) < pivot) left++;
      while ((values[right] as number) > pivot) right--;
      if (left > right) break;
      const value = values[left] as number;
      values[left++] = values[right] as number;
      values[right--] = value;
    }
    if (n <= right) high = right;
    else if (n >= left) low = left;
    else break;
  }
  return values[n] as number;
}

function countBelow(ranks: Float64Array, bound: number): number {
  let count = 0;
  for (const rank of ranks) if (rank < bound) count++;
  return count;
}
