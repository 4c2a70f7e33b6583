import * as vscode from 'vscode';
import { View } from '../ids.ts';
import type { LabContext } from '../lab-context.ts';
import type { RunnerTreeNode } from '../runner-nodes.ts';
import type { ShownSession } from '../run.ts';
import { askCount } from './ask-count.ts';
import { chooseSession } from './choose-session.ts';
import { cancelled } from './pick.ts';

const canCreate = ({ ended, lab }: ShownSession): boolean => !ended && lab.canCreateRunners;

/** Creates more runners on an embedded cluster. */
export async function createRunners(lab: LabContext, node: RunnerTreeNode | undefined, count?: number): Promise<void> {
  const session = await chooseSession(lab, node, canCreate, vscode.l10n.t('In which session?'));
  if (session === undefined) return;
  try {
    const wanted = count ?? (await askCount(session.settings.runners));
    await vscode.window.withProgress({ location: { viewId: View.runners } }, () => session.lab.createRunners(wanted));
  } catch (error) {
    if (error !== cancelled) throw error;
  }
}
