import assert from 'node:assert/strict';
import fc from 'fast-check';
import { axisLabels } from '../../../src/timeline/axis-labels.ts';
import { tickStepUs } from '../../../src/timeline/ticks.ts';

const widthOf = (text: string): number => text.length * 7;

describe('times on the axis', () => {
  it('lie inside, apart from one another and from other texts, near their ticks, whatever is in view', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e9, max: 5e9 }),
        fc.double({ min: 1e-9, max: 5, noNaN: true }),
        fc.integer({ min: 150, max: 2000 }),
        fc.integer({ min: 0, max: 2000 }),
        (fromUs, pixelsPerUs, widthPx, takenPx) => {
          const taken = [[takenPx, takenPx + 60]] as const;
          const stepUs = tickStepUs(pixelsPerUs, 90);
          const labels = axisLabels({ fromUs, pixelsPerUs }, stepUs, widthPx, widthOf, taken);
          labels.forEach(({ text, x, tickX }, at) => {
            const half = widthOf(text) / 2;
            assert.ok(x - half >= 0 && x + half <= widthPx, `${text} at ${x} is cut at ${widthPx}`);
            assert.ok(Math.abs(x - tickX) <= half, `${text} stands far from its line`);
            assert.ok(x + half <= takenPx || x - half >= takenPx + 60, `${text} lies on another text`);
            const before = labels[at - 1];
            if (before !== undefined) assert.ok(before.x + widthOf(before.text) / 2 < x - half, 'two texts overlap');
          });
        },
      ),
    );
  });

  it('at the right edge are moved in instead of being cut', () => {
    const labels = axisLabels({ fromUs: 0, pixelsPerUs: 500 / 3600e6 }, 600e6, 500, widthOf);
    assert.deepEqual(
      labels.map(({ text, tickX }) => [text, tickX]).at(-1),
      ['1:00:00', 500],
      'the last one is still there',
    );
  });
});
