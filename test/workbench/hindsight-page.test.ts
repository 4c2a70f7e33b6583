import assert from 'node:assert/strict';
import type * as Playwright from 'playwright-core';
import { hindsightPage } from '../../src/hindsight/hindsight-page.ts';
import { pointOfNoReturn, type Hindsight } from '../../src/hindsight/point-of-no-return.ts';
import { parseHappenings } from '../../src/run/happenings.ts';
import { DEFAULT_SETTINGS } from '../../src/run/settings.ts';
import { simulateSpec } from '../../src/run/simulate-spec.ts';
import { axeViolations } from './axe.ts';
import { THEMES } from './themes.ts';
import { screenshotPath } from './screenshots.ts';
import { testsBrowser } from './suite-hooks.ts';

function look(happens?: string): Promise<Hindsight> {
  const settings = { ...DEFAULT_SETTINGS, mode: 'latest', podStartUs: 1_000_000 };
  const subject = { kind: 'runner', key: 'arc-runners/runner-1' } as const;
  return pointOfNoReturn(
    { settings, load: happens === undefined ? {} : { happenings: parseHappenings(happens) }, subject },
    {
      ...{ moments: 12, futures: 4 },
      run: (one) => {
        const run = simulateSpec(one, () => false);
        return run === undefined ? Promise.reject(new Error('nobody cancels it')) : Promise.resolve(run);
      },
    },
  );
}

describe('the page of a point of no return', function () {
  this.timeout(60_000);
  const browser = testsBrowser();

  async function open(hindsight: Hindsight): Promise<Playwright.Page> {
    const page = await browser().newPage({ viewport: { width: 900, height: 800 } });
    await page.setContent(
      hindsightPage(hindsight, {
        ...{ title: 'Point of No Return: runner-1', language: 'en', nonce: 'abc', note: '' },
        linkTo: (atUs) => `command:show?${atUs}`,
      }),
    );
    return page;
  }

  it('says what happened and what to do, and has the chart as a table too, in every theme', async () => {
    const hindsight = await look('delete runner-1 at 150ms');
    const page = await open(hindsight);
    assert.match((await page.locator('#answer').textContent()) ?? '', /^runner-1 is gone[^]+somebody deletes runner-1/);
    assert.match((await page.locator('#advice').textContent()) ?? '', /^Delete the registration of runner-1 at GitHub/);
    assert.equal(await page.locator('svg circle').count(), hindsight.estimates.length);
    const rows = await page.locator('tbody tr').allTextContents();
    assert.ok(rows.includes('00:00.1500 of 4'), rows.join());
    for (const [theme, { className, variables }] of Object.entries(THEMES)) {
      await page.evaluate(
        ([name, style]) => {
          document.body.className = name;
          for (const one of style.split(';')) {
            const [property = '', value = ''] = one.split(/:(.*)/s);
            document.documentElement.style.setProperty(property, value);
          }
        },
        [className, variables] as const,
      );
      assert.deepEqual(await axeViolations(page), [], theme);
      await page.screenshot({ path: screenshotPath(`hindsight-${theme}.png`), fullPage: true });
    }
    const isWide = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth > clientWidth;
    });
    assert.ok(!isWide, 'it is wider than its tab');
  });

  it('leads from the line in the chart, and from each row, to the moment', async () => {
    const hindsight = await look('delete runner-1 at 150ms');
    const page = await open(hindsight);
    assert.ok(hindsight.verdict.kind === 'event');
    const link = `command:show?${hindsight.verdict.first.atUs}`;
    assert.equal(await page.locator('svg a').getAttribute('href'), link);
    assert.ok((await page.locator(`tbody a[href="${link}"]`).count()) >= 1);
    assert.equal(await page.locator('tbody a').count(), await page.locator('tbody tr').count());
  });

  it('has neither chart nor advice where all went well', async () => {
    const page = await open(await look());
    assert.match((await page.locator('#answer').textContent()) ?? '', /There is no point of no return\.$/);
    assert.deepEqual([await page.locator('svg').count(), await page.locator('#advice').count()], [0, 0]);
  });
});
