import { mkdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import type * as Playwright from 'playwright-core';
import { traceSource } from '../../src/extension/run.ts';
import { TimelineFeed } from '../../src/extension/timeline-feed.ts';
import { whatIfHtml } from '../../src/extension/what-if-html.ts';
import type { HostMessage } from '../../src/protocol.ts';
import { WhatIf, type ComparedRun, type Subject } from '../../src/what-if/what-if.ts';
import type { WhatIfHostMessage, WhatIfPageMessage } from '../../src/what-if-protocol.ts';
import { THEMES, type ThemeName } from './themes.ts';
import { ROOT } from './tools.ts';
import { launchBrowser } from './workbench.ts';

/** What VS Code is for the page. */
const HOST = `
window.acquireVsCodeApi = () => ({
  postMessage: (message) => void window.hostHears(message),
  getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
  setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
});
window.post = (messages) => {
  for (const message of messages) {
    const bars = message.message?.bars;
    if (bars) bars.bytes = Uint8Array.from(atob(bars.bytes), (character) => character.charCodeAt(0)).buffer;
    window.postMessage(message, '*');
  }
};
`;

/** The What If editor's page in Chromium, with the engine behind it and the test in the place of VS Code. */
export class WhatIfPageTest {
  readonly page: Playwright.Page;
  readonly engine: WhatIf;
  /** What the page has said besides what the engine is asked for. */
  readonly said: WhatIfPageMessage[] = [];
  readonly errors: string[] = [];
  readonly #server: Server;
  readonly #browser: Playwright.Browser;

  private constructor(subject: Subject, page: Playwright.Page, server: Server, browser: Playwright.Browser) {
    this.page = page;
    this.#server = server;
    this.#browser = browser;
    this.engine = new WhatIf(subject, {
      post: (message) => this.#post([message]),
      show: (now, tried) => this.#show(now, tried),
    });
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('favicon')) this.errors.push(message.text());
    });
  }

  static async open(subject: Subject, theme: ThemeName = 'dark'): Promise<WhatIfPageTest> {
    const { className, variables } = THEMES[theme];
    const html = whatIfHtml({
      ...{ title: subject.title, script: '/what-if.js', style: '/what-if.css', cspSource: "'self'", nonce: 'test' },
      ...{ language: 'en', text: (text) => text, texts: undefined },
    })
      .replace('<script type="module"', '<script nonce="test" src="/host.js"></script>\n<script type="module"')
      .replace('<body ', `<body class="${className}" `)
      .replace('</head>', '<link rel="stylesheet" href="/theme.css"></head>');
    const files = new Map<string, readonly [type: string, text: string]>([
      ['/', ['text/html', html]],
      ['/what-if.js', ['text/javascript', await bundled()]],
      ['/what-if.css', ['text/css', readFileSync(join(ROOT, 'src/webview/what-if/style.css'), 'utf8')]],
      ['/host.js', ['text/javascript', HOST]],
      ['/theme.css', ['text/css', `html{${variables}}`]],
    ]);
    const server = createServer((request, response) => {
      const [type, text] = files.get(request.url ?? '') ?? ['text/plain', ''];
      response.writeHead(text === '' ? 404 : 200, { 'content-type': `${type}; charset=utf-8` }).end(text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const browser = await launchBrowser();
    const page = await browser.newPage({ viewport: { width: 1300, height: 1000 } });
    page.setDefaultTimeout(30_000);
    const test = new WhatIfPageTest(subject, page, server, browser);
    await page.exposeFunction('hostHears', (message: WhatIfPageMessage) => test.#hears(message));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return test;
  }

  /** As when a person chooses another colour theme. */
  async setTheme(theme: ThemeName): Promise<void> {
    const { className, variables } = THEMES[theme];
    await this.page.evaluate(
      ([names, style]) => {
        document.documentElement.style.cssText = style;
        document.body.className = names;
        return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      },
      [className, variables] as const,
    );
  }

  /** Waits until everything has been computed. */
  async computed(): Promise<void> {
    await this.page.locator('#progress[aria-busy="false"]').waitFor({ timeout: 60_000 });
  }

  ofType<T extends WhatIfPageMessage['type']>(type: T): Extract<WhatIfPageMessage, { type: T }>[] {
    return this.said.filter((message): message is Extract<WhatIfPageMessage, { type: T }> => message.type === type);
  }

  async screenshot(name: string): Promise<void> {
    const folder = join(ROOT, '.cache', 'workbench', 'screenshots');
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `page-${name}.png`), fullPage: true });
  }

  async close(): Promise<void> {
    this.engine.dispose();
    await this.#browser.close();
    this.#server.close();
  }

  #hears(message: WhatIfPageMessage): void {
    if (message.type === 'ready') void this.engine.start(message.values, message.tried);
    else if (message.type === 'ask') void this.engine.ask(message.values);
    else if (message.type === 'try') void this.engine.try(message.values);
    else this.said.push(message);
  }

  #show(now: ComparedRun, tried: ComparedRun | undefined): void {
    const runs = [['now', now] as const, ...(tried === undefined ? [] : [['tried', tried] as const])];
    const feed = new TimelineFeed(runs.map(([name, { trace }]) => traceSource(name, name, trace)));
    const all: HostMessage[] = [{ type: 'reset', title: '' }, ...feed.sessions(), ...feed.take(), { type: 'loaded' }];
    this.#post(all.map((message) => ({ type: 'timeline', message })));
  }

  #post(messages: readonly WhatIfHostMessage[]): void {
    const texts = messages.map((message) => {
      if (message.type !== 'timeline' || message.message.type !== 'bars') return message;
      const { bars } = message.message;
      return {
        ...message,
        message: { ...message.message, bars: { ...bars, bytes: Buffer.from(bars.bytes).toString('base64') } },
      };
    });
    // A page that is being closed hears nothing more.
    this.page.evaluate(`window.post(${JSON.stringify(texts)})`).catch(() => undefined);
  }
}

let script: Promise<string> | undefined;

/** The page's script as it is now: these tests need no build before them. */
function bundled(): Promise<string> {
  script ??= build({
    entryPoints: [join(ROOT, 'src/webview/what-if/main.ts')],
    ...{ bundle: true, write: false, format: 'esm', target: 'chrome130' },
    tsconfig: join(ROOT, 'src/webview/tsconfig.json'),
  }).then(({ outputFiles: [file] }) => file?.text ?? '');
  return script;
}
