import assert from 'node:assert/strict';
import { explainText } from '../../builders/evidence.ts';
import { recordedLines } from '../../builders/recorded-logs.ts';

const CSV_HEAD = '@timestamp,@message';

/** The forms in which stores write whole seconds as if they were finer. */
const FORMS: Readonly<Record<string, (line: string, index: number) => string>> = {
  'milliseconds before each line': (line) => `${line.slice(0, 19)}.000Z ${line}`,
  "a runtime's stamp with one fraction": (line) => `${line.slice(0, 19)}.123456789Z stdout F ${line}`,
  'milliseconds in the lines': (line) => line.replace('Z', '.000Z'),
  CSV: (line, index) =>
    `${index === 0 ? `${CSV_HEAD}\n` : ''}${line.slice(0, 10)} ${line.slice(11, 19)}.000,"${line.replaceAll('"', '""')}"`,
  'JSON of a store': (line) => JSON.stringify({ timestamp: `${line.slice(0, 19)}.000000Z`, message: line }),
  'JSON with microseconds': (line) => JSON.stringify({ '@timestamp': `${line.slice(0, 19)}.500000Z`, log: line }),
};

describe('stamps that look finer than they are', () => {
  const lines = recordedLines('set-100-workers-2-latest.controller').filter((line) => line.startsWith('2026-'));

  for (const [form, write] of Object.entries(FORMS)) {
    it(`are those of whole seconds: ${form}`, async () => {
      const whole = await explainText(lines.join('\n'));
      const { reading, verdict, files } = await explainText(lines.map(write).join('\n'));
      assert.equal(reading.coarsestUs, 999_999);
      assert.equal(verdict, whole.verdict);
      assert.match(files[0]?.problems.join() ?? '', /clock of whole seconds: all end alike/);
    });
  }

  it('are what they seem where they differ', async () => {
    const fine = lines.map((line, index) => line.replace('Z', `.${String(index % 1000).padStart(3, '0')}Z`));
    const { reading, files } = await explainText(fine.join('\n'));
    assert.equal(reading.coarsestUs, 999);
    assert.doesNotMatch(files[0]?.problems.join() ?? '', /whole seconds/);
  });
});
