import * as vscode from 'vscode';
import { WHAT_IF_PANEL } from './ids.ts';
import type { KeptWhatIf } from './kept-what-if.ts';
import { createPagePanel, setIcon } from './webview-page.ts';
import { WhatIfView, type KeptSubject, type WhatIfActions } from './what-if-view.ts';

/** The What If editors that are open, one for each subject. */
export class WhatIfPanels implements vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #written: KeptWhatIf;
  readonly #open = new Map<string, { readonly panel: vscode.WebviewPanel; readonly view: WhatIfView }>();

  constructor(extensionUri: vscode.Uri, written: KeptWhatIf) {
    this.#extensionUri = extensionUri;
    this.#written = written;
  }

  /** Shows the editor of a subject: beside a timeline that has the focus, otherwise in its place. */
  show(kept: KeptSubject, actions: WhatIfActions, isBeside: boolean): WhatIfView {
    const known = this.#open.get(kept.id);
    if (known !== undefined) {
      known.panel.reveal();
      return known.view;
    }
    this.#written.forget(kept.id);
    const viewColumn = isBeside ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
    return this.adopt(createPagePanel(WHAT_IF_PANEL, kept.subject.title, { viewColumn }), kept, actions);
  }

  /** Fills a new panel, or one that VS Code restored after a reload. */
  adopt(panel: vscode.WebviewPanel, kept: KeptSubject, actions: WhatIfActions): WhatIfView {
    const { id } = kept;
    setIcon(panel, this.#extensionUri);
    const view = new WhatIfView(panel.webview, this.#extensionUri, kept, this.#written, actions);
    this.#open.set(id, { panel, view });
    panel.onDidDispose(() => {
      this.#open.delete(id);
      view.dispose();
    });
    return view;
  }

  dispose(): void {
    for (const { panel } of [...this.#open.values()]) panel.dispose();
  }
}
