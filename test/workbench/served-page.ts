import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import type * as Playwright from 'playwright-core';
import type { PageParts } from '../../src/extension/page-html.ts';
import { screenshotPath } from './screenshots.ts';
import { THEMES, type ThemeName } from './themes.ts';
import { ROOT } from './tools.ts';
import { launchBrowser } from './workbench.ts';

/** What a page is opened with. */
export interface ServedWith {
  /** Of the page's sources, below src. */
  readonly folder: 'webview' | 'webview/what-if';
  readonly html: (parts: PageParts) => string;
  readonly title: string;
  /** A script that runs before the page's own: what VS Code is for it. */
  readonly host: string;
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  /** Device pixels to a CSS pixel. */
  readonly ratio?: number;
  readonly timeoutMs?: number;
}

/** For a host's script: pages keep their state in the tab, over a reload too. */
export const KEEPS_STATE = `
  getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
  setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
`;

const built = new Map<string, Promise<{ readonly script: string; readonly style: string }>>();

/** A page's script and style as they are now: these tests need no build before them. */
function bundled(folder: string): Promise<{ readonly script: string; readonly style: string }> {
  let bundle = built.get(folder);
  if (bundle === undefined) {
    bundle = build({
      entryPoints: ['main.ts', 'style.css'].map((file) => join(ROOT, 'src', folder, file)),
      ...{ bundle: true, write: false, format: 'esm', target: 'chrome130', outdir: ROOT },
      tsconfig: join(ROOT, 'src/webview/tsconfig.json'),
    }).then(({ outputFiles }) => {
      const textOf = (ending: string): string => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
      return { script: textOf('.js'), style: textOf('.css') };
    });
    built.set(folder, bundle);
  }
  return bundle;
}

/** A page of the extension alone in Chromium, with the test in the place of VS Code. */
export class ServedPage {
  readonly page: Playwright.Page;
  /** What the page could not do. */
  readonly errors: string[] = [];
  readonly #server: Server;
  readonly #browser: Playwright.Browser;
  readonly #url: string;

  /** @param served what ServedPage.serve resolves with */
  protected constructor({ page, server, browser, url }: Served) {
    this.page = page;
    this.#server = server;
    this.#browser = browser;
    this.#url = url;
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('favicon')) this.errors.push(message.text());
    });
  }

  /** Serves a page; nothing is loaded until load(). */
  protected static async serve(options: ServedWith): Promise<Served> {
    const { folder, html, title, host, theme = 'dark', timeoutMs = 10_000 } = options;
    const { width = 1300, height = 860, ratio = 1 } = options;
    const { className, variables } = THEMES[theme];
    const { script, style } = await bundled(folder);
    const markup = html({
      ...{ title, script: '/page.js', style: '/page.css', cspSource: "'self'", nonce: 'test' },
      ...{ language: 'en', text: (text) => text, texts: undefined },
    })
      .replace('<script type="module"', '<script nonce="test" src="/host.js"></script>\n<script type="module"')
      .replace('<body ', `<body class="${className}" `)
      .replace('</head>', '<link rel="stylesheet" href="/theme.css"></head>');
    const files = new Map<string, readonly [type: string, text: string]>([
      ['/', ['text/html', markup]],
      ['/page.js', ['text/javascript', script]],
      ['/page.css', ['text/css', style]],
      ['/host.js', ['text/javascript', host]],
      ['/theme.css', ['text/css', `html{${variables}}`]],
    ]);
    const server = createServer((request, response) => {
      const [type, text] = files.get(request.url ?? '') ?? ['text/plain', ''];
      response.writeHead(text === '' ? 404 : 200, { 'content-type': `${type}; charset=utf-8` }).end(text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const browser = await launchBrowser();
    const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: ratio });
    page.setDefaultTimeout(timeoutMs);
    return { page, server, browser, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
  }

  protected async load(): Promise<void> {
    await this.page.goto(this.#url);
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

  /** @param fullPage also what is below the window's edge */
  async screenshot(name: string, fullPage = false): Promise<void> {
    await this.page.screenshot({ path: screenshotPath(`page-${name}.png`), fullPage });
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.close();
  }
}

/** A page with what serves it. */
export interface Served {
  readonly page: Playwright.Page;
  readonly server: Server;
  readonly browser: Playwright.Browser;
  readonly url: string;
}
