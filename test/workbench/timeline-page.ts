import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import type * as Playwright from 'playwright-core';
import { timelineHtml } from '../../src/extension/timeline-html.ts';
import type { HostMessage, PageMessage } from '../../src/protocol.ts';
import { THEMES, type ThemeName } from './themes.ts';
import { ROOT } from './tools.ts';
import { launchBrowser } from './workbench.ts';

/** What VS Code is for the page: keeps what it says and what it wants kept. */
const HOST = `
const said = [];
let frames = 0;
const raf = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (callback) => raf((time) => { frames++; callback(time); });
window.acquireVsCodeApi = () => ({
  postMessage: (message) => said.push(message),
  getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
  setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
});
window.host = {
  said,
  frames: () => frames,
  post(messages) {
    for (const message of messages) {
      const bytesOf = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer;
      const bars = message.bars && { ...message.bars, bytes: bytesOf(message.bars.bytes) };
      window.postMessage(bars === undefined ? message : { ...message, bars }, '*');
    }
    return new Promise((done) => raf(() => raf(done)));
  },
};
`;

export interface PageOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  /** Device pixels to a CSS pixel. */
  readonly ratio?: number;
  readonly wheel?: 'scroll' | 'zoom';
}

let script: Promise<string> | undefined;

/** The page's script as it is now: these tests need no build before them. */
function bundled(): Promise<string> {
  script ??= build({
    entryPoints: [join(ROOT, 'src/webview/main.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'chrome130',
    tsconfig: join(ROOT, 'src/webview/tsconfig.json'),
  }).then(({ outputFiles: [file] }) => file?.text ?? '');
  return script;
}

/** The timeline's page alone in Chromium, with the test in the place of VS Code. */
export class TimelinePage {
  readonly page: Playwright.Page;
  /** What the page could not do. */
  readonly errors: string[];
  readonly #server: Server;
  readonly #browser: Playwright.Browser;

  private constructor(page: Playwright.Page, errors: string[], server: Server, browser: Playwright.Browser) {
    this.page = page;
    this.errors = errors;
    this.#server = server;
    this.#browser = browser;
  }

  static async open(options: PageOptions = {}): Promise<TimelinePage> {
    const { theme = 'dark', width = 1300, height = 860, ratio = 1, wheel = 'scroll' } = options;
    const { className, variables } = THEMES[theme];
    const html = timelineHtml({
      title: 'Timeline',
      script: '/timeline.js',
      style: '/timeline.css',
      cspSource: "'self'",
      nonce: 'test',
      language: 'en',
      text: (text) => text,
      texts: undefined,
      wheel,
    })
      .replace('<script type="module"', '<script nonce="test" src="/host.js"></script>\n<script type="module"')
      .replace('<body ', `<body class="${className}" `)
      .replace('</head>', '<link rel="stylesheet" href="/theme.css"></head>');
    const files = new Map<string, readonly [type: string, text: string]>([
      ['/', ['text/html', html]],
      ['/timeline.js', ['text/javascript', await bundled()]],
      ['/timeline.css', ['text/css', readFileSync(join(ROOT, 'src/webview/style.css'), 'utf8')]],
      ['/host.js', ['text/javascript', HOST]],
      ['/theme.css', ['text/css', `html{${variables}}`]],
    ]);
    const server = createServer((request, response) => {
      const [type, text] = files.get(request.url ?? '') ?? ['text/plain', ''];
      response.writeHead(text === '' ? 404 : 200, { 'content-type': `${type}; charset=utf-8` }).end(text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const browser = await launchBrowser();
    const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: ratio });
    page.setDefaultTimeout(10_000);
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('favicon')) errors.push(message.text());
    });
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return new TimelinePage(page, errors, server, browser);
  }

  /** Hands messages to the page as VS Code does, and waits until they are drawn. */
  async post(...messages: HostMessage[]): Promise<void> {
    const texts = messages.map((message) => {
      if (message.type !== 'bars') return message;
      const { bars } = message;
      return { ...message, bars: { ...bars, bytes: Buffer.from(bars.bytes).toString('base64') } };
    });
    await this.page.evaluate(`window.host.post(${JSON.stringify(texts)})`);
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

  /** An empty page of the same browser. */
  anotherPage(): Promise<Playwright.Page> {
    return this.#browser.newPage();
  }

  /** What the page has said so far, of one type. */
  async said<T extends PageMessage['type']>(type: T): Promise<Extract<PageMessage, { type: T }>[]> {
    const all = await this.page.evaluate<PageMessage[]>('window.host.said');
    return all.filter((message): message is Extract<PageMessage, { type: T }> => message.type === type);
  }

  /** The picture that a person saves. */
  async saved(format: 'png' | 'svg'): Promise<Uint8Array> {
    await this.page.evaluate('window.host.said.length = 0');
    await this.post({ type: 'command', command: format === 'png' ? 'savePng' : 'saveSvg' });
    await this.hears('image');
    const text = await this.page.evaluate<string>(`(() => {
      const { bytes } = window.host.said.find(({ type }) => type === 'image');
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    })()`);
    return Buffer.from(text, 'base64');
  }

  /** Waits until the page has said something of a type. */
  async hears(type: PageMessage['type']): Promise<void> {
    await this.page.waitForFunction(
      (wanted) => (window as unknown as { host: { said: PageMessage[] } }).host.said.some((one) => one.type === wanted),
      type,
    );
  }

  /** Animation frames that have been used. */
  frames(): Promise<number> {
    return this.page.evaluate<number>('window.host.frames()');
  }

  /** What the chart says of itself to those who do not see it. */
  async description(): Promise<string> {
    return (await this.page.locator('#chart').getAttribute('aria-label')) ?? '';
  }

  async describedAs(pattern: RegExp): Promise<string> {
    await this.page.waitForFunction(
      ([source, flags]) => {
        const label = document.getElementById('chart')?.getAttribute('aria-label') ?? '';
        return new RegExp(source, flags).test(label);
      },
      [pattern.source, pattern.flags] as const,
    );
    return this.description();
  }

  async screenshot(name: string): Promise<void> {
    const folder = join(ROOT, '.cache', 'workbench', 'screenshots');
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `page-${name}.png`) });
  }

  /** Keeps a file beside the screenshots, to be looked at. */
  keep(name: string, bytes: Uint8Array): void {
    const folder = join(ROOT, '.cache', 'workbench', 'screenshots');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `page-${name}`), bytes);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.close();
  }
}
