import * as vscode from 'vscode';
import { MOST_RUNNERS } from '../../run/settings.ts';
import { cancelled } from './pick.ts';
import { askText } from './question.ts';

export function isCount(text: string): boolean {
  return /^\d+$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= MOST_RUNNERS;
}

/** Says what is wrong with a number of runners. */
export function notACount(text: string): string {
  return vscode.l10n.t('{0} is not a whole number from 1 to {1}', JSON.stringify(text), MOST_RUNNERS);
}

/**
 * Asks how many runners to create.
 * @throws cancelled
 */
export async function askCount(title: string, proposed: number, prompt = defaultPrompt()): Promise<number> {
  const text = await askText({
    title,
    prompt,
    value: String(proposed),
    validateInput: (value) => (isCount(value) ? undefined : notACount(value)),
  });
  if (text === undefined) throw cancelled;
  return Number(text);
}

function defaultPrompt(): string {
  return vscode.l10n.t('Number of EphemeralRunners to create');
}
