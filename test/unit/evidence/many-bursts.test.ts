import assert from 'node:assert/strict';
import { at, createdLine, explainText, runnerLine, workersLine } from '../../builders/evidence.ts';

/** Bursts on one worker, minutes apart, each of runners with a JIT call of a second. */
function burstsOf(...sizes: readonly number[]): string {
  const lines = sizes.flatMap((size, burst) => {
    const second = 300 * burst;
    const names = Array.from({ length: size }, (_, index) => `b${burst}-${index}`);
    return [
      ...names.map((name) => createdLine(at(second), name)),
      ...names.flatMap((name, index) => [
        runnerLine(at(second + index * 0.5), name, 'Creating ephemeral runner JIT config'),
        runnerLine(at(second + (index + 1) * 0.5), name, 'Created ephemeral runner JIT config'),
        runnerLine(at(second + (index + 1) * 0.5), name, 'Created ephemeral runner pod'),
      ]),
    ];
  });
  return [workersLine(at(0), 1), ...lines].join('\n').replaceAll('"NA"', '"0.12.1"');
}

describe('slow bursts of the same cause', () => {
  it('are one finding, that of the longest, which counts the others and names their runners', async () => {
    const { findings } = await explainText(burstsOf(30, 60, 40, 50, 30));
    assert.deepEqual(
      findings.map(({ id }) => id),
      ['workers-busy'],
    );
    const [{ sentence, details, runners, evidence }] = findings as [(typeof findings)[number]];
    assert.match(sentence, /^The last pod came after 30 s because 1 worker made 60 JIT calls/);
    assert.deepEqual(details.slice(0, 2), [
      'This burst lasted from 12:05:00 to 12:05:30.',
      '4 more bursts were slow for the same reason: 15 s to 25 s each; the last one began at 12:20:00.',
    ]);
    assert.equal(runners.length, 210);
    assert.equal(evidence.filter(({ says }) => says === 'another burst of this kind begins').length, 3);
  });
});

describe('JIT calls that explain half of the time', () => {
  it('are named with their part, and with what took the rest', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `r${index}`);
    const lines = names.flatMap((name, index) => [
      runnerLine(at(index), name, 'Creating ephemeral runner JIT config'),
      runnerLine(at(index + 0.6), name, 'Created ephemeral runner JIT config'),
      runnerLine(at(index + 1), name, 'Created ephemeral runner pod'),
    ]);
    const exact = lines.map((line, index) =>
      line.replace(
        /^[^\t]+/,
        new Date(
          Date.UTC(2026, 2, 2, 12) + (index % 3) * 500 + (index % 3 === 1 ? 100 : 0) + 1000 * Math.floor(index / 3),
        ).toISOString(),
      ),
    );
    const text = [workersLine(at(0), 1), ...names.map((name) => createdLine(at(0), name)), ...exact].join('\n');
    const { findings } = await explainText(text.replaceAll('"NA"', '"0.12.1"'));
    assert.deepEqual(
      findings.map(({ id }) => id),
      ['workers-busy'],
    );
    assert.match(
      findings[0]?.sentence ?? '',
      /^The last pod came after 40 s: 40 JIT calls on 1 worker took 24 s, requests for runners most of the rest\.$/,
    );
  });
});
