import assert from 'node:assert/strict';
import type * as Playwright from 'playwright-core';
import { testsWorkbench } from './suite-hooks.ts';
import { RETRIES, SHOWN, Workbench } from './workbench.ts';

/** How the workbench marks a theme that it has put on. */
const THEME_CLASSES: Readonly<Record<string, string>> = {
  'Dark Modern': 'vs-dark',
  'Light Modern': 'vs',
  'Dark High Contrast': 'hc-black',
};

describe('the debugger in the workbench', function () {
  this.timeout(4 * 60_000);
  this.retries(RETRIES);
  let workbench: Workbench;

  testsWorkbench(() => workbench);

  before(async () => {
    workbench = await Workbench.open({
      settings: { 'arcReconcilerLab.runners': 2, 'debug.openDebug': 'openOnSessionStart' },
    });
    // Variables are looked for in a view that shares its height with three others.
    await workbench.page.setViewportSize({ width: 1440, height: 1100 });
  });

  const rows = (text: string | RegExp): Playwright.Locator =>
    workbench.page.locator('.debug-viewlet .monaco-list-row', { hasText: text });

  /** Waits until the innermost frame in the call stack is this. */
  const standsAt = (frame: string | RegExp): Promise<void> =>
    workbench.page.locator('.debug-call-stack .stack-frame', { hasText: frame }).first().waitFor({ timeout: 30_000 });

  /** Presses a button of the debugger's toolbar. */
  const button = (icon: string): Promise<void> =>
    workbench.page.locator(`.debug-toolbar .codicon-debug-${icon}`).click();

  it('begins at the first effect of the first pass, with the line of the reconciler marked', async () => {
    await workbench.command('ARC: Debug Reconcile Passes');
    const box = workbench.page.getByPlaceholder('Release to debug');
    await box.fill('new');
    await workbench.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'new' }).waitFor();
    await box.press('Enter');
    await standsAt(/^reconcileEphemeralRunner: cached-get/);
    await workbench.page.locator('.editor-instance .debug-top-stack-frame-line').first().waitFor();
  });

  /** Waits until the timeline says that the debugger stands there. */
  const stoodAt = (what: RegExp): Promise<void> =>
    workbench
      .timeline()
      .getByLabel(new RegExp(`the debugger stands at [^:]+: ${what.source}`))
      .waitFor({ timeout: 30_000 });

  it('shows in a timeline where it stands, and moves there with every step', async () => {
    await workbench.page.locator('.tab', { hasText: 'Debugging: new' }).waitFor();
    await stoodAt(/arc-runners\/runner-1, cached-get/);
    await button('step-over');
    await standsAt(/phase of/);
    await stoodAt(/arc-runners\/runner-1, phase of/);
  });

  it('stops before a pass creates its pod, and shows what it knows', async () => {
    const pane = workbench.page.locator('.debug-viewlet .pane', { hasText: 'Breakpoints' }).last();
    await pane.locator('.pane-header').hover();
    await pane.locator('.codicon-watch-expressions-add-function-breakpoint').click();
    // Exception filters fill the view, and the field is below them.
    await pane.locator('.monaco-list').hover();
    await workbench.page.mouse.wheel(0, 1000);
    const input = workbench.page.locator('.debug-breakpoints .inputBoxContainer input');
    await input.fill('create pods');
    await input.press('Enter');
    await button('continue');
    await standsAt(/^createPod: create pods runner-/);
    await workbench.page.locator('.tab.active', { hasText: 'create-pod.ts' }).waitFor();
    await rows(/^status\s*=\s*201/)
      .first()
      .waitFor();
    for (const scope of ['Answer', 'Request', 'Runner', 'Pod'])
      await (await scrolledTo(new RegExp(`^${scope}`))).waitFor();
    await workbench.page.mouse.wheel(0, -2000);
  });

  it('shows behind its line what the pass knows and is about to do, and what the pointer is over', async () => {
    const line = (text: RegExp): Playwright.Locator => workbench.page.locator('.view-line', { hasText: text });
    await line(/create\(Pods.*phase.=/).waitFor();
    await line(/createPod\(runner/)
      .locator('span', { hasText: /^runner$/ })
      .first()
      .hover();
    await workbench.page.locator('.debug-hover-widget', { hasText: 'EphemeralRunner' }).waitFor();
    await workbench.page.keyboard.press('Escape');
  });

  it('watches an expression', async () => {
    const pane = workbench.page.locator('.debug-viewlet .pane', { hasText: 'Watch' }).first();
    await pane.locator('.pane-header').hover();
    await pane.locator('.codicon-watch-expressions-add').click();
    const input = workbench.page.locator('.debug-watch input');
    await input.fill('pass.attempt + 41');
    await input.press('Enter');
    await workbench.page.locator('.debug-watch .monaco-list-row', { hasText: /pass\.attempt \+ 41.*42/ }).waitFor();
  });

  /** Chooses in the menu that is open, by keys: for a tenth of a second it takes no click. */
  async function choose(label: string): Promise<void> {
    const { page } = workbench;
    await page.locator('.context-view .action-label', { hasText: label }).waitFor();
    const chosen = page.locator('.context-view .action-item.focused', { hasText: label });
    for (let tries = 0; tries < 30 && !(await chosen.isVisible()); tries++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
  }

  /** A row of the variables that may be further down than they show at once. */
  async function scrolledTo(text: RegExp): Promise<Playwright.Locator> {
    const row = rows(text).first();
    const isThere = (): Promise<boolean> =>
      row.waitFor({ timeout: 500 }).then(
        () => true,
        () => false,
      );
    await workbench.page.locator('.debug-variables').hover();
    for (let tries = 0; tries < 10 && !(await isThere()); tries++) await workbench.page.mouse.wheel(0, 60);
    return row;
  }

  async function expand(text: RegExp): Promise<void> {
    const twistie = (await scrolledTo(text)).locator('.monaco-tl-twistie');
    if (/\bcollapsed\b/.test((await twistie.getAttribute('class')) ?? '')) await twistie.click();
  }

  /** Clicks on the first bar from the top in the middle of the chart: the pointer says that it is on one. */
  async function clickAnyBar(button: 'left' | 'right' = 'left'): Promise<void> {
    const chart = workbench.timeline().locator('#chart');
    const { width = 0, height = 0 } = (await chart.boundingBox()) ?? {};
    for (let y = 50; y < height; y += 6) {
      const position = { x: Math.round(width * 0.6), y };
      await chart.hover({ position });
      const isOnBar = await chart.evaluate(
        (canvas) => new Promise((resolve) => requestAnimationFrame(() => resolve(canvas.style.cursor === 'pointer'))),
      );
      if (!isOnBar) continue;
      await chart.click({ position, button });
      return;
    }
    assert.fail('no bar is in the middle of the chart');
  }

  it('goes to the bar that is clicked in the timeline, and back with the debugger to where it was', async () => {
    await stoodAt(/arc-runners\/runner-\d, create pods/);
    const chart = workbench.timeline().locator('#chart');
    const before = await chart.getAttribute('aria-label');
    await clickAnyBar();
    await workbench.timeline().locator(`#chart:not([aria-label="${before}"])`).waitFor();
    await standsAt(/^(?!createPod)/);
    // Variables follow the call stack with a delay; those of an earlier stop can no longer be set.
    await rows(/^status\s*=\s*201/)
      .first()
      .waitFor({ state: 'hidden' });
    await button('reverse-continue');
    await standsAt(/^createPod: create pods runner-/);
  });

  it('turns the answer into a 409, and the pass ends with an error', async () => {
    const status = rows(/^status\s*=\s*201/).first();
    await status.locator('.value').dblclick();
    const input = workbench.page.locator('.debug-variables .inputBoxContainer input');
    await input.fill('409');
    await input.press('Enter');
    await rows(/^status\s*=\s*409/)
      .first()
      .waitFor();
    for (const theme of SHOWN) {
      await workbench.setTheme(theme);
      await workbench.page.locator(`.monaco-workbench.${THEME_CLASSES[theme]}`).waitFor();
      await rows(/^status\s*=\s*409/)
        .first()
        .waitFor();
      await workbench.screenshot(`debugger-${theme.replaceAll(' ', '-').toLowerCase()}`);
    }
    await button('step-out');
    await standsAt(/ends: error/);
  });

  it('steps back, and takes the other future', async () => {
    const { page } = workbench;
    await button('reverse-continue');
    await standsAt(/^createPod: create pods runner-/);
    await workbench.command('Debug Console: Focus on Debug Console View');
    await page.keyboard.type('future 0\n');
    await button('step-out');
    await standsAt(/ends: done/);
  });

  it('shows variables at the end of a pass, and goes back to the write that set a field by a breakpoint on it', async () => {
    await expand(/^status\s*=\s*\{/);
    await (await scrolledTo(/^runnerId\s*=/)).click({ button: 'right' });
    await choose('Break on Value Change');
    await button('reverse-continue');
    await standsAt(/^createPod: create pods runner-/);
    await button('reverse-continue');
    await standsAt(/patch ephemeralrunners\/status runner-\d/);
    assert.deepEqual(
      workbench.errors.filter((text) => text.includes('arc-reconciler')),
      [],
    );
    await button('stop');
    await workbench.page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  });

  it('replays a run from the bar on whose menu somebody chooses it', async () => {
    const { page } = workbench;
    await workbench.timeline().locator('#chart:not([aria-label*="the debugger stands"])').waitFor();
    await clickAnyBar('right');
    await page.locator('.context-view .action-label', { hasText: 'Debug from Here' }).waitFor();
    // For a tenth of a second a menu takes no click, so that the one that opened it chooses nothing; keys it takes at once.
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator('.debug-toolbar').waitFor();
    await stoodAt(/arc-runners\/runner-\d, /);
    await workbench.pictures('debugger-replay', SHOWN);
    await button('step-over');
    await stoodAt(/arc-runners\/runner-\d, /);
    await button('stop');
    await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
    assert.deepEqual(
      workbench.errors.filter((text) => text.includes('arc-reconciler')),
      [],
    );
  });
});
