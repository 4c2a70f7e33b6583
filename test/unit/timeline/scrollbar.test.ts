import assert from 'node:assert/strict';
import fc from 'fast-check';
import { scrolledTo, thumbOf } from '../../../src/timeline/scrollbar.ts';

const scrolled = fc
  .tuple(
    fc.integer({ min: 1, max: 1e6 }),
    fc.integer({ min: 50, max: 2_000 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  )
  .map(([contentPx, viewPx, part]) => ({ contentPx, viewPx, scrollPx: part * Math.max(0, contentPx - viewPx) }));
const tracks = fc.integer({ min: 50, max: 2_000 });

describe('a scrollbar', () => {
  it('is there when something lies outside of what is seen, and its thumb stays on the track', () => {
    fc.assert(
      fc.property(scrolled, tracks, (what, track) => {
        const thumb = thumbOf(what, track);
        assert.equal(thumb !== undefined, what.contentPx > what.viewPx);
        if (thumb === undefined) return;
        assert.ok(thumb.top >= 0 && thumb.top + thumb.length <= track + 1e-6, JSON.stringify(thumb));
        assert.ok(thumb.length >= 24, 'it can be taken hold of');
      }),
    );
  });

  it('scrolls to where its thumb is put', () => {
    fc.assert(
      fc.property(scrolled, tracks, (what, track) => {
        const thumb = thumbOf(what, track);
        if (thumb === undefined || thumb.length >= track) return;
        const back = scrolledTo(thumb.top, what, track);
        assert.ok(Math.abs(back - what.scrollPx) < 1e-6 * what.contentPx + 1e-6, `${back} instead of ${what.scrollPx}`);
      }),
    );
  });
});
