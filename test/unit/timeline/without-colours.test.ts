import assert from 'node:assert/strict';
import { Random } from '../../../src/base/random.ts';
import { BarKind } from '../../../src/timeline/bars.ts';
import { laneShape } from '../../../src/timeline/lane-shape.ts';
import { atLightness, lightnessOf } from '../../../src/timeline/lightness.ts';
import {
  colourOf,
  DARK,
  distinct,
  LIGHT,
  onLine,
  type Paint,
  type PaletteColours,
  paletteOf,
  PERIOD_PX,
  pixelOf,
} from '../../../src/timeline/palette.ts';
import { stripeColour } from '../../../src/timeline/painter.ts';
import { svgPaints, svgPatterns } from '../../../src/timeline/svg.ts';

/** Two greys that lie side by side can be distinguished with certainty at three to four; bars may be two pixels high. */
const LEAST_DIFFERENCE = 8;
/** Kinds of one look: what a runner is and what its pod is. */
const SAME_LOOK: Readonly<Record<number, number>> = {
  [BarKind.runnerPending]: BarKind.podPending,
  [BarKind.runnerRunning]: BarKind.podRunning,
  [BarKind.runnerSucceeded]: BarKind.podSucceeded,
  [BarKind.runnerFailed]: BarKind.podFailed,
};
const IN_STRIPES = Object.entries(BarKind).filter(
  ([, kind]) => (laneShape(2).column[kind] as number) >= 0 && SAME_LOOK[kind] === undefined,
);

/** How different two ways of filling are for eyes without colours: Infinity for two patterns. */
function difference(one: Paint, other: Paint): number {
  if (one.pattern !== other.pattern) return Infinity;
  const [a, b] = [one, other].map(({ colour, gap }) => [colour, gap].map((pixel) => lightnessOf(colourOf(pixel))));
  const isSolid = one.pattern === 'solid';
  return Math.max(...[0, 1].map((at) => (isSolid && at === 1 ? 0 : Math.abs((a?.[at] ?? 0) - (b?.[at] ?? 0)))));
}

function assertDistinct(name: string, colours: PaletteColours): void {
  const palette = paletteOf(colours);
  IN_STRIPES.forEach(([one, kind], index) => {
    const paint = palette[kind] as Paint;
    for (const [other, otherKind] of IN_STRIPES.slice(index + 1)) {
      const steps = difference(paint, palette[otherKind] as Paint);
      assert.ok(
        steps >= LEAST_DIFFERENCE,
        `${name}: ${one} and ${other} differ by ${steps.toFixed(1)} without colours`,
      );
    }
    if (paint.pattern === 'solid') {
      const steps = Math.abs(lightnessOf(colourOf(paint.colour)) - lightnessOf(colours.ground));
      assert.ok(steps >= LEAST_DIFFERENCE, `${name}: ${one} differs by ${steps.toFixed(1)} from the ground`);
    } else {
      const [line, gap] = [paint.colour, paint.gap].map((pixel) => lightnessOf(colourOf(pixel)));
      const steps = Math.abs((line ?? 0) - (gap ?? 0));
      assert.ok(steps >= LEAST_DIFFERENCE, `${name}: the pattern of ${one} is seen by ${steps.toFixed(1)} only`);
    }
  });
}

describe('bars without colours', () => {
  it('differ in pattern or lightness, in the report and in themes whose colours are as they like', () => {
    assertDistinct('dark', DARK);
    assertDistinct('light', LIGHT);
    const random = new Random(15, 'themes');
    const any = (): string => `#${random.below(0x100_0000).toString(16).padStart(6, '0')}`;
    for (let round = 0; round < 500; round++) {
      const isLight = round % 2 === 0;
      const charts = { throttled: any(), kubernetes: any(), actions: any(), refused: any() };
      const states = { pending: any(), running: any(), failed: any(), succeeded: any() };
      const base = isLight ? LIGHT : DARK;
      const colours = distinct({ ...base, ...charts, ...states }, isLight);
      assertDistinct(`${isLight ? 'light' : 'dark'} ${JSON.stringify({ ...charts, ...states })}`, colours);
    }
  });

  it('are as light as asked for, whatever the colour was', () => {
    for (const colour of ['#000000', '#ffffff', '#ff0000', '#00ff00', '#0000ff', '#c586f0', '#123456']) {
      for (const lightness of [0, 5, 33, 50, 80, 100]) {
        const made = atLightness(colour, lightness);
        assert.match(made, /^#[0-9a-f]{6}$/);
        assert.ok(Math.abs(lightnessOf(made) - lightness) < 1, `${colour} at ${lightness} is ${made}`);
      }
    }
    assert.equal(lightnessOf('#ffffff'), 100);
    assert.equal(Math.round(lightnessOf('#777777')), 50);
  });

  it('have their pattern in stripes of one row of pixels, going from row to row', () => {
    const paint: Paint = { colour: pixelOf('#ffffff'), gap: pixelOf('#000000'), pattern: 'rising' };
    const row = (number: number): string =>
      Array.from({ length: 16 }, (_, x) => (stripeColour(paint, x, number) === paint.colour ? '/' : ' ')).join('');
    assert.deepEqual([0, 1, 2, 3, 4].map(row), [
      '////    ////    ',
      '//    ////    //',
      '    ////    ////',
      '  ////    ////  ',
      '////    ////    ',
    ]);
    for (const pattern of ['rising', 'falling', 'crossed', 'dotted'] as const) {
      const lines = Array.from({ length: 8 }, (_, x) => onLine(pattern, x, 0));
      assert.ok(lines.includes(true) && lines.includes(false), `${pattern} is not seen in one row`);
    }
  });

  it('have lines that rise, fall, cross or stand, as the names of their patterns say', () => {
    const rows = (pattern: Paint['pattern']): string[] =>
      [0, 1, 2].map((y) => Array.from({ length: 8 }, (_, x) => (onLine(pattern, x, y) ? '#' : '.')).join(''));
    assert.deepEqual(rows('rising'), ['###.....', '##.....#', '#.....##']);
    assert.deepEqual(rows('falling'), ['###.....', '.###....', '..###...']);
    assert.deepEqual(rows('crossed'), ['##......', '###....#', '..##..##']);
    assert.deepEqual(rows('dotted'), ['##..##..', '##..##..', '##..##..']);
    assert.deepEqual(rows('solid'), ['########', '########', '########']);
  });

  it('have lines in an SVG that go on from tile to tile', () => {
    const patterns = [...svgPatterns({ paints: svgPaints(paletteOf(DARK)) }).matchAll(/<path d="([^"]+)"/g)];
    assert.ok(patterns.length > 5);
    for (const [, path = ''] of patterns) {
      const edges: Record<'left' | 'right' | 'top' | 'bottom', number[]> = { left: [], right: [], top: [], bottom: [] };
      for (const line of path.split('M').slice(1)) {
        const [x1, y1, x2, y2] = (line.replace('V', `L${line.split(' ')[0]} `).match(/-?\d+/g) ?? []).map(Number) as [
          number,
          number,
          number,
          number,
        ];
        /** Where the line meets an edge of the tile, if it does. */
        const meet = (at: number, from: number, to: number, other: number, otherTo: number): number[] => {
          const part = (at - from) / (to - from);
          const place = other + part * (otherTo - other);
          return part >= 0 && part <= 1 && place > 0 && place < PERIOD_PX ? [place] : [];
        };
        edges.left.push(...meet(0, x1, x2, y1, y2));
        edges.right.push(...meet(PERIOD_PX, x1, x2, y1, y2));
        edges.top.push(...meet(0, y1, y2, x1, x2));
        edges.bottom.push(...meet(PERIOD_PX, y1, y2, x1, x2));
      }
      for (const places of Object.values(edges)) places.sort((a, b) => a - b);
      assert.deepEqual([edges.right, edges.bottom], [edges.left, edges.top], `${path} breaks off at an edge`);
    }
  });
});
