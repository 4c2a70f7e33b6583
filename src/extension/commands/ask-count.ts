import * as vscode from 'vscode';
import { cancelled } from './pick.ts';

const MOST = 100_000;

/**
 * Asks how many runners to create.
 * @throws cancelled
 */
export async function askCount(proposed: number): Promise<number> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('ARC: Create Runners'),
    prompt: vscode.l10n.t('How many EphemeralRunners should be created at once?'),
    value: String(proposed),
    // As in the questions before it: see pick().
    ignoreFocusOut: true,
    validateInput: (value) =>
      /^\d+$/.test(value.trim()) && Number(value) >= 1 && Number(value) <= MOST
        ? undefined
        : vscode.l10n.t('A whole number from 1 to {0}', MOST),
  });
  if (text === undefined) throw cancelled;
  return Number(text);
}
