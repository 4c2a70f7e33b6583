import * as vscode from 'vscode';
import { askText } from './question.ts';

/** A whole number from 0 to 9999; undefined when the question was left. */
export async function askNumber(title: string, prompt: string, value: string): Promise<number | undefined> {
  const isNumber = (text: string): boolean => /^\d{1,4}$/.test(text.trim());
  const text = await askText({
    title,
    prompt,
    value,
    validateInput: (typed) =>
      isNumber(typed)
        ? undefined
        : vscode.l10n.t('{0} is not a whole number from 0 to {1}', JSON.stringify(typed), 9999),
  });
  return text === undefined ? undefined : Number(text);
}
