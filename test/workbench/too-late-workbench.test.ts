import assert from 'node:assert/strict';
import type * as Playwright from 'playwright-core';
import { testsWorkbench } from './suite-hooks.ts';
import { RETRIES, SHOWN, Workbench } from './workbench.ts';

describe('the point of no return in the workbench', function () {
  this.timeout(4 * 60_000);
  this.retries(RETRIES);
  let workbench: Workbench;

  testsWorkbench(() => workbench);

  before(async () => {
    workbench = await Workbench.open({
      keybindings: [
        {
          key: 'ctrl+alt+1',
          command: 'arcReconcilerLab.run',
          args: { cluster: 'embedded', mode: '0.14.2', runners: 2, pods: 'outdated-runner' },
        },
      ],
    });
  });

  const row = (text: string | RegExp): Playwright.Locator =>
    workbench.page.locator('.pane-body .monaco-list-row', { hasText: text });
  /** The page in front. */
  const shown = (selector: string): Playwright.Locator => workbench.timeline().locator(selector);

  it("names the event in a tab of its own, from a runner's menu in the tree", async () => {
    const { page } = workbench;
    await workbench.command('View: Show ARC Lab');
    await page.keyboard.press('Control+Alt+1');
    await row(/runner-1.*(Outdated|failed)/)
      .first()
      .waitFor({ timeout: 60_000 });
    await row('runner-1').first().click({ button: 'right' });
    await page.locator('.context-view .action-label', { hasText: 'Find the Point of No Return' }).waitFor();
    // For a tenth of a second a menu takes no click.
    await page.waitForTimeout(200);
    await page.locator('.context-view .action-label', { hasText: 'Find the Point of No Return' }).click();
    await page.locator('.notification-toast', { hasText: 'Point of No Return: runner-1' }).waitFor();
    await page.locator('.tab.active', { hasText: 'Point of No Return: runner-1' }).waitFor({ timeout: 120_000 });
    await shown('#answer').waitFor();
    assert.match(
      (await shown('#answer').textContent()) ?? '',
      /^runner-1 is Outdated for good\. From \S+ on no future ends well: container runner of pod runner-1 ends with exit code 7\./,
    );
  });

  it('is shown in the colours of every theme', async () => {
    for (const theme of SHOWN) {
      await workbench.setTheme(theme);
      await shown('svg a').waitFor();
      await workbench.screenshot(`too-late-${theme.replaceAll(' ', '-').toLowerCase()}`);
    }
  });

  it('leads to the moment in the timeline, where it is marked', async () => {
    await shown('svg a text').click();
    await workbench
      .timeline()
      .getByLabel(/marked is [^:]+: arc-runners\/runner-1, container runner of pod runner-1 ends with exit code 7/)
      .waitFor({ timeout: 30_000 });
    await workbench.pictures('too-late-mark', SHOWN);
  });
});
