import * as vscode from 'vscode';
import type { LabContext } from '../lab-context.ts';
import type { RunnerTreeNode } from '../runner-nodes.ts';
import { isOutOfReach, type ShownSession } from '../run.ts';
import { chooseSessions, type CalledOn } from './choose-session.ts';

/** Ends a session's controller, or all of a run where no session is named; what they did stays on view. */
export async function stop(lab: LabContext, on: CalledOn): Promise<void> {
  const question = vscode.l10n.t('Which run should stop?');
  const sessions = await chooseSessions(lab, on, ({ ended }) => !ended, question);
  await Promise.all(sessions.map((session) => lab.sessions.stop(session)));
}

/** Tries at once to reach the clusters that cannot be reached. */
export async function reconnect(lab: LabContext, on: CalledOn): Promise<void> {
  const question = vscode.l10n.t('Which connection?');
  for (const session of await chooseSessions(lab, on, isOutOfReach, question)) session.run.reconnect();
}

/** Lets a session begin to reconcile that was started to look first. */
export async function release(lab: LabContext, on: CalledOn): Promise<void> {
  const isHeld = ({ ended, run: { held } }: ShownSession): boolean => !ended && held;
  const sessions = await chooseSessions(lab, on, isHeld, vscode.l10n.t('Which run should start to reconcile?'));
  for (const session of sessions) lab.sessions.release(session);
}

export async function stopAll({ sessions }: LabContext): Promise<void> {
  await Promise.all(sessions.live.map((session) => sessions.stop(session)));
}

/** Gives up attaching: where it was asked for in the tree, or every attempt. */
export function cancelAttach({ sessions }: LabContext, node: RunnerTreeNode | undefined): void {
  for (const attempt of node?.kind === 'attempt' ? [node.attempt] : sessions.attempts) attempt.cancel();
}
