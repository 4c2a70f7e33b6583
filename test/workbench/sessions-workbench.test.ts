import assert from 'node:assert/strict';
import type * as Playwright from 'playwright-core';
import { testsWorkbench } from './suite-hooks.ts';
import { ServedCluster } from './served.ts';
import { RETRIES, SHOWN, THEMES, Workbench } from './workbench.ts';

const CONTEXT = 'arc-lab';

/** What people see of sessions: the first run, how a run ends, which run a command means, and one that writes. */
describe('sessions in the workbench', function () {
  this.timeout(4 * 60_000);
  this.retries(RETRIES);
  let workbench: Workbench;
  let cluster: ServedCluster;

  testsWorkbench(() => workbench);

  before(async () => {
    cluster = await ServedCluster.start();
    workbench = await Workbench.open({ environment: cluster.environment });
  });

  after(async () => {
    cluster?.end();
  });

  const row = (text: string | RegExp): Playwright.Locator =>
    workbench.page.locator('.pane-body .monaco-list-row', { hasText: text });
  const choice = (text: string | RegExp): Playwright.Locator =>
    workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: text });
  const status = (): Playwright.Locator => workbench.page.locator('.statusbar-item[id*="arcReconcilerLab"]');
  const headline = (): Playwright.Locator => workbench.timeline().locator('#headline');
  const notice = (text: string | RegExp): Playwright.Locator =>
    workbench.timeline().locator('#notices').getByText(text);

  it('shows the point in the first run, with three times Enter and the settings as they come', async () => {
    const { page } = workbench;
    await workbench.command('View: Show ARC Lab');
    await workbench.command('ARC: Run Reconciler Locally');
    await page.locator('.quick-input-title', { hasText: 'ARC: Run Reconciler Locally (1/3)' }).waitFor();
    await workbench.answer('Select where to run the reconciler');
    await page.locator('.quick-input-title', { hasText: '(2/3)' }).waitFor();
    await workbench.answer('Select a reconciler mode');
    await page.locator('.quick-input-title', { hasText: '(3/3)' }).waitFor();
    await choice('Start with 30 runners').waitFor();
    await choice('More…').waitFor();
    await page.keyboard.press('Enter');
    await row('new · embedded').first().waitFor();
    assert.match(
      (await status().textContent()) ?? '',
      /^\s*ARC · old \d+\/\d+ · new \d+\/\d+$/,
      'the status bar is short',
    );
    await headline()
      .filter({ hasText: /sooner/ })
      .waitFor({ timeout: 60_000 });
  });

  it('ends by itself when nothing is left to do, says so and rests', async () => {
    await notice(/All 30 runners have their pods; nothing is left to do\. .*ended/).waitFor({ timeout: 60_000 });
    const said = (await headline().textContent()) ?? '';
    assert.match(said, /new/, said);
    for (const mode of ['old', 'new'])
      await row(new RegExp(`${mode} · embedded.*ended \\d`))
        .first()
        .waitFor();
    await status().waitFor({ state: 'hidden' });
    await workbench.pictures('first-run', THEMES);
  });

  it('shows the runners of a filter in the tree and in the timeline, and clears it in both', async () => {
    await workbench.command('ARC: Filter Runners');
    await workbench.page.locator('.quick-input-title', { hasText: 'Filter runners' }).waitFor();
    await workbench.page.keyboard.type('runner-2');
    await workbench.page.keyboard.press('Enter');
    await row('11 of 30 runners').nth(3).waitFor();
    await notice(/Runners are filtered, here and in the tree: name contains “runner-2”/).waitFor();
    await workbench.screenshot('filter-dark');
    await workbench.timeline().locator('#notices').getByText('Clear Filter').click();
    await notice(/Runners are filtered/).waitFor({ state: 'hidden' });
    await row('11 of 30 runners').first().waitFor({ state: 'hidden' });
  });

  it('goes on when runners are created in it', async () => {
    await workbench.timeline().locator('#notices').getByText('Create Runners…').first().click();
    await workbench.page.getByText('Number of EphemeralRunners to create').waitFor();
    await workbench.page.keyboard.type('2');
    await workbench.page.keyboard.press('Enter');
    await notice(/All 32 runners have their pods; nothing is left to do/).waitFor({ timeout: 60_000 });
  });

  it('reaches presets, load and faults from the run flow, and does not end with a stuck pod', async () => {
    const { page } = workbench;
    await workbench.command('ARC: Run Reconciler Locally');
    await page.getByPlaceholder('Select where to run the reconciler').waitFor();
    await choice('in this process').click();
    await page.getByPlaceholder('Select a reconciler mode').waitFor();
    await choice(/^new/).click();
    await choice('More…').click();
    for (const knob of ['Pods', 'Runners per second', 'Workers', 'Latency of the Kubernetes API', 'Fail requests…']) {
      await choice(knob).first().waitFor();
    }
    await workbench.screenshot('more-dark');
    await choice(/^Pods/).click();
    await choice('image-pull-back-off').click();
    await choice(/^Runners\s*\d/).click();
    await page.getByText('Number of EphemeralRunners to create').waitFor();
    await page.keyboard.type('3');
    await page.keyboard.press('Enter');
    await choice('image-pull-back-off').waitFor();
    await choice('Start').first().click();
    // The kubelet tries again for a minute before it is clear that nothing will change.
    await notice(/3 of 3 runners are stuck: ImagePullBackOff.*Nothing is scheduled/).waitFor({ timeout: 150_000 });
    const session = row(/new · embedded.*stuck: ImagePullBackOff/).first();
    await session.waitFor();
    assert.match((await row('embedded').first().textContent()) ?? '', /stuck/, 'the newest session is at the top');
    await row(/runner-2.*ImagePullBackOff.* · pending/)
      .first()
      .waitFor({ timeout: 30_000 });
    await workbench.pictures('stuck', SHOWN);
  });

  it('takes the timeline in front for what a command means, and asks nothing', async () => {
    const { page } = workbench;
    await workbench.command('ARC: Stop');
    await row(/new · embedded.*ended · 3 pending/)
      .first()
      .waitFor();
    await page
      .locator('.tab', { hasText: /old and new/ })
      .first()
      .click();
    // A tab's tooltip would cover the timeline's toolbar.
    await page.mouse.move(0, 0);
    await workbench.command('ARC: Copy Command Line');
    const copied = page.locator('.statusbar-item', { hasText: 'Copied: npx arc-lab compare' }).first();
    await copied.waitFor();
    assert.match((await copied.textContent()) ?? '', /arc-lab compare --runners \d+ --workers \d+/);
    // A question would have to be answered before anything is copied.
    await page.locator('.quick-input-list').waitFor({ state: 'hidden' });
  });

  it('shows how far the creation of many runners has come, and cancels it', async () => {
    const { page } = workbench;
    await workbench.command('ARC: Run Reconciler Locally');
    await page.getByPlaceholder('Select where to run the reconciler').waitFor();
    await choice('in this process').click();
    await page.getByPlaceholder('Select a reconciler mode').waitFor();
    await choice(/^new/).click();
    await page.getByText('Number of EphemeralRunners to create').waitFor();
    await page.keyboard.type('30000');
    await choice('Start with 30000 runners').click();
    const progress = page.locator('.notification-toast', { hasText: /Creating 30.?000 runners/ });
    await progress.filter({ hasText: /\d so far/ }).waitFor();
    await workbench.screenshot('creation-dark');
    await progress.getByText('Cancel').click();
    await progress.waitFor({ state: 'hidden', timeout: 60_000 });
    await workbench.command('ARC: Stop All');
    await workbench.command('ARC: Remove Ended Sessions');
    await row('embedded').first().waitFor({ state: 'hidden' });
  });

  it('marks a session in shadow', async () => {
    await attach('ARC: Run Reconciler Locally', '(1/3)');
    await notice(/Shadow: nothing is written to arc-lab/).waitFor({ timeout: 60_000 });
    await row(/new · arc-lab.*shadow, nothing is written/)
      .first()
      .waitFor();
    await workbench.pictures('shadow', SHOWN);
    await workbench.command('ARC: Stop All');
  });

  it('says when a server has fallen silent, in tree, status bar, banner and message, and when it is back', async () => {
    await attach('ARC: Run Reconciler Locally', '(1/3)');
    await row(/new · arc-lab.*shadow, nothing is written/)
      .first()
      .waitFor({ timeout: 60_000 });
    cluster.hang();
    try {
      await notice(/Connection to arc-lab.* lost .* ago/).waitFor({ timeout: 60_000 });
      await row(/new · arc-lab.*connection lost, trying again/)
        .first()
        .waitFor();
      await status().filter({ hasText: 'no connection to arc-lab' }).waitFor();
      assert.match((await status().getAttribute('class')) ?? '', /error-kind/);
      await workbench.page.locator('.notification-toast', { hasText: 'lost' }).getByText('Reconnect').waitFor();
      await workbench.pictures('lost', SHOWN);
    } finally {
      cluster.goOn();
    }
    await notice(/Connection to arc-lab/).waitFor({ state: 'hidden', timeout: 60_000 });
    const chart = workbench.timeline().locator('#chart[aria-label*="no connection from"]');
    await chart.waitFor({ timeout: 20_000 });
    await workbench.pictures('back', SHOWN);
    await workbench.command('ARC: Stop All');
    await workbench.command('Notifications: Clear All Notifications');
  });

  it('can look first: a session that is held reconciles nothing until it is released', async () => {
    await attach('ARC: Run Reconciler Locally', '(1/3)', 'Look first');
    await row(/new · arc-lab.*held/)
      .first()
      .waitFor({ timeout: 60_000 });
    await row(/runner-2.*not seen by a pass yet/)
      .first()
      .waitFor();
    await workbench.screenshot('held-dark');
    await workbench.timeline().locator('#notices').getByText('Start Reconciling').click();
    await row(/new · arc-lab.*shadow, nothing is written/)
      .first()
      .waitFor();
    await row(/runner-2.*job running/)
      .first()
      .waitFor({ timeout: 60_000 });
    await workbench.command('ARC: Stop All');
  });

  it('does not write for five times Enter: the button that has the focus is the safe one', async () => {
    const { page } = workbench;
    await attach('ARC: Run Reconciler and Write to a Cluster', '(1/4)');
    const dialog = page.locator('.monaco-dialog-box');
    await dialog.getByText('Let the reconciler write to this cluster?').waitFor({ timeout: 60_000 });
    const focused = await page.evaluate(() => document.activeElement?.textContent ?? '');
    assert.equal(focused, 'Run in Shadow Instead');
    await workbench.screenshot('write-question-safe-dark');
    await page.keyboard.press('Enter');
    await notice(/Shadow: nothing is written to arc-lab/).waitFor({ timeout: 60_000 });
    assert.equal(await row('writes to the cluster').count(), 0);
    await workbench.command('ARC: Stop All');
  });

  it('makes a session that writes look like one', async () => {
    await attach('ARC: Run Reconciler and Write to a Cluster', '(1/4)');
    await workbench.page.locator('.monaco-dialog-box').getByText('Write to the Cluster').click({ timeout: 60_000 });
    await notice(/This session writes to arc-lab/).waitFor({ timeout: 60_000 });
    await row(/new · arc-lab.*writes to the cluster/)
      .first()
      .waitFor();
    await status().filter({ hasText: 'writes to arc-lab' }).waitFor();
    assert.match((await status().getAttribute('class')) ?? '', /warning-kind/);
    await workbench.pictures('write', THEMES);
    await workbench.command('ARC: Stop All');
    await row(/new · arc-lab.*ended/)
      .first()
      .waitFor();
  });

  it('has nothing in the console of the workbench about nodes of the tree', () => {
    assert.deepEqual(
      workbench.errors.filter((text) => text.includes('TreeError')),
      [],
    );
  });

  /** Answers the questions of a command. */
  async function attach(command: string, steps: string, mode: string | RegExp = /^new/): Promise<void> {
    const { page } = workbench;
    await workbench.command(command);
    await page.locator('.quick-input-title', { hasText: `${command} ${steps}` }).waitFor();
    await choice(CONTEXT).filter({ hasNotText: 'Again' }).first().click();
    await page.getByPlaceholder('Select a namespace').waitFor();
    await choice('arc-runners').first().click();
    await page.getByPlaceholder('Select a reconciler mode').waitFor();
    await choice(mode).first().click();
  }
});
