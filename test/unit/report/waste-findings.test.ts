import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { openInput } from '../../../src/evidence/open-input.ts';
import { explainLogs } from '../../../src/report/explain-logs.ts';
import { recordedLines } from '../../builders/recorded-logs.ts';

const file = (name: string): string => fileURLToPath(new URL(`../evidence/logs/${name}.log.gz`, import.meta.url));

async function wasteIn(name: string) {
  const { explanation } = await explainLogs([{ name, bytes: openInput(file(name)) }]);
  return { explanation, waste: explanation.findings.filter(({ id }) => id.startsWith('waste-')) };
}

describe('What the controller of a log did for nothing', () => {
  it('is among the findings, with its lines and the pull request that changes it', async () => {
    const name = 'jobs-50-latest.controller';
    const { explanation, waste } = await wasteIn(name);
    assert.deepEqual(
      waste.map(({ id }) => id),
      ['waste-calls-ahead', 'waste-needless-removals'],
    );
    const [ahead] = waste;
    assert.match(
      ahead?.sentence ?? '',
      /^Workers waited \d+ ms in all for GitHub before they deleted pod and secret of 50 of 50 runners\.$/,
    );
    assert.match(ahead?.advice ?? '', /^Pull request 4664 changes that/);
    const lines = recordedLines(name);
    for (const { at } of ahead?.evidence ?? []) {
      assert.ok(
        lines[at.line - 1]?.includes(ahead?.runners[0] ?? '?'),
        `${explanation.lineName(at)} is about another runner`,
      );
    }
    assert.equal(ahead?.evidence.length, 2);
  });

  it('neither comes before what is wrong nor makes a healthy log unhealthy', async () => {
    for (const name of ['jobs-50-latest.controller', 'jobs-3-latest.controller', 'jobs-50-new.controller']) {
      const { explanation, waste } = await wasteIn(name);
      assert.deepEqual(explanation.findings.slice(explanation.findings.length - waste.length), waste, name);
      assert.ok(waste.every(({ severity }) => severity === 'note'));
      assert.ok(!waste.some(({ sentence }) => sentence === explanation.verdict), name);
    }
  });

  it('is no claim about workers or limits that the lines of a log cannot show', async () => {
    for (const name of ['burst-300-workers-2-latest.controller', 'set-100-workers-10-new.controller']) {
      const { waste } = await wasteIn(name);
      assert.deepEqual(waste, [], name);
    }
  });
});
