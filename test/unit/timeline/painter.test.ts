import assert from 'node:assert/strict';
import { Random } from '../../../src/base/random.ts';
import { barsOf, BarStore } from '../../../src/timeline/bar-store.ts';
import { BarKind, NO_PASS } from '../../../src/timeline/bars.ts';
import { BarWriter } from '../../../src/timeline/bar-writer.ts';
import { barAt } from '../../../src/timeline/hit-test.ts';
import { DRAW_ORDER, laneShape, stripeGapPx } from '../../../src/timeline/lane-shape.ts';
import { DARK, onLine, type Paint, paletteOf, type Palette } from '../../../src/timeline/palette.ts';
import { Overview } from '../../../src/timeline/overview.ts';
import { type Backdrop, Painter, type Picture, type Scene, stripeColour } from '../../../src/timeline/painter.ts';
import { nextScale, Rows, scaleToFit, type LaneScale } from '../../../src/timeline/rows.ts';

interface PlainBar {
  readonly lane: number;
  readonly kind: number;
  readonly startUs: number;
  readonly endUs: number;
}

const PALETTE = paletteOf(DARK);
const WIDTH = 90;
const HEIGHT = 70;
const LAST_KIND = BarKind.markPodFailed;
const BACKDROP: Backdrop = { colour: 0xff20_2020, lines: [0, 17, 18, 62, WIDTH - 1], lineColour: 0xff33_3333 };

describe('the painter', () => {
  it('draws what a drawing bar by bar and pixel by pixel gives, in 1,000 random viewports', () => {
    const random = new Random(20260101, 'painter');
    const painter = new Painter();
    let drawn = 0;
    for (let round = 0; round < 50; round++) {
      const lanes = 1 + random.below(40);
      const { store, bars } = randomBars(random, lanes);
      for (let view = 0; view < 20; view++) {
        const scene = randomScene(random, store, lanes);
        const fast = emptyPicture();
        painter.paint(scene, PALETTE, BACKDROP, fast);
        const slow = drawSlowly(scene, bars, PALETTE);
        const wrong = fast.pixels.findIndex((pixel, at) => pixel !== slow.pixels[at]);
        if (wrong >= 0) {
          const place = `x ${wrong % WIDTH}, y ${Math.floor(wrong / WIDTH)}`;
          assert.fail(`round ${round}, view ${view}, ${JSON.stringify(scene.rows.scale)}: pixel at ${place} differs`);
        }
        drawn += fast.pixels.filter((pixel) => !isBackdrop(pixel)).length;
      }
    }
    assert.ok(drawn > 1_000_000, `only ${drawn} pixels were not empty: the viewports missed the bars`);
  });

  it('draws from an overview what a drawing of bars rounded to its bins gives', () => {
    const random = new Random(3, 'overview');
    const painter = new Painter();
    let used = 0;
    for (let round = 0; round < 200; round++) {
      const lanes = 2 + random.below(300);
      const { store, bars } = randomBars(random, lanes);
      const scale = sharedRows(random);
      const given = { ...randomScene(random, store, lanes), nowUs: [0] };
      const rows = new Rows(given.rows.groups, scale, 9);
      const overview = new Overview(store, rows.groups[0]?.lanes ?? [], scale.lanesAPixel, 0);
      const scene: Scene = { ...given, rows, scrollPx: 0, overviews: [overview] };
      const { pixelsPerUs } = scene.viewport;
      const binUs = overview.binUs(pixelsPerUs);
      if (binUs === undefined) continue;
      used++;
      const isFinest = overview.binUs(pixelsPerUs * 2) === undefined;
      assert.ok(binUs * pixelsPerUs <= (isFinest ? 2 : 1), 'a bin is at most a pixel, the finest at most two');
      const rounded = roundedOutwards(bars, binUs);
      const fast = emptyPicture();
      painter.paint(scene, PALETTE, BACKDROP, fast);
      assert.deepEqual(fast.pixels, drawSlowly(scene, rounded, PALETTE).pixels, `round ${round}, bins of ${binUs} µs`);
    }
    assert.ok(used > 50, `the overview was used in ${used} rounds only`);
  });

  it('draws bars that come after the overview was made, and those without an end upon it', () => {
    const random = new Random(5, 'growing');
    const painter = new Painter();
    let used = 0;
    for (let round = 0; round < 200; round++) {
      const lanes = 2 + random.below(300);
      const scale = sharedRows(random);
      const { store, bars } = randomBars(random, lanes);
      const given = randomScene(random, store, lanes);
      const rows = new Rows(given.rows.groups, scale, 9);
      const overview = new Overview(store, rows.groups[0]?.lanes ?? [], scale.lanesAPixel);
      // Times grow to many times what they were, and the overview with them.
      const spanUs = 100_000 * 2 ** random.below(8);
      const nowUs = spanUs;
      const pixelsPerUs = given.viewport.pixelsPerUs / 2 ** random.below(8);
      const viewport = { ...given.viewport, pixelsPerUs };
      const scene: Scene = { ...given, viewport, rows, scrollPx: 0, nowUs: [nowUs], overviews: [overview] };
      painter.paint(scene, PALETTE, BACKDROP, emptyPicture());
      const writer = new BarWriter();
      for (let number = random.below(500); number > 0; number--) {
        // Some are moments where the overview's time ends.
        const isEdge = random.below(20) === 0;
        const startUs = isEdge ? 4_096 * 2 ** (4 + random.below(8)) : random.below(spanUs);
        const bar = { lane: random.below(lanes), kind: 1 + random.below(LAST_KIND), startUs };
        const lengthUs = isEdge ? 0 : random.below(spanUs / 4);
        writer.add(bar.lane, bar.kind, bar.startUs, lengthUs, 0, number);
        bars.push({ ...bar, endUs: bar.startUs + lengthUs });
      }
      const added = writer.take();
      store.append(added);
      for (const bar of barsOf(added)) overview.add(bar);
      assert.equal(overview.bars, store.length, 'the overview has lost bars');
      const open: PlainBar[] = [];
      for (let lane = random.below(4); lane < lanes; lane += 1 + random.below(8)) {
        const startUs = random.below(nowUs);
        store.open(lane, BarKind.runnerRunning, startUs, NO_PASS, 0);
        open.push({ lane, kind: BarKind.runnerRunning, startUs, endUs: nowUs });
      }
      const binUs = overview.binUs(pixelsPerUs);
      if (binUs === undefined) continue;
      used++;
      const rounded = roundedOutwards(bars, binUs);
      const fast = emptyPicture();
      painter.paint(scene, PALETTE, BACKDROP, fast);
      assert.deepEqual(fast.pixels, drawSlowly(scene, [...rounded, ...open], PALETTE).pixels, `round ${round}`);
    }
    assert.ok(used > 50, `the overview was used in ${used} rounds only`);
  });

  it('lets a pointer find the bar whose colour it is on', () => {
    const random = new Random(7, 'pointer');
    const height = 180;
    for (const scale of [
      { lanePx: 30, lanesAPixel: 1 },
      { lanePx: 7.5, lanesAPixel: 1 },
      { lanePx: 3, lanesAPixel: 1 },
      { lanePx: 1, lanesAPixel: 8 },
    ]) {
      const lanes = Array.from({ length: (height * scale.lanesAPixel) / scale.lanePx }, (_, lane) => lane);
      const { store } = randomBars(random, lanes.length);
      const rows = new Rows([{ lanes, collapsed: false }], scale, 0);
      const viewport = { fromUs: 0, pixelsPerUs: 0.001 };
      const picture: Picture = { widthPx: WIDTH, heightPx: height, pixels: new Uint32Array(WIDTH * height) };
      const scene = { rows, stores: [store], viewport, scrollPx: 0, nowUs: [100_000], shiftUs: [0] };
      new Painter().paint(scene, PALETTE, BACKDROP, picture);
      let found = 0;
      for (let y = 0; y < height; y++) {
        const hit = rows.at(y);
        assert.ok(hit !== undefined, `row ${y} is of no lane`);
        for (let x = 0; x < WIDTH; x++) {
          const pixel = picture.pixels[y * WIDTH + x];
          if (pixel === undefined || isBackdrop(pixel)) continue;
          const end = hit.index + scale.lanesAPixel;
          const bar = barAt(store, lanes, hit.index, end, scale.lanePx, hit.offset, x / 0.001, 1 / 0.001);
          const place = `${JSON.stringify(scale)} at ${x}, ${y}`;
          assert.ok(bar !== undefined, `${place}: no bar found where one is drawn`);
          const { colour, gap } = PALETTE[bar.kind] as Paint;
          assert.ok(pixel === colour || pixel === gap, `${place}: the bar found is of kind ${bar.kind}`);
          found++;
        }
      }
      assert.ok(found > 1_000, `only ${found} pixels were drawn`);
    }
  });
});

function randomBars(random: Random, lanes: number): { store: BarStore; bars: PlainBar[] } {
  const store = new BarStore();
  const writer = new BarWriter();
  const bars: PlainBar[] = [];
  const count = random.below(lanes < 6 ? 6_000 : 1_500);
  // Half of them come in order of time, as they happen, and are put in order of lanes while more are on their way.
  const isInOrder = random.below(2) === 0;
  const compactAt = random.below(count + 1);
  for (let number = 0; number < count; number++) {
    const lane = random.below(lanes);
    const kind = 1 + random.below(LAST_KIND);
    const startUs = isInOrder ? Math.floor((number / count) * 100_000) : random.below(100_000);
    const lengthUs = random.below(2) === 0 ? random.below(300) : random.below(20_000);
    writer.add(lane, kind, startUs, lengthUs, 0, number);
    bars.push({ lane, kind, startUs, endUs: startUs + lengthUs });
    if (!isInOrder || number !== compactAt) continue;
    store.append(writer.take());
    store.compact();
  }
  store.append(writer.take());
  store.growTo(lanes);
  return { store, bars };
}

function roundedOutwards(bars: readonly PlainBar[], binUs: number): PlainBar[] {
  return bars.map((bar) => {
    const startUs = Math.floor(bar.startUs / binUs) * binUs;
    return { ...bar, startUs, endUs: Math.max(startUs + binUs, Math.ceil(bar.endUs / binUs) * binUs) };
  });
}

function randomScene(random: Random, store: BarStore, lanes: number): Scene {
  let scale = scaleToFit([lanes], 1 + random.below(400));
  for (let step = random.below(6); step > 0; step--) scale = nextScale(scale, random.below(2) === 0 ? 1 : -1);
  const rows = new Rows([{ lanes: Array.from({ length: lanes }, (_, lane) => lane), collapsed: false }], scale, 9);
  return {
    rows,
    stores: [store],
    viewport: { fromUs: random.below(120_000) - 20_000, pixelsPerUs: 10 ** (-4 + (random.below(1000) / 1000) * 3) },
    scrollPx: random.below(Math.max(1, rows.heightPx)) - 10,
    nowUs: [110_000],
    shiftUs: [random.below(5_000)],
  };
}

/** Rows that several lanes share, of a pixel or a part of one more. */
function sharedRows(random: Random): LaneScale {
  return { lanePx: 1 + random.below(1_000) / 1_000, lanesAPixel: 2 ** (1 + random.below(5)) };
}

function emptyPicture(): Picture {
  return { widthPx: WIDTH, heightPx: HEIGHT, pixels: new Uint32Array(WIDTH * HEIGHT) };
}

function isBackdrop(pixel: number): boolean {
  return pixel === BACKDROP.colour || pixel === BACKDROP.lineColour;
}

/** The oracle: asks of every pixel which bars touch it. */
function drawSlowly(scene: Scene, bars: readonly PlainBar[], palette: Palette): Picture {
  const picture = emptyPicture();
  picture.pixels.forEach((_, at) => {
    picture.pixels[at] = BACKDROP.lines.includes(at % WIDTH) ? BACKDROP.lineColour : BACKDROP.colour;
  });
  const { rows, viewport, scrollPx } = scene;
  const { lanePx, lanesAPixel } = rows.scale;
  const shape = laneShape(lanePx);
  const fromUs = viewport.fromUs - (scene.shiftUs[0] ?? 0);
  const laneCount = rows.groups[0]?.lanes.length ?? 0;
  for (let y = 0; y < HEIGHT; y++) {
    const inside = y + scrollPx - rows.headerPx;
    if (inside < 0) continue;
    let row = 0;
    while (Math.floor((row + 1) * lanePx) <= inside) row++;
    const firstLane = row * lanesAPixel;
    const offset = inside - Math.floor(row * lanePx);
    if (firstLane >= laneCount) continue;
    // Stripes are as high as their row, which may be a pixel more or less than its neighbours.
    const stripeBottom = Math.floor((row + 1) * lanePx) - Math.floor(row * lanePx) - stripeGapPx(lanePx);
    const here = bars.filter(({ lane }) => lane >= firstLane && lane < firstLane + lanesAPixel);
    for (let x = 0; x < WIDTH; x++) {
      const highest = new Map<number, number>();
      for (const bar of here) {
        const column = shape.column[bar.kind] as number;
        if (column < 0 || !covers(bar, x, fromUs, viewport.pixelsPerUs)) continue;
        const known = highest.get(column);
        const value = (kind: number): number => shape.value[kind] as number;
        if (known === undefined || value(bar.kind) > value(known)) highest.set(column, bar.kind);
      }
      const order = shape.columns === 1 ? [0] : DRAW_ORDER;
      for (const column of [...order].reverse()) {
        const kind = highest.get(column);
        if (kind === undefined) continue;
        const bottom = shape.columns === 1 ? stripeBottom : (shape.bottom[kind] as number);
        if (offset < (shape.top[kind] as number) || offset >= bottom) continue;
        const paint = palette[kind];
        if (paint === undefined) continue;
        const isLine = onLine(paint.pattern, x, y);
        const colour = shape.columns === 1 ? stripeColour(paint, x, row) : isLine ? paint.colour : paint.gap;
        picture.pixels[y * WIDTH + x] = colour;
      }
    }
  }
  return picture;
}

/** A bar covers every pixel that its time touches, and at least the one that it begins in. */
function covers({ startUs, endUs }: PlainBar, x: number, fromUs: number, pixelsPerUs: number): boolean {
  const from = (startUs - fromUs) * pixelsPerUs;
  const to = from + (endUs - startUs) * pixelsPerUs;
  if (x === Math.floor(from)) return true;
  return x >= from - 1 && x < to && x >= Math.floor(from);
}
