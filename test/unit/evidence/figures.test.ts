import assert from 'node:assert/strict';
import { meanText } from '../../../src/evidence/words.ts';
import { at, createdLine, explainText, runnerLine, workersLine } from '../../builders/evidence.ts';
import { recordedLog } from '../../builders/recorded-logs.ts';

/** `1 min 4 s` in seconds. */
function secondsOf(span: string): number {
  const [, minutes = '0', seconds = '0'] = /^(?:(\d+) min )?([\d.]+) s$/.exec(span) ?? [];
  return 60 * Number(minutes) + Number(seconds);
}

describe('the figures of one sentence', () => {
  it('agree: the calls times the time between two make the whole', async () => {
    for (const name of ['burst-300-workers-2-latest', 'burst-100-workers-4-latest', 'set-100-workers-2-latest']) {
      const { findings } = await explainText(
        recordedLog(`${name}.controller`).replaceAll('"version": "NA"', '"version": "0.14.2"'),
      );
      const [main] = findings;
      const match = /after (.+ s) because (\d+) JIT calls ran one at a time, one every ([\d.]+) s/.exec(
        main?.sentence ?? '',
      );
      assert.ok(match !== null, `${name}: ${main?.sentence ?? 'no finding'}`);
      const [, whole = '', calls, every] = match;
      const product = Number(calls) * Number(every);
      assert.ok(Math.abs(product - secondsOf(whole)) < 0.5 + 1e-9, `${name}: ${match[0]}: ${product}`);
      const parts = /took ([\d.]+) s on average, about ([\d.]+) s of it/.exec(main?.details.join(' ') ?? '');
      assert.ok(parts !== null, main?.details.join(' '));
      assert.equal((Number(parts[1]) - Number(parts[2])).toFixed(2), Number(every).toFixed(2));
    }
  });

  it('agree: a span is what lies between the two times beside it, however fine the clock', async () => {
    const taken = (seconds: number, fraction: string): string => at(seconds).replace('Z', `.${fraction}00000000Z `);
    const log = [
      taken(0, '1') + workersLine(at(0), 1),
      taken(0, '2') + createdLine(at(0), 'lark-2'),
      taken(13, '9') + runnerLine(at(13), 'lark-1', 'Creating ephemeral runner JIT config'),
      taken(304, '1') + runnerLine(at(304), 'lark-1', 'Created ephemeral runner JIT config', { runnerId: 1 }),
    ].join('\n');
    const { findings } = await explainText(log);
    const held = findings.find(({ id }) => id === 'held-call');
    assert.match(held?.sentence ?? '', /held a worker for 4 min 51 s, 12:00:13 to 12:05:04/);
  });

  it('have more digits where the sum needs them', () => {
    assert.equal(meanText(213_333), '0.21 s');
    assert.equal(meanText(213_333, 300), '0.213 s');
    assert.equal(meanText(410_000, 100), '0.41 s');
    assert.equal(meanText(64_123_000, 3), '64 s');
  });
});
