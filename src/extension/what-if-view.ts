import * as vscode from 'vscode';
import { messageOf } from '../base/message.ts';
import type { HostMessage } from '../protocol.ts';
import type { ComparedRun, Subject, WhatIf } from '../what-if/what-if.ts';
import type { WhatIfHostMessage, WhatIfPageMessage } from '../what-if-protocol.ts';
import type { KeptWhatIf, WrittenAndTried } from './kept-what-if.ts';
import { traceSource } from './run.ts';
import { saveFile } from './save-file.ts';
import { translateEngine } from './translate-engine.ts';
import { allowPage } from './webview-page.ts';
import { whatIfHtml } from './what-if-html.ts';

/** What the editor asks of the rest of the extension. */
export interface WhatIfActions {
  /** Starts a run with the settings that are tried. */
  run(settings: WhatIf['settings']): Promise<void>;
  openAccuracy(): Promise<void>;
  /** The compared timeline has been drawn; after how many milliseconds. */
  drawn(afterMs: number): void;
  log(text: string): void;
}

/** What an editor is about, and what tells it from others: as a page keeps it for the next window. */
export interface KeptSubject {
  readonly id: string;
  readonly subject: Subject;
}

/** How long the status bar says that something was copied. */
const COPIED_MS = 3_000;

/** Feeds one webview with what would be if. */
export class WhatIfView implements vscode.Disposable {
  readonly #webview: vscode.Webview;
  readonly #kept: KeptSubject;
  readonly #written: KeptWhatIf;
  readonly #actions: WhatIfActions;
  readonly #subscription: vscode.Disposable;
  readonly #engine: Promise<WhatIf>;
  #isDisposed = false;
  /** Of the run with the settings that are there, which is shown again and again. */
  #now: { readonly run: ComparedRun; readonly messages: readonly HostMessage[] } | undefined;

  constructor(
    webview: vscode.Webview,
    extensionUri: vscode.Uri,
    kept: KeptSubject,
    written: KeptWhatIf,
    actions: WhatIfActions,
  ) {
    const { subject } = kept;
    this.#webview = webview;
    this.#kept = kept;
    this.#written = written;
    this.#actions = actions;
    const page = allowPage(webview, extensionUri, 'what-if', subject.title);
    this.#subscription = webview.onDidReceiveMessage((message: WhatIfPageMessage) => {
      this.#received(message).catch((error: unknown) => void vscode.window.showErrorMessage(messageOf(error)));
    });
    webview.html = whatIfHtml(page);
    // At once: loading it takes as long as the page does. Messages that need it report a failure.
    this.#engine = this.#load();
    this.#engine.catch(() => undefined);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#subscription.dispose();
    void this.#engine.then(
      (engine) => engine.dispose(),
      () => undefined,
    );
  }

  async #received(message: WhatIfPageMessage): Promise<void> {
    if (message.type === 'ask') this.#keep({ values: message.values });
    if (message.type === 'try') this.#keep({ tried: message.values });
    const engine = await this.#engine;
    switch (message.type) {
      case 'ready': {
        this.#now = undefined;
        // A page of a window that ended all at once may know what was written before the last of it.
        const { values, tried } = this.#written.of(this.#kept.id) ?? message;
        this.#post({ type: 'subject', subject: this.#kept, values, tried });
        await engine.start(values, tried);
        break;
      }
      case 'ask':
        await engine.ask(message.values);
        break;
      case 'try':
        await engine.try(message.values);
        break;
      case 'copy': {
        const text = engine.patch?.[message.form];
        if (text === undefined) break;
        await vscode.env.clipboard.writeText(text);
        vscode.window.setStatusBarMessage(vscode.l10n.t('The patch is on the clipboard'), COPIED_MS);
        break;
      }
      case 'save':
        if (engine.patch !== null) await savePatch(engine.patch.helm);
        break;
      case 'run':
        await this.#actions.run(engine.settings);
        break;
      case 'openAccuracy':
        await this.#actions.openAccuracy();
        break;
      case 'drawn':
        this.#actions.drawn(message.afterMs);
        break;
      case 'error':
        this.#actions.log(message.text);
        break;
    }
  }

  #keep(changed: Partial<WrittenAndTried>): void {
    const before = this.#written.of(this.#kept.id) ?? { values: {}, tried: {} };
    this.#written.keep(this.#kept.id, { ...before, ...changed });
  }

  async #load(): Promise<WhatIf> {
    await translateEngine();
    const { WhatIf: Engine } = await import('../what-if/what-if.ts');
    const { TimelineFeed } = await import('./timeline-feed.ts');
    const messagesOf = (id: string, name: string, run: ComparedRun): readonly HostMessage[] => {
      const source = traceSource(id, name, run.trace);
      const feed = new TimelineFeed([source]);
      return [...feed.sessions(), ...feed.take()];
    };
    const show = (now: ComparedRun, tried: ComparedRun | undefined): void => {
      if (this.#now?.run !== now) {
        this.#now = { run: now, messages: messagesOf('now', vscode.l10n.t('now'), now) };
      }
      const ofTried = tried === undefined ? [] : messagesOf('tried', vscode.l10n.t('tried'), tried);
      const all: readonly HostMessage[] = [
        { type: 'reset', title: '' },
        ...this.#now.messages,
        ...ofTried,
        { type: 'loaded' },
      ];
      for (const message of all) this.#post({ type: 'timeline', message });
    };
    return new Engine(this.#kept.subject, { post: (message) => this.#post(message), show });
  }

  #post(message: WhatIfHostMessage): void {
    if (!this.#isDisposed) void this.#webview.postMessage(message);
  }
}

async function savePatch(text: string): Promise<void> {
  const open = (uri: vscode.Uri): Thenable<unknown> => vscode.commands.executeCommand('vscode.open', uri);
  await saveFile({ name: 'arc-values', extension: 'yaml', kind: 'YAML', given: undefined, open }, () =>
    Promise.resolve(new TextEncoder().encode(text)),
  );
}
