import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Random } from '../../../src/base/random.ts';
import { EvidenceError } from '../../../src/evidence/evidence-error.ts';
import { fitLog } from '../../../src/fit/log-fit.ts';
import { whyJson } from '../../../src/report/why-json.ts';
import { whyMarkdown } from '../../../src/report/why-markdown.ts';
import { whyText } from '../../../src/report/why-text.ts';
import { SimulationPool } from '../../../src/run/simulation-pool.ts';
import { explainText, runnerLine } from '../../builders/evidence.ts';

const PASTED = fileURLToPath(new URL('pasted/', import.meta.url));

/** Read, or refused in one sentence; and whatever was read can be printed. */
async function readsOrRefuses(bytes: Uint8Array, what: string): Promise<void> {
  try {
    const explanation = await explainText(bytes);
    const choice = { runner: undefined, isAll: true, isUnknownListed: true };
    const fit = await fitLog(explanation, { pool: new SimulationPool(0) });
    for (const text of [
      whyText(explanation, fit, choice),
      whyMarkdown(explanation, fit, choice),
      whyJson(explanation, fit),
    ]) {
      assert.doesNotMatch(text, /[\u0000-\u0008\u001b]|NaN|undefined/, what);
    }
  } catch (error) {
    assert.ok(error instanceof EvidenceError, `${what}: ${String(error instanceof Error ? error.stack : error)}`);
    assert.doesNotMatch(error.message, /\n/, what);
  }
}

describe('a log that somebody has damaged', () => {
  for (const file of readdirSync(PASTED)) {
    it(`is read or refused in one sentence: ${file}`, async () => {
      const whole = readFileSync(`${PASTED}${file}`);
      for (let seed = 0; seed < 60; seed++) {
        const random = new Random(seed);
        const bytes = Buffer.from(whole);
        for (let change = 0; change < 1 + seed / 4; change++) {
          bytes[Math.floor(random.next() * bytes.length)] = Math.floor(random.next() * 256);
        }
        await readsOrRefuses(
          bytes.subarray(0, Math.floor(bytes.length * (seed % 3 === 0 ? random.next() : 1))),
          `${file} seed ${seed}`,
        );
      }
    });
  }

  const odd: [title: string, text: string][] = [
    [
      'with escapes that JSON does not know',
      '{"severity":"info","ts":"2026-03-02T12:00:01Z","message":"a \\x b","logger":"EphemeralRunner"}',
    ],
    ['with seconds beyond all time', '{"level":"info","ts":1e300,"msg":"x"}'],
    ['with impossible months and days', runnerLine('2026-99-99T99:99:99Z', 'a', 'Created ephemeral runner pod')],
    ['in a line without an end', `${'x'.repeat(3_000_000)}`],
    ['with names out of JavaScript', runnerLine('2026-03-02T12:00:01Z', '__proto__', 'Created ephemeral runner pod')],
    [
      'of years that lie far apart',
      ['1970-01-01T00:00:00Z', '9999-12-31T23:59:59Z']
        .map((time) =>
          runnerLine(time, 'a', time.startsWith('1') ? 'Adding finalizers' : 'Created ephemeral runner pod'),
        )
        .join('\n'),
    ],
    ['that is a list of lists', '[[[[{"a":1}]]]]'],
    ['of nothing but brackets', '['.repeat(200_000)],
  ];
  for (const [title, text] of odd) {
    it(`is read or refused in one sentence: ${title}`, () => readsOrRefuses(Buffer.from(text), title));
  }
});
