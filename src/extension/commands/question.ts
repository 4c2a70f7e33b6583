import * as vscode from 'vscode';

/** When the palette or a question closes, VS Code gives the focus back to a timeline within this time, whatever has opened meanwhile. */
const FOCUS_RETURNS_MS = 150;

/** To be awaited before a question opens: opened at once, it might lose the focus to the timeline behind it, and keys would go there. */
export async function focusReturned(): Promise<void> {
  const { activeTab } = vscode.window.tabGroups.activeTabGroup;
  const isTimeline =
    activeTab?.input instanceof vscode.TabInputWebview || activeTab?.input instanceof vscode.TabInputCustom;
  if (isTimeline) await new Promise((resolve) => setTimeout(resolve, FOCUS_RETURNS_MS));
}

/** Asks for one of several; undefined when the question was left. */
export async function askWhich<T extends vscode.QuickPickItem>(
  items: readonly T[],
  options: vscode.QuickPickOptions,
): Promise<T | undefined> {
  await focusReturned();
  return vscode.window.showQuickPick(items, { ...options, ignoreFocusOut: true, canPickMany: false });
}

/** Asks for a text; undefined when the question was left. */
export async function askText(options: vscode.InputBoxOptions): Promise<string | undefined> {
  await focusReturned();
  return vscode.window.showInputBox({ ...options, ignoreFocusOut: true });
}
