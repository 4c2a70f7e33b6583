import * as vscode from 'vscode';
import { Command, LOG_SCHEME } from './ids.ts';

/** Lines at the beginning of a document in which the controller, or a listener, shows. */
const LOOKED_AT = 200;
const ARC = /EphemeralRunner|AutoscalingRunnerSet|AutoscalingListener|actions-runner-controller|gha-runner-scale-set/;
const DOCUMENTS = ['file', 'untitled', 'vscode-remote', LOG_SCHEME].flatMap((scheme) => [
  { scheme, language: 'log' },
  { scheme, pattern: '**/*.{log,txt,jsonl}' },
]);

/** In a controller's log that is open in an editor, however it came there: above it what explains it, and over a line what shows its bar. */
export class LogLens implements vscode.CodeLensProvider, vscode.HoverProvider {
  readonly #isRead: (uri: vscode.Uri) => boolean;

  /** @param isRead whether a document is one of the logs whose findings are shown */
  constructor(isRead: (uri: vscode.Uri) => boolean) {
    this.#isRead = isRead;
  }

  register(): vscode.Disposable[] {
    return [
      vscode.languages.registerCodeLensProvider(DOCUMENTS, this),
      vscode.languages.registerHoverProvider(DOCUMENTS, this),
    ];
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!isOfArc(document)) return [];
    const title = vscode.l10n.t('Explain with ARC Reconciler Lab');
    const command = { command: Command.explainLog, title, arguments: [document.uri] };
    return [new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), command)];
  }

  provideHover(document: vscode.TextDocument, { line }: vscode.Position): vscode.Hover | undefined {
    if (!this.#isRead(document.uri)) return undefined;
    const link = encodeURIComponent(JSON.stringify([document.uri, line + 1]));
    const text = new vscode.MarkdownString(
      `[${vscode.l10n.t('Show in Timeline')}](command:${Command.showLine}?${link})`,
    );
    text.isTrusted = { enabledCommands: [Command.showLine] };
    return new vscode.Hover(text);
  }
}

function isOfArc(document: vscode.TextDocument): boolean {
  const end = Math.min(document.lineCount, LOOKED_AT);
  return ARC.test(document.getText(new vscode.Range(0, 0, end, 0)));
}
