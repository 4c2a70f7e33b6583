import * as vscode from 'vscode';
import { capital } from '../base/capital.ts';
import type { HANDLERS } from './commands/handlers.ts';
import { Command, WITHOUT_TRUST } from './ids.ts';
import type { App } from './app.ts';
import type { RunnerTreeNode } from './runner-nodes.ts';
import { translateEngine } from './translate-engine.ts';

export function registerCommands(app: App): vscode.Disposable[] {
  return Object.values(Command).map((id) =>
    vscode.commands.registerCommand(id, async (...given: unknown[]) => {
      // Buttons, keybindings and other extensions call commands whatever the menus show.
      if (!vscode.workspace.isTrusted && !WITHOUT_TRUST.has(id)) {
        void askForTrust();
        return undefined;
      }
      const needed = id.includes('.runner.') ? 'runner' : id.includes('.listener.') ? 'listener' : undefined;
      const args = needed !== undefined && given[0] === undefined ? [app.tree.view.selection[0]] : given;
      if (needed !== undefined && (args[0] as RunnerTreeNode | undefined)?.kind !== needed) return undefined;
      try {
        const all = await load();
        return await all[id](app, ...(args as never[]));
      } catch (error) {
        if (error instanceof vscode.CancellationError) return undefined;
        // The caller of the command need not wait until the message has been read.
        void tell(app, error);
        return undefined;
      }
    }),
  );
}

/** What commands do is read when somebody runs one: VS Code waits for everything that is read before. */
async function load(): Promise<typeof HANDLERS> {
  return (await handlers()).HANDLERS;
}

async function handlers() {
  await translateEngine();
  return import('./commands/handlers.ts');
}

/** A What If editor of the window before. It needs the trust that the command does. */
export async function bringBackWhatIf(app: App, panel: vscode.WebviewPanel, state: unknown): Promise<void> {
  if (vscode.workspace.isTrusted) (await handlers()).restoreWhatIf(app, panel, state);
  else panel.dispose();
}

async function askForTrust(): Promise<void> {
  const manage = vscode.l10n.t('Manage Workspace Trust');
  const text = vscode.l10n.t(
    'Reconcilers run in trusted workspaces only. Trust this workspace first; traces can be opened without.',
  );
  const answer = await vscode.window.showWarningMessage(text, manage);
  if (answer === manage) await vscode.commands.executeCommand('workbench.trust.manage');
}

/** A sentence and a way out; the whole error is for the log. */
async function tell(app: App, error: unknown): Promise<void> {
  const sentence = error instanceof Error ? error.message : String(error);
  app.log.channel.error(sentence);
  const showLog = vscode.l10n.t('Show Log');
  const embedded = vscode.l10n.t('Run on the Embedded Cluster');
  const isAttach =
    error instanceof Error && ['KubeconfigError', 'PreflightError', 'LeaseHeldError', 'ApiError'].includes(error.name);
  const answers = isAttach ? [embedded, showLog] : [showLog];
  const answer = await vscode.window.showErrorMessage(withStop(sentence), ...answers);
  if (answer === showLog) app.log.channel.show();
  if (answer === embedded) await vscode.commands.executeCommand(Command.compare);
}

function withStop(sentence: string): string {
  const text = capital(sentence);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
