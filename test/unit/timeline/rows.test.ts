import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nextScale, Rows, scaleToFit, TALLEST_LANE_PX, type LaneScale } from '../../../src/timeline/rows.ts';

const HEADER_PX = 26;
const laneCounts = fc.array(fc.oneof(fc.nat(5), fc.nat(60), fc.nat(2_000), fc.nat(100_000)), {
  minLength: 1,
  maxLength: 4,
});
const scales = fc.oneof(
  fc.record({ lanePx: fc.double({ min: 1, max: 80, noNaN: true }), lanesAPixel: fc.constant(1) }),
  fc.record({ lanePx: fc.double({ min: 1, max: 2, noNaN: true }), lanesAPixel: fc.constantFrom(2, 4, 64) }),
);

describe('rows', () => {
  it('cover every pixel once, at every scale', () => {
    fc.assert(
      fc.property(scales, fc.array(fc.nat(300), { minLength: 1, maxLength: 3 }), (scale, counts) => {
        const rows = rowsOf(counts, scale);
        let before = '';
        for (let y = 0; y < Math.min(rows.heightPx, 400); y++) {
          const hit = rows.at(y);
          assert.ok(hit !== undefined, `nothing is at ${y} of ${rows.heightPx}`);
          const top = hit.index < 0 ? rows.top(hit.group) : rows.laneTop(hit.group, hit.index);
          const height = hit.index < 0 ? HEADER_PX : rows.lanePxOf(hit.index);
          assert.ok(y >= top && y < top + height, `${y} lies in the row from ${top} to ${top + height}`);
          const name = `${hit.group}/${hit.index}`;
          if (name !== before) assert.equal(y, top, 'a row begins where the one before ends');
          before = name;
        }
        assert.equal(rows.at(rows.heightPx), undefined, 'below the last row there is none');
      }),
    );
  });

  it('show the header alone of a group that is collapsed', () => {
    const lanes = { length: 200 };
    const groups = [false, true, false].map((collapsed) => ({ lanes, collapsed }));
    const rows = new Rows(groups, { lanePx: 30, lanesAPixel: 1 }, HEADER_PX);
    assert.equal(rows.at(rows.top(1) + 5)?.index, -1);
    assert.equal(rows.top(2) - rows.top(1), HEADER_PX);
  });
});

describe('the height of lanes', () => {
  it('lets the lanes of all groups be on screen at once, however many there are', () => {
    fc.assert(
      fc.property(laneCounts, fc.integer({ min: 200, max: 2_000 }), (counts, heightPx) => {
        const rows = rowsOf(counts, scaleToFit(counts, heightPx), 0);
        assert.ok(rows.heightPx <= heightPx, `${counts.join()} lanes take ${rows.heightPx} of ${heightPx} pixels`);
      }),
    );
  });

  it('uses the height whole where there are lanes enough to fill it', () => {
    fc.assert(
      fc.property(laneCounts, fc.integer({ min: 200, max: 2_000 }), (counts, heightPx) => {
        const lanes = counts.reduce((sum, count) => sum + count, 0);
        fc.pre(lanes * TALLEST_LANE_PX >= heightPx);
        const { heightPx: used } = rowsOf(counts, scaleToFit(counts, heightPx), 0);
        assert.ok(used >= heightPx - counts.length, `${counts.join()} lanes use ${used} of ${heightPx} pixels`);
      }),
    );
  });

  for (const runners of [3, 30, 300]) {
    it(`shows both modes of ${runners} runners on a small and on a large screen`, () => {
      for (const heightPx of [380, 640]) {
        const scale = scaleToFit([runners, runners], heightPx - 2 * HEADER_PX);
        const rows = rowsOf([runners, runners], scale);
        assert.ok(rows.heightPx <= heightPx, `${rows.heightPx} of ${heightPx}`);
        if (runners > 3) assert.ok(rows.heightPx > heightPx * 0.85, `${rows.heightPx} of ${heightPx} are used`);
      }
    });
  }

  it('goes from step to step, up and down, from wherever it is', () => {
    fc.assert(
      fc.property(scales, (scale) => {
        const height = ({ lanePx, lanesAPixel }: LaneScale): number => lanePx / lanesAPixel;
        const up = nextScale(scale, 1);
        const down = nextScale(scale, -1);
        assert.ok(height(up) >= height(scale) || scale.lanePx >= 80 || scale.lanesAPixel > 1, JSON.stringify(up));
        assert.ok(height(down) <= height(scale), JSON.stringify(down));
      }),
    );
    let scale: LaneScale = { lanePx: 80, lanesAPixel: 1 };
    for (let step = 0; step < 40; step++) scale = nextScale(scale, -1);
    assert.deepEqual(scale, { lanePx: 1, lanesAPixel: 4096 });
    for (let step = 0; step < 40; step++) scale = nextScale(scale, 1);
    assert.deepEqual(scale, { lanePx: 80, lanesAPixel: 1 });
  });
});

function rowsOf(counts: readonly number[], scale: LaneScale, headerPx = HEADER_PX): Rows {
  return new Rows(
    counts.map((length) => ({ lanes: { length }, collapsed: false })),
    scale,
    headerPx,
  );
}
