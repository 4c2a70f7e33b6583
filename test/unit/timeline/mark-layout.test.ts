import assert from 'node:assert/strict';
import fc from 'fast-check';
import { placeMarks } from '../../../src/timeline/mark-layout.ts';

describe('signs of moments', () => {
  it('do not hide one another where as many come at once as there are kinds', () => {
    const placed = placeMarks(
      [1, 2, 3, 4].map((kind) => ({ kind, x: 100 })),
      10,
    );
    assert.deepEqual(
      placed.map(({ x }) => x),
      [100, 110, 120, 130],
    );
  });

  it('are one with their number where more come at once', () => {
    const placed = placeMarks(
      Array.from({ length: 9 }, (_, kind) => ({ kind, x: 100 })),
      10,
    );
    assert.deepEqual(
      placed.map(({ marks }) => marks.length),
      [1, 1, 1, 6],
    );
  });

  it('hide no other, stand near their moments, in their order, and inside of the picture', () => {
    const marks = fc
      .array(fc.record({ kind: fc.nat(5), x: fc.nat(500) }), { maxLength: 200 })
      .map((all) => all.sort((a, b) => a.x - b.x));
    fc.assert(
      fc.property(marks, fc.integer({ min: 4, max: 20 }), fc.integer({ min: 200, max: 600 }), (all, width, right) => {
        const inside = all.filter(({ x }) => x < right);
        const placed = placeMarks(inside, width, right);
        assert.deepEqual(
          placed.flatMap((sign) => sign.marks),
          inside,
          'none is lost, and none stands before an earlier one',
        );
        placed.forEach(({ x, widthPx, marks: own }, at) => {
          for (const mark of own) {
            // The sign of several is wider, and has its place by the first or the last of them.
            assert.ok(Math.abs(x - mark.x) <= 5 * width, `${x} is too far from ${mark.x}`);
          }
          assert.ok(x + widthPx / 2 <= right + 1e-6, `${x} sticks out of ${right}`);
          assert.ok(x >= 0, `${x} is before the picture begins`);
          const before = placed[at - 1];
          const end = before === undefined ? -Infinity : before.x + before.widthPx / 2;
          assert.ok(x - widthPx / 2 >= end - 1e-6, `${x} hides the one before`);
        });
      }),
    );
  });
});
