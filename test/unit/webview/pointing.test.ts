import assert from 'node:assert/strict';
import { BarStore, type Bar } from '../../../src/timeline/bar-store.ts';
import { BarKind, NO_PASS } from '../../../src/timeline/bars.ts';
import { BarWriter } from '../../../src/timeline/bar-writer.ts';
import { barAt } from '../../../src/timeline/hit-test.ts';
import { laneShape } from '../../../src/timeline/lane-shape.ts';
import { SvgPen } from '../../../src/timeline/svg-pen.ts';
import { drawChart } from '../../../src/webview/draw-chart.ts';
import type { View } from '../../../src/webview/view.ts';
import { both, shown, THEME } from './shown.ts';

const HEIGHTS_PX = [7, 8, 9, 12, 18, 24, 40, 60];

/** A lane with a wait, a pass after it, and the states of runner and pod below them; a pixel is a microsecond. */
function store(kinds: readonly (readonly [kind: BarKind, startUs: number, lengthUs: number])[]): BarStore {
  const writer = new BarWriter();
  for (const [kind, startUs, lengthUs] of kinds) writer.add(0, kind, startUs, lengthUs, 0, NO_PASS);
  const made = new BarStore();
  made.append(writer.take());
  return made;
}

function kindsAt(bars: BarStore, lanePx: number, x: number): (Bar['kind'] | undefined)[] {
  return Array.from({ length: lanePx }, (_, row) => barAt(bars, [0], 0, 1, lanePx, row, x, 1)?.kind);
}

describe('pointing at a lane', () => {
  for (const lanePx of HEIGHTS_PX) {
    it(`of ${lanePx} pixels hits a wait that is alone there in every row`, () => {
      for (const kind of [BarKind.queued, BarKind.backoff]) {
        assert.deepEqual(new Set(kindsAt(store([[kind, 0, 100]]), lanePx, 50)), new Set([kind]));
      }
    });

    it(`of ${lanePx} pixels hits of a wait and a pod the nearer one`, () => {
      const found = kindsAt(
        store([
          [BarKind.queued, 0, 100],
          [BarKind.podPending, 0, 100],
        ]),
        lanePx,
        50,
      );
      const { top, bottom } = laneShape(lanePx);
      const away = (kind: number, row: number): number =>
        Math.max(0, (top[kind] as number) - row, row - (bottom[kind] as number) + 1);
      found.forEach((kind, row) => {
        const [wait, pod] = [BarKind.queued, BarKind.podPending].map((one) => away(one, row)) as [number, number];
        if (wait !== pod) assert.equal(kind, wait < pod ? BarKind.queued : BarKind.podPending, `row ${row}`);
      });
    });
  }

  it('hits the bar beside it before one that is further above or below', () => {
    const bars = store([
      [BarKind.pass, 0, 50],
      [BarKind.podPending, 0, 100],
    ]);
    assert.equal(barAt(bars, [0], 0, 1, 40, 10, 51, 1)?.kind, BarKind.pass);
    assert.equal(barAt(bars, [0], 0, 1, 40, 34, 51, 1)?.kind, BarKind.podPending);
  });
});

/** The frame around what is selected, as it is drawn: where it begins and how wide it is. */
function ringOf(view: View): { x: number; width: number } | undefined {
  const pen = new SvgPen((text) => text.length * 5);
  drawChart(pen, view, THEME, undefined, () => undefined);
  const [, x, width] =
    new RegExp(`d="M([\\d.-]+) [\\d.-]+h([\\d.-]+)v[^"]*" fill="none" stroke="${THEME.focus}"`).exec(pen.markup()) ??
    [];
  return x === undefined ? undefined : { x: Number(x), width: Number(width) };
}

describe('the ring around what is selected', () => {
  const view = shown(both(3), 3e6);
  const left = view.canvasWidthPx - view.widthPx;
  const shownUs = view.widthPx / view.viewport.pixelsPerUs;
  const { fromUs } = view.viewport;
  const originUs = view.session('old')?.info.originUs ?? 0;
  const select = (begin: number, end: number): void => {
    const [startUs, endUs] = [begin, end].map((part) => originUs + fromUs + part * shownUs) as [number, number];
    view.selected = { session: 'old', lane: 0, pass: 0, startUs, endUs };
  };

  for (const [name, begin, end] of [
    ['ends at the right edge', 0.9, 1],
    ['begins at the left edge', 0, 0.1],
    ['goes on behind both edges', -1, 2],
    ['is short and the last', 0.9999, 1],
  ] as const) {
    it(`is closed where the bar ${name}`, () => {
      select(begin, end);
      const ring = ringOf(view);
      assert.ok(ring !== undefined, 'there is no ring');
      const half = 1;
      assert.ok(ring.width > 0 && ring.x - half >= left, `it begins at ${ring.x}, left of ${left}`);
      const right = ring.x + ring.width + half;
      assert.ok(right <= left + view.widthPx, `it ends at ${right}, right of ${left + view.widthPx}`);
    });
  }

  it('is not drawn where the bar is out of view', () => {
    select(1.1, 1.2);
    assert.equal(ringOf(view), undefined);
    select(-0.2, -0.1);
    assert.equal(ringOf(view), undefined);
  });
});
