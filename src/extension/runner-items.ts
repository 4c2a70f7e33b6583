import * as vscode from 'vscode';
import { visibleText } from '../base/visible-text.ts';
import { formatDuration } from '../base/duration.ts';
import type { RunnerState } from '../lab/runner-state.ts';
import { shortName, type RunnerDescription } from '../lab/runner-table.ts';
import { Command } from './ids.ts';
import { PAGE, type AttemptNode, type MoreNode, type PartNode, type RunnerNode } from './runner-nodes.ts';

export const STATE_ICON: Readonly<Record<RunnerState, readonly [icon: string, colour: string]>> = {
  pending: ['clock', 'charts.yellow'],
  running: ['play-circle', 'charts.green'],
  succeeded: ['pass', 'charts.green'],
  failed: ['error', 'charts.red'],
  deleting: ['trash', 'disabledForeground'],
};

export function attemptItem({ attempt }: AttemptNode): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Attaching to {0}…', attempt.context));
  item.iconPath = new vscode.ThemeIcon('loading~spin');
  item.contextValue = 'attempt';
  return item;
}

export function runnerItem(node: RunnerNode): vscode.TreeItem {
  const { session, key } = node;
  const about = session.lab.table.describe(key);
  const item = new vscode.TreeItem(shortName(key), vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `${session.id}/${node.parent.by}/${node.parent.group}/${key}`;
  item.contextValue = about?.pod === undefined ? 'runner' : 'runner.pod';
  const state = about?.state ?? 'deleting';
  const [icon, colour] = STATE_ICON[state];
  item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(colour));
  const left = about?.waitsUntilUs === undefined ? '' : ` (${countdown(about.waitsUntilUs - session.lab.nowUs())})`;
  const reason = `${about?.waits ?? vscode.l10n.t('gone')}${left}`;
  // The reason comes first: a narrow tree cuts the end.
  item.description = [reason, reason.includes(state) ? '' : stateWords(state, about?.ageUs ?? 0)]
    .filter((part) => part !== '')
    .join(' · ');
  item.accessibilityInformation = { label: `${shortName(key)}, ${item.description}` };
  item.command = { command: Command.showInTimeline, title: vscode.l10n.t('Show in Timeline'), arguments: [node, true] };
  return item;
}

/** A runner that waits says for how long, as finely as a tree is looked at. */
function stateWords(state: RunnerState, ageUs: number): string {
  const seconds = Math.floor(ageUs / 10_000_000) * 10;
  if (state !== 'pending' || seconds === 0) return state;
  return `${state} ${seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`}`;
}

export function partItem({ label, description, icon, parent }: PartNode): vscode.TreeItem {
  const item = new vscode.TreeItem(label);
  item.id = `${parent.session.id}/${parent.parent.group}/${parent.key}/${label}`;
  item.description = description;
  item.iconPath = new vscode.ThemeIcon(icon);
  item.contextValue = 'part';
  return item;
}

export function moreItem(node: MoreNode): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Show {0} more…', Math.min(PAGE, node.left)));
  item.id = `${node.parent.session.id}/${node.parent.group}/more`;
  item.description = vscode.l10n.t('{0} not shown', node.left);
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.command = { command: Command.showMore, title: '', arguments: [node] };
  return item;
}

export function tooltipOf(node: RunnerNode): vscode.MarkdownString {
  const about = node.session.lab.table.describe(node.key);
  const text = new vscode.MarkdownString();
  text.appendMarkdown('**').appendText(visibleText(node.key)).appendMarkdown('**\n\n');
  if (about === undefined) return text.appendText(vscode.l10n.t('gone'));
  const lines = [
    about.state,
    about.waits,
    vscode.l10n.t('known for {0}, {1} passes', formatDuration(about.ageUs), about.passes),
    about.last === undefined ? '' : vscode.l10n.t('last pass: {0}', lastPassWords(about)),
  ];
  for (const line of lines) if (line !== '') text.appendText(`${visibleText(line)}\n`);
  return text;
}

export function lastPassWords({ last, passes }: RunnerDescription): string {
  if (last === undefined) return '';
  const again = last.afterUs > 0 ? ` ${formatDuration(last.afterUs)}` : '';
  const error = last.error === undefined ? '' : `: ${last.error}`;
  return `#${passes}: ${last.result}${again}, ${formatDuration(last.tookUs)}${error}`;
}

export function podWords({ phase, reason, container }: NonNullable<RunnerDescription['pod']>): string {
  return [phase, reason, container === reason ? '' : container].filter((part) => part !== '').join(' · ');
}

export function shortFinalizer(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

export function countdown(us: number): string {
  return us <= 0
    ? vscode.l10n.t('now')
    : us < 1_000_000
      ? formatDuration(Math.round(us / 1000) * 1000)
      : `${Math.ceil(us / 1e6)} s`;
}
