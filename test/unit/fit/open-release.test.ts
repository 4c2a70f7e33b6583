import assert from 'node:assert/strict';
import { fitLog } from '../../../src/fit/log-fit.ts';
import { whyText } from '../../../src/report/why-text.ts';
import { SimulationPool } from '../../../src/run/simulation-pool.ts';
import { explainText } from '../../builders/evidence.ts';
import { recordedLines } from '../../builders/recorded-logs.ts';

describe('a log that leaves open whether JIT calls run one at a time', () => {
  it('gives one answer, which says for which release it holds', async function () {
    this.timeout(120_000);
    const lines = recordedLines('burst-100-workers-4-latest.controller');
    const explanation = await explainText(lines.filter((line) => line.includes('\tEphemeralRunner\t')).join('\n'));
    const fit = await fitLog(explanation, { pool: new SimulationPool(0) });
    const text = whyText(explanation, fit, { runner: undefined, isAll: false, isUnknownListed: false });
    assert.match(text, /because of 100 JIT calls on 4 workers, one every 0\.4\d* s\. \(likely\)/);
    assert.match(text, /A call took \d\.\d+ s, its wait for others included/);
    assert.match(
      text,
      /JIT calls about \d+ (?:\(\d+ to \d+\) )?ms if it is ARC (?:0\.14\.0 or later|0\.13\.1 or earlier)/,
    );
    assert.match(text, /What would help this burst if it is ARC [\w.]+, which comes nearest/);
    assert.match(text, /With another release something else may help/);
    assert.doesNotMatch(text, /No setting of the chart helps/);
  });
});
