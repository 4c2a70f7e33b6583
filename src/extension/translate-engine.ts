import { config } from '@vscode/l10n';
import * as vscode from 'vscode';

/** The same for what is loaded at once, which has its own copy: the tree names problems. */
export function translateOwn(): void {
  if (vscode.l10n.bundle !== undefined) config({ contents: vscode.l10n.bundle });
}

let translated: Promise<void> | undefined;

/** What is loaded on demand has a copy of its own of what translates texts; to be awaited before any of it is used. */
export function translateEngine(): Promise<void> {
  translated ??= translate();
  return translated;
}

async function translate(): Promise<void> {
  if (vscode.l10n.bundle === undefined) return;
  const { configureTexts } = await import('../run/texts.ts');
  configureTexts({ contents: vscode.l10n.bundle });
}
