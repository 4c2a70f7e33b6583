import { naturalCompare } from '../base/natural-order.ts';
import { GONE, type ReadonlyRunnerIndex, type RunnerColumns } from './runner-index.ts';
import { RUNNER_STATES, type RunnerState } from './runner-state.ts';

/** The filter and order of runners. */
export interface RunnerCriteria {
  /** The set or the state that they are in; undefined for all. */
  readonly group: string | undefined;
  readonly groupBy: 'set' | 'state';
  /** Part of the name, in small letters; empty for all. */
  readonly text: string;
  /** Empty for all. */
  readonly states: readonly RunnerState[];
  /** By name as people count, or the oldest, the pending or the one with the longest pass first. */
  readonly sort: 'name' | 'age' | 'state' | 'slowest';
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
export function selectRunners(index: ReadonlyRunnerIndex, criteria: RunnerCriteria, limit = Infinity): RunnerSelection {
  const { columns } = index;
  const places = wantedPlaces(columns, criteria, index.numberOfSet(criteria.group ?? ''));
  const { sort } = criteria;
  const first = sort === 'age' ? [...places.subarray(0, limit)] : lowest(places, orderOf(columns, sort), limit);
  return { keys: first.map((place) => columns.keys[place] as string), total: places.length };
}

/** In order of age, which is that of the places. */
function wantedPlaces(columns: RunnerColumns, criteria: RunnerCriteria, setNumber: number): Int32Array {
  const { length, keys, states, sets } = columns;
  const { group, groupBy, text } = criteria;
  const isWantedState = new Uint8Array(GONE + 1);
  RUNNER_STATES.forEach((state, number) => {
    if (groupBy === 'state' && group !== undefined && state !== group) return;
    if (criteria.states.length === 0 || criteria.states.includes(state)) isWantedState[number] = 1;
  });
  const isOneSet = groupBy === 'set' && group !== undefined;
  const places = new Int32Array(length);
  let count = 0;
  for (let place = 0; place < length; place++) {
    if (isWantedState[states[place] as number] === 0) continue;
    if (isOneSet && sets[place] !== setNumber) continue;
    if (text !== '' && !(keys[place] as string).toLowerCase().includes(text)) continue;
    places[count++] = place;
  }
  return places.subarray(0, count);
}

/** Compares two places. */
type Order = (a: number, b: number) => number;

function orderOf({ keys, states, longestUs }: RunnerColumns, sort: RunnerCriteria['sort']): Order {
  if (sort === 'name') return (a, b) => naturalCompare(keys[a] as string, keys[b] as string);
  if (sort === 'state') return (a, b) => (states[a] as number) - (states[b] as number);
  return (a, b) => (longestUs[b] as number) - (longestUs[a] as number);
}

/** The lowest places in their order; of equal ones those that come first. */
function lowest(places: Int32Array, order: Order, limit: number): number[] {
  const kept: number[] = [];
  let bound: number | undefined;
  const cut = (): void => {
    kept.sort(order);
    if (kept.length <= limit) return;
    kept.length = limit;
    bound = kept[limit - 1];
  };
  for (let index = 0; index < places.length; index++) {
    const place = places[index] as number;
    // One that is equal to the last that is kept is too high: that one came first.
    if (bound !== undefined && order(place, bound) >= 0) continue;
    kept.push(place);
    if (kept.length >= 2 * limit) cut();
  }
  cut();
  return kept;
}
