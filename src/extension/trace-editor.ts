import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path/posix';
import * as vscode from 'vscode';
import type { TraceLog } from '../trace/trace-log.ts';
import { traceSource } from './run.ts';
import { TimelineView, type TimelineActions } from './timeline-view.ts';

/** A trace file in an editor: its traces, or the sentence that says why there is none. */
interface TraceDocument extends vscode.CustomDocument {
  readonly traces: readonly TraceLog[];
  readonly failure: string | undefined;
}

/** Trace files as read-only timelines. They need no session, no cluster and no trust. */
export class TraceEditor implements vscode.CustomReadonlyEditorProvider<TraceDocument> {
  readonly #extensionUri: vscode.Uri;
  readonly #actions: TimelineActions;
  readonly #views = new Map<vscode.WebviewPanel, TimelineView>();

  constructor(extensionUri: vscode.Uri, actions: TimelineActions) {
    this.#extensionUri = extensionUri;
    this.#actions = actions;
  }

  get active(): TimelineView | undefined {
    return [...this.#views].find(([panel]) => panel.active)?.[1];
  }

  /** Every timeline that is open. */
  get views(): Iterable<TimelineView> {
    return this.#views.values();
  }

  /** Brings the editor that shows a source to the front. */
  bringToFront(source: string): void {
    [...this.#views].find(([, view]) => view.shows(source))?.[0].reveal();
  }

  async openCustomDocument(
    uri: vscode.Uri,
    _context: vscode.CustomDocumentOpenContext,
    token: vscode.CancellationToken,
  ): Promise<TraceDocument> {
    const name = basename(uri.path);
    try {
      const traces = await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Reading {0}', name) },
        (progress) => readTraces(uri, (percent) => progress.report({ message: `${percent} %` }), token),
      );
      return { uri, traces, failure: undefined, dispose: () => undefined };
    } catch (error) {
      const why = (error as Error).message;
      const failure = vscode.l10n.t('{0} cannot be shown: {1}.', name, why);
      return { uri, traces: [], failure, dispose: () => undefined };
    }
  }

  resolveCustomEditor(document: TraceDocument, panel: vscode.WebviewPanel): void {
    const name = basename(document.uri.path);
    const sources = document.traces.map((trace, index) => {
      return traceSource(`${document.uri.toString()}#${index}`, name, trace);
    });
    const view = new TimelineView(panel.webview, this.#extensionUri, name, sources, this.#actions);
    if (document.failure !== undefined) view.fail(document.failure);
    this.#views.set(panel, view);
    panel.onDidDispose(() => {
      this.#views.delete(panel);
      view.dispose();
    });
  }
}

/**
 * Reads the traces of a file piece by piece, as large as it may be.
 * @throws Error, TraceFormatError, CancellationError
 */
export async function readTraces(
  uri: vscode.Uri,
  report: (percent: number) => void,
  token?: vscode.CancellationToken,
): Promise<readonly TraceLog[]> {
  const { TraceReader } = await import('../trace/jsonl.ts');
  const reader = new TraceReader();
  if (uri.scheme !== 'file') {
    reader.push(new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)));
    return reader.end();
  }
  const { size } = await stat(uri.fsPath);
  const stream = createReadStream(uri.fsPath, { encoding: 'utf8', highWaterMark: 1 << 20 });
  let read = 0;
  let reported = 0;
  for await (const piece of stream as AsyncIterable<string>) {
    if (token?.isCancellationRequested === true) throw new vscode.CancellationError();
    reader.push(piece);
    read += piece.length;
    const percent = Math.floor((read / Math.max(1, size)) * 100);
    if (percent >= reported + 5) report((reported = percent));
  }
  return reader.end();
}
