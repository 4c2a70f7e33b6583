import assert from 'node:assert/strict';
import { explainText } from '../../builders/evidence.ts';
import { recordedLines } from '../../builders/recorded-logs.ts';

const BURSTS = ['burst-100-workers-4-latest', 'burst-300-workers-2-new', 'set-100-workers-2-latest', 'jobs-50-old'];

/** Each line behind a stamp of somebody who has read it later: a job that printed the log, a collector that was late. */
function stampedBy(lines: readonly string[], usOf: (index: number) => number): string {
  return lines
    .map((line, index) => {
      const us = usOf(index);
      const stamp = new Date(Math.floor(us / 1000))
        .toISOString()
        .replace('Z', `${String(us % 1000).padStart(3, '0')}Z`);
      return `${stamp} ${line}`;
    })
    .join('\n');
}

describe('stamps that others have put before the lines later', () => {
  for (const [what, us] of [
    ['all within a second', (index: number) => Date.UTC(2026, 10, 27, 12, 0, 10) * 1000 + index * 250],
    ['all within twenty seconds', (index: number) => Date.UTC(2026, 10, 27, 12, 0, 10) * 1000 + index * 9000],
  ] as const)
    it(`are not taken for the times of the lines: ${what}`, async () => {
      for (const name of BURSTS) {
        const plain = await explainText(recordedLines(`${name}.controller`).join('\n'));
        const { verdict, findings, runners } = await explainText(stampedBy(recordedLines(`${name}.controller`), us));
        assert.equal(verdict, plain.verdict, name);
        assert.deepEqual(
          findings.map(({ sentence }) => sentence),
          plain.findings.map(({ sentence }) => sentence),
        );
        assert.equal(runners.length, plain.runners.length);
      }
    });

  it('are not taken where they lag by changing times', async () => {
    for (const name of BURSTS) {
      const lines = recordedLines(`${name}.controller`);
      const plain = await explainText(lines.join('\n'));
      let last = 0;
      const lagged = stampedBy(lines, (index) => {
        last = Date.parse(/\d{4}-\d\d-\d\dT[\d:]{8}Z/.exec(lines[index] as string)?.[0] ?? '') * 1000 || last;
        return last + 5e6 + ((index * 7) % 40) * 1e6;
      });
      assert.equal((await explainText(lagged)).verdict, plain.verdict, name);
    }
  });
});
