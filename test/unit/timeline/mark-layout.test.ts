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

  it('stand at their moments or a little after them, in their order', () => {
    const marks = fc
      .array(fc.record({ kind: fc.nat(5), x: fc.nat(500) }), { maxLength: 60 })
      .map((all) => all.sort((a, b) => a.x - b.x));
    fc.assert(
      fc.property(marks, fc.integer({ min: 4, max: 20 }), (all, width) => {
        placeMarks(all, width).forEach(({ kind, x }, at) => {
          const mark = all[at] as { kind: number; x: number };
          assert.equal(kind, mark.kind);
          assert.ok(x >= mark.x && x <= mark.x + 3 * width, `${x} is too far from ${mark.x}`);
        });
      }),
    );
  });
});
