import * as vscode from 'vscode';
import { visibleText } from '../base/visible-text.ts';
import { formatAge, formatDuration } from '../base/duration.ts';
import { codeWords } from '../problems/code-words.ts';
import { problemSentence } from '../problems/pod-problem.ts';
import type { RunnerState } from '../model/runner-state.ts';
import { shortName, type RunnerDescription } from '../model/runner-table.ts';
import { Command } from './ids.ts';
import { passesText } from './session-words.ts';
import { PAGE, type AttemptNode, type MoreNode, type PartNode, type RunnerNode } from './runner-nodes.ts';

/** Ages in the tree change this often. */
export const AGE_STEP_US = 10_000_000;

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
  const about = session.run.table.describe(key);
  const item = new vscode.TreeItem(shortName(key), vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `${session.id}/${node.parent.by}/${node.parent.group}/${key}`;
  item.contextValue = about?.pod === undefined ? 'runner' : 'runner.pod';
  const state = about?.state ?? 'deleting';
  const [icon, colour] = STATE_ICON[state];
  item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(colour));
  item.description = reasonFirst(about, state, session.run.nowUs());
  item.accessibilityInformation = { label: `${shortName(key)}, ${item.description}` };
  item.command = { command: Command.showInTimeline, title: vscode.l10n.t('Show in Timeline'), arguments: [node, true] };
  return item;
}

/** The reason comes first: a narrow tree cuts the end. */
function reasonFirst(about: RunnerDescription | undefined, state: RunnerState, nowUs: number): string {
  if (about === undefined) return vscode.l10n.t('gone');
  const { problem, waits, waitsUntilUs, ageUs } = about;
  const left = waitsUntilUs === undefined ? '' : ` (${countdown(waitsUntilUs - nowUs)})`;
  const reason = problem !== undefined && left === '' ? codeWords(problem.code) : `${waits}${left}`;
  if (reason.includes(state)) return reason;
  // How long a runner has waited, as finely as a tree is looked at.
  const lastsUs = problem?.sinceUs === undefined ? ageUs : nowUs - problem.sinceUs;
  const lasts = state === 'pending' && lastsUs >= AGE_STEP_US ? ` ${formatAge(steps(lastsUs))}` : '';
  return reason === '' ? state : `${reason} · ${state}${lasts}`;
}

function steps(us: number): number {
  return Math.floor(us / AGE_STEP_US) * AGE_STEP_US;
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
  const about = node.session.run.table.describe(node.key);
  const text = new vscode.MarkdownString();
  text.appendMarkdown('**').appendText(visibleText(node.key)).appendMarkdown('**\n\n');
  if (about === undefined) return text.appendText(vscode.l10n.t('gone'));
  const { problem } = about;
  const nowUs = node.session.run.nowUs();
  const lines = [
    ...(problem === undefined
      ? [about.state, about.waits, statusWords(about)]
      : [problemSentence(problem, nowUs), problem.next, problem.advice, about.state]),
    vscode.l10n.t('first seen {0} ago, {1}', formatAge(about.ageUs), passesText(about.passes)),
    about.last === undefined ? '' : vscode.l10n.t('last pass: {0}', lastPassWords(about)),
  ];
  for (const line of lines) if (line !== '') text.appendText(`${visibleText(line)}\n`);
  return text;
}

/** The runner's `status.reason` and `status.message`. */
export function statusWords({ reason, message }: RunnerDescription): string {
  return [reason, message].filter((part) => part !== '').join(': ');
}

export function lastPassWords({ last }: RunnerDescription): string {
  if (last === undefined) return '';
  const again = last.afterUs > 0 ? ` ${formatDuration(last.afterUs)}` : '';
  const error = last.error === undefined ? '' : `: ${last.error}`;
  return `#${last.number}: ${last.result}${again}, ${formatDuration(last.tookUs)}${error}`;
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
