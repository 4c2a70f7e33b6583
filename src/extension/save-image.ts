import * as vscode from 'vscode';
import type { TimelineSource } from './run.ts';
import { saveFile } from './save-file.ts';

const KINDS = { png: 'PNG image', svg: 'SVG image' } as const;

/** Saves a timeline's image. */
export async function saveImage(
  sources: readonly TimelineSource[],
  format: 'png' | 'svg',
  bytes: Uint8Array,
): Promise<void> {
  const sessions = sources.map(({ info }) => info);
  const open = (uri: vscode.Uri): Thenable<unknown> => vscode.commands.executeCommand('vscode.open', uri);
  await saveFile({ sessions, extension: format, kind: KINDS[format], given: undefined, open }, () =>
    Promise.resolve(bytes),
  );
}
