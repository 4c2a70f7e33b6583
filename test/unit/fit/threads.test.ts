import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { fitLog, fitThreads } from '../../../src/fit/log-fit.ts';
import { whyJson } from '../../../src/report/why-json.ts';
import { SimulationCancelled } from '../../../src/run/simulation-errors.ts';
import { SimulationPool } from '../../../src/run/simulation-pool.ts';
import { at, explainFiles, explainText, runnerLine } from '../../builders/evidence.ts';

const LOGS = fileURLToPath(new URL('../evidence/logs/', import.meta.url));
const LOG = `${LOGS}set-30-latest.timestamps.log.gz`;

describe('the simulations that a log is answered with', function () {
  // Threads load the engine from its sources.
  this.timeout(120_000);

  it('say the same whatever the number of threads', async () => {
    const explanation = await explainFiles(LOG);
    const [here, ...others] = await Promise.all(
      [0, 1, 2].map(async (threads) => {
        const pool = new SimulationPool(threads);
        try {
          return whyJson(explanation, await fitLog(explanation, { pool }));
        } finally {
          pool.dispose();
        }
      }),
    );
    assert.match(here ?? '', /"jitMs":\s*\{/);
    for (const other of others) assert.equal(other, here);
  });

  it('have no threads where their runs are done before threads have started', async () => {
    const of = async (name: string): Promise<number> => fitThreads(await explainFiles(`${LOGS}${name}.log.gz`));
    assert.equal(await of('set-30-latest.timestamps'), 0, '30 runners, no finding');
    assert.equal(await of('burst-100-workers-4-latest.controller'), 0, '100 runners');
    assert.ok((await of('burst-300-workers-2-latest.controller')) > 0, '300 runners');
    assert.equal(fitThreads(await explainText(runnerLine(at(0), 'a', 'Created ephemeral runner pod'))), 0, 'no burst');
  });

  it('are given up when their signal comes, whatever is under way', async () => {
    const explanation = await explainFiles(LOG);
    const pool = new SimulationPool(1);
    try {
      for (const [when, isReached] of [
        ['before the first run', () => true],
        ['while runs go on', (runs: number) => runs === 2],
      ] as const) {
        const cancel = new AbortController();
        if (isReached(0)) cancel.abort();
        let after = 0;
        const onRun = (runs: number): void => {
          if (cancel.signal.aborted) after++;
          else if (isReached(runs)) cancel.abort();
        };
        const answer = fitLog(explanation, { pool, signal: cancel.signal, onRun });
        await assert.rejects(answer, SimulationCancelled, when);
        assert.equal(after, 0, `no run ends after that: ${when}`);
      }
    } finally {
      pool.dispose();
    }
  });
});
