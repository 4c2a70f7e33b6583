import * as vscode from 'vscode';
import type { ExplainedLogs } from '../report/explain-logs.ts';
import { shortNames } from './evidence-links.ts';
import type { Explained } from './explained.ts';
import { contentOf, inputsAt } from './log-inputs.ts';

/** Logs that were read together, with what they say. */
export type OpenedLogs = Explained & ExplainedLogs;

/**
 * Reads logs and says why runners start late or hang. Nothing is run and nothing leaves the machine, so that it needs no trust.
 * @throws EvidenceError, with one sentence
 * @throws vscode.CancellationError where somebody does not want to wait for a large one
 */
export async function readLogs(uris: readonly vscode.Uri[]): Promise<OpenedLogs> {
  const { explainLogs } = await import('../report/explain-logs.ts');
  const title = shortNames(uris.map(({ path }) => path)).join(', ');
  const inputs = await inputsAt(uris);
  const isLarge = (await sizeOf(inputs.flatMap(({ uri }) => uri ?? []))) > LARGE;
  const location = isLarge ? vscode.ProgressLocation.Notification : vscode.ProgressLocation.Window;
  const explained = await vscode.window.withProgress(
    { location, title: vscode.l10n.t('Reading {0}', title), cancellable: isLarge },
    (progress, token) => {
      const told = (readMb: number): void => {
        if (token.isCancellationRequested) throw new vscode.CancellationError();
        if (isLarge) progress.report({ message: vscode.l10n.t('{0} MB', readMb) });
      };
      return explainLogs(inputs.map(({ name, bytes }) => ({ name, bytes: counted(bytes, told) })));
    },
  );
  const byName = new Map(inputs.flatMap(({ name, uri }) => (uri === undefined ? [] : [[name, uri] as const])));
  return { ...explained, id: uris.map(String).join('\n'), title, uris: byName };
}

/** What is larger can be cancelled, and says how far it is. */
const LARGE = 20e6;

async function sizeOf(uris: readonly vscode.Uri[]): Promise<number> {
  // What has no size is found to be missing when it is read.
  const sizes = await Promise.all(
    uris.map((uri) =>
      Promise.resolve(vscode.workspace.fs.stat(uri)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** @param told how many MB have been read, after each */
async function* counted(bytes: AsyncIterable<Uint8Array>, told: (readMb: number) => void): AsyncGenerator<Uint8Array> {
  let [read, said] = [0, -1];
  for await (const piece of bytes) {
    read += piece.length;
    const readMb = Math.floor(read / 1e6);
    if (readMb !== said) told((said = readMb));
    yield piece;
  }
}

/** A packed log as text, for an editor. */
export async function textOfLog(uri: vscode.Uri): Promise<string> {
  const { unpacked } = await import('../evidence/open-input.ts');
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of unpacked(uri.path, contentOf(uri))) text += decoder.decode(piece, { stream: true });
  return text + decoder.decode();
}
