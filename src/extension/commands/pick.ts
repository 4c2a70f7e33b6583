import * as vscode from 'vscode';
import { focusReturned } from './question.ts';

export interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

/** A series of questions with one title, and where in it one of them is. */
export interface Step {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
}

/** What a list has besides its choices. */
interface Besides<T> {
  readonly remedy?: Remedy | undefined;
  /** What is typed as a row above the others; without a value it cannot be chosen. */
  readonly typed?: ((text: string) => Choice<T> | vscode.QuickPickItem | undefined) | undefined;
}

/** Something to do about what a list lacks, below its choices. */
export interface Remedy {
  /** Why there are no more choices; cannot be chosen. */
  readonly why: string;
  readonly label: string;
  readonly act: () => void;
}

/** Thrown when a person leaves a question without an answer. */
export const cancelled = new Error('cancelled');

/** Whether a typed text finds one of these rows. Of a version its beginning is typed first: 1.0 does not look for 0.11.0. */
export function isSought(typed: string, rows: readonly Pick<vscode.QuickPickItem, 'label'>[]): boolean {
  const text = typed.toLowerCase();
  const isVersion = /^\d/.test(text);
  return rows.some(({ label }) => {
    const name = label.toLowerCase();
    return isVersion ? name.startsWith(text) : name.includes(text);
  });
}

/**
 * One step of a series of questions.
 * @param choices while they are on their way the box shows that it waits, and can be left
 * @throws cancelled, and what getting the choices throws
 */
export async function pick<T>(
  { title, step, totalSteps }: Step,
  question: string,
  choices: readonly Choice<T>[] | Promise<readonly Choice<T>[]>,
  { remedy, typed }: Besides<T> = {},
): Promise<T> {
  const box = vscode.window.createQuickPick<Choice<T> | vscode.QuickPickItem>();
  box.title = title;
  box.placeholder = question;
  box.step = step;
  box.totalSteps = totalSteps;
  box.matchOnDetail = true;
  // What is waited for may come from a cluster; until then a timeline that has just opened may take the focus.
  box.ignoreFocusOut = true;
  const below = remedy === undefined ? [] : remedyItems(remedy);
  const fill = (items: readonly Choice<T>[]): void => {
    box.busy = false;
    const show = (): void => {
      const text = box.value.trim();
      const row = text === '' ? undefined : typed?.(text);
      box.items = [...(row === undefined ? [] : [row]), ...items, ...below];
    };
    show();
    if (typed !== undefined) box.onDidChangeValue(show);
  };
  await focusReturned();
  try {
    const choice = await new Promise<Choice<T> | undefined>((resolve, reject) => {
      if (choices instanceof Promise) {
        box.busy = true;
        choices.then(fill, reject);
      } else fill(choices);
      box.onDidAccept(() => {
        const selected = box.selectedItems[0];
        if (selected === undefined) return;
        if ('value' in selected) resolve(selected);
        else if (remedy !== undefined && below.includes(selected)) {
          remedy.act();
          resolve(undefined);
        }
      });
      box.onDidHide(() => resolve(undefined));
      box.show();
    });
    if (choice === undefined) throw cancelled;
    return choice.value;
  } finally {
    box.dispose();
  }
}

function remedyItems({ why, label }: Remedy): vscode.QuickPickItem[] {
  return [
    { label: why, kind: vscode.QuickPickItemKind.Separator },
    { label, alwaysShow: true },
  ];
}
