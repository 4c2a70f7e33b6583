import * as vscode from 'vscode';
import { Command } from './ids.ts';

const URI_LIST = 'text/uri-list';

/** Logs that are dropped on a view are read together and explained. */
export class LogDrop implements vscode.TreeDragAndDropController<unknown> {
  readonly dragMimeTypes: readonly string[] = [];
  readonly dropMimeTypes: readonly string[] = [URI_LIST];

  async handleDrop(_target: unknown, data: vscode.DataTransfer): Promise<void> {
    const text = (await data.get(URI_LIST)?.asString()) ?? '';
    await explainDropped(text.split(/\r?\n/));
  }
}

/** @param texts addresses of files; what is none is left out */
export async function explainDropped(texts: readonly string[]): Promise<void> {
  const uris = texts.filter((text) => /^[a-z][\w+.-]*:/i.test(text)).map((text) => vscode.Uri.parse(text, true));
  if (uris.length > 0) await vscode.commands.executeCommand(Command.explainLog, uris[0], uris);
}
