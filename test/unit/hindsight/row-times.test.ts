import assert from 'node:assert/strict';
import { estimateRows } from '../../../src/hindsight/hindsight-text.ts';
import type { Hindsight } from '../../../src/hindsight/point-of-no-return.ts';

const timesOf = (moments: readonly (readonly [event: number, atUs: number])[]): readonly string[] => {
  const estimates = moments.map(([event, atUs], index) => ({ event, atUs, well: index === 0 ? 95 : 0, of: 95 }));
  return estimateRows({ estimates, chronicle: { finished: { originUs: 1_000 } } } as unknown as Hindsight).map(
    ([time]) => time,
  );
};

describe('the times of estimates', () => {
  it('have as many digits as tell them apart, and say which comes first of one moment', () => {
    assert.deepEqual(
      timesOf([
        [1, 254_100],
        [2, 255_400],
      ]),
      ['00:00.253', '00:00.254'],
    );
    assert.deepEqual(
      timesOf([
        [1, 61_254_100],
        [2, 61_254_400],
      ]),
      ['01:01.253100', '01:01.253400'],
    );
    assert.deepEqual(
      timesOf([
        [1, 254_100],
        [2, 254_100],
      ]),
      ['just before 00:00.253', '00:00.253'],
    );
  });
});
