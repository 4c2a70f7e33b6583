import assert from 'node:assert/strict';
import { namesStep } from '../../../src/timeline/names-step.ts';
import { svgDocument } from '../../../src/webview/svg-document.ts';
import type { View } from '../../../src/webview/view.ts';
import { both, shown, THEME } from './shown.ts';

const documentOf = (view: View): string => svgDocument(view, THEME, undefined, [], (text) => text.length * 5);

describe('names of runners beside their lanes', () => {
  for (const [runners, widthPx, heightPx] of [
    [3, 1600, 700],
    [30, 1100, 430],
    [40, 1600, 560],
    [300, 1280, 560],
    [300, 800, 320],
  ] as const) {
    it(`are there, and can be read, with both modes of ${runners} fitted into ${widthPx}x${heightPx}`, () => {
      const view = shown(both(runners), 3e6, widthPx, heightPx);
      assert.ok(view.contentPx <= view.heightPx, 'not all lanes are on screen');
      const names = [...documentOf(view).matchAll(/<text x="[\d.]+" y="([\d.]+)"[^>]*>(runner-\d+)<\/text>/g)];
      const least = Math.min(runners, Math.floor(view.heightPx / 2 / 50));
      assert.ok(names.length >= 2 * least, `only ${names.length} names`);
      assert.equal(names.filter(([, , name]) => name === 'runner-1').length, 2, 'the first of both modes');
      names.reduce((before, [, y, name]) => {
        assert.ok(Number(y) - before >= 8.5, `${name} lies over the one before`);
        assert.ok(Number(y) <= 24 + view.heightPx - 4, `${name} is cut off below`);
        return Number(y);
      }, -Infinity);
    });
  }

  it('are of every first, second, fifth or tenth lane and so on, and never nearer than they are high', () => {
    for (const lanePx of [0.01, 0.3, 1, 2.4, 4, 7, 8.9, 9, 60]) {
      const step = namesStep(lanePx, 9);
      assert.match(String(step), /^[125]0*$/);
      assert.ok(step * lanePx >= 9);
    }
  });
});
