import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Playwright from 'playwright-core';
import { freePort } from '../builders/free-port.ts';
import { screenshotPath } from './screenshots.ts';
import { ROOT, workbenchTools } from './tools.ts';

const require = createRequire(import.meta.url);
const BROWSER_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A browser, a server and its hosts on two shared cores: what a person waits for may once come too late for a test. */
export const RETRIES = 2;

/** Within this time a window, and then its extension host, has begun. */
const START_MS = 60_000;

export const THEMES = ['Dark Modern', 'Light Modern', 'Dark High Contrast', 'Light High Contrast'] as const;
export type Theme = (typeof THEMES)[number];
/** One of each kind, where the fourth would show nothing new. */
export const SHOWN = [THEMES[0], THEMES[1], THEMES[2]] as const;
/** Of the window: roomy, and as on a small laptop. */
const SIZES = [
  { width: 1600, height: 950 },
  { width: 1100, height: 700 },
] as const;
const USUAL_SIZE = { width: 1440, height: 900 };

/** Makes the package that people install, once. */
export function packageExtension(): string {
  const file = join(ROOT, '.cache', 'workbench', 'arc-reconciler-lab.vsix');
  mkdirSync(join(ROOT, '.cache', 'workbench'), { recursive: true });
  const vsce = join(ROOT, 'node_modules', '@vscode', 'vsce', 'vsce');
  const flags = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
  execFileSync(process.execPath, [vsce, 'package', ...flags, '-o', file], { cwd: ROOT, stdio: 'pipe' });
  return file;
}

/** Folders of one workbench: what it is given and what it writes. */
export class WorkbenchFolders {
  readonly root = mkdtempSync(join(tmpdir(), 'arc-lab-workbench-'));
  readonly data = join(this.root, 'data');
  readonly extensions = join(this.root, 'extensions');
  readonly workspace = join(this.root, 'workspace');

  constructor(settings: Readonly<Record<string, unknown>>, keybindings: readonly unknown[] = []) {
    mkdirSync(this.workspace, { recursive: true });
    mkdirSync(join(this.data, 'User'), { recursive: true });
    const all = {
      'workbench.startupEditor': 'none',
      'workbench.colorTheme': 'Default Dark Modern',
      'workbench.secondarySideBar.defaultVisibility': 'hidden',
      'chat.disableAIFeatures': true,
      // A list that fades away is there for the while, and what is asked next cannot be told from it.
      'workbench.reduceMotion': 'on',
      ...settings,
    };
    writeFileSync(join(this.data, 'User', 'settings.json'), JSON.stringify(all));
    writeFileSync(join(this.data, 'User', 'keybindings.json'), JSON.stringify(keybindings));
  }

  /** Installs the package as people do, and gives the folder it lies in. */
  install(): string {
    const { node, codeServer } = workbenchTools();
    const folders = ['--user-data-dir', this.data, '--extensions-dir', this.extensions];
    execFileSync(node, [codeServer, ...folders, '--install-extension', packageExtension()], { stdio: 'pipe' });
    const folder = readdirSync(this.extensions).find((name) => name.startsWith('arc-lab.'));
    if (folder === undefined) throw new Error('the package was not installed');
    return join(this.extensions, folder);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true, maxRetries: 3 });
  }
}

export interface WorkbenchOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly keybindings?: readonly { readonly key: string; readonly command: string; readonly args?: unknown }[];
  /** Files of the workspace, by name. */
  readonly files?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Asks for trust as a desktop does; without it every folder is trusted. */
  readonly workspaceTrust?: boolean;
}

/** The real workbench, served by code-server with the packaged extension, in a browser. */
export class Workbench {
  #page: Playwright.Page;
  readonly folders: WorkbenchFolders;
  /** What the browser's console said that is an error. */
  readonly errors: string[] = [];
  readonly #browser: Playwright.Browser;
  readonly #server: ChildProcess;

  private constructor(
    page: Playwright.Page,
    folders: WorkbenchFolders,
    browser: Playwright.Browser,
    server: ChildProcess,
  ) {
    this.#page = page;
    this.folders = folders;
    this.#browser = browser;
    this.#server = server;
    this.#hear(page);
  }

  get page(): Playwright.Page {
    return this.#page;
  }

  #hear(page: Playwright.Page): void {
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
  }

  static async open(options: WorkbenchOptions = {}): Promise<Workbench> {
    const { node, codeServer } = workbenchTools();
    const folders = new WorkbenchFolders(options.settings ?? {}, options.keybindings);
    for (const [name, text] of Object.entries(options.files ?? {})) writeFileSync(join(folders.workspace, name), text);
    folders.install();
    const port = await freePort();
    const flags = ['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--user-data-dir', folders.data];
    flags.push('--extensions-dir', folders.extensions, '--disable-telemetry', '--disable-update-check');
    if (options.workspaceTrust !== true) flags.push('--disable-workspace-trust');
    const server = spawn(node, [codeServer, ...flags], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, ...options.environment },
    });
    await new Promise<void>((resolve, reject) => {
      server.stdout?.on('data', (text: Buffer) => {
        if (text.toString().includes('listening')) resolve();
      });
      server.once('exit', (code) => reject(new Error(`code-server ended with ${code}`)));
    });
    const browser = await launchBrowser();
    const context = await browser.newContext({ viewport: USUAL_SIZE });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const workbench = new Workbench(page, folders, browser, server);
    await page.goto(`http://127.0.0.1:${port}/?folder=${folders.workspace}`);
    await workbench.#begun();
    return workbench;
  }

  /** Loads the window again, until its timeline is back: window and host start from the beginning. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.#begun();
    await this.timeline().locator('#chart').waitFor({ state: 'attached', timeout: START_MS });
  }

  /** The window ends without being told to, as by a crash, and another one begins. */
  async endAtOnce(): Promise<void> {
    const before = this.#page;
    this.#page = await before.context().newPage();
    this.#page.setDefaultTimeout(15_000);
    this.#hear(this.#page);
    const address = before.url();
    await before.close({ runBeforeUnload: false });
    await this.#page.goto(address);
    await this.#begun();
  }

  async #begun(): Promise<void> {
    await this.page.waitForSelector('.monaco-workbench .part.statusbar', { timeout: START_MS });
  }

  /** Runs a command as a person does: by its name in the palette. */
  async command(name: string): Promise<void> {
    const { page } = this;
    const row = page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first();
    // The palette lists what is known when it opens, and closes when a window that has just begun takes the focus.
    for (let attempt = 1; ; attempt++) {
      try {
        await page.keyboard.press('F1');
        const input = page.locator('.quick-input-widget input').first();
        await input.fill(`>${name}`, { timeout: 3_000 });
        await row.click({ timeout: 3_000 });
        return;
      } catch (error) {
        if (attempt === 6) throw error;
        await page.keyboard.press('Escape');
      }
    }
  }

  /** Runs a command by its name in the palette without the mouse. */
  async commandByKeys(name: string): Promise<void> {
    const { page } = this;
    await page.keyboard.press('F1');
    await page.locator('.quick-input-widget input:focus').waitFor();
    await page.keyboard.type(name);
    const focused = page.locator('.quick-input-list .monaco-list-row.focused');
    await focused.filter({ hasText: name.split(' ').at(-1) ?? '' }).waitFor();
    // Longer names with the same words may come first; the group's heading or a key binding may follow the name.
    const isWanted = (text: string): boolean =>
      text.startsWith(name) && !/^[ a-z]/.test(text.slice(name.length).replace(/^(recently used|other commands)/, ''));
    for (let row = 0; row < 20 && !isWanted((await focused.textContent()) ?? ''); row++) {
      await page.keyboard.press('ArrowDown');
    }
    await page.keyboard.press('Enter');
  }

  /** Waits for a question's box and answers it with the choice that it comes with. */
  async answer(placeholder: string | RegExp): Promise<void> {
    const box = this.page.getByPlaceholder(placeholder);
    await box.waitFor({ state: 'visible' });
    await this.page.locator('.quick-input-list .monaco-list-row.focused').waitFor();
    await box.press('Enter');
  }

  /** Chooses a colour theme as a person does. */
  async setTheme(theme: string): Promise<void> {
    const { page } = this;
    await this.command('Preferences: Color Theme');
    const box = page.getByPlaceholder(/Select Color Theme/);
    await box.fill(theme);
    await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: theme }).waitFor();
    await box.press('Enter');
    await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /** The timeline's page inside the workbench. */
  timeline(): Playwright.FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').last().frameLocator('#active-frame');
  }

  /** The frame itself, for running scripts in it. */
  async timelineFrame(): Promise<Playwright.Frame> {
    await this.timeline().locator('#chart').waitFor({ state: 'attached' });
    const handle = await this.timeline().locator('body').elementHandle();
    return (await handle?.ownerFrame()) as Playwright.Frame;
  }

  /** What the extension hosts of all windows so far have logged. */
  hostLog(): string {
    const { data } = this.folders;
    const files = readdirSync(data, { recursive: true, encoding: 'utf8' });
    const logs = files.filter((file) => file.endsWith('exthost.log'));
    return logs.map((file) => readFileSync(join(data, file), 'utf8')).join('');
  }

  /** The process of the extension host that has got the workspace's storage last: others get folders beside it. */
  holderOfStorage(): number {
    const folder = join(this.folders.data, 'User', 'workspaceStorage');
    const locks = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('vscode.lock'),
    );
    const born = (file: string): number => statSync(join(folder, file)).birthtimeMs;
    const [last = ''] = locks.sort((a, b) => born(b) - born(a));
    return (JSON.parse(readFileSync(join(folder, last), 'utf8')) as { pid: number }).pid;
  }

  /** Takes a picture of the window in each theme and size; of what is brought to the front by `show`, where there is more. */
  async pictures(
    names: string | readonly string[],
    themes: readonly Theme[],
    show = async (_name: string) => {},
  ): Promise<void> {
    for (const theme of themes) {
      await this.setTheme(theme);
      for (const name of [names].flat()) {
        await show(name);
        for (const size of SIZES) {
          await this.page.setViewportSize(size);
          await this.drawn();
          await this.screenshot(`${name}-${theme.replaceAll(' ', '-').toLowerCase()}-${size.width}`);
        }
      }
    }
    await this.page.setViewportSize(USUAL_SIZE);
    await this.setTheme(THEMES[0]);
  }

  /** Waits until the timeline has drawn itself for its size and theme: it does so a while after the last change. */
  async drawn(): Promise<void> {
    const frame = await this.timelineFrame();
    await frame.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
  }

  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: screenshotPath(`${name}.png`) });
  }

  /** Keeps what the screen shows when a try has failed. A try that is repeated has no state after it. */
  async screenshotOfFailure(test: Mocha.Test | undefined): Promise<void> {
    if (test === undefined || test.state === 'passed' || test.pending) return;
    const words = test.title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
    await this.screenshot(`failed-${words.slice(0, 40)}-${Date.now()}`);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    const ended = new Promise((resolve) => this.#server.once('exit', resolve));
    this.#server.kill();
    await ended;
    this.folders.remove();
  }
}

export async function launchBrowser(): Promise<Playwright.Browser> {
  const { chromium } = require('playwright-core') as typeof Playwright;
  return chromium.launch({ executablePath: workbenchTools().chromium, args: BROWSER_FLAGS });
}
