import assert from 'node:assert/strict';
import { highestNumber } from '../../../src/extension/run-number.ts';

describe('the number of a run', () => {
  it('goes on after those that were kept from earlier windows', () => {
    const named = (...names: string[]): number => highestNumber(names.map((name) => ({ name })));
    assert.equal(named(), 0);
    assert.equal(named('embedded 2', 'my-cluster 11', 'embedded 7'), 11);
    assert.equal(named('arn:aws:eks:eu-1:1:cluster/prod-3 4', 'embedded'), 4);
    assert.equal(named('kind-99'), 0, 'the number of a context is none of a run');
  });
});
