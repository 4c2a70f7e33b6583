import * as vscode from 'vscode';
import type { LabContext } from '../lab-context.ts';
import type { RunnerTreeNode } from '../runner-nodes.ts';

/** Ends a session's controller, or all of a run where no session is named; what they did stays on view. */
export async function stop({ sessions }: LabContext, node: RunnerTreeNode | undefined): Promise<void> {
  if (node?.kind === 'session') {
    await sessions.stop(node.session);
    return;
  }
  const runs = sessions.runs.filter((run) => run.sessions.some(({ ended }) => !ended));
  const choices = runs.map((run) => ({ label: run.name, description: run.sessions[0]?.lab.where ?? '', run }));
  // A timeline that has just opened may take the focus; the way to stop what it shows must not go with that.
  const question = { placeHolder: vscode.l10n.t('Which run should stop?'), ignoreFocusOut: true };
  const chosen = choices.length < 2 ? choices[0] : await vscode.window.showQuickPick(choices, question);
  for (const session of chosen?.run.sessions ?? []) await sessions.stop(session);
}

/** Gives up attaching: where it was asked for in the tree, or every attempt. */
export function cancelAttach({ sessions }: LabContext, node: RunnerTreeNode | undefined): void {
  for (const attempt of node?.kind === 'attempt' ? [node.attempt] : sessions.attempts) attempt.cancel();
}
