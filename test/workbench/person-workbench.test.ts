import assert from 'node:assert/strict';
import type * as Playwright from 'playwright-core';
import { syntheticTrace } from '../../src/trace/synthetic-trace.ts';
import { traceLines } from '../../src/trace/jsonl.ts';
import { eventually } from '../builders/eventually.ts';
import { axeViolations } from './axe.ts';
import { testsWorkbench } from './suite-hooks.ts';
import { RETRIES, SHOWN, THEMES, Workbench } from './workbench.ts';

const FILES = {
  'many.arctrace.jsonl': [...traceLines(syntheticTrace(5_000, 40))].join(''),
  'broken.arctrace.jsonl': '{"type":"hea',
  // As a killed process leaves it: the last line is half there.
  'truncated.arctrace.jsonl': [...traceLines(syntheticTrace(500, 4))].join('').slice(0, -40),
  'newer.arctrace.jsonl': '{"type":"header","version":9}\n',
};

describe('a person in the workbench', function () {
  this.timeout(4 * 60_000);
  this.retries(RETRIES);
  let workbench: Workbench;

  testsWorkbench(() => workbench);

  before(async () => {
    workbench = await Workbench.open({ settings: { 'arcReconcilerLab.runners': 3 }, files: FILES });
  });

  async function description(): Promise<string> {
    return (await workbench.timeline().locator('#chart').getAttribute('aria-label')) ?? '';
  }

  /** The timeline that was in front may have gone meanwhile, or another one have come to the front. */
  async function describedAs(pattern: RegExp): Promise<string> {
    return eventually(async () => {
      const text = await description();
      assert.match(text, pattern);
      return text;
    }, 30_000);
  }

  /** Where the time that is in view begins, as the chart says of itself. */
  async function shownFrom(): Promise<string> {
    return /Shown is the time from (.+?) to/.exec(await describedAs(/Shown is the time from/))?.[0] ?? '';
  }

  it('runs the reconciler from the palette with three times Enter and sees bars', async () => {
    await workbench.command('ARC: Run Reconciler Locally');
    await workbench.answer('Select where to run the reconciler');
    await workbench.answer('Select a reconciler mode');
    await workbench.page.getByText('Number of EphemeralRunners').waitFor();
    await workbench.page.keyboard.press('Enter');
    const text = await describedAs(/old mode.*3 runners.*new mode.*3 runners, (1[0-9]|[2-9][0-9]) passes, first pod/);
    assert.match(text, /old mode, embedded 1/);
    const frame = await workbench.timelineFrame();
    const colours = await frame.evaluate(() => {
      const canvas = document.getElementById('chart') as HTMLCanvasElement;
      const { data } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(
        180,
        30,
        canvas.width - 180,
        canvas.height - 30,
      );
      return new Set(new Uint32Array(data.buffer)).size;
    });
    assert.ok(colours > 5, `the chart has ${colours} colours: no bars are drawn`);
    await frame.locator('#pass h2', { hasText: 'Summary' }).waitFor();
    await workbench.screenshot('compare-dark');
  });

  it('shows the runners in the tree, in words', async () => {
    await workbench.command('View: Show ARC Lab');
    const row = workbench.page.locator('.pane-body .monaco-list-row', { hasText: 'runner-2' }).first();
    await row.waitFor();
    await workbench.page.locator('.monaco-list-row', { hasText: 'job running' }).nth(5).waitFor({ timeout: 20_000 });
    assert.match((await row.textContent()) ?? '', /runner-2\s*job running/);
    await row.locator('.monaco-tl-twistie').click();
    for (const part of ['finalizers', 'registration', 'secret', 'pod', 'failures', 'last pass']) {
      await workbench.page.locator('.pane-body .monaco-list-row', { hasText: part }).first().waitFor();
    }
    const registration = workbench.page.locator('.pane-body .monaco-list-row', { hasText: /^registration/ }).first();
    assert.match((await registration.textContent()) ?? '', /runner id \d+, JIT config present/);
    await workbench.screenshot('tree-dark');
    await row.locator('.monaco-tl-twistie').click();
  });

  it('selects in the tree and sees it in the timeline, and the other way round', async () => {
    const rows = workbench.page.locator('.pane-body .monaco-list-row');
    await rows.filter({ hasText: 'runner-3' }).first().click();
    const heading = workbench.timeline().locator('#pass h2');
    await heading.filter({ hasText: 'runner-3 · pass' }).waitFor();
    // The first pass of the first lane lies right of the gutter, below axis and header.
    const frame = await workbench.timelineFrame();
    await frame.locator('#fit').click();
    await frame.locator('#chart').focus();
    await workbench.page.keyboard.press('Escape');
    await workbench.page.keyboard.press('n');
    await heading.filter({ hasText: 'runner-1 · pass 1 of' }).waitFor();
    await rows.filter({ hasText: 'runner-1' }).and(workbench.page.locator('.selected')).first().waitFor();
    await workbench.screenshot('selected-dark');
  });

  it('finds passes by name and goes from one to the next', async () => {
    const frame = await workbench.timelineFrame();
    await frame.locator('#search').click();
    await workbench.page.keyboard.press('Control+a');
    await workbench.page.keyboard.type('runner-2');
    await frame.locator('#matches', { hasText: /^\d+ passes$/ }).waitFor();
    await workbench.page.keyboard.press('Enter');
    await frame.locator('#pass h2', { hasText: 'runner-2 · pass' }).waitFor();
    const first = await frame.locator('#pass h2').textContent();
    await workbench.page.keyboard.press('Enter');
    await frame.waitForFunction((before) => document.querySelector('#pass h2')?.textContent !== before, first);
    await workbench.page.keyboard.press('Enter');
    await frame.locator('#matches', { hasText: /^3 of \d\d$/ }).waitFor();
    await workbench.pictures('search', SHOWN, async () => {
      for (const mode of ['old', 'new']) {
        const row = workbench.page.locator('.pane-body .monaco-list-row', { hasText: `${mode} · embedded 1` });
        const contrast = await iconContrast(row);
        assert.ok(contrast >= 3, `the icon of ${mode} has a contrast of ${contrast.toFixed(1)}`);
      }
    });
    await frame.locator('#search').click();
    await workbench.page.keyboard.press('Control+a');
    await workbench.page.keyboard.press('Delete');
  });

  it('reads the same passes in the table, with the keyboard alone', async () => {
    const frame = await workbench.timelineFrame();
    await frame.locator('#fit').click();
    await frame.locator('#table-button').focus();
    if (!(await frame.locator('#table').isVisible())) await workbench.page.keyboard.press('Enter');
    await frame.locator('#table table').waitFor();
    const passes = [...(await description()).matchAll(/(\d+) passes/g)].map((match) => Number(match[1]));
    const caption = (await frame.locator('#table caption').textContent()) ?? '';
    assert.equal(
      Number(/(\d+)$/.exec(caption)?.[1]),
      passes.reduce((sum, count) => sum + count, 0),
      caption,
    );
    const names = frame.locator('#table tbody button');
    await names.nth(3).focus();
    await workbench.page.keyboard.press('Enter');
    await frame.locator('#table tr[aria-current="true"]').waitFor();
    await workbench.screenshot('table-dark');
  });

  it('lays the lanes by worker and by API, with the keyboard alone', async () => {
    const frame = await workbench.timelineFrame();
    if (await frame.locator('#table').isVisible()) await frame.locator('#table-button').click();
    const shown = async (): Promise<number> =>
      frame.evaluate(() => {
        const canvas = document.getElementById('chart') as HTMLCanvasElement;
        const context = canvas.getContext('2d') as CanvasRenderingContext2D;
        // Rows of the gutter that are not one colour hold a lane's name or a header.
        let rows = 0;
        for (let y = 24; y < canvas.height; y++) {
          const row = new Uint32Array(context.getImageData(8, y, 140, 1).data.buffer);
          if (row.some((pixel) => pixel !== row[0])) rows++;
        }
        return rows;
      });
    await frame.locator('#lanes').focus();
    await workbench.page.keyboard.press('Home');
    await drawn(frame);
    const byRunner = await shown();
    await workbench.page.keyboard.press('ArrowDown');
    await frame.waitForFunction(() => (document.getElementById('lanes') as HTMLSelectElement).value === 'worker');
    await drawn(frame);
    const byWorker = await shown();
    assert.ok(byWorker < byRunner / 2, `one worker a mode takes ${byWorker} rows, three runners took ${byRunner}`);
    await workbench.page.keyboard.press('ArrowDown');
    await frame.waitForFunction(() => (document.getElementById('lanes') as HTMLSelectElement).value === 'api');
    await drawn(frame);
    assert.ok((await shown()) > byWorker, 'there are more kinds of request than workers');
    await workbench.screenshot('api-dark');
    await workbench.page.keyboard.press('Home');
    await drawn(frame);
    assert.equal(await shown(), byRunner, 'and back');
  });

  it('goes the whole way with the keyboard alone: run again, look at a pass, its manifests, the tree', async () => {
    const { page } = workbench;
    await workbench.commandByKeys('ARC: Run Reconciler Locally');
    // The last choice is offered first: one more Enter repeats it.
    await workbench.answer('Select where to run the reconciler');
    await describedAs(/old mode, embedded 2.*3 runners.*new mode.*3 runners, (1[0-9]|2[0-9]) passes/);
    const frame = await workbench.timelineFrame();
    await frame.waitForFunction(() => document.activeElement?.id === 'chart');
    await page.keyboard.press('n');
    await page.keyboard.press('n');
    await frame.locator('#pass h2', { hasText: /runner-\d · pass \d/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.monaco-diff-editor').waitFor();
    await page.locator('.monaco-diff-editor .view-line', { hasText: 'finalizers' }).first().waitFor();
    await workbench.commandByKeys('View: Close Editor');
    // The timeline was hidden: its page starts again, with the focus, when it has been closed.
    await (await workbench.timelineFrame()).waitForFunction(() => document.activeElement?.id === 'chart');
    await workbench.commandByKeys('ARC Lab: Focus on Runners View');
    const focused = page.locator('.pane-body .monaco-list .monaco-list-row.focused').first();
    await page.keyboard.press('Home');
    for (const row of [/embedded 2/, /lab/, /runner-/]) {
      for (let step = 0; step < 20 && !row.test((await focused.textContent()) ?? ''); step++) {
        await page.keyboard.press('ArrowDown');
      }
    }
    const name = /runner-\d/.exec((await focused.textContent()) ?? '')?.[0] ?? '';
    await page.keyboard.press('Enter');
    await workbench
      .timeline()
      .locator('#pass h2', { hasText: `${name} · pass` })
      .waitFor();
    // The run has ended by itself: nothing was left to do.
    await page.locator('.pane-body .monaco-list-row', { hasText: 'ended' }).first().waitFor();
    await workbench.commandByKeys('View: Close Editor');
  });

  for (const theme of THEMES) {
    it(`has no accessibility violation in ${theme}, chart and table`, async () => {
      await workbench.setTheme(theme);
      const wanted = theme.includes('Contrast') ? 'high-contrast' : theme.includes('Light') ? 'vscode-light' : 'dark';
      const frame = await workbench.timelineFrame();
      await frame.waitForFunction((name) => document.body.className.includes(name), wanted);
      for (const view of ['table', 'chart']) {
        const isTable = (await frame.locator('#table').isVisible()) ? 'table' : 'chart';
        if (isTable !== view) await frame.locator('#table-button').click();
        await workbench.screenshot(`${view}-${theme.replaceAll(' ', '-').toLowerCase()}`);
        const violations = await axeViolations(frame);
        assert.deepEqual(violations, [], `${view} in ${theme}`);
        await frame.locator('#table-button').hover();
        const contrast = await contrastOf(frame, '#table-button');
        assert.ok(contrast >= 4.5, `the button under the pointer has a contrast of ${contrast} in ${theme}`);
      }
    });
  }

  it('saves both modes as one trace, under a name that says what it is, and opens it from the message', async () => {
    await workbench.command('ARC: Save Trace As');
    const box = workbench.page.locator('.quick-input-widget input[type="text"]');
    await workbench.page.waitForFunction(() => {
      const input = document.querySelector<HTMLInputElement>('.quick-input-widget input[type="text"]');
      return /old-new-embedded-\d-\d{4}-\d\d-\d\d-\d{4}\.arctrace\.jsonl$/.test(input?.value ?? '');
    });
    await box.press('Enter');
    const message = workbench.page.locator('.notification-toast', { hasText: 'Saved old-new-embedded-' });
    await message.waitFor({ timeout: 20_000 });
    await workbench.screenshot('saved-message');
    await message.getByText('Open', { exact: true }).click();
    await describedAs(/old mode, old-new-embedded-\d.*3 runners.*new mode, old-new-embedded-\d.*3 runners/);
    await workbench.command('View: Close Editor');
    await describedAs(/old mode, embedded \d/);
  });

  for (const theme of SHOWN) {
    it(`shows a pass beside the chart or below it, whatever room there is, in ${theme}`, async () => {
      const { page } = workbench;
      const before = page.viewportSize();
      await workbench.setTheme(theme);
      const frame = await workbench.timelineFrame();
      await frame.locator('#chart').focus();
      await page.keyboard.press('n');
      for (const [width, height] of [
        [1600, 950],
        [1100, 700],
      ] as const) {
        await page.setViewportSize({ width, height });
        await frame.locator('#pass h2', { hasText: /runner-\d · pass/ }).waitFor();
        await drawn(frame);
        assert.equal(await frame.locator('#scrollbar').isVisible(), false, 'both modes are on screen');
        await workbench.screenshot(`page-${theme.replaceAll(' ', '-').toLowerCase()}-${width}`);
      }
      if (before !== null) await page.setViewportSize(before);
    });
  }

  it('keeps the timeline over a reload of the window', async () => {
    await workbench.setTheme(THEMES[0]);
    const before = await description();
    await drawn(await workbench.timelineFrame());
    await workbench.reload();
    const after = await describedAs(/3 runners, \d\d passes/);
    assert.deepEqual(figures(after), figures(before), 'the restored timeline shows what the run had done');
    await workbench.command('View: Show ARC Lab');
    const rows = workbench.page.locator('.pane-body .monaco-list-row', { hasText: '· kept' });
    await rows.first().waitFor({ timeout: 20_000 });
    assert.match((await rows.first().textContent()) ?? '', /old, new · embedded \d/);
    await workbench.pictures('kept', SHOWN);
    await workbench.command('View: Close Editor');
    await rows.first().click();
    assert.deepEqual(figures(await describedAs(/3 runners, \d\d passes/)), figures(before), 'opened from the tree');
  });

  it('finds the kept runs after a reload while the extension host from before it has not ended', async () => {
    const before = figures(await describedAs(/3 runners, \d\d passes/));
    const host = workbench.holderOfStorage();
    process.kill(host, 'SIGSTOP');
    try {
      await workbench.reload();
      // Which editors come back depends on when VS Code last stored them: the run is opened from the tree.
      await workbench.command('View: Show ARC Lab');
      await workbench.page.locator('.pane-body .monaco-list-row', { hasText: '· kept' }).first().click();
      assert.deepEqual(figures(await describedAs(/3 runners, \d\d passes/)), before);
      assert.notEqual(workbench.holderOfStorage(), host, 'the window has a host of its own');
    } finally {
      process.kill(host, 'SIGCONT');
    }
  });

  it('keeps what was in view when the timeline is hidden, and when it moves to another column', async () => {
    await workbench.setTheme(THEMES[0]);
    const frame = await workbench.timelineFrame();
    // A reload may bring back what VS Code had kept a moment before the last change.
    if (await frame.locator('#table').isVisible()) await frame.locator('#table-button').click();
    await frame.locator('#fit').click();
    await frame.locator('#chart').focus();
    await drawn(frame);
    const whole = await shownFrom();
    for (const key of ['w', 'w', 'd']) await workbench.page.keyboard.press(key);
    await frame.waitForFunction(
      (text) => !document.getElementById('chart')?.getAttribute('aria-label')?.includes(text),
      whole,
    );
    const before = await shownFrom();
    await openFile(workbench, 'newer.arctrace.jsonl');
    await workbench.timeline().locator('#failure').filter({ hasText: /./ }).waitFor();
    await workbench.command('View: Close Editor');
    await describedAs(/3 runners, \d\d passes/);
    assert.equal(await shownFrom(), before, 'after it was hidden');
    await workbench.command('View: Move Editor into Right Group');
    await describedAs(/3 runners, \d\d passes/);
    assert.equal(await shownFrom(), before, 'after it moved');
  });

  it('opens a trace file as a timeline', async () => {
    await openFile(workbench, 'many.arctrace.jsonl');
    const text = await describedAs(/many\.arctrace\.jsonl: 40 runners, 1000 passes/);
    assert.match(text, /synthetic mode/);
    await workbench.screenshot('trace-dark');
  });

  it('shows what a truncated trace holds', async () => {
    await openFile(workbench, 'truncated.arctrace.jsonl');
    await describedAs(/truncated\.arctrace\.jsonl: 4 runners, 99 passes/);
  });

  it('reads in one sentence why a broken or a newer trace cannot be shown', async () => {
    const cases = [
      ['broken.arctrace.jsonl', /line 1 is not a JSON object/],
      ['newer.arctrace.jsonl', /has version 9; this release reads versions 1 and 2/],
    ] as const;
    for (const [name, sentence] of cases) {
      await openFile(workbench, name);
      const failure = workbench.timeline().locator('#failure');
      await failure.filter({ hasText: sentence }).waitFor({ timeout: 20_000 });
      assert.doesNotMatch((await failure.textContent()) ?? '', /\n\s+at /);
    }
    // Hidden and shown again it is a new page, which says the same.
    await openFile(workbench, 'broken.arctrace.jsonl');
    await workbench.timeline().locator('#failure').filter({ hasText: cases[0][1] }).waitFor({ timeout: 20_000 });
  });

  it('never made the page break its content security policy', () => {
    const broken = workbench.errors.filter(
      (text) => /Content Security Policy/i.test(text) && /timeline|unsafe/.test(text),
    );
    assert.deepEqual(broken, []);
  });

  it('never made VS Code wonder whose file it was that asked for its interface', () => {
    const log = workbench.hostLog();
    assert.match(log, /arc-lab\.arc-reconciler-lab/, 'the log is that of the extension host');
    assert.doesNotMatch(log, /could not identify extension/i);
  });
});

describe('a person in a workspace that is not trusted', function () {
  this.timeout(4 * 60_000);
  this.retries(RETRIES);
  let workbench: Workbench;

  testsWorkbench(() => workbench);

  before(async () => {
    workbench = await Workbench.open({
      workspaceTrust: true,
      settings: { 'security.workspace.trust.startupPrompt': 'never' },
      files: FILES,
    });
  });

  it('opens trace files, and is not offered to run a reconciler', async () => {
    await workbench.page.getByText('Restricted Mode').first().waitFor({ timeout: 30_000 });
    await openFile(workbench, 'many.arctrace.jsonl');
    await workbench.timeline().locator('#chart[aria-label*="40 runners, 1000 passes"]').waitFor({ timeout: 20_000 });
    await workbench.page.keyboard.press('F1');
    await workbench.page.locator('.quick-input-widget input').first().fill('>ARC: ');
    await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'ARC: Open Trace…' }).waitFor();
    const rows = workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'Run Reconciler Locally' });
    assert.equal(await rows.count(), 0, 'a reconciler may run in a trusted workspace only');
    await workbench.page.keyboard.press('Escape');
  });

  it('finds no button in the view that starts one, only traces and the way to trust', async () => {
    await workbench.command('View: Show ARC Lab');
    await workbench.page.getByRole('button', { name: 'Manage Workspace Trust' }).waitFor();
    await workbench.page.getByRole('button', { name: 'Open Trace…' }).waitFor();
    const starters = workbench.page.getByRole('button', { name: 'Run Reconciler Locally' });
    assert.equal(await starters.count(), 0, 'a reconciler may run in a trusted workspace only');
  });
});

/** Numbers of runners and passes, by mode. */
function figures(label: string): string[] {
  return [...label.matchAll(/(old|new) mode.*?(\d+ runners, \d+ passes)/g)].map((match) => `${match[1]} ${match[2]}`);
}

async function openFile(workbench: Workbench, name: string): Promise<void> {
  const { page } = workbench;
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input').first();
  await input.waitFor({ state: 'visible' });
  await input.fill(name);
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: name }).waitFor({ timeout: 20_000 });
  await input.press('Enter');
}

/** Waits until the page has had time to draw what was asked for before. */
async function drawn(frame: Awaited<ReturnType<Workbench['timelineFrame']>>): Promise<void> {
  await frame.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** Between a button's text and what it is on, which axe does not see inside of custom elements; 1 to 21. */
async function contrastOf(frame: Awaited<ReturnType<Workbench['timelineFrame']>>, selector: string): Promise<number> {
  return frame.evaluate<number>(`(() => {
    const { color, backgroundColor } = getComputedStyle(document.querySelector('${selector}').shadowRoot.querySelector('.base'));
    const behind = getComputedStyle(document.body).backgroundColor;
    const numbers = (text) => text.match(/[\\d.]+/g).map(Number);
    const linear = (part) => (part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
    const [r0, g0, b0] = numbers(behind);
    const over = ([r, g, b, alpha = 1]) => [r * alpha + r0 * (1 - alpha), g * alpha + g0 * (1 - alpha), b * alpha + b0 * (1 - alpha)];
    const light = (text) => { const [r, g, b] = over(numbers(text)).map(linear); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
    const [less, more] = [light(color), light(backgroundColor)].sort((a, b) => a - b);
    return (more + 0.05) / (less + 0.05);
  })()`);
}

/** Between the icon of a row in the side bar and what it is on, 1 to 21. */
function iconContrast(item: Playwright.Locator): Promise<number> {
  return item.evaluate((line) => {
    const icon = line.querySelector('.codicon[class*="codicon-debug"], .custom-view-tree-node-item-icon');
    const canvas = new OffscreenCanvas(1, 1);
    const pen = canvas.getContext('2d');
    if (icon === null || pen === null) return 0;
    const lightOf = (...colours: string[]): number => {
      for (const colour of colours) {
        pen.fillStyle = colour;
        pen.fillRect(0, 0, 1, 1);
      }
      const [r = 0, g = 0, b = 0] = [...pen.getImageData(0, 0, 1, 1).data].map((part) =>
        part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = getComputedStyle(document.querySelector('.part.sidebar') ?? document.body).backgroundColor;
    const { color } = getComputedStyle(icon);
    const [less = 0, more = 0] = [lightOf(ground), lightOf(ground, color)].sort((a, b) => a - b);
    return (more + 0.05) / (less + 0.05);
  });
}
