import * as vscode from 'vscode';
import { mayRunProgram } from './program-consent.ts';
import { Command } from '../ids.ts';
import type { App } from '../app.ts';

/** Brings back the ARC controllers that earlier runs scaled to zero and, having been cut off, did not scale back. */
export async function restore(app: App): Promise<void> {
  const { RestoreNotes } = await import('../../apply/restore-notes.ts');
  for (const { kubeconfig, context } of new RestoreNotes().all()) {
    if (!(await mayRunProgram(app, kubeconfig, context))) return;
  }
  const { restoreFromNotes } = await import('../../apply/restore-all.ts');
  const { done, failed } = await restoreFromNotes();
  for (const text of [...done, ...failed]) app.log.channel.info(text);
  if (failed.length > 0) throw new Error(failed.join('; '));
  const nothing = vscode.l10n.t('No scaled-down ARC controllers are recorded on this machine.');
  void vscode.window.showInformationMessage(done.length === 0 ? nothing : done.join('; '));
}

/** Asks, once a window, whether to bring back what was left at zero. */
export async function offerRestore(): Promise<void> {
  if (!vscode.workspace.isTrusted) return;
  const { RestoreNotes } = await import('../../apply/restore-notes.ts');
  const notes = new RestoreNotes().all();
  if (notes.length === 0) return;
  const names = notes.map(({ namespace, name, context }) => `${namespace}/${name} (${context})`).join(', ');
  const restoreIt = vscode.l10n.t('Restore It');
  const text = vscode.l10n.t('An earlier run left the ARC controller scaled to zero: {0}.', names);
  if ((await vscode.window.showWarningMessage(text, restoreIt)) !== restoreIt) return;
  await vscode.commands.executeCommand(Command.restore);
}
