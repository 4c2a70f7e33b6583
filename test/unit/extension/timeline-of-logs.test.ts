import assert from 'node:assert/strict';
import '../../builders/vscode/hook.ts';
import { openInput } from '../../../src/evidence/open-input.ts';
import { explainLogs } from '../../../src/report/explain-logs.ts';

const { headlineOf } = await import('../../../src/extension/timeline-captions.ts');
const { traceSource } = await import('../../../src/extension/run.ts');

const LOG = new URL('../evidence/logs/burst-300-workers-2-latest.controller.log.gz', import.meta.url).pathname;

describe('the sentence above the timeline of logs', () => {
  it('is what was found in them; of their trace alone it is what the bars show', async () => {
    const { explanation, trace } = await explainLogs([{ name: 'controller.log.gz', bytes: openInput(LOG) }]);
    assert.ok(trace !== undefined);
    const found = traceSource('a', 'controller.log.gz', trace, explanation.verdict);
    assert.equal(headlineOf([found]), explanation.verdict);
    assert.match(headlineOf([traceSource('a', 'a.arctrace.jsonl', trace)]), /^300 runners got their pods/);
    assert.equal(headlineOf([]), '');
  });
});
