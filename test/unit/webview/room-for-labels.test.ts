import assert from 'node:assert/strict';
import { signsOfLane } from '../../../src/timeline/lane-marks.ts';
import { viewOf } from '../../../src/timeline/painter.ts';
import { SvgPen } from '../../../src/timeline/svg-pen.ts';
import { drawChart } from '../../../src/webview/draw-chart.ts';
import { markHalfPx, markMiddlePx } from '../../../src/webview/draw-marks.ts';
import { VirtualSession } from '../../builders/virtual-session.ts';
import { shown, THEME } from './shown.ts';
import { firstRoom } from '../../../src/webview/draw-troubles.ts';

describe('the word of what is wrong with a pod', () => {
  it('stands beside passes whose requests have names, never over them', () => {
    const passes = [
      { from: 90, to: 300 },
      { from: 330, to: 500 },
    ];
    assert.deepEqual(firstRoom(0, 600, passes, 44), { from: 0, to: 90 });
    assert.deepEqual(firstRoom(80, 600, passes, 44), { from: 500, to: 600 });
    assert.equal(firstRoom(80, 520, passes, 44), undefined);
    assert.deepEqual(firstRoom(100, 400, [], 44), { from: 100, to: 400 });
  });

  it('covers no sign, in lanes of any height', () => {
    let labels = 0;
    for (const pods of ['no-capacity', 'evicted', 'image-pull-back-off', 'fails-at-start']) {
      const view = shown([new VirtualSession({ mode: 'new', runners: 6, pods }, { id: 'new' })], 90e6, 900, 400);
      const [session] = view.sessions;
      for (const lanePx of [18, 22, 26, 34, 42, 60]) {
        view.setScale({ lanePx, lanesAPixel: 1 });
        const pen = new SvgPen((text, font) => text.length * Number(/([\d.]+)px/.exec(font)?.[1] ?? 10) * 0.55);
        drawChart(pen, view, THEME, undefined, () => undefined);
        const [left, top] = [view.canvasWidthPx - view.widthPx, 24];
        const half = markHalfPx(view, lanePx);
        const signs = [...(view.rows.groups[0]?.lanes as Uint32Array)].flatMap((lane, index) => {
          const y = top + view.rows.laneTop(0, index) - view.scrollPx + markMiddlePx(view, lanePx);
          const inView = viewOf(view.scene(), 0, view.widthPx);
          return signsOfLane(session?.runners as never, lane, inView, 2 * half).map(({ x, widthPx }) => ({
            x: left + x,
            y,
            halfPx: widthPx / 2,
          }));
        });
        const ground = new RegExp(
          `d="M([\\d.-]+) ([\\d.-]+)h([\\d.-]+)v([\\d.-]+)h[\\d.-]+z" fill="${THEME.background}"/><text [^>]*font-weight="600"`,
          'g',
        );
        for (const [, ...numbers] of pen.markup().matchAll(ground)) {
          const [x, y, width, height] = numbers.map(Number) as [number, number, number, number];
          if (height > 15) continue;
          labels++;
          const covered = signs.filter(
            (sign) =>
              sign.x + sign.halfPx > x &&
              sign.x - sign.halfPx < x + width &&
              sign.y + half > y &&
              sign.y - half < y + height,
          );
          assert.deepEqual(covered, [], `${pods} at ${lanePx} px: the word at ${x}, ${y} covers signs`);
        }
      }
    }
    assert.ok(labels > 20, `only ${labels} words were drawn`);
  });
});
