import assert from 'node:assert/strict';
import fc from 'fast-check';
import { stillPictureMs } from '../../../src/timeline/now-line.ts';
import { fitSpan, keepInReach, panBy, pixelAt, showSpan, timeAt, zoomAt } from '../../../src/timeline/viewport.ts';

const viewports = fc.record({
  fromUs: fc.double({ min: -1e9, max: 1e12, noNaN: true }),
  pixelsPerUs: fc.double({ min: 1e-8, max: 1, noNaN: true }),
});
const widths = fc.integer({ min: 64, max: 4_000 });

describe('a viewport', () => {
  it('keeps the time under the pointer where it is when it zooms', () => {
    fc.assert(
      fc.property(viewports, fc.nat(4_000), fc.double({ min: 0.2, max: 5, noNaN: true }), (viewport, x, factor) => {
        const before = timeAt(viewport, x);
        const zoomed = zoomAt(viewport, x, factor);
        const tolerance = 1e-6 * Math.abs(before) + 1 / zoomed.pixelsPerUs;
        assert.ok(Math.abs(timeAt(zoomed, x) - before) <= tolerance, `${before} became ${timeAt(zoomed, x)}`);
      }),
    );
  });

  it('comes back when it is moved there and back', () => {
    fc.assert(
      fc.property(viewports, fc.integer({ min: -5_000, max: 5_000 }), (viewport, pixels) => {
        const back = panBy(panBy(viewport, pixels), -pixels);
        assert.ok(Math.abs(pixelAt(viewport, back.fromUs)) < 1, `it is ${back.fromUs} instead of ${viewport.fromUs}`);
      }),
    );
  });

  it('has all of a span in it when it is fitted, whatever the span', () => {
    const span = fc.tuple(fc.double({ min: 0, max: 1e12, noNaN: true }), fc.double({ min: 0, max: 1e12, noNaN: true }));
    fc.assert(
      fc.property(span, widths, ([fromUs, lengthUs], width) => {
        const viewport = fitSpan(fromUs, fromUs + lengthUs, width);
        assert.ok(pixelAt(viewport, fromUs) >= -1, 'the beginning is cut');
        assert.ok(pixelAt(viewport, fromUs + lengthUs) <= width + 1, 'the end is cut');
      }),
    );
  });

  it('that shows a part of the data has it in view, and no more beside the data than one that is fitted', () => {
    const parts = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }));
    const property = fc.property(viewports, widths, parts, ({ pixelsPerUs }, width, [begin, part]) => {
      const inViewUs = width / pixelsPerUs;
      const lastUs = 5 * inViewUs;
      const fromUs = begin * lastUs;
      const toUs = Math.min(lastUs, fromUs + part * inViewUs * 0.9);
      const shown = showSpan([fromUs, toUs], pixelsPerUs, [0, lastUs], width);
      const [from, to] = [pixelAt(shown, fromUs), pixelAt(shown, toUs)];
      assert.ok(from >= -1 && to <= width + 1, `it lies at ${from} to ${to} of ${width}`);
      const [first, last] = [pixelAt(shown, 0), pixelAt(shown, lastUs)];
      assert.ok(first <= width * 0.021 && last >= width * 0.979, `the data are at ${first} to ${last} of ${width}`);
    });
    fc.assert(property);
    const fitted = showSpan([900, 1_000], 0.001, [0, 1_000], 500);
    assert.ok(fitted.fromUs < 0 && fitted.fromUs > -12_000, 'data shorter than the view begin at its left');
  });

  it('never gets lost', () => {
    fc.assert(
      fc.property(viewports, widths, fc.double({ min: 0, max: 1e11, noNaN: true }), (viewport, width, lastUs) => {
        const kept = keepInReach(viewport, 0, lastUs, width);
        const [first, last] = [pixelAt(kept, 0), pixelAt(kept, lastUs)];
        assert.ok(last >= width * 0.0999 && first <= width * 0.9001, `data are at ${first} to ${last} of ${width}`);
      }),
    );
  });
});

describe('a picture in which only time moves', () => {
  it('stands for as long as a pixel takes, but not for more than a second, and is drawn four times a second at most', () => {
    fc.assert(
      fc.property(viewports, fc.boolean(), ({ pixelsPerUs }, isNowInView) => {
        const waitMs = stillPictureMs(pixelsPerUs, isNowInView);
        assert.ok(waitMs >= 250 && waitMs <= 1_000, `${waitMs} ms`);
      }),
    );
    assert.equal(stillPictureMs(1 / 600_000, true), 600, 'a pixel of 600 ms');
    assert.equal(stillPictureMs(1, false), 1_000, 'where now is not in view there is nothing to see');
  });
});
