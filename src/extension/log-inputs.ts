import { statSync } from 'node:fs';
import * as vscode from 'vscode';
import { shortNames } from './evidence-links.ts';

/** A log that is read, under the name that the answer has for it. */
export interface LogInput {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Where its lines are shown; undefined for a file in an archive. */
  readonly uri: vscode.Uri | undefined;
}

/**
 * The logs at addresses: files, and those in folders and tar archives of the machine.
 * @throws UnreadableError for a folder with too many files, or none
 */
export async function inputsAt(uris: readonly vscode.Uri[]): Promise<LogInput[]> {
  const { inputsOf } = await import('../evidence/inputs.ts');
  const { unpacked } = await import('../evidence/open-input.ts');
  const found: LogInput[] = [];
  for (const uri of uris) {
    if (uri.scheme !== 'file') {
      found.push({ name: uri.path, bytes: unpacked(uri.path, contentOf(uri)), uri });
      continue;
    }
    for (const { name, bytes } of await inputsOf([uri.fsPath])) {
      const isFile = statSync(name, { throwIfNoEntry: false })?.isFile() === true;
      const place = name === uri.fsPath ? uri : vscode.Uri.file(name);
      found.push({ name, bytes, uri: isFile ? place : undefined });
    }
  }
  const names = shortNames(found.map(({ name }) => name.replaceAll('\\', '/')));
  return found.map((input, index) => ({ ...input, name: names[index] ?? input.name }));
}

export async function* contentOf(uri: vscode.Uri): AsyncGenerator<Uint8Array> {
  yield await vscode.workspace.fs.readFile(uri);
}
