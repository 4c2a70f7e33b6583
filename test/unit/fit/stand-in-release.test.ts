import assert from 'node:assert/strict';
import { fitLog } from '../../../src/fit/log-fit.ts';
import { whyText } from '../../../src/report/why-text.ts';
import { SimulationPool } from '../../../src/run/simulation-pool.ts';
import { explainText } from '../../builders/evidence.ts';
import { recordedLines } from '../../builders/recorded-logs.ts';

describe('a log of a release that is not known here', () => {
  const STANDS_IN =
    /^ARC 0\.16\.0 is not known here: latest \(.+\) stands for it, and what 0\.16\.0 changed is not simulated\.$/m;

  for (const [version, isSaid] of [
    ['0.16.0', true],
    ['0.14.2', false],
  ] as const) {
    it(`${isSaid ? 'says' : 'of a known one does not say'} beside what would help which release was simulated: ${version}`, async function () {
      this.timeout(120_000);
      const lines = recordedLines('burst-100-workers-4-latest.controller');
      const text = lines.join('\n').replaceAll('"version": "NA"', `"version": "${version}"`);
      const explanation = await explainText(text);
      const fit = await fitLog(explanation, { pool: new SimulationPool(0) });
      const why = whyText(explanation, fit, { runner: undefined, isAll: false, isUnknownListed: false });
      assert.match(why, /^What would help/m);
      (isSaid ? assert.match : assert.doesNotMatch)(why, STANDS_IN);
    });
  }
});
