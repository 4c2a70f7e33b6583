import assert from 'node:assert/strict';
import { simulate, type FinishedRun } from '../../src/run/embedded-run.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../src/run/settings.ts';
import { htmlReport } from '../../src/report/html.ts';
import { screenshotPath } from './screenshots.ts';
import { testsBrowser } from './suite-hooks.ts';

const LOOKS = {
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  light: { colorScheme: 'light', forcedColors: 'none' },
  'high-contrast': { colorScheme: 'dark', forcedColors: 'active' },
} as const;

/** The report that people send to one another, in a browser. */
describe('the page of a report', function () {
  this.timeout(60_000);
  const browser = testsBrowser();

  it('is read from the top: what is compared, what it shows, with which settings; and loses nothing', async () => {
    const runsOf = (changes: Partial<RunSettings>): FinishedRun[] =>
      (['old', 'new'] as const).map((mode) => simulate({ ...DEFAULT_SETTINGS, mode, workers: 1, ...changes }));
    // Minutes in every column take the most room.
    const [runs, slow] = [runsOf({ runners: 30 }), runsOf({ runners: 10, pods: 'slow-node', jobDurationUs: 4e9 })];
    const page = await browser().newPage();
    await page.setContent(
      htmlReport([
        { title: '30 runners', runs },
        { title: 'slow pods', runs: slow },
      ]),
    );
    for (const [look, media] of Object.entries(LOOKS)) {
      await page.emulateMedia(media);
      for (const [width, height] of [
        [1600, 950],
        [1100, 700],
      ] as const) {
        await page.setViewportSize({ width, height });
        const first = await page.evaluate(() => document.body.innerText.slice(0, 1_000));
        const places = ['old and new compared', 'sooner', '1 worker', 'first pod'].map((part) => first.indexOf(part));
        assert.ok(!places.includes(-1), first);
        const { needed, given } = await page.evaluate(() => {
          const { scrollWidth: needed, clientWidth: given } = document.documentElement;
          return { needed, given };
        });
        assert.ok(needed <= given, `${look}: ${needed} pixels wide in ${given}`);
        await page.screenshot({ path: screenshotPath(`report-${look}-${width}.png`), fullPage: true });
      }
    }
  });
});
