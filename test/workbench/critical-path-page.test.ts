import assert from 'node:assert/strict';
import type { CriticalPath } from '../../src/protocol.ts';
import { VirtualSession } from '../builders/virtual-session.ts';
import { axeViolations } from './axe.ts';
import { testsPages } from './suite-hooks.ts';
import { THEMES, type ThemeName } from './themes.ts';
import { TimelinePage, type PageOptions } from './timeline-page.ts';

const SESSION = 'latest';

describe('what held a runner, on the page of a timeline', function () {
  this.timeout(60_000);
  let page: TimelinePage;

  testsPages(() => page);

  /** Shows sixteen runners whose JIT calls wait for one another, with the last one selected. */
  async function open(options?: PageOptions): Promise<CriticalPath> {
    const session = new VirtualSession({ mode: 'latest', runners: 16, workers: 2 }, { id: SESSION });
    page = await TimelinePage.open(options);
    await page.post({ type: 'reset', title: 'Timeline: latest · embedded 1' });
    await page.post(...session.until(20e6), ...session.end(), { type: 'loaded' });
    const paths = session.runners().flatMap((runner) => session.path(runner) ?? []);
    const [path] = paths.sort((a, b) => b.toUs - b.fromUs - (a.toUs - a.fromUs));
    assert.ok(path !== undefined, 'no runner has a path');
    await page.post({ type: 'showRunner', session: SESSION, runner: path.runner });
    const [asked] = await page.said('askPass');
    assert.ok(asked !== undefined, 'the page asks for the runner’s pass');
    const detail = session.detail(asked.pass);
    assert.ok(detail !== undefined);
    await page.post({ type: 'detail', session: SESSION, detail }, { type: 'path', session: SESSION, path });
    return path;
  }

  /** Waits until the page says that somebody has walked to a step. */
  async function at(pattern: RegExp): Promise<void> {
    await page.page.waitForFunction(
      (source) => new RegExp(source).test(document.getElementById('path-link')?.textContent ?? ''),
      pattern.source,
    );
  }

  it('is a sentence and a table of causes that sum to the wait, and the steps as a table', async () => {
    const path = await open();
    const text = await page.page.locator('#path').innerText();
    assert.match(text, /What held runner-\d+/);
    assert.match(text, /created → pod (?:made|running): \d+\.\d+ s/);
    assert.match(text, /workers busy\s+Actions service of \d+ other runners: \d/);
    const shares = await page.page
      .locator('#path > table td:last-child')
      .evaluateAll((cells) => cells.map((cell) => Number.parseInt(cell.textContent)));
    const sum = shares.reduce((all, share) => all + share, 0);
    assert.ok(Math.abs(sum - 100) <= shares.length, `shares of ${sum} %`);
    await page.page.locator('#path summary').click();
    assert.equal(await page.page.locator('#path tr[data-link]').count(), Math.min(200, path.links.length));
  });

  it('breaks no word in half where the page has room for one column or two', async () => {
    await open();
    for (const width of [520, 400, 320]) {
      await page.page.setViewportSize({ width, height: 900 });
      const broken = await page.page.locator('#path > table th').evaluateAll((cells) =>
        cells.flatMap((cell) => {
          const text = cell.firstChild as Text;
          const words = [...text.data.matchAll(/\S+/g)];
          return words.flatMap(([word], at) => {
            const range = document.createRange();
            range.setStart(text, words[at]?.index ?? 0);
            range.setEnd(text, (words[at]?.index ?? 0) + word.length);
            return range.getClientRects().length > 1 ? [word] : [];
          });
        }),
      );
      assert.deepEqual(broken, [], `at a width of ${width}`);
    }
  });

  it('is walked along by the arrow keys, back to the cause and forth to the effect', async () => {
    const path = await open();
    const count = path.links.length;
    await page.page.locator('#chart').focus();
    await page.page.keyboard.press('ArrowLeft');
    await at(new RegExp(`^Step ${count} of ${count}: `));
    const others = path.links.findLastIndex(({ runner }) => runner !== path.runner);
    assert.ok(others >= 0, 'it waited for others');
    for (let at = count - 1; at > others; at--) await page.page.keyboard.press('ArrowLeft');
    const link = path.links[others];
    assert.ok(link !== undefined);
    const name = link.runner.slice(link.runner.indexOf('/') + 1);
    await at(new RegExp(`^Step ${others + 1} of ${count}: ${name} · Actions service`));
    assert.equal(await page.page.locator('#path tr[aria-current]').getAttribute('data-link'), String(others));
    await page.page.keyboard.press('ArrowRight');
    await at(new RegExp(`^Step ${others + 2} of ${count}: `));
    await page.page.keyboard.press('ArrowLeft');
    await page.page.keyboard.press('Enter');
    const asked = (await page.said('askPass')).at(-1);
    assert.equal(asked?.pass, link.pass, 'Enter selects the pass that was walked to');
  });

  it('says its keys on the sheet; without a selection the same keys move in time', async () => {
    await open();
    await page.page.locator('#chart').focus();
    await page.page.keyboard.press('ArrowLeft');
    await page.page.keyboard.press('Escape');
    await page.page.keyboard.press('Escape');
    // Nothing is selected any more.
    await page.page.locator('#path').waitFor({ state: 'hidden' });
    const before = await page.description();
    await page.page.keyboard.press('ArrowRight');
    await page.page.waitForFunction(
      (text) => document.getElementById('chart')?.getAttribute('aria-label') !== text,
      before,
    );
    await page.page.keyboard.press('?');
    await page.page.locator('#keys-sheet').waitFor();
    assert.match(await page.page.locator('#keys-sheet').innerText(), /← →\s+to the cause and the effect of a wait/);
  });

  for (const theme of Object.keys(THEMES) as ThemeName[]) {
    it(`can be seen and read in ${theme}`, async () => {
      const path = await open({ theme });
      await page.page.locator('#chart').focus();
      for (let at = 0; at < path.links.length / 2; at++) await page.page.keyboard.press('ArrowLeft');
      await page.page.locator('#path summary').click();
      await page.screenshot(`critical-path-${theme}`);
      assert.deepEqual(await axeViolations(page.page, 'aside'), []);
    });
  }
});
