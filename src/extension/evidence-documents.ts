import * as vscode from 'vscode';
import { lineLinks } from './evidence-links.ts';
import { readLogs, textOfLog, type OpenedLogs } from './evidence-reader.ts';
import type { Explained } from './explained.ts';
import { ANSWER_LANGUAGE, ANSWER_SCHEME, LOG_SCHEME } from './ids.ts';

/** Answers about logs as documents: what they say, with links to the lines that show it. */
export class EvidenceDocuments implements vscode.TextDocumentContentProvider, vscode.DocumentLinkProvider {
  readonly #opened = new Map<string, OpenedLogs>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;

  register(): vscode.Disposable[] {
    return [
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(ANSWER_SCHEME, this),
      // Their names end as those of their logs do, by which VS Code takes them for JSON or YAML.
      vscode.workspace.onDidOpenTextDocument(inOwnLanguage),
      vscode.languages.registerDocumentLinkProvider({ scheme: ANSWER_SCHEME }, this),
      vscode.workspace.registerTextDocumentContentProvider(LOG_SCHEME, {
        provideTextDocumentContent: (uri) => textOfLog(vscode.Uri.parse(uri.query, true)),
      }),
    ];
  }

  /** @returns the document of an answer, which is read again after the window is reloaded */
  show(opened: OpenedLogs): vscode.Uri {
    const query = JSON.stringify([...opened.uris.values()].map(String));
    const uri = vscode.Uri.from({ scheme: ANSWER_SCHEME, path: `/${titleOf(opened)}`, query });
    this.#opened.set(uri.toString(), opened);
    this.#changed.fire(uri);
    return uri;
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const known = this.#opened.get(uri.toString());
    if (known !== undefined) return known.text;
    const opened = await readLogs((JSON.parse(uri.query) as string[]).map((each) => vscode.Uri.parse(each, true)));
    this.#opened.set(uri.toString(), opened);
    return opened.text;
  }

  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const opened = this.#opened.get(document.uri.toString());
    if (opened === undefined) return [];
    return lineLinks(document.getText(), [...opened.uris.keys()]).map(({ from, to, file, line }) => {
      const range = new vscode.Range(document.positionAt(from), document.positionAt(to));
      return new vscode.DocumentLink(range, placeOf(opened, file, line));
    });
  }
}

/** Where a line of a log is shown; a packed log is unpacked for it. */
export function placeOf({ uris }: Explained, file: string, line: number): vscode.Uri | undefined {
  const uri = uris.get(file);
  const fragment = `L${line}`;
  if (uri === undefined || !uri.path.endsWith('.gz')) return uri?.with({ fragment });
  return vscode.Uri.from({
    scheme: LOG_SCHEME,
    path: uri.path.slice(0, -'.gz'.length),
    query: uri.toString(),
    fragment,
  });
}

/** The log that a document shows: a packed one is shown unpacked. */
export function logOf(document: vscode.Uri): vscode.Uri {
  return document.scheme === LOG_SCHEME ? vscode.Uri.parse(document.query, true) : document.with({ fragment: '' });
}

function inOwnLanguage(document: vscode.TextDocument): void {
  if (document.uri.scheme !== ANSWER_SCHEME || document.languageId === ANSWER_LANGUAGE) return;
  void vscode.languages.setTextDocumentLanguage(document, ANSWER_LANGUAGE);
}

function titleOf({ title }: OpenedLogs): string {
  return vscode.l10n.t('Findings in {0}', title).replaceAll('/', '∕');
}
