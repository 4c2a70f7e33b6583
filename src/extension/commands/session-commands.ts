import * as vscode from 'vscode';
import { commandLinesOf } from '../../run/command-line.ts';
import type { LabContext } from '../lab-context.ts';
import type { RunnerTreeNode } from '../runner-nodes.ts';
import { chooseSessions, type CalledOn } from './choose-session.ts';

export async function showTimeline(lab: LabContext, on: CalledOn): Promise<void> {
  if (typeof on === 'object' && on.kind === 'kept') {
    await lab.kept.open(on.run, lab.panels);
    return;
  }
  const [session] = await chooseSessions(lab, on, () => true, vscode.l10n.t('Which timeline?'));
  const run = session === undefined ? undefined : lab.sessions.runOf(session);
  if (run !== undefined) lab.panels.show(run);
}

/** The `arc-lab` calls that do what the sessions do, one a line. */
export async function copyCommandLine(lab: LabContext, on: CalledOn): Promise<void> {
  const called = await callsOf(lab, on);
  if (called.length === 0) return;
  const lines = commandLinesOf(called);
  await vscode.env.clipboard.writeText(lines.join('\n'));
  vscode.window.setStatusBarMessage(vscode.l10n.t('Copied: {0}', lines.join(' ; ')), 4_000);
}

async function callsOf(lab: LabContext, on: CalledOn): Promise<Parameters<typeof commandLinesOf>[0]> {
  if (typeof on !== 'object' || on.kind !== 'kept') {
    return chooseSessions(lab, on, () => true, vscode.l10n.t('Choose a run'));
  }
  const { plan } = on.run;
  return plan === undefined ? [] : plan.settings.map((settings) => ({ ...plan, settings }));
}

export async function removeSession(lab: LabContext, node: RunnerTreeNode | undefined): Promise<void> {
  if (node?.kind === 'session') lab.sessions.remove(node.session);
  else if (node?.kind === 'kept') await lab.kept.remove(node.run);
}

export async function removeEnded({ sessions, kept }: LabContext): Promise<void> {
  for (const session of sessions.all) sessions.remove(session);
  for (const run of kept.runs) await kept.remove(run);
}
