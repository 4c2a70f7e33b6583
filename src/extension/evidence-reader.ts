import * as vscode from 'vscode';
import type { ExplainedLogs } from '../report/explain-logs.ts';
import { shortNames } from './evidence-links.ts';

/** Logs that were read together, with what they say. */
export interface OpenedLogs extends ExplainedLogs {
  /** Tells them from others. */
  readonly id: string;
  readonly title: string;
  /** By the name that the answer has for each. */
  readonly uris: ReadonlyMap<string, vscode.Uri>;
}

/**
 * Reads logs and says why runners start late or hang. Nothing is run and nothing leaves the machine, so that it needs no trust.
 * @throws EvidenceError, with one sentence
 */
export async function readLogs(uris: readonly vscode.Uri[]): Promise<OpenedLogs> {
  const { explainLogs } = await import('../report/explain-logs.ts');
  const { openInput, unpacked } = await import('../evidence/open-input.ts');
  const names = shortNames(uris.map(({ path }) => path));
  const title = names.join(', ');
  const inputs = uris.map((uri, index) => ({
    name: names[index] ?? uri.path,
    bytes: uri.scheme === 'file' ? openInput(uri.fsPath) : unpacked(contentOf(uri)),
  }));
  const explained = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Reading {0}', title) },
    () => explainLogs(inputs),
  );
  const byName = new Map(uris.map((uri, index) => [names[index] ?? uri.path, uri]));
  return { ...explained, id: uris.map(String).join('\n'), title, uris: byName };
}

/** A packed log as text, for an editor. */
export async function textOfLog(uri: vscode.Uri): Promise<string> {
  const { unpacked } = await import('../evidence/open-input.ts');
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of unpacked(contentOf(uri))) text += decoder.decode(piece, { stream: true });
  return text + decoder.decode();
}

async function* contentOf(uri: vscode.Uri): AsyncGenerator<Uint8Array> {
  yield await vscode.workspace.fs.readFile(uri);
}
