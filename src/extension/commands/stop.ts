import * as vscode from 'vscode';
import type { App } from '../app.ts';
import type { RunnerTreeNode } from '../runner-nodes.ts';
import { isOutOfReach, type ShownSession } from '../run.ts';
import { chooseSessions, type CalledOn } from './choose-session.ts';

/** Ends a session's controller, or all of a run where no session is named; what they did stays on view. */
export async function stop(app: App, on: CalledOn): Promise<void> {
  const question = vscode.l10n.t('Select the run to stop');
  const sessions = await chooseSessions(app, on, ({ ended }) => !ended, question);
  await Promise.all(sessions.map((session) => app.sessions.stop(session)));
}

/** Tries at once to reach the clusters that cannot be reached. */
export async function reconnect(app: App, on: CalledOn): Promise<void> {
  const question = vscode.l10n.t('Select a connection');
  for (const session of await chooseSessions(app, on, isOutOfReach, question)) session.run.reconnect();
}

/** Lets a session begin to reconcile that was started to look first. */
export async function release(app: App, on: CalledOn): Promise<void> {
  const isHeld = ({ ended, run: { held } }: ShownSession): boolean => !ended && held;
  const sessions = await chooseSessions(app, on, isHeld, vscode.l10n.t('Select the run to start reconciling'));
  for (const session of sessions) app.sessions.release(session);
}

export async function stopAll({ sessions }: App): Promise<void> {
  await Promise.all(sessions.live.map((session) => sessions.stop(session)));
}

/** Gives up attaching: where it was asked for in the tree, or every attempt. */
export function cancelAttach({ sessions }: App, node: RunnerTreeNode | undefined): void {
  for (const attempt of node?.kind === 'attempt' ? [node.attempt] : sessions.attempts) attempt.cancel();
}
