import assert from 'node:assert/strict';
import type * as Playwright from 'playwright-core';
import { testsWorkbench } from './suite-hooks.ts';
import { RETRIES, THEMES, Workbench } from './workbench.ts';

/** A burst whose releases differ by what they do with the service and with secrets. */
const SETTINGS = {
  'arcReconcilerLab.runners': 100,
  'arcReconcilerLab.workers': 4,
  'arcReconcilerLab.jitLatency': '400ms',
};

/** What people see of the whole chain: jobs, scale set, listener, sets and runners, and versions side by side. */
describe('a scale set with jobs in the workbench', function () {
  this.timeout(6 * 60_000);
  this.retries(RETRIES);
  let workbench: Workbench;

  testsWorkbench(() => workbench);

  before(async () => {
    workbench = await Workbench.open({ settings: SETTINGS });
    workbench.page.setDefaultTimeout(30_000);
  });

  const row = (text: string | RegExp): Playwright.Locator =>
    workbench.page.locator('.pane-body .monaco-list-row', { hasText: text });
  const choice = (text: string | RegExp): Playwright.Locator =>
    workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: text });
  const type = async (label: string, text: string): Promise<void> => {
    const { page } = workbench;
    await page.locator('.quick-input-title', { hasText: label }).waitFor();
    await page.locator('.quick-input-widget input').first().fill(text);
    await page.keyboard.press('Enter');
  };
  const headline = (): Playwright.Locator => workbench.timeline().locator('#headline');
  const notice = (text: string | RegExp): Playwright.Locator =>
    workbench.timeline().locator('#notices').getByText(text);
  const copiedLine = async (): Promise<string> => {
    await workbench.command('ARC: Copy Command Line');
    const copied = workbench.page.locator('.statusbar-item', { hasText: 'Copied: npx arc-lab' }).first();
    await copied.waitFor();
    return (await copied.textContent()) ?? '';
  };

  it('is started from the palette, in a version that is typed, with jobs and a maximum', async () => {
    const { page } = workbench;
    await workbench.command('View: Show ARC Lab');
    await workbench.command('ARC: Run Reconciler Locally');
    await workbench.answer('Select where to run the reconciler');
    await page.getByPlaceholder('Select a reconciler mode').fill('0.10.1');
    await choice('0.10.1 is run as new, which does the same.').waitFor();
    await workbench.screenshot('chain-typed-version-dark');
    await page.getByPlaceholder('Select a reconciler mode').fill('0.14.2');
    await choice('Run 0.14.2').click();
    await choice('A scale set with jobs…').click();
    await type('Jobs of the scale set', '12 at once');
    await choice('Most runners').click();
    await type('Most runners', '6');
    await choice('by a scale set that has jobs').waitFor();
    await workbench.screenshot('chain-options-dark');
    await choice('Start').first().click();
    await row(/^lab.*waits for its listener/)
      .first()
      .waitFor();
  });

  it('shows scale set, listener, set and runners below each other, with what each waits for', async () => {
    await row(/listener.*polls for messages/)
      .first()
      .waitFor({ timeout: 60_000 });
    await row(/wants 6, has/)
      .first()
      .waitFor();
    await row(/lab-.*runner/)
      .first()
      .waitFor();
    const levels = await workbench.page
      .locator('.pane-body .monaco-list-row')
      .evaluateAll((rows) =>
        rows.map((one) => [Number(one.getAttribute('aria-level')), one.getAttribute('aria-label') ?? '']),
      );
    const levelOf = (label: RegExp): number => Number(levels.find(([, text]) => label.test(String(text)))?.[0]);
    const kinds = [/^AutoscalingRunnerSet lab/, /^AutoscalingListener lab/, /^EphemeralRunnerSet lab/, /-runner-/];
    assert.deepEqual(kinds.map(levelOf), [2, 3, 3, 4], JSON.stringify(levels));
    await workbench.pictures('chain', THEMES);
  });

  it('lets the listener be killed by its menu, and shows that the scale set waits for another', async () => {
    const { page } = workbench;
    await row(/listener.*(polls|patches|says|tells|acquires)/)
      .first()
      .click({ button: 'right' });
    const menu = page.locator('.monaco-menu');
    for (const item of ['Slow Listener Down…', 'Evict Listener', 'Copy Listener Name'])
      await menu.getByText(item).waitFor();
    await workbench.screenshot('chain-listener-menu-dark');
    await menu.getByText('Kill Listener').click();
    await row(/^lab.*waits for its listener/)
      .first()
      .waitFor();
    await row(/listener.*polls for messages/)
      .first()
      .waitFor({ timeout: 60_000 });
  });

  it('ends when its jobs are done, copies the call that is the same run, and does more jobs when they are queued', async () => {
    await headline().filter({ hasText: 'All 12 jobs are done.' }).waitFor({ timeout: 120_000 });
    await notice(/All 12 jobs are done; their scale set waits for more\./).waitFor({ timeout: 180_000 });
    const line = await copiedLine();
    assert.match(line, /arc-lab run --mode 0\.14\.2 --jobs '12 at once' --max 6 .*--until-idle/);
    await workbench.timeline().locator('#notices').getByText('Queue Jobs…').first().click();
    await type('ARC: Queue Jobs', '3 jobs, 1 a second');
    // The timeline goes to the new jobs: nothing is left to go to.
    await workbench.timeline().locator('#follow').waitFor({ state: 'hidden' });
    await headline().filter({ hasText: '15 jobs are done.' }).waitFor({ timeout: 120_000 });
    await workbench.command('ARC: Stop All');
  });

  it('compares versions that are ticked, with the workers and the latency of the settings', async () => {
    const { page } = workbench;
    await workbench.command('ARC: Compare Versions');
    await page.getByPlaceholder('Select the versions to compare, in their order').waitFor();
    for (const id of ['old', 'new', '0.12.1', '0.13.1', '0.14.2'])
      await choice(new RegExp(`^${id}[^.\\d]`))
        .first()
        .click();
    await workbench.screenshot('compare-versions-dark');
    await page.getByRole('button', { name: 'OK' }).click();
    await choice('Start with 100 runners').click();
    await headline()
      .filter({ hasText: /0\.14\.2/ })
      .waitFor({ timeout: 120_000 });
    await notice(/All 100 runners have their pods/).waitFor({ timeout: 180_000 });
    await notice(
      /because of #4390 .*one after another; without #4390 the last pod comes at \d+\.\d+ s instead of \d+\.\d+ s\./,
    ).waitFor({
      timeout: 120_000,
    });
    const line = await copiedLine();
    assert.match(
      line,
      /arc-lab compare --modes 0\.12\.1,0\.13\.1,0\.14\.2 --runners 100 --workers 4 --jit-latency 400ms --pod-start 2000ms$/,
    );
    await workbench.pictures('compare-versions', ['Dark Modern', 'Light Modern']);
  });
});
