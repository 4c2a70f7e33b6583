import assert from 'node:assert/strict';
import { ServedCluster } from '../../src/serve/served-cluster.ts';
import { BARE, targetOf } from '../builders/served-cluster.ts';
import { CHECKS } from './api/checks.ts';
import { readRecorded } from './api/recorded.ts';
import { runCheck } from './api/runner.ts';

/** The embedded API server over HTTP beside what a real one was recorded to answer; no tool is needed. */
describe('the embedded API server answers as the recorded real one', () => {
  const recorded = readRecorded();
  let served: ServedCluster;
  before(async () => {
    served = await ServedCluster.start(BARE);
  });
  after(() => served.close());

  for (const check of CHECKS) {
    it(check.name, async () => {
      const expected = recorded.get(check.name);
      assert.ok(expected !== undefined, 'it is not recorded: UPDATE_GOLDEN=1 npm test -- conformance/api-real');
      assert.deepEqual(await runCheck(targetOf(served), check), expected);
    });
  }

  it('in at least 200 checks', () => {
    assert.ok(CHECKS.length >= 200);
    assert.equal(new Set(CHECKS.map(({ name }) => name)).size, CHECKS.length, 'each has a name of its own');
  });
});
