import assert from 'node:assert/strict';
import { axeViolations } from './axe.ts';
import { DEFAULT_SETTINGS } from '../../src/run/settings.ts';
import type { Subject } from '../../src/what-if/what-if.ts';
import { testsPages } from './suite-hooks.ts';
import type { ThemeName } from './themes.ts';
import { WhatIfPageTest } from './what-if-page.ts';

const SHOWN: readonly ThemeName[] = ['dark', 'light', 'highContrast', 'highContrastLight'];

describe('the page of the What If editor', function () {
  this.timeout(120_000);
  let page: WhatIfPageTest;

  testsPages(() => page);

  const subject = (runners: number): Subject => ({
    title: 'What If: burst',
    source: 'The settings of burst.',
    named: '0.12.1',
    question: { settings: { ...DEFAULT_SETTINGS, mode: '0.12.1', runners }, load: {}, objective: { lastUs: 6e6 } },
    origins: { qps: 'the usual value; the log allows 15 to 25' },
  });

  it('shows fields, changes, curve, what to do and the patch, and can be read in every theme', async () => {
    page = await WhatIfPageTest.open(subject(60));
    await page.computed();
    assert.match(
      (await page.page.locator('#verdict').textContent()) ?? '',
      /^Now the last pod comes after .*The least that meets it/,
    );
    assert.ok((await page.page.locator('#tornado tbody tr').count()) > 10);
    assert.match((await page.page.locator('#patch').textContent()) ?? '', /k8sClientRateLimiterQPS: 40/);
    assert.equal(await page.page.locator('#growth p').count(), 2);
    for (const theme of SHOWN) {
      await page.setTheme(theme);
      assert.deepEqual(await axeViolations(page.page), [], theme);
      await page.screenshot(`what-if-${theme}`, true);
    }
  });

  it('keeps values and effects of changes on one line each, on the narrowest page with two columns', async () => {
    page = await WhatIfPageTest.open({ ...subject(12), title: 'What If: narrow' });
    await page.page.setViewportSize({ width: 1010, height: 860 });
    await page.computed();
    await page.page.locator('#tornado summary').click();
    const broken = await page.page.evaluate(`(() => {
      const linesOf = (node, from, to) => {
        const range = document.createRange();
        range.setStart(node, from);
        range.setEnd(node, to);
        return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
      };
      const texts = [...document.querySelectorAll('#tornado tbody tr')].map((row) => {
        const [change, effect] = [row.querySelector('th').firstChild, row.querySelector('.effect, td:nth-child(3)').firstChild];
        const values = /[\\d.]+(?:\\s(?:ms|s|min))? *\\s→.*$/.exec(change.data);
        return [
          values === null ? 1 : linesOf(change, values.index, change.data.length),
          linesOf(effect, 0, effect.data.length),
          change.data + ': ' + effect.data,
        ];
      });
      return texts.filter(([values, effect]) => values > 1 || effect > 1).map((text) => text[2]);
    })()`);
    assert.deepEqual(broken, []);
    const overflow = await page.page.evaluate('document.documentElement.scrollWidth - innerWidth');
    assert.ok(Number(overflow) <= 0, `the page is ${String(overflow)} px too wide`);
  });

  it('lets a person go on writing in a field while everything is computed again', async () => {
    page = await WhatIfPageTest.open(subject(10));
    await page.computed();
    const field = page.page.locator('#now-qps input');
    await field.focus();
    await page.page.keyboard.press('End');
    await page.page.keyboard.type('0');
    await page.page.locator('#try-qps[aria-valuetext^="200 "]').waitFor();
    await page.page.keyboard.type('5');
    await page.page.locator('#try-qps[aria-valuetext^="2005 "]').waitFor();
    assert.equal(await page.page.evaluate('document.activeElement.id'), 'now-qps');
    await page.page.keyboard.type('x');
    await page.page.locator('.problem', { hasText: 'a number from 0' }).waitFor();
    assert.equal(await field.inputValue(), '2005x', 'what is wrong stays to be corrected');
  });

  it('takes what was typed in each field when a person leaves it at once, also while everything is being computed', async () => {
    page = await WhatIfPageTest.open(subject(60));
    await page.page.locator('#progress[aria-busy="true"]').waitFor();
    const typed = [
      ['runners', '9'],
      ['workers', '4'],
      ['last', '7'],
    ] as const;
    for (const [id, value] of typed) {
      await page.page.locator(`#now-${id} input`).click({ clickCount: 3 });
      await page.page.keyboard.type(value);
      await page.page.keyboard.press('Tab');
    }
    await page.computed();
    for (const [id, value] of typed) {
      assert.equal(
        await page.page.locator(`#now-${id} input`).inputValue(),
        value,
        `${id} is no longer what was typed`,
      );
    }
    const { runners, workers } = page.engine.settings.now;
    assert.deepEqual([runners, workers], [9, 4], 'it is computed with what was typed');
    assert.match((await page.page.locator('#verdict').textContent()) ?? '', /last pod within 7\.00 s/);
  });

  it('keeps what a person has zoomed to when a slider draws the compared timeline again', async () => {
    page = await WhatIfPageTest.open(subject(30));
    await page.computed();
    const chart = page.page.locator('#chart');
    await chart.scrollIntoViewIfNeeded();
    const shown = async (): Promise<string> =>
      /Shown is the time from .* to [^.]*\./.exec((await chart.getAttribute('aria-label')) ?? '')?.[0] ?? '';
    const whole = await shown();
    await chart.hover();
    await page.page.keyboard.down('Control');
    for (let turn = 0; turn < 5; turn++) await page.page.mouse.wheel(0, -200);
    await page.page.keyboard.up('Control');
    const tried = page.page.locator('#try-qps');
    const redraw = async (key: string): Promise<void> => {
      const before = page.ofType('drawn').length;
      await tried.press(key);
      while (page.ofType('drawn').length === before) await page.page.waitForTimeout(20);
    };
    await redraw('ArrowRight');
    const zoomed = await shown();
    assert.notEqual(zoomed, whole, 'a zoom was kept');
    await redraw('ArrowRight');
    assert.equal(await shown(), zoomed);
  });

  it('draws the compared timeline again when a slider is moved by keys, and says what is different', async () => {
    page = await WhatIfPageTest.open(subject(300));
    await page.computed();
    const slider = page.page.locator('#try-qps');
    await slider.focus();
    // Threads are warm after some moves.
    for (let move = 0; move < 12; move++) {
      await page.page.keyboard.press(move % 4 < 2 ? 'ArrowRight' : 'ArrowLeft');
      const before = page.ofType('drawn').length;
      await page.page.waitForTimeout(150);
      for (let wait = 0; wait < 100 && page.ofType('drawn').length === before; wait++)
        await page.page.waitForTimeout(20);
    }
    await page.page.keyboard.press('ArrowRight');
    await page.page.locator('#compared p', { hasText: 'sooner' }).waitFor();
    const times = page.ofType('drawn').map(({ afterMs }) => Math.round(afterMs));
    process.stdout.write(
      `    timeline of 300 runners drawn ${times.join(', ')} ms after the slider moved (aim 100 ms)\n`,
    );
    assert.ok(times.length > 0, 'nothing was drawn');
    assert.match((await page.page.locator('#chart').getAttribute('aria-label')) ?? '', /tried/);
    await page.screenshot('what-if-tried', true);
  });
});
