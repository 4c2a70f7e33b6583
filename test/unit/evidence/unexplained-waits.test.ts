import assert from 'node:assert/strict';
import type { Explanation } from '../../../src/evidence/explain.ts';
import { at, createdLine, explainText, runnerLine } from '../../builders/evidence.ts';

/** Runners that are made at once, and get their pods one after another with nothing between. */
function oneByOne(runners: number, everyS: number): Promise<Explanation> {
  const names = Array.from({ length: runners }, (_, index) => `r${index}`);
  return explainText(
    [
      ...names.map((name) => createdLine(at(0), name)),
      ...names.flatMap((name, index) =>
        [
          'Adding finalizer',
          'Creating ephemeral runner JIT config',
          'Created ephemeral runner JIT config',
          'Created ephemeral runner pod',
        ].map((message) => runnerLine(at((index + 1) * everyS), name, message, { runnerId: index + 1 })),
      ),
    ].join('\n'),
  );
}

describe('pods that come late for no cause that the log shows', () => {
  it('are not called nothing wrong: it is said how late they are, and what to give', async () => {
    const { verdict, isJudged, findings } = await oneByOne(30, 4);
    assert.deepEqual(findings, []);
    assert.ok(!isJudged, verdict);
    assert.match(
      verdict,
      /^Not enough to judge: 28 runners got their pods only after up to 2 min 0 s, and no line shows why; give the API server's audit log/,
    );
  });

  it('are named from more than 10 s on', async () => {
    const { verdict, isJudged } = await oneByOne(13, 2);
    assert.ok(!isJudged, verdict);
    assert.match(verdict, /8 runners got their pods only after up to 26 s, and no line shows why/);
    const [one, none] = [await oneByOne(1, 11), await oneByOne(5, 2)];
    assert.match(
      one.verdict,
      /1 runner got its pod only after 11 s, and no line shows why; give the whole log, not only the lines about one runner/,
    );
    assert.ok(none.isJudged, none.verdict);
  });

  it('are nothing to tell of where they are as soon as pods are', async () => {
    const { verdict, isJudged } = await oneByOne(10, 1);
    assert.ok(isJudged, verdict);
    assert.match(verdict, /^Nothing wrong found/);
  });
});
