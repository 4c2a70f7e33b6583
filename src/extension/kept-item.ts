import * as vscode from 'vscode';
import { Command } from './ids.ts';
import type { KeptNode } from './runner-nodes.ts';

/** The time of day, which tells today's runs apart in a narrow tree; the date for older ones. */
function startedText(startedMs: number): string {
  const at = new Date(startedMs);
  const time = at.toLocaleTimeString(undefined, { hour: 'numeric', minute: '2-digit' });
  return at.toDateString() === new Date().toDateString() ? time : `${time}, ${at.toLocaleDateString()}`;
}

/** The line of a run of an earlier window in the tree: a click opens its timeline. */
export function keptItem(node: KeptNode): vscode.TreeItem {
  const { id, name, sessions, startedMs, plan } = node.run;
  const label = `${sessions.map(({ mode }) => mode).join(', ')} · ${name}`;
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.None);
  item.id = `kept-${id}`;
  item.description = vscode.l10n.t('{0} · kept', startedText(startedMs));
  item.iconPath = new vscode.ThemeIcon('history');
  item.contextValue = plan === undefined ? 'kept' : 'kept.plan';
  item.command = { command: Command.showTimeline, title: vscode.l10n.t('Timeline'), arguments: [node] };
  item.accessibilityInformation = { label: `${label}, ${item.description}` };
  return item;
}
