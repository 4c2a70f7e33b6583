import * as vscode from 'vscode';
import { RUNNER_STATES, type RunnerState } from '../../model/runner-state.ts';
import type { App } from '../app.ts';
import { NO_FILTER, type RunnerFilter } from '../runner-filter.ts';
import type { GroupBy, SortBy } from '../runner-nodes.ts';
import { askWhich, focusReturned } from './question.ts';

export async function filterRunners({ tree }: App, given: RunnerFilter | undefined): Promise<void> {
  if (given !== undefined) {
    tree.arrange({ filter: given });
    return;
  }
  const box = vscode.window.createQuickPick();
  box.title = vscode.l10n.t('Filter runners');
  box.placeholder = vscode.l10n.t('Filter by name; tick states to show (none = all)');
  box.canSelectMany = true;
  box.value = tree.filter.text;
  // Every state stays on the list, whatever text is typed: the text is for the names of runners.
  const items = RUNNER_STATES.map((state) => ({ label: state, alwaysShow: true }));
  box.items = items;
  box.selectedItems = items.filter(({ label }) => tree.filter.states.includes(label));
  box.onDidAccept(() => {
    const states = box.selectedItems.map(({ label }) => label as RunnerState);
    tree.arrange({ filter: { text: box.value.trim(), states } });
    box.hide();
  });
  box.ignoreFocusOut = true;
  box.onDidHide(() => box.dispose());
  await focusReturned();
  box.show();
}

export function clearFilter({ tree }: App): void {
  tree.arrange({ filter: NO_FILTER });
}

export async function sortRunners({ tree }: App, given: SortBy | undefined): Promise<void> {
  const items: (vscode.QuickPickItem & { by: SortBy })[] = [
    { label: vscode.l10n.t('Name'), description: vscode.l10n.t('runner-2 before runner-10'), by: 'name' },
    { label: vscode.l10n.t('Age'), description: vscode.l10n.t('oldest first'), by: 'age' },
    { label: vscode.l10n.t('State'), description: vscode.l10n.t('pending first'), by: 'state' },
    { label: vscode.l10n.t('Slowest'), description: vscode.l10n.t('longest pass first'), by: 'slowest' },
  ];
  const by = given ?? (await askWhich(items, { placeHolder: vscode.l10n.t('Sort runners by') }))?.by;
  if (by !== undefined) tree.arrange({ sort: by });
}

export async function groupRunners({ tree }: App, given: GroupBy | undefined): Promise<void> {
  const items: (vscode.QuickPickItem & { by: GroupBy })[] = [
    { label: vscode.l10n.t('Scale set'), by: 'set' },
    { label: vscode.l10n.t('State'), by: 'state' },
  ];
  const by = given ?? (await askWhich(items, { placeHolder: vscode.l10n.t('Group runners by') }))?.by;
  if (by !== undefined) tree.arrange({ groupBy: by });
}
