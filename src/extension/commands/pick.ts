import * as vscode from 'vscode';

export interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

/** Thrown when a person leaves a question without an answer. */
export const cancelled = new Error('cancelled');

/**
 * One step of a series of questions.
 * @param choices while they are on their way the box shows that it waits, and can be left
 * @param note shown under the choices, for example why there are no more of them
 * @throws cancelled, and what getting the choices throws
 */
export async function pick<T>(
  title: string,
  choices: readonly Choice<T>[] | Promise<readonly Choice<T>[]>,
  step: number,
  note?: string,
): Promise<T> {
  const box = vscode.window.createQuickPick<Choice<T> | vscode.QuickPickItem>();
  box.title = vscode.l10n.t('ARC: Run Reconciler Locally');
  box.placeholder = title;
  box.step = step;
  box.matchOnDetail = true;
  // What is waited for may come from a cluster; until then a timeline that has just opened may take the focus.
  box.ignoreFocusOut = true;
  const fill = (items: readonly Choice<T>[]): void => {
    box.busy = false;
    box.items = note === undefined ? items : [...items, { label: `$(info) ${note}`, alwaysShow: true }];
  };
  try {
    const choice = await new Promise<Choice<T> | undefined>((resolve, reject) => {
      if (choices instanceof Promise) {
        box.busy = true;
        choices.then(fill, reject);
      } else fill(choices);
      box.onDidAccept(() => {
        const selected = box.selectedItems[0];
        if (selected !== undefined && 'value' in selected) resolve(selected);
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
