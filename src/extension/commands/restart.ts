import * as vscode from 'vscode';
import type { LabContext } from '../lab-context.ts';
import type { RunnerTreeNode } from '../runner-nodes.ts';
import type { Run } from '../run.ts';
import { chooseSession } from './choose-session.ts';

/** Ends a session and starts it anew in the other mode, on the same cluster with the same settings. */
export async function restart(lab: LabContext, node: RunnerTreeNode | undefined): Promise<Run | undefined> {
  const session = await chooseSession(lab, node, () => true, vscode.l10n.t('Which session should be restarted?'));
  if (session === undefined) return undefined;
  await lab.sessions.stop(session);
  const mode = session.settings.mode === 'old' ? 'new' : 'old';
  const run = await lab.sessions.start(session.target, [{ ...session.settings, mode }]);
  lab.panels.show(run);
  return run;
}
