import * as vscode from 'vscode';
import type { PageCommand } from '../protocol.ts';
import { fileNameOf } from './file-name.ts';
import type { TimelineSource } from './run.ts';
import { saveFile } from './save-file.ts';

const KINDS = { png: 'PNG image', svg: 'SVG image' } as const;

/** Asks for the kind of image. */
export async function askImageCommand(): Promise<PageCommand | undefined> {
  const choices: readonly (vscode.QuickPickItem & { readonly command: PageCommand })[] = [
    { label: KINDS.png, description: vscode.l10n.t('opens everywhere: issues, chats, documents'), command: 'savePng' },
    {
      label: KINDS.svg,
      description: vscode.l10n.t('sharp at any size, with searchable text'),
      command: 'saveSvg',
    },
  ];
  const title = vscode.l10n.t('Save the timeline as it is on screen');
  return (await vscode.window.showQuickPick(choices, { title }))?.command;
}

/** Saves a timeline's image. */
export async function saveImage(
  sources: readonly TimelineSource[],
  format: 'png' | 'svg',
  bytes: Uint8Array,
): Promise<void> {
  const name = fileNameOf(sources.map(({ info }) => info));
  const open = (uri: vscode.Uri): Thenable<unknown> => vscode.commands.executeCommand('vscode.open', uri);
  await saveFile({ name, extension: format, kind: KINDS[format], given: undefined, open }, () =>
    Promise.resolve(bytes),
  );
}
