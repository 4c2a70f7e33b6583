import assert from 'node:assert/strict';
import { VirtualSession } from '../builders/virtual-session.ts';
import { lightnessOf } from '../../src/timeline/lightness.ts';
import { THEMES, type ThemeName } from './themes.ts';
import { testsPages } from './suite-hooks.ts';
import { TimelinePage } from './timeline-page.ts';

/** Steps of lightness, 0 (black) to 100 (white): twice what it takes to see that two greys side by side are two. */
const LEAST_DIFFERENCE = 6;
/** Patterns repeat after eight pixels: what is one grey for longer is a bar without a pattern. */
const SOLID_PX = 9;
/** A short request between two bars: they are neighbours all the same. */
const HAIRLINE_PX = 3;

interface Run {
  readonly grey: number;
  readonly colour: number;
  readonly length: number;
}

/** Thirty runners in two modes on a small laptop: lanes are stripes, two pixels high, without room for a word. */
describe('stripes without colours', function () {
  this.timeout(60_000);
  let page: TimelinePage;

  testsPages(() => page);

  for (const theme of Object.keys(THEMES) as ThemeName[]) {
    it(`show what follows on what, in ${theme}`, async () => {
      page = await TimelinePage.open({ theme, width: 750, height: 600 });
      await page.post({ type: 'reset', title: 'Timeline: old and new · embedded 1' });
      for (const [colour, mode] of (['old', 'new'] as const).entries()) {
        const session = new VirtualSession({ mode, runners: 30, jobDurationUs: 3_000_000 }, { colour });
        await page.post(...session.until(11e6), ...session.end());
      }
      await page.post({ type: 'loaded' });
      await page.describedAs(/to 1[12](\.\d+)? s/);
      await page.page.waitForTimeout(500);
      const coloured = await pixels();
      await page.page.evaluate("document.documentElement.style.filter = 'grayscale(1)'");
      const grey = await pixels();
      await page.screenshot(`without-colours-${theme}`);
      const seen = new Set<string>();
      let patterned = 0;
      for (let y = 0; y < coloured.length; y++) {
        let before: Run | undefined;
        let between: Run[] = [];
        for (const run of runsOf(coloured[y] as number[], grey[y] as number[])) {
          if (run.length < SOLID_PX) {
            between.push(run);
            continue;
          }
          const greys = between.map((one) => one.grey);
          const room = between.reduce((sum, { length }) => sum + length, 0);
          if (room >= 4 * SOLID_PX) {
            const contrast = lightness(Math.max(...greys)) - lightness(Math.min(...greys));
            assert.ok(contrast >= LEAST_DIFFERENCE, `a pattern in row ${y} is seen by ${contrast.toFixed(1)} only`);
            patterned++;
          } else if (room <= HAIRLINE_PX && before !== undefined && before.colour !== run.colour) {
            const difference = Math.abs(lightness(before.grey) - lightness(run.grey));
            const [one, other] = [before, run].map(({ colour }) => colour.toString(16));
            assert.ok(
              difference >= LEAST_DIFFERENCE,
              `${one} and ${other} differ by ${difference.toFixed(1)} as greys`,
            );
            seen.add([one, other].toSorted().join());
          }
          before = run;
          between = [];
        }
      }
      assert.ok(seen.size >= 3, `only ${[...seen].join(' and ')} lie side by side`);
      assert.ok(patterned > 50, `only ${patterned} rows show a pattern`);
    });
  }

  /** The chart right of the names as it is on screen: by row each pixel as 0xRRGGBB. */
  async function pixels(): Promise<number[][]> {
    const box = await page.page.locator('#chart').boundingBox();
    assert.ok(box !== null);
    const left = 182;
    const png = await page.page.screenshot({
      clip: { x: box.x + left, y: box.y + 24, width: box.width - left - 8, height: box.height - 30 },
    });
    return page.page.evaluate(async (bytes) => {
      const image = await createImageBitmap(new Blob([Uint8Array.from(atob(bytes), (one) => one.charCodeAt(0))]));
      const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
      if (context === null) return [];
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, image.height);
      return Array.from({ length: image.height }, (_, y) =>
        Array.from({ length: image.width }, (__, x) => {
          const at = (y * image.width + x) * 4;
          return ((data[at] as number) << 16) | ((data[at + 1] as number) << 8) | (data[at + 2] as number);
        }),
      );
    }, png.toString('base64'));
  }
});

/** Pixels of one colour side by side. */
function* runsOf(coloured: readonly number[], grey: readonly number[]): Generator<Run> {
  for (let from = 0; from < coloured.length;) {
    let to = from + 1;
    while (to < coloured.length && coloured[to] === coloured[from]) to++;
    yield { grey: grey[from] as number, colour: coloured[from] as number, length: to - from };
    from = to;
  }
}

function lightness(pixel: number): number {
  return lightnessOf(`#${pixel.toString(16).padStart(6, '0')}`);
}
