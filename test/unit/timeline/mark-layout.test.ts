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

  it('stand near their moments, in their order, and inside of the picture', () => {
    const marks = fc
      .array(fc.record({ kind: fc.nat(5), x: fc.nat(500) }), { maxLength: 60 })
      .map((all) => all.sort((a, b) => a.x - b.x));
    fc.assert(
      fc.property(marks, fc.integer({ min: 4, max: 20 }), fc.integer({ min: 200, max: 600 }), (all, width, right) => {
        const inside = all.filter(({ x }) => x < right);
        const placed = placeMarks(inside, width, right);
        placed.forEach(({ kind, x }, at) => {
          const mark = inside[at] as { kind: number; x: number };
          assert.equal(kind, mark.kind);
          assert.ok(Math.abs(x - mark.x) <= 3 * width, `${x} is too far from ${mark.x}`);
          assert.ok(x <= right - width / 2, `${x} sticks out of ${right}`);
          assert.ok(x >= 0, `${x} is before the picture begins`);
          assert.ok(at === 0 || x >= (placed[at - 1]?.x ?? 0), 'one stands before an earlier one');
        });
      }),
    );
  });
});
