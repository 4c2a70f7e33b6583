import assert from 'node:assert/strict';
import { quotaChecks } from '../../../src/apply/quota-check.ts';
import { ApiError } from '../../../src/kubernetes/api-error.ts';

describe('the check of quotas before a run writes', () => {
  const refusedWith = (error: ApiError) => ({ json: () => Promise.reject(error) });
  const listing = (...quotas: object[]) => ({ json: () => Promise.resolve({ items: quotas }) });
  const tight = { metadata: { name: 'tight' }, status: { hard: { pods: '4' }, used: { pods: '2' } } };

  it('says that quotas may not be listed only where that is what the API server says', async () => {
    const [forbidden] = await quotaChecks(refusedWith(new ApiError(403, 'Forbidden', 'not you')), 'arc', 3);
    assert.equal(forbidden?.says, 'quotas may not be listed');
    for (const error of [
      new ApiError(0, 'Unknown', 'https://cluster.example closed the connection'),
      new ApiError(503, 'ServiceUnavailable', 'the server is overloaded'),
    ]) {
      const [check] = await quotaChecks(refusedWith(error), 'arc', 3);
      assert.equal(check?.state, 'warned', 'a run may start without knowing the quotas');
      assert.equal(check.says, `quotas could not be listed: ${error.message}`);
    }
  });

  it('warns of a quota that has less room than there are runners', async () => {
    const checks = await quotaChecks(listing(tight), 'arc', 3);
    assert.deepEqual(
      checks.map(({ state, says }) => [state, says]),
      [['warned', 'tight allows 4 pods and has 2; 3 runners may want more']],
    );
    const [enough] = await quotaChecks(listing(tight), 'arc', 2);
    assert.equal(enough?.state, 'passed');
  });
});
