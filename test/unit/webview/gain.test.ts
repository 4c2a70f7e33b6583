import assert from 'node:assert/strict';
import { gainsOf } from '../../../src/webview/gain.ts';

type Session = Parameters<typeof gainsOf>[0][number];

function session(mode: string, order: number, firstUs: number | undefined): Session {
  return {
    pods:
      firstUs === undefined
        ? undefined
        : { firstUs, medianUs: firstUs, lastUs: firstUs, lastMadeUs: firstUs, count: 1 },
    info: { mode, order },
  } as Session;
}

const textsOf = (...sessions: Session[]): string[] => gainsOf(sessions).map(({ text }) => text);

describe('what modes gain, below the bars', () => {
  const before = session('before', 0, 2_000_000);
  const after = session('after', 1, 500_000);

  it('is measured from the earliest release, whichever stands first', () => {
    const wanted = ['first pod 2.00 s → 500 ms: 1.50 s earlier in after mode'];
    assert.deepEqual(textsOf(before, after), wanted);
    assert.deepEqual(textsOf(after, before), wanted);
  });

  it('has a line for each of several modes that differs, and none for one that does not', () => {
    const slower = session('slower', 2, 3_000_000);
    const alike = session('alike', 3, 2_050_000);
    const noPodYet = session('waiting', 4, undefined);
    const gains = gainsOf([before, after, slower, alike, noPodYet]);
    assert.deepEqual(
      gains.map(({ text, isEarlier }) => [text, isEarlier]),
      [
        ['first pod 2.00 s → 500 ms: 1.50 s earlier in after mode', true],
        ['first pod 2.00 s → 3.00 s: 1.00 s later in slower mode', false],
      ],
    );
  });

  it('is not said of runs that differ in more than their modes', () => {
    const fast = session('after', 1, 500_000);
    const [small, elsewhere] = [{ setup: '3 runners' }, { source: 'shadow' }].map((apart): Session => ({
      ...fast,
      info: { ...fast.info, ...apart },
    }));
    for (const other of [small, elsewhere]) assert.deepEqual(textsOf(before, other as Session), []);
  });

  it('is said of no single run and of no two runs of one mode', () => {
    assert.deepEqual(textsOf(), []);
    assert.deepEqual(textsOf(after), []);
    assert.deepEqual(textsOf(after, session('after', 1, 1)), []);
  });
});
