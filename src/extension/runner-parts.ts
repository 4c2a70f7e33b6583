import * as vscode from 'vscode';
import { failedPods, failedPodsText } from '../problems/failed-pods.ts';
import { countdown, lastPassWords, podWords, shortFinalizer, statusWords } from './runner-items.ts';
import type { PartNode, RunnerNode } from './runner-nodes.ts';

/** What a runner is made of, a line each. */
export function partsOf(node: RunnerNode): PartNode[] {
  const about = node.session.run.table.describe(node.key);
  if (about === undefined) return [];
  const part = (icon: string, label: string, description: string): PartNode => ({
    kind: 'part',
    label,
    description,
    icon,
    parent: node,
  });
  const { last, pod } = about;
  const parts = [
    part(
      'shield',
      vscode.l10n.t('finalizers'),
      about.finalizers.map(shortFinalizer).join(', ') || vscode.l10n.t('none'),
    ),
    part(
      'github-action',
      vscode.l10n.t('registration'),
      about.runnerId === 0
        ? vscode.l10n.t('not registered')
        : vscode.l10n.t(
            'runner id {0}, JIT config {1}',
            about.runnerId,
            about.hasJitConfig ? vscode.l10n.t('present') : vscode.l10n.t('absent'),
          ),
    ),
    part('key', vscode.l10n.t('secret'), about.hasSecret ? vscode.l10n.t('present') : vscode.l10n.t('none seen')),
    part('package', vscode.l10n.t('pod'), pod === undefined ? vscode.l10n.t('none') : podWords(pod)),
    part('warning', vscode.l10n.t('failures'), failuresWords(node)),
    ...(statusWords(about) === '' ? [] : [part('info', vscode.l10n.t('status'), statusWords(about))]),
    part('history', vscode.l10n.t('last pass'), last === undefined ? vscode.l10n.t('none') : lastPassWords(about)),
  ];
  const then = node.session.run.atAttach?.changedSince(node.key) ?? '';
  if (then !== '') parts.push(part('debug-rerun', vscode.l10n.t('when attached'), then));
  if (about.waitsUntilUs !== undefined) {
    parts.push(part('watch', vscode.l10n.t('next try'), countdown(about.waitsUntilUs - node.session.run.nowUs())));
  }
  return parts;
}

/** How many pods failed, and how each failure was seen by the session. */
function failuresWords({ session: { run }, key }: RunnerNode): string {
  const failed = failedPods(run.trace.runnerEvents(key));
  const count = Math.max(run.table.describe(key)?.failures ?? 0, failed.length);
  return [`${count} / 5`, failedPodsText(failed, run.nowUs())].filter((part) => part !== '').join(' · ');
}
