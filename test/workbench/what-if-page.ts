import { traceSource } from '../../src/extension/run.ts';
import { TimelineFeed } from '../../src/extension/timeline-feed.ts';
import { whatIfHtml } from '../../src/extension/what-if-html.ts';
import type { HostMessage } from '../../src/protocol.ts';
import { WhatIf, type ComparedRun, type Subject } from '../../src/what-if/what-if.ts';
import type { WhatIfHostMessage, WhatIfPageMessage } from '../../src/what-if-protocol.ts';
import { KEEPS_STATE, ServedPage, type Served } from './served-page.ts';

/** What VS Code is for the page. */
const HOST = `
window.acquireVsCodeApi = () => ({
  postMessage: (message) => void window.hostHears(message),
  ${KEEPS_STATE}
});
window.post = (messages) => {
  for (const message of messages) {
    const bars = message.message?.bars;
    if (bars) bars.bytes = Uint8Array.from(atob(bars.bytes), (character) => character.charCodeAt(0)).buffer;
    window.postMessage(message, '*');
  }
};
`;

/** The What If editor's page, with the engine behind it. */
export class WhatIfPageTest extends ServedPage {
  readonly engine: WhatIf;
  /** What the page has said besides what the engine is asked for. */
  readonly said: WhatIfPageMessage[] = [];

  private constructor(subject: Subject, served: Served) {
    super(served);
    this.engine = new WhatIf(subject, {
      post: (message) => this.#post([message]),
      show: (now, tried) => this.#show(now, tried),
    });
  }

  static async open(subject: Subject): Promise<WhatIfPageTest> {
    const served = await ServedPage.serve({
      ...{ folder: 'webview/what-if', html: whatIfHtml, title: subject.title, host: HOST },
      ...{ height: 1000, timeoutMs: 30_000 },
    });
    const opened = new WhatIfPageTest(subject, served);
    await opened.page.exposeFunction('hostHears', (message: WhatIfPageMessage) => opened.#hears(message));
    await opened.load();
    return opened;
  }

  /** Waits until everything has been computed. */
  async computed(): Promise<void> {
    await this.page.locator('#progress[aria-busy="false"]').waitFor({ timeout: 60_000 });
  }

  ofType<T extends WhatIfPageMessage['type']>(type: T): Extract<WhatIfPageMessage, { type: T }>[] {
    return this.said.filter((message): message is Extract<WhatIfPageMessage, { type: T }> => message.type === type);
  }

  override async close(): Promise<void> {
    this.engine.dispose();
    await super.close();
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
