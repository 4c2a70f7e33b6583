import { homedir } from 'node:os';
import { basename } from 'node:path/posix';
import * as vscode from 'vscode';

interface SaveOptions {
  /** What the file is called, without its ending, where nobody calls it otherwise. */
  readonly name: string;
  /** What the name ends with, without the dot. */
  readonly extension: string;
  /** What the dialog calls such files. */
  readonly kind: string;
  /** Asked for where it is not given. */
  readonly given: vscode.Uri | undefined;
  /** Shows the file that has been saved. */
  readonly open: (uri: vscode.Uri) => Thenable<unknown>;
}

/** Asks where to save, with a suggested name; saves, and offers to open the file. */
export async function saveFile(options: SaveOptions, content: () => Promise<Uint8Array>): Promise<void> {
  const { name, extension, kind, given, open } = options;
  const uri =
    given ??
    (await vscode.window.showSaveDialog({
      // VS Code looks at what stands behind the last dot of a name, and adds the filter's extension where that differs.
      filters: { [kind]: [extension.slice(extension.lastIndexOf('.') + 1)] },
      defaultUri: vscode.Uri.joinPath(folder(), `${name}.${extension}`),
    }));
  if (uri === undefined) return;
  await vscode.workspace.fs.writeFile(uri, await content());
  void confirm(uri, open);
}

function folder(): vscode.Uri {
  return vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
}

async function confirm(uri: vscode.Uri, open: SaveOptions['open']): Promise<void> {
  const [openIt, reveal] = [vscode.l10n.t('Open'), vscode.l10n.t('Reveal')];
  const name = basename(uri.path);
  // The file manager is that of the machine in front of people; elsewhere the explorer shows what lies in the workspace.
  const isHere = vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;
  const canReveal = isHere || vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  const actions = [openIt, ...(canReveal ? [reveal] : [])];
  const chosen = await vscode.window.showInformationMessage(vscode.l10n.t('Saved {0}.', name), ...actions);
  if (chosen === openIt) await open(uri);
  if (chosen === reveal) await vscode.commands.executeCommand(isHere ? 'revealFileInOS' : 'revealInExplorer', uri);
}
