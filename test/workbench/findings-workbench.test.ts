import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type * as Playwright from 'playwright-core';
import { testsWorkbench } from './suite-hooks.ts';
import { ROOT } from './tools.ts';
import { RETRIES, SHOWN, Workbench } from './workbench.ts';

const LOG = 'controller.log';
const DUMP = 'cluster.yaml';
const evidence = (path: string): Buffer => readFileSync(join(ROOT, 'test', 'unit', 'evidence', path));

describe('findings in the workbench', function () {
  this.timeout(4 * 60_000);
  this.retries(RETRIES);
  let workbench: Workbench;

  testsWorkbench(() => workbench);

  before(async () => {
    workbench = await Workbench.open({
      files: {
        [LOG]: gunzipSync(evidence('logs/burst-100-workers-4-latest.controller.log.gz')).toString(),
        [DUMP]: evidence('pasted/running-without-pod.yaml').toString(),
      },
    });
  });

  const findings = (text: string | RegExp): Playwright.Locator =>
    workbench.page.locator('.pane', { hasText: 'Findings' }).last().locator('.monaco-list-row', { hasText: text });

  /** Writes a file's path where VS Code asks for one; what is written before its folder is listed is lost. */
  async function chooseFile(name: string): Promise<void> {
    const { page } = workbench;
    const dialog = page.locator('.quick-input-widget', { hasText: 'OK' });
    for (let attempt = 1; ; attempt++) {
      try {
        await dialog.locator('input').first().fill(join(workbench.folders.workspace, name));
        const row = page.locator('.quick-input-list .monaco-list-row', { hasText: name });
        await row.first().waitFor({ timeout: 5_000 });
        await page.keyboard.press('Enter');
        await dialog.waitFor({ state: 'hidden', timeout: 2_000 });
        return;
      } catch (error) {
        if (attempt === 4) throw error;
      }
    }
  }

  it('gives the verdict on a log that a person opens from the palette', async function () {
    const { page } = workbench;
    await workbench.command('ARC: Open Controller Log');
    await chooseFile(LOG);
    const beganMs = performance.now();
    await page.locator('.editor-instance .view-line', { hasText: 'The last pod came after' }).first().waitFor();
    process.stdout.write(
      `    verdict ${((performance.now() - beganMs) / 1000).toFixed(1)} s after the file was chosen (aim 5 s)\n`,
    );
    await findings(LOG).first().waitFor();
  });

  it('adds what would help when it has been simulated', async () => {
    await findings('What would help').first().waitFor({ timeout: 90_000 });
    await workbench.timeline().locator('#chart').waitFor({ state: 'attached' });
  });

  it('can be read in every theme', async () => {
    for (const theme of SHOWN) {
      await workbench.setTheme(theme);
      await workbench.drawn();
      await workbench.screenshot(`findings-${theme.replaceAll(' ', '-').toLowerCase()}`);
    }
    await workbench.setTheme(SHOWN[0]);
  });

  it('leads from a finding to its bars and from evidence to its line', async () => {
    const { page } = workbench;
    const finding = findings(/^The last pod came after/).first();
    await finding.click();
    await workbench.timeline().locator('#pass h2', { hasText: 'pass' }).waitFor();
    const line = findings(new RegExp(`${LOG}:\\d+`)).first();
    if (!(await line.isVisible())) await finding.locator('.monaco-tl-twistie').click();
    await line.click();
    await page.locator('.tab.active', { hasText: new RegExp(`^${LOG}`) }).waitFor();
    await page.locator('.codelens-decoration', { hasText: 'Explain' }).first().waitFor({ state: 'attached' });
    await workbench.screenshot('findings-line-dark');
  });

  it('checks an upgrade of what a dump holds', async () => {
    const { page } = workbench;
    await workbench.command('ARC: Check an Upgrade');
    await page.getByPlaceholder('Which cluster should be read?').waitFor();
    await page.keyboard.press('Enter');
    await chooseFile(DUMP);
    const version = page.getByPlaceholder('Which version of ARC is wanted?');
    await version.fill('0.14.2');
    await version.press('Enter');
    // The dump does not say which version runs.
    const now = page.getByPlaceholder('Which version of ARC runs now?');
    await now.fill('0.11.0');
    await now.press('Enter');
    const answer = page.locator('.editor-instance .view-line', { hasText: 'ARC 0.11.0 runs (as given)' });
    await answer.first().waitFor({ timeout: 30_000 });
    await workbench.screenshot('upgrade-answer-dark');
  });
});
