import * as vscode from 'vscode';
import { commandLinesOf } from '../../run/command-line.ts';
import type { App } from '../app.ts';
import type { RunnerTreeNode } from '../runner-nodes.ts';
import { chooseSessions, type CalledOn } from './choose-session.ts';

export async function showTimeline(app: App, on: CalledOn): Promise<void> {
  if (typeof on === 'object' && on.kind === 'kept') {
    await app.kept.open(on.run, app.panels);
    return;
  }
  const [session] = await chooseSessions(app, on, () => true, vscode.l10n.t('Select a timeline'));
  const run = session === undefined ? undefined : app.sessions.runOf(session);
  if (run !== undefined) app.panels.show(run);
}

/** The `arc-lab` calls that do what the sessions do, one a line. */
export async function copyCommandLine(app: App, on: CalledOn): Promise<void> {
  const called = await callsOf(app, on);
  if (called.length === 0) return;
  const lines = commandLinesOf(called);
  await vscode.env.clipboard.writeText(lines.join('\n'));
  vscode.window.setStatusBarMessage(vscode.l10n.t('Copied: {0}', lines.join(' ; ')), 4_000);
}

async function callsOf(app: App, on: CalledOn): Promise<Parameters<typeof commandLinesOf>[0]> {
  if (typeof on !== 'object' || on.kind !== 'kept') {
    return chooseSessions(app, on, () => true, vscode.l10n.t('Select a run'));
  }
  const { plan } = on.run;
  return plan === undefined ? [] : plan.settings.map((settings) => ({ ...plan, settings }));
}

export async function removeSession(app: App, node: RunnerTreeNode | undefined): Promise<void> {
  if (node?.kind === 'session') app.sessions.remove(node.session);
  else if (node?.kind === 'kept') await app.kept.remove(node.run);
}

export async function removeEnded({ sessions, kept }: App): Promise<void> {
  for (const session of sessions.all) sessions.remove(session);
  for (const run of kept.runs) await kept.remove(run);
}
