import assert from 'node:assert/strict';
import fc from 'fast-check';
import { naturalCompare } from '../../../src/base/natural-order.ts';

const part = fc.oneof(fc.constantFrom('runner-', '-', 'a', 'arc/'), fc.nat({ max: 120 }).map(String), fc.constant('0'));
const name = fc.array(part, { maxLength: 5 }).map((parts) => parts.join(''));

/** The slow and obvious way: numbers as numbers, everything else by its characters. */
function slow(a: string, b: string): number {
  const pieces = (text: string): (string | bigint)[] =>
    [...text.matchAll(/\d+|\D/g)].map(([piece]) => (/\d/.test(piece) ? BigInt(piece) : piece));
  const [left, right] = [pieces(a), pieces(b)];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const [one, other] = [left[at] as string | bigint, right[at] as string | bigint];
    if (one === other) continue;
    const isBelow = typeof one === typeof other ? one < other : char(one) < char(other);
    return isBelow ? -1 : 1;
  }
  return left.length - right.length || (a < b ? -1 : a > b ? 1 : 0);
}

function char(piece: string | bigint): string {
  return typeof piece === 'bigint' ? '0' : piece;
}

describe('the natural order of names', () => {
  it('counts: runner-2 comes before runner-10 on an attached cluster too', () => {
    const names = ['arc/runner-10', 'arc/runner-1', 'arc/runner-2', 'arc/runner-11', 'arc/runner', 'arc-2/runner-1'];
    assert.deepEqual(names.sort(naturalCompare), [
      'arc-2/runner-1',
      'arc/runner',
      'arc/runner-1',
      'arc/runner-2',
      'arc/runner-10',
      'arc/runner-11',
    ]);
  });

  it('is the one of numbers as numbers and everything else by its characters', () => {
    fc.assert(
      fc.property(name, name, (a, b) => {
        assert.equal(Math.sign(naturalCompare(a, b)), Math.sign(slow(a, b)), `${a} and ${b}`);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is an order: no two names are equal that differ, and three agree', () => {
    fc.assert(
      fc.property(name, name, name, (a, b, c) => {
        assert.equal(Math.sign(naturalCompare(a, b)) + Math.sign(naturalCompare(b, a)), 0, `${a} and ${b}`);
        assert.equal(naturalCompare(a, b) === 0, a === b);
        if (naturalCompare(a, b) < 0 && naturalCompare(b, c) < 0) assert.ok(naturalCompare(a, c) < 0, `${a} ${b} ${c}`);
      }),
      { numRuns: 2_000 },
    );
  });
});
