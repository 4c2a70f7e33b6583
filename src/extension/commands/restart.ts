import * as vscode from 'vscode';
import type { LabContext } from '../lab-context.ts';
import type { RunnerTreeNode } from '../runner-nodes.ts';
import type { Run } from '../run.ts';
import { startWriting } from './start-writing.ts';
import { chooseSession } from './choose-session.ts';

/** Ends a session and starts it anew in the other mode, on the same cluster with the same settings. */
export async function restart(lab: LabContext, node: RunnerTreeNode | undefined): Promise<Run | undefined> {
  const session = await chooseSession(lab, node, () => true, vscode.l10n.t('Which session should be restarted?'));
  if (session === undefined) return undefined;
  await lab.sessions.stop(session);
  const mode = session.settings.mode === 'old' ? 'new' : 'old';
  const { target } = session;
  const settings = [{ ...session.settings, mode } as const];
  const isWriting = target.kind === 'attached' && target.apply;
  const run = await (isWriting ? startWriting(lab, target, settings) : lab.sessions.start(target, settings));
  if (run !== undefined) lab.panels.show(run);
  return run;
}
