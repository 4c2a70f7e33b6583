import * as vscode from 'vscode';

/** Asks where a timeline's image should be kept. */
export async function saveImage(format: 'png' | 'svg', bytes: Uint8Array): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    filters: format === 'png' ? { 'PNG image': ['png'] } : { 'SVG image': ['svg'] },
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, `timeline.${format}`) }),
  });
  if (uri !== undefined) await vscode.workspace.fs.writeFile(uri, bytes);
}
