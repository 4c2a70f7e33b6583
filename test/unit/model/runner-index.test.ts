import assert from 'node:assert/strict';
import fc from 'fast-check';
import { GONE, RunnerIndex } from '../../../src/model/runner-index.ts';
import { RUNNER_STATES, type RunnerState } from '../../../src/model/runner-state.ts';

interface Known {
  readonly set: string;
  readonly row: number;
  state: RunnerState;
  longestUs: number;
}

/** Few enough of them that most are known when they come again, enough for places to be moved together. */
const key = fc.integer({ min: 0, max: 5_000 }).map((number) => `arc/runner-${number}`);
const state = fc.constantFrom(...RUNNER_STATES);
const change = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), key, state, set: fc.constantFrom('', 'a', 'b / c') }),
  fc.record({ kind: fc.constant('state' as const), key, state }),
  fc.record({ kind: fc.constant('pass' as const), key, tookUs: fc.nat() }),
  fc.record({ kind: fc.constant('remove' as const), from: fc.nat({ max: 5_000 }), upTo: fc.nat({ max: 5_000 }) }),
);

describe('what runners are selected by', () => {
  it('is what was said of each that is there, in the order in which they came, whatever has gone', () => {
    const changes = fc.array(change, { maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5_000 }), changes, (first, more) => {
        const index = new RunnerIndex<number>();
        const model = new Map<string, Known>();
        let rows = 0;
        const add = (one: string, set: string, as: RunnerState): void => {
          if (model.has(one)) return;
          index.add(one, set, as, rows);
          model.set(one, { set, row: rows++, state: as, longestUs: 0 });
        };
        for (let number = 0; number < first; number++) add(`arc/runner-${number}`, 'a', 'pending');
        for (const one of more) {
          if (one.kind === 'add') add(one.key, one.set, one.state);
          else if (one.kind === 'remove') {
            for (let number = one.from; number < one.upTo; number++) {
              assert.equal(index.remove(`arc/runner-${number}`), model.delete(`arc/runner-${number}`));
            }
          } else {
            const known = model.get(one.key);
            if (one.kind === 'state') {
              const isOther = known !== undefined && known.state !== one.state;
              assert.equal(index.setState(one.key, one.state), isOther);
              if (known !== undefined) known.state = one.state;
            } else {
              index.passTook(one.key, one.tookUs);
              if (known !== undefined) known.longestUs = Math.max(known.longestUs, one.tookUs);
            }
          }
        }
        agree(index, model);
      }),
      { numRuns: 100 },
    );
  });

  it('does not grow for ever while runners come and go', () => {
    const index = new RunnerIndex<undefined>();
    for (let number = 0; number < 100_000; number++) {
      index.add(`arc/runner-${number}`, 'a', 'running', undefined);
      if (number >= 10) index.remove(`arc/runner-${number - 10}`);
    }
    assert.equal(index.size, 10);
    assert.ok(index.columns.length < 2_000, `${index.columns.length} places for 10 runners`);
    assert.ok(index.columns.states.length < 4_000, `room for ${index.columns.states.length} of 10 runners`);
  });
});

function agree(index: RunnerIndex<number>, model: ReadonlyMap<string, Known>): void {
  assert.equal(index.size, model.size);
  const told = [...model].map(([one, { set, row, state: is, longestUs }]) => ({ one, set, row, is, longestUs }));
  assert.deepEqual(
    [...model.keys()].map((one) => ({
      one,
      set: index.setOf(one),
      row: index.rowOf(one),
      is: index.stateOf(one),
      longestUs: index.longestUsOf(one),
    })),
    told,
  );
  const { length, keys, states, sets, longestUs } = index.columns;
  assert.deepEqual(
    keys.filter((one) => one !== ''),
    [...model.keys()],
  );
  const places = Array.from({ length }, (_, place) => place).filter((place) => states[place] !== GONE);
  assert.deepEqual(
    places.map((place) => ({
      one: keys[place],
      set: sets[place],
      is: RUNNER_STATES[states[place] as number],
      longestUs: longestUs[place],
    })),
    told.map(({ one, set, is, longestUs: us }) => ({ one, set: index.numberOfSet(set), is, longestUs: us })),
  );
  const countOf = (holds: (known: Known) => boolean): number => [...model.values()].filter(holds).length;
  for (const one of RUNNER_STATES)
    assert.equal(
      index.counts[one],
      countOf(({ state: is }) => is === one),
    );
  const setsThere = new Set([...model.values()].map(({ set }) => set));
  assert.deepEqual(index.sets().sort(), [...setsThere].sort());
  for (const set of ['', 'a', 'b / c', 'never'])
    assert.equal(
      index.countOfSet(set),
      countOf((one) => one.set === set),
    );
}
