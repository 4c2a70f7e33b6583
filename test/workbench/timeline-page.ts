import { writeFileSync } from 'node:fs';
import type { PageParts } from '../../src/extension/page-html.ts';
import { timelineHtml } from '../../src/extension/timeline-html.ts';
import type { HostMessage, PageMessage } from '../../src/protocol.ts';
import { screenshotPath } from './screenshots.ts';
import { KEEPS_STATE, ServedPage, type ServedWith } from './served-page.ts';

/** What VS Code is for the page: keeps what it says and what it wants kept. */
const HOST = `
const said = [];
let frames = 0;
const raf = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (callback) => raf((time) => { frames++; callback(time); });
window.acquireVsCodeApi = () => ({
  postMessage: (message) => said.push(message),
  ${KEEPS_STATE}
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

export interface PageOptions extends Pick<ServedWith, 'theme' | 'width' | 'height' | 'ratio'> {
  readonly wheel?: 'scroll' | 'zoom';
}

/** The timeline's page. */
export class TimelinePage extends ServedPage {
  static async open({ wheel = 'scroll', ...options }: PageOptions = {}): Promise<TimelinePage> {
    const html = (parts: PageParts): string => timelineHtml({ ...parts, wheel });
    const opened = new TimelinePage(
      await ServedPage.serve({ folder: 'webview', html, title: 'Timeline', host: HOST, ...options }),
    );
    await opened.load();
    return opened;
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

  /** Keeps a file beside the screenshots, to be looked at. */
  keep(name: string, bytes: Uint8Array): void {
    writeFileSync(screenshotPath(`page-${name}`), bytes);
  }
}
