import * as vscode from 'vscode';
import type { LabContext } from '../lab-context.ts';
import type { RunnerTreeNode } from '../runner-nodes.ts';
import type { ShownSession } from '../run.ts';

/** The session that a command is meant for: that of the node it was called on, the only one, or the one asked for. */
export async function chooseSession(
  lab: LabContext,
  node: RunnerTreeNode | undefined,
  fits: (session: ShownSession) => boolean,
  question: string,
): Promise<ShownSession | undefined> {
  if (node?.kind === 'session' && fits(node.session)) return node.session;
  const sessions = lab.sessions.all.filter(fits);
  if (sessions.length < 2) return sessions[0];
  const chosen = await vscode.window.showQuickPick(
    sessions.map((session) => ({
      label: `${session.settings.mode} · ${session.name}`,
      description: session.lab.where,
      session,
    })),
    { placeHolder: question },
  );
  return chosen?.session;
}
