import * as vscode from 'vscode';
import { focusReturned } from './question.ts';

/** Files of a workspace that are offered; who has more chooses them in the dialog. */
const MOST_OFFERED = 500;

interface Offered extends vscode.QuickPickItem {
  readonly uri: vscode.Uri;
}

/**
 * Asks which trace files are meant. Those of the workspace can be ticked, and others added one after another: the simple
 * dialog of VS Code, the only one in a browser and on a remote machine, gives one file at a time.
 * @param filters of the dialog
 * @returns none when the question was left
 */
export async function askTraces(filters: Record<string, string[]>): Promise<readonly vscode.Uri[]> {
  const { t } = vscode.l10n;
  const title = t('Open ARC traces in one timeline');
  const dialog = async (): Promise<readonly vscode.Uri[]> =>
    (await vscode.window.showOpenDialog({ filters, canSelectMany: true, title })) ?? [];
  const offered = new Map<string, vscode.Uri>();
  const ticked = new Set<string>();
  const offer = (uris: readonly vscode.Uri[], tick: boolean): void => {
    for (const uri of uris) {
      offered.set(uri.toString(), uri);
      if (tick) ticked.add(uri.toString());
    }
  };
  offer(await vscode.workspace.findFiles('**/*.arctrace.jsonl', undefined, MOST_OFFERED), false);
  if (offered.size === 0) {
    const chosen = await dialog();
    if (chosen.length !== 1) return chosen;
    offer(chosen, true);
  }
  for (;;) {
    const answer = await tickFiles(title, [...offered.values()], ticked);
    if (answer === undefined) return [];
    ticked.clear();
    offer(answer.uris, true);
    if (!answer.wantsMore) return answer.uris;
    offer(await dialog(), true);
  }
}

interface Ticked {
  readonly uris: readonly vscode.Uri[];
  /** Files that are not in the list are to be added. */
  readonly wantsMore: boolean;
}

/** The list with its boxes, ticked as before; undefined when it was left. */
async function tickFiles(
  title: string,
  uris: readonly vscode.Uri[],
  ticked: ReadonlySet<string>,
): Promise<Ticked | undefined> {
  const { t } = vscode.l10n;
  const box = vscode.window.createQuickPick<Offered>();
  const more = { iconPath: new vscode.ThemeIcon('add'), tooltip: t('Add Another File…') };
  box.title = title;
  box.placeholder = t('Tick the traces to show one below the other; + adds others');
  box.canSelectMany = true;
  box.ignoreFocusOut = true;
  box.matchOnDescription = true;
  box.buttons = [more];
  box.items = uris.map((uri) => {
    const path = vscode.workspace.asRelativePath(uri);
    const at = path.lastIndexOf('/') + 1;
    return { label: path.slice(at), description: path.slice(0, Math.max(0, at - 1)), uri };
  });
  box.selectedItems = box.items.filter(({ uri }) => ticked.has(uri.toString()));
  await focusReturned();
  try {
    return await new Promise<Ticked | undefined>((resolve) => {
      const answer = (wantsMore: boolean): void => {
        resolve({ uris: box.selectedItems.map(({ uri }) => uri), wantsMore });
      };
      box.onDidTriggerButton(() => answer(true));
      box.onDidAccept(() => answer(false));
      box.onDidHide(() => resolve(undefined));
      box.show();
    });
  } finally {
    box.dispose();
  }
}
