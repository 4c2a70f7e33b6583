import assert from 'node:assert/strict';
import type * as Playwright from 'playwright-core';
import { eventually } from '../builders/eventually.ts';
import { CONTROLLER_POD, controllerLine, heldLines, WatchedCluster } from '../builders/watched-cluster.ts';
import { testsWorkbench } from './suite-hooks.ts';
import { RETRIES, SHOWN, Workbench } from './workbench.ts';

describe('the workbench that watches a cluster', function () {
  this.timeout(5 * 60_000);
  this.retries(RETRIES);
  let cluster: WatchedCluster;
  let workbench: Workbench;

  const findings = (text: string | RegExp): Playwright.Locator =>
    workbench.page.locator('.pane', { hasText: 'Findings' }).last().locator('.monaco-list-row', { hasText: text });

  testsWorkbench(() => workbench);

  before(async () => {
    cluster = await WatchedCluster.start();
    await cluster.served.createRunners(12);
    workbench = await Workbench.open({ environment: { KUBECONFIG: cluster.kubeconfig } });
  });

  after(async () => {
    await cluster?.close();
  });

  it('draws what the controller does while it does it, and names the worker that is held', async () => {
    const { page } = workbench;
    for (let runner = 2; runner <= 6; runner++) {
      const agoS = 200 - 10 * runner;
      cluster.say(agoS, controllerLine(agoS, `runner-${runner}`, 'Creating ephemeral runner JIT config'));
      cluster.say(
        agoS - 2,
        controllerLine(agoS - 2, `runner-${runner}`, 'Created ephemeral runner JIT config', { runnerId: 40 + runner }),
      );
      cluster.say(agoS - 3, controllerLine(agoS - 3, `runner-${runner}`, 'Created new pod spec for ephemeral runner'));
      cluster.say(agoS - 4, controllerLine(agoS - 4, `runner-${runner}`, 'Created ephemeral runner pod'));
    }
    cluster.say(100, ...heldLines(100));
    await workbench.command('ARC: Watch the Controller in a Cluster');
    await page.getByPlaceholder('Select a cluster to watch').waitFor();
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'only watched' }).first().click();
    await page.getByPlaceholder('Select a namespace').waitFor();
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'All namespaces' }).click();
    const timeline = workbench.timeline();
    await timeline
      .getByText(/Worker \d is in DELETE agent 5511 of runner runner-1 since \d+ (s|min)/)
      .first()
      .waitFor({ timeout: 30_000 });
    await timeline.getByText('Nothing is reconciled or written').first().waitFor();
    await workbench.command('View: Show ARC Lab');
    const held = page.locator('.pane-body .monaco-list-row', { hasText: 'DELETE agent 5511' });
    await held.first().waitFor({ timeout: 20_000 });
    const session = page.locator('.pane-body .monaco-list-row', { hasText: 'watched, nothing is written' });
    await session.first().waitFor();
    await workbench.pictures('watch', SHOWN);
  });

  it('lists what it finds meanwhile, and leaves open and selected what somebody has opened', async () => {
    const finding = findings(/held a worker|holds? a worker/).first();
    await finding.waitFor({ timeout: 20_000 });
    await finding.click();
    await workbench.timeline().locator('#pass h2', { hasText: 'pass' }).waitFor();
    const line = findings(new RegExp(`${CONTROLLER_POD}:\\d+`)).first();
    if (!(await line.isVisible())) await finding.locator('.monaco-tl-twistie').click();
    await line.waitFor();
    const before = await finding.textContent();
    await eventually(async () => assert.notEqual(await finding.textContent(), before, 'it goes on'));
    assert.ok(await line.isVisible(), 'it is still open');
    assert.match((await finding.getAttribute('class')) ?? '', /\bselected\b/);
    await line.click();
    await workbench.screenshot('watch-findings-dark');
  });

  it('shows the end of the pass when the call is answered, and ends with the command', async () => {
    const { page } = workbench;
    cluster.say(0, controllerLine(0, 'runner-1', 'Removed runner from the service'));
    cluster.say(0, controllerLine(0, 'runner-1', 'Successfully removed runner registration from service'));
    const held = page.locator('.pane-body .monaco-list-row', { hasText: 'DELETE agent 5511' });
    await held.first().waitFor({ state: 'hidden', timeout: 30_000 });
    await workbench.command('ARC: Stop All');
    const ended = page.locator('.pane-body .monaco-list-row', { hasText: 'watch · arc-lab' }).first();
    await page.locator('.pane-body .monaco-list-row', { hasText: 'ended' }).first().waitFor({ timeout: 20_000 });
    assert.match((await ended.textContent()) ?? '', /ended/);
    await findings(/ a worker/)
      .first()
      .waitFor();
    await workbench.screenshot('watch-findings-ended-dark');
  });
});
