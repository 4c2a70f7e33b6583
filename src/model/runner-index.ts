import { RUNNER_STATES, type RunnerState } from './runner-state.ts';

/** The state of a place whose runner has gone. */
export const GONE = 255;

/** Places that are gone before the others are moved together. */
const FEW = 1_024;

function noCounts(): Record<RunnerState, number> {
  return { pending: 0, running: 0, succeeded: 0, failed: 0, deleting: 0 };
}

const NOBODY = noCounts();

/** What each runner is selected by, in the order in which they were first seen; some places may be gone. */
export interface RunnerColumns {
  readonly length: number;
  readonly keys: readonly string[];
  /** Where the state stands in RUNNER_STATES, or GONE. */
  readonly states: Uint8Array;
  /** Numbers of sets, as `numberOfSet` gives them. */
  readonly sets: Int32Array;
  /** The longest pass so far. */
  readonly longestUs: Float64Array;
}

/**
 * What runners are counted and selected by: columns, so that a tree can look through 100,000 of them for its first page
 * within a frame. Objects of as many rows lie all over the memory, which took ten times as long.
 * @template Row what else is kept of a runner
 */
export class RunnerIndex<Row> {
  readonly #counts = noCounts();
  readonly #places = new Map<string, number>();
  readonly #setNumbers = new Map<string, number>();
  readonly #setNames: string[] = [];
  readonly #setCounts: Record<RunnerState, number>[] = [];
  #keys: string[] = [];
  #rows: (Row | undefined)[] = [];
  #states = new Uint8Array(FEW);
  #sets = new Int32Array(FEW);
  #longestUs = new Float64Array(FEW);
  #added = 0;

  /** How many runners have been added in all; those that are not here any more are gone. */
  get added(): number {
    return this.#added;
  }

  get size(): number {
    return this.#places.size;
  }

  get counts(): Readonly<Record<RunnerState, number>> {
    return this.#counts;
  }

  get columns(): RunnerColumns {
    return {
      length: this.#keys.length,
      keys: this.#keys,
      states: this.#states,
      sets: this.#sets,
      longestUs: this.#longestUs,
    };
  }

  /** Names of the sets that have runners. */
  sets(): string[] {
    return this.#setNames.filter((name) => this.countOfSet(name) > 0);
  }

  /** -1 where no runner has ever been in it. */
  numberOfSet(set: string): number {
    return this.#setNumbers.get(set) ?? -1;
  }

  countOfSet(set: string): number {
    const { pending, running, succeeded, failed, deleting } = this.countsOfSet(set);
    return pending + running + succeeded + failed + deleting;
  }

  countsOfSet(set: string): Readonly<Record<RunnerState, number>> {
    return this.#setCounts[this.numberOfSet(set)] ?? NOBODY;
  }

  rowOf(key: string): Row | undefined {
    const place = this.#places.get(key);
    return place === undefined ? undefined : this.#rows[place];
  }

  stateOf(key: string): RunnerState | undefined {
    const place = this.#places.get(key);
    return place === undefined ? undefined : this.#stateAt(place);
  }

  setOf(key: string): string | undefined {
    const place = this.#places.get(key);
    return place === undefined ? undefined : this.#setNames[this.#sets[place] as number];
  }

  longestUsOf(key: string): number {
    return this.#longestUs[this.#places.get(key) ?? -1] ?? 0;
  }

  add(key: string, set: string, state: RunnerState, row: Row): void {
    const place = this.#keys.length;
    if (place === this.#states.length) this.#resize(2 * place);
    this.#places.set(key, place);
    this.#keys.push(key);
    this.#rows.push(row);
    this.#states[place] = RUNNER_STATES.indexOf(state);
    this.#sets[place] = this.#setNumber(set);
    this.#longestUs[place] = 0;
    this.#counts[state]++;
    this.#added++;
    this.#countsAt(place)[state]++;
  }

  /** @returns whether the runner was in another state before */
  setState(key: string, state: RunnerState): boolean {
    const place = this.#places.get(key);
    if (place === undefined) return false;
    const before = this.#stateAt(place);
    if (before === state) return false;
    const ofSet = this.#countsAt(place);
    this.#counts[before]--;
    this.#counts[state]++;
    ofSet[before]--;
    ofSet[state]++;
    this.#states[place] = RUNNER_STATES.indexOf(state);
    return true;
  }

  passTook(key: string, tookUs: number): void {
    const place = this.#places.get(key);
    if (place !== undefined && tookUs > (this.#longestUs[place] as number)) this.#longestUs[place] = tookUs;
  }

  /** @returns whether it was there */
  remove(key: string): boolean {
    const place = this.#places.get(key);
    if (place === undefined) return false;
    const state = this.#stateAt(place);
    this.#counts[state]--;
    this.#countsAt(place)[state]--;
    this.#places.delete(key);
    this.#keys[place] = '';
    this.#rows[place] = undefined;
    this.#states[place] = GONE;
    const gone = this.#keys.length - this.#places.size;
    if (gone > FEW && gone > this.#places.size) this.#moveTogether();
    return true;
  }

  #countsAt(place: number): Record<RunnerState, number> {
    return this.#setCounts[this.#sets[place] as number] as Record<RunnerState, number>;
  }

  #stateAt(place: number): RunnerState {
    return RUNNER_STATES[this.#states[place] as number] as RunnerState;
  }

  #setNumber(set: string): number {
    let number = this.#setNumbers.get(set);
    if (number === undefined) {
      number = this.#setNames.push(set) - 1;
      this.#setNumbers.set(set, number);
      this.#setCounts.push(noCounts());
    }
    return number;
  }

  #resize(places: number): void {
    const [states, sets, longestUs] = [this.#states, this.#sets, this.#longestUs];
    this.#states = new Uint8Array(places);
    this.#sets = new Int32Array(places);
    this.#longestUs = new Float64Array(places);
    this.#states.set(states);
    this.#sets.set(sets);
    this.#longestUs.set(longestUs);
  }

  /** Takes the places away that are gone. A map keeps the order in which keys came. */
  #moveTogether(): void {
    let to = 0;
    for (const [key, from] of this.#places) {
      this.#keys[to] = key;
      this.#rows[to] = this.#rows[from];
      this.#states[to] = this.#states[from] as number;
      this.#sets[to] = this.#sets[from] as number;
      this.#longestUs[to] = this.#longestUs[from] as number;
      this.#places.set(key, to++);
    }
    this.#keys.length = to;
    this.#rows.length = to;
  }
}

/** For those who only look. */
export type ReadonlyRunnerIndex = Omit<RunnerIndex<unknown>, 'add' | 'setState' | 'passTook' | 'remove'>;
