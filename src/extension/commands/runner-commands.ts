import * as vscode from 'vscode';
import { formatDuration } from '../../base/duration.ts';
import { visibleText } from '../../base/visible-text.ts';
import type { ManifestHistory } from '../../model/manifest-history.ts';
import { shortName } from '../../model/runner-table.ts';
import type { App } from '../app.ts';
import type { RunnerNode } from '../runner-nodes.ts';
import { askWhich } from './question.ts';
import { labelOf } from '../session-words.ts';

/** @param onlyIfOpen by selecting in the tree nothing is opened that was not open */
export function showInTimeline(app: App, { session, key }: RunnerNode, onlyIfOpen = false): void {
  const run = app.sessions.runOf(session);
  if (run === undefined) return;
  if (onlyIfOpen) app.panels.showRunnerIfVisible(session.id, key);
  else app.panels.show(run).showRunner(session.id, key);
}

export async function openManifest(app: App, { session, key }: RunnerNode): Promise<void> {
  await app.manifests.open(session, key, 'runner');
}

/** Shows what changed in the manifests between two of the runner's passes. */
export async function comparePasses(
  app: App,
  { session, key }: RunnerNode,
  given?: readonly [from: number, to: number],
): Promise<void> {
  const [from, to] = given ?? (await askTwoPasses(session.run.manifests.passesOf(key)));
  if (from !== undefined && to !== undefined) await app.manifests.diffPasses(session, key, from, to);
}

async function askTwoPasses(passes: ReturnType<ManifestHistory['passesOf']>): Promise<readonly number[]> {
  const items = passes.map(([number, { endedUs, result, trigger }], index) => ({
    label: vscode.l10n.t('Pass {0} of {1}', index + 1, passes.length),
    description: `${formatDuration(endedUs)} · ${trigger} · ${result}`,
    number,
  }));
  const ask = (choices: typeof items, placeHolder: string): Promise<(typeof items)[number] | undefined> =>
    askWhich(choices, { placeHolder });
  const from = await ask(items.slice(0, -1), vscode.l10n.t('Compare from the end of pass'));
  if (from === undefined) return [];
  const later = items.filter(({ number }) => number > from.number).reverse();
  const to = await ask(later, vscode.l10n.t('Compare to the end of pass'));
  return to === undefined ? [] : [from.number, to.number];
}

export async function openPod(app: App, { session, key }: RunnerNode): Promise<void> {
  await app.manifests.open(session, key, 'pod');
}

export async function copyName(_app: App, { key }: RunnerNode): Promise<void> {
  await vscode.env.clipboard.writeText(shortName(key));
}

export async function deleteRunner(_app: App, { session, key }: RunnerNode, confirmed = false): Promise<void> {
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
  await session.run.deleteRunner(key);
}

export function reconcileNow(_app: App, { session, key }: RunnerNode): void {
  session.run.reconcileNow(key);
}

/** Says what the runner waits for, since when, why, and what to do. */
export async function explainWait(app: App, node: RunnerNode): Promise<void> {
  const { explainRunner } = await import('../../explain/explain-runner.ts');
  const session = node.session.run;
  const detail = visibleText(explainRunner(session, node.key, await session.podEvents(node.key)));
  const show = { title: vscode.l10n.t('Show in Timeline') };
  const pod = { title: vscode.l10n.t('Open Pod') };
  const close = { title: vscode.l10n.t('Close'), isCloseAffordance: true };
  const hasPod = session.table.pod(node.key) !== undefined;
  const options = [...(hasPod ? [pod] : []), show, close];
  const title = `${shortName(node.key)} · ${labelOf(node.session)}`;
  const answer = await vscode.window.showInformationMessage(title, { modal: true, detail }, ...options);
  if (answer === show) showInTimeline(app, node);
  else if (answer === pod) await openPod(app, node);
}
