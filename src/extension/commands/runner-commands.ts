import * as vscode from 'vscode';
import { shortName } from '../../lab/runner-table.ts';
import type { LabContext } from '../lab-context.ts';
import type { RunnerNode } from '../runner-nodes.ts';

/** @param onlyIfOpen by selecting in the tree nothing is opened that was not open */
export function showInTimeline(lab: LabContext, { session, key }: RunnerNode, onlyIfOpen = false): void {
  const run = lab.sessions.runOf(session);
  if (run === undefined) return;
  if (onlyIfOpen) lab.panels.revealIfVisible(session.id, key);
  else lab.panels.show(run).reveal(session.id, key);
}

export async function openManifest(lab: LabContext, { session, key }: RunnerNode): Promise<void> {
  await lab.manifests.open(session, key, 'runner');
}

export async function openPod(lab: LabContext, { session, key }: RunnerNode): Promise<void> {
  await lab.manifests.open(session, key, 'pod');
}

export async function copyName(_lab: LabContext, { key }: RunnerNode): Promise<void> {
  await vscode.env.clipboard.writeText(shortName(key));
}

export async function deleteRunner(_lab: LabContext, { session, key }: RunnerNode, confirmed = false): Promise<void> {
  const isEmbedded = session.target.kind === 'embedded';
  const isApplied = session.target.kind === 'attached' && session.target.apply;
  if (!confirmed && !isEmbedded) {
    const where = isApplied
      ? vscode.l10n.t('It is deleted on the cluster.')
      : vscode.l10n.t('It is deleted in the overlay; the cluster is not changed.');
    const yes = vscode.l10n.t('Delete');
    const question = vscode.l10n.t('Delete the runner {0}?', shortName(key));
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail: where }, yes)) !== yes) return;
  }
  await session.lab.deleteRunner(key);
}

export function reconcileNow(_lab: LabContext, { session, key }: RunnerNode): void {
  session.lab.reconcileNow(key);
}

/** Says what the runner waits for, and why its last pass came when it came. */
export async function explainWait(lab: LabContext, node: RunnerNode): Promise<void> {
  const { explainRunner } = await import('../../lab/explain-runner.ts');
  const text = explainRunner(node.session.lab, node.key);
  const show = vscode.l10n.t('Show in Timeline');
  const answer = await vscode.window.showInformationMessage(shortName(node.key), { modal: true, detail: text }, show);
  if (answer === show) showInTimeline(lab, node);
}
