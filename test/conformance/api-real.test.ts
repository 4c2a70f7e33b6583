import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ServedCluster } from '../../src/serve/served-cluster.ts';
import { ADMIN, NOBODY, RealApiServer } from '../apiserver/api-server.ts';
import { missingTool } from '../apiserver/tools.ts';
import { BARE, targetOf } from '../builders/served-cluster.ts';
import { CHECKS } from './api/checks.ts';
import { conversations } from './api/conversations.ts';
import type { Target } from './api/http-client.ts';
import { readRecorded, writeRecorded } from './api/recorded.ts';
import { runCheck, type Outcome } from './api/runner.ts';

/** Random conversations held with both servers; a seed of one's own: FUZZ_SEED=7 npm test -- conformance/api-real */
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261);
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 2_000);
const AT_ONCE = 8;

describe('the real API server', function () {
  this.timeout(600_000);
  const missing = missingTool();
  let real: RealApiServer;
  let target: Target;
  before(async function () {
    if (missing !== undefined) this.skip();
    real = await RealApiServer.start();
    target = {
      url: real.url,
      certificate: real.certificate,
      tokens: { admin: real.tokens[ADMIN] ?? '', nobody: real.tokens[NOBODY] ?? '' },
    };
  });
  after(() => real?.stop());

  it(`answers as recorded in ${CHECKS.length} checks${missing === undefined ? '' : ` (skipped: ${missing})`}`, async () => {
    const outcomes = new Map<string, Outcome[]>();
    for (const check of CHECKS) outcomes.set(check.name, await runCheck(target, check));
    if (process.env['UPDATE_GOLDEN'] === '1') writeRecorded(outcomes);
    assert.deepEqual(outcomes, readRecorded(), 'UPDATE_GOLDEN=1 records what is meant to change');
  });

  it(`and the embedded one answer alike in ${RUNS} random conversations, seed ${SEED}`, async () => {
    const served = await ServedCluster.start(BARE);
    try {
      const alike = fc.asyncProperty(conversations, async (steps) => {
        const check = { name: 'random', steps };
        const [theirs, ours] = await Promise.all([runCheck(target, check), runCheck(targetOf(served), check)]);
        assert.deepEqual(ours, theirs);
      });
      const parts = Array.from({ length: AT_ONCE }, (_, part) =>
        fc.assert(alike, { seed: SEED + part, numRuns: Math.ceil(RUNS / AT_ONCE), endOnFailure: false }),
      );
      await Promise.all(parts);
    } finally {
      await served.close();
    }
  });
});
