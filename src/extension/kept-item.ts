import * as vscode from 'vscode';
import { Command } from './ids.ts';
import type { KeptNode } from './runner-nodes.ts';

/** The line of a run of an earlier window in the tree: a click opens its timeline. */
export function keptItem(node: KeptNode): vscode.TreeItem {
  const { id, name, sessions, startedMs } = node.run;
  const label = `${sessions.map(({ mode }) => mode).join(', ')} · ${name}`;
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.None);
  item.id = `kept-${id}`;
  item.description = vscode.l10n.t('ended, kept from {0}', new Date(startedMs).toLocaleString());
  item.iconPath = new vscode.ThemeIcon('history');
  item.contextValue = 'kept';
  item.command = { command: Command.showTimeline, title: vscode.l10n.t('Timeline'), arguments: [node] };
  item.accessibilityInformation = { label: `${label}, ${item.description}` };
  return item;
}
