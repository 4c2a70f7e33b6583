import assert from 'node:assert/strict';
import { TimelineFeed } from '../../src/extension/timeline-feed.ts';
import { traceSource } from '../../src/extension/run.ts';
import { parseLoad } from '../../src/run/job-load.ts';
import { chainRun } from '../builders/chain-run.ts';
import { testsPages } from './suite-hooks.ts';
import { THEMES, type ThemeName } from './themes.ts';
import { TimelinePage } from './timeline-page.ts';

describe('the page of a whole chain', function () {
  this.timeout(60_000);
  let page: TimelinePage;

  testsPages(() => page);

  const { trace } = chainRun('latest', { jobs: parseLoad('4'), maxRunners: 3 });
  const source = traceSource('chain', 'chain.arctrace.jsonl', trace);

  async function open(theme: ThemeName, height = 760): Promise<TimelineFeed> {
    const feed = new TimelineFeed([source]);
    page = await TimelinePage.open({ theme, width: 1300, height });
    await page.post({ type: 'reset', title: 'chain' }, ...feed.sessions(), ...feed.take(), { type: 'loaded' });
    return feed;
  }

  for (const theme of Object.keys(THEMES) as ThemeName[]) {
    it(`draws arrows from a job to the pod of the selected runner over the lanes of all kinds, in ${theme}`, async () => {
      const feed = await open(theme);
      const before = await page.page.locator('#chart').screenshot();
      const passes = Array.from({ length: trace.passCount }, (_, number) => trace.pass(number));
      const number = passes.findIndex(({ controller }) => controller === 'ephemeralrunner');
      const runner = passes[number]?.object ?? '';
      await page.post({ type: 'showRunner', session: 'chain', runner, pass: number });
      const detail = feed.detail('chain', number);
      assert.ok(detail !== undefined && detail.links.length === 5);
      await page.post({ type: 'detail', session: 'chain', detail });
      const after = await page.page.locator('#chart').screenshot();
      assert.notDeepEqual(after, before);
      await page.screenshot(`chain-${theme}`);
      assert.match(
        await page.page.locator('#pass').innerText(),
        /The runner was made because the set's replicas were patched/,
      );
    });
  }

  it('lists the passes of every kind and the requests of the listener in its table', async () => {
    await open('dark');
    await page.page.locator('#table-button').click();
    const heads = await page.page.locator('#table th[scope=col]').allInnerTexts();
    assert.ok(heads.includes('kind'), heads.join());
    await page.page.locator('#search input').fill('kind:set');
    const kinds = page.page.locator('#table tbody tr td:nth-of-type(2)');
    // The table follows the search a moment later.
    await kinds
      .filter({ hasText: /^(runner|listener)$/ })
      .first()
      .waitFor({ state: 'detached' });
    assert.deepEqual(new Set(await kinds.allInnerTexts()), new Set(['scale set', 'runner set']));
    await page.page.locator('#search input').fill('');
    await page.page.locator('#table th button', { hasText: 'phases' }).click();
    await page.page.locator('#table').getByText('listener waiting for messages').first().waitFor();
  });

  it('counts runners in its summary, and not what lies above them', async () => {
    await open('dark');
    const summary = page.page.locator('#pass dl').first();
    const runners = new Set(
      Array.from({ length: trace.passCount }, (_, number) => trace.pass(number)).flatMap(({ controller, object }) =>
        controller === 'ephemeralrunner' ? [object] : [],
      ),
    );
    assert.match(await summary.innerText(), new RegExp(`runners\\s+${runners.size}\\b`));
    // They are deleted after their jobs, and nothing but their pods says that they are done.
    assert.match(await summary.innerText(), new RegExp(`runners finished\\s+${runners.size}\\b`));
  });

  it('shows the lanes of one kind where that is searched for', async () => {
    await open('dark');
    const before = await page.page.locator('#chart').screenshot();
    await page.page.locator('#search input').fill('kind:listener');
    await page.page.waitForTimeout(300);
    assert.notDeepEqual(await page.page.locator('#chart').screenshot(), before);
    await page.screenshot('chain-kind');
  });

  it('says in the tip which kind a lane is of, and that a poll waits', async () => {
    await open('dark');
    const box = await page.page.locator('#chart').boundingBox();
    assert.ok(box !== null);
    // The listener's lane is the fourth; in the middle of the time it polls.
    const tip = page.page.locator('#tip');
    for (let y = 150; y < 400; y += 10) {
      await page.page.mouse.move(box.x + 600, box.y + y);
      await page.page.waitForTimeout(40);
      if (/listener waiting for messages/.test(await tip.innerText())) break;
    }
    assert.match(await tip.innerText(), /^Listener arc-systems\/lab-.*-listener · listener waiting for messages · /);
  });
});
