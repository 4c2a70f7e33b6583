import assert from 'node:assert/strict';
import fc from 'fast-check';
import { selectRunners, type RunnerCriteria } from '../../../src/model/runner-selection.ts';
import { RunnerIndex } from '../../../src/model/runner-index.ts';
import { RUNNER_STATES, type RunnerState } from '../../../src/model/runner-state.ts';

const SETS = ['a', 'b'];

interface RunnerRow {
  readonly state: RunnerState;
  readonly set: string;
  readonly longestUs: number;
}

const row = fc.record<RunnerRow>({
  state: fc.constantFrom(...RUNNER_STATES),
  set: fc.constantFrom(...SETS),
  longestUs: fc.integer({ min: 0, max: 9 }),
});

const criteria = fc
  .record({
    groupBy: fc.constantFrom('set' as const, 'state' as const),
    set: fc.constantFrom(...SETS),
    state: fc.constantFrom(...RUNNER_STATES),
    text: fc.constantFrom('', '1', 'runner-2'),
    states: fc.subarray([...RUNNER_STATES]),
    isOfAll: fc.boolean(),
    sort: fc.constantFrom('name' as const, 'age' as const, 'state' as const, 'slowest' as const),
  })
  .map(({ set, state, isOfAll, ...rest }): RunnerCriteria => ({
    ...rest,
    group: isOfAll ? undefined : rest.groupBy === 'set' ? set : state,
  }));

describe('the selection of runners for the tree', () => {
  it('is what filtering and sorting all of them gives, cut at the limit', () => {
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 400 }),
        criteria,
        fc.integer({ min: 1, max: 60 }),
        (rows, wanted, limit) => {
          const selected = selectRunners(indexOf(rows), wanted, limit);
          const all = everyOneOf(rows, wanted);
          assert.deepEqual(selected.keys, all.slice(0, limit));
          assert.equal(selected.total, all.length);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is all of them without a limit', () => {
    const rows = Array.from({ length: 1_000 }, (_, index): RunnerRow => ({
      state: 'running',
      set: 'a',
      longestUs: index,
    }));
    const wanted: RunnerCriteria = { group: 'a', groupBy: 'set', text: '', states: [], sort: 'slowest' };
    const { keys } = selectRunners(indexOf(rows), wanted);
    assert.equal(keys.length, 1_000);
    assert.equal(keys[0], nameOf(999), 'the one with the longest pass comes first');
  });
});

/** Runners come in an order that is not that of their names, as those of a cluster do. */
function nameOf(number: number): string {
  return `arc/Runner-${number ^ 13}`;
}

function indexOf(rows: readonly RunnerRow[]): RunnerIndex<undefined> {
  const index = new RunnerIndex<undefined>();
  rows.forEach(({ state, set, longestUs }, number) => {
    index.add(`arc/gone-${number}`, set, state, undefined);
    index.add(nameOf(number), set, state, undefined);
    index.passTook(nameOf(number), longestUs);
    index.remove(`arc/gone-${number}`);
  });
  return index;
}

/** The slow and obvious way. */
function everyOneOf(rows: readonly RunnerRow[], { group, groupBy, text, states, sort }: RunnerCriteria): string[] {
  const rank = (number: number, { state, longestUs }: RunnerRow): number => {
    if (sort === 'name') return number ^ 13;
    return sort === 'age' ? 0 : sort === 'state' ? RUNNER_STATES.indexOf(state) : -longestUs;
  };
  return rows
    .map((one, number) => ({ key: nameOf(number), one, rank: rank(number, one) }))
    .filter(({ one }) => group === undefined || one[groupBy] === group)
    .filter(({ one }) => states.length === 0 || states.includes(one.state))
    .filter(({ key }) => key.toLowerCase().includes(text))
    .sort((a, b) => a.rank - b.rank)
    .map(({ key }) => key);
}
