import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type * as Playwright from 'playwright-core';
import { axeViolations } from './axe.ts';
import { stores } from './stored.ts';
import { testsWorkbench } from './suite-hooks.ts';
import { ROOT } from './tools.ts';
import { RETRIES, SHOWN, Workbench } from './workbench.ts';

const LOG = 'controller.log';

describe('What If in the workbench', function () {
  this.timeout(4 * 60_000);
  this.retries(RETRIES);
  let workbench: Workbench;

  testsWorkbench(() => workbench);

  before(async () => {
    const log = join(ROOT, 'test', 'unit', 'evidence', 'logs', 'burst-100-workers-4-latest.controller.log.gz');
    workbench = await Workbench.open({ files: { [LOG]: gunzipSync(readFileSync(log)).toString() } });
  });

  /** The editor's page; it is the last webview that was opened. */
  const editor = (): Playwright.FrameLocator => workbench.timeline();

  const isComputed = (): Promise<void> => editor().locator('#progress[aria-busy="false"]').waitFor({ timeout: 90_000 });

  it('opens from the palette on the settings, and shows what each change does', async () => {
    await workbench.command('ARC: What If');
    await editor().locator('#fields .field').first().waitFor();
    await isComputed();
    assert.match((await editor().locator('#verdict').textContent()) ?? '', /^Now the last pod comes after /);
    assert.ok((await editor().locator('#tornado tbody tr').count()) > 5);
  });

  it('computes again when a field changes', async () => {
    const runners = editor().locator('#now-runners input');
    await runners.fill('40');
    await editor().locator('#progress[aria-busy="true"]').waitFor();
    await isComputed();
    await editor().locator('#growth', { hasText: '80 runners' }).waitFor();
  });

  it('draws what is tried with a slider below what is there, and copies its patch', async () => {
    const slider = editor().locator('#try-qps');
    await slider.focus();
    for (let press = 0; press < 4; press++) await workbench.page.keyboard.press('ArrowRight');
    await editor().locator('#compared p', { hasText: 'sooner' }).waitFor({ timeout: 30_000 });
    await editor().locator('#patch', { hasText: 'k8sClientRateLimiterQPS' }).waitFor();
    await editor().locator('#copy').click();
    await workbench.page.locator('.statusbar', { hasText: 'The patch is on the clipboard' }).waitFor();
  });

  it('has its settings after the window was loaded again', async () => {
    const runners = await editor().locator('#now-runners input').inputValue();
    await workbench.reload();
    await editor().locator('#fields .field').first().waitFor();
    await isComputed();
    assert.equal(await editor().locator('#now-runners input').inputValue(), runners);
    assert.match((await editor().locator('#verdict').textContent()) ?? '', /^Now the last pod comes after /);
  });

  it('has what was written and tried last after the window ended all at once', async () => {
    await editor().locator('#now-runners input').fill('30');
    await editor().locator('#growth', { hasText: '60 runners' }).waitFor();
    const slider = editor().locator('#try-workers');
    await slider.focus();
    await workbench.page.keyboard.press('ArrowRight');
    const tried = await slider.getAttribute('aria-valuetext');
    await stores(workbench.page, `"workers":"${tried}"`);
    await workbench.endAtOnce();
    await editor().locator('#fields .field').first().waitFor();
    assert.equal(await editor().locator('#now-runners input').inputValue(), '30');
    assert.equal(await editor().locator('#try-workers').getAttribute('aria-valuetext'), tried);
    await isComputed();
  });

  it('can be read in every theme', async () => {
    const body = await editor().locator('body').elementHandle();
    const frame = (await body?.ownerFrame()) as Playwright.Frame;
    for (const theme of SHOWN) {
      await workbench.setTheme(theme);
      await workbench.drawn();
      await workbench.screenshot(`what-if-${theme.replaceAll(' ', '-').toLowerCase()}`);
      assert.deepEqual(await axeViolations(frame), [], theme);
    }
    await workbench.setTheme(SHOWN[0]);
  });

  it('starts a run with what is tried', async () => {
    await editor().locator('#run').click();
    await workbench.page.locator('.pane', { hasText: 'Runners' }).first().getByText('embedded 1').first().waitFor();
    await workbench.page.locator('.tab', { hasText: 'Timeline' }).first().waitFor();
  });

  it('opens on a finding with the settings that the log tells', async () => {
    const { page } = workbench;
    await workbench.command('ARC: Open Controller Log');
    const dialog = page.locator('.quick-input-widget', { hasText: 'OK' });
    await dialog.locator('input').first().fill(join(workbench.folders.workspace, LOG));
    await page.locator('.quick-input-list .monaco-list-row', { hasText: LOG }).first().waitFor();
    await page.keyboard.press('Enter');
    const findings = page.locator('.pane', { hasText: 'Findings' }).last();
    const simulated = findings.locator('.monaco-list-row', { hasText: 'What would help' }).first();
    await simulated.waitFor({ timeout: 90_000 });
    await simulated.hover();
    await simulated.getByRole('button', { name: 'What If' }).click();
    await page.locator('.tab.active', { hasText: `What If: ${LOG}` }).waitFor();
    await editor()
      .locator('#source', { hasText: `The settings that ${LOG} tells` })
      .waitFor();
    await editor().locator('.about', { hasText: 'as in the log' }).first().waitFor();
    await isComputed();
    await workbench.screenshot('what-if-of-log-dark');
  });
});
