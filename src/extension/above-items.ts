import * as vscode from 'vscode';
import { formatAge } from '../base/duration.ts';
import { visibleText } from '../base/visible-text.ts';
import type { AboveDescription } from '../model/scale-sets.ts';
import { shortName } from '../model/runner-table.ts';
import { AGE_STEP_US } from './runner-items.ts';
import type { ListenerNode, NoteNode, ScaleSetNode } from './runner-nodes.ts';

/** What stands above runners, with what it waits for and since when. */

const LEVEL_COLOUR: Readonly<Record<AboveDescription['level'], string>> = {
  well: 'charts.green',
  waits: 'charts.yellow',
  trouble: 'charts.red',
};

export function scaleSetItem(node: ScaleSetNode): vscode.TreeItem {
  const { session, key } = node;
  const about = session.run.scaleSets.describe('scale-set', key);
  const item = new vscode.TreeItem(shortName(key), vscode.TreeItemCollapsibleState.Expanded);
  item.id = `${session.id}/scale-set/${key}`;
  item.contextValue = 'scaleSet';
  const text = aboveWords(about, session.run.nowUs()) || vscode.l10n.t('scale set');
  return named(item, `AutoscalingRunnerSet ${shortName(key)}`, text, iconOf('organization', about));
}

export function listenerItem(node: ListenerNode): vscode.TreeItem {
  const { session, key } = node;
  const about = session.run.scaleSets.describe('listener', key);
  const item = new vscode.TreeItem(vscode.l10n.t('listener'));
  item.id = `${session.id}/listener/${key}`;
  const mayBeTroubled = session.run.hasJobs && !session.stopped;
  item.contextValue = mayBeTroubled ? 'listener.simulated' : 'listener';
  const text = aboveWords(about, session.run.nowUs());
  return named(item, `AutoscalingListener ${shortName(key)}`, text, iconOf('radio-tower', about));
}

export function noteItem({ session, text }: NoteNode): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Not readable'));
  item.id = `${session.id}/note`;
  item.description = text;
  item.tooltip = text;
  item.iconPath = new vscode.ThemeIcon('info');
  item.contextValue = 'note';
  item.accessibilityInformation = { label: text };
  return item;
}

/** What an object above runners waits for and since when; the reason comes first: a narrow tree cuts the end. */
export function aboveWords(about: AboveDescription | undefined, nowUs: number): string {
  if (about === undefined) return vscode.l10n.t('gone');
  const lastsUs = nowUs - about.sinceUs;
  const isOld = about.text !== '' && lastsUs >= AGE_STEP_US;
  const lasts = isOld ? formatAge(Math.floor(lastsUs / AGE_STEP_US) * AGE_STEP_US) : '';
  return [visibleText(about.trouble), about.text, lasts].filter((part) => part !== '').join(' · ');
}

/** Kind, key, what it waits for, since when and what was wrong, one a line. */
export function aboveTooltip({ kind, session, key }: ScaleSetNode | ListenerNode): vscode.MarkdownString {
  const isListener = kind === 'listener';
  const { scaleSets } = session.run;
  const about = scaleSets.describe(isListener ? 'listener' : 'scale-set', key);
  const pod = isListener ? scaleSets.listenerPod(key) : undefined;
  return tooltip(isListener ? 'AutoscalingListener' : 'AutoscalingRunnerSet', key, [
    ...linesOf(about, session.run.nowUs()),
    pod === undefined ? '' : vscode.l10n.t('pod: {0}', pod.status?.phase ?? 'Pending'),
  ]);
}

export function linesOf(about: AboveDescription | undefined, nowUs: number): string[] {
  if (about === undefined) return [vscode.l10n.t('gone')];
  const since = vscode.l10n.t('for {0}', formatAge(nowUs - about.sinceUs));
  return [about.text === '' ? vscode.l10n.t('waits for nothing') : `${about.text}, ${since}`, about.trouble];
}

export function tooltip(kind: string, key: string, lines: readonly string[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text
    .appendMarkdown('**')
    .appendText(visibleText(`${kind} ${key}`))
    .appendMarkdown('**\n\n');
  for (const line of lines) if (line !== '') text.appendText(`${visibleText(line)}\n`);
  return text;
}

export function iconOf(icon: string, about: AboveDescription | undefined): vscode.ThemeIcon {
  const level = about?.trouble === '' ? about.level : 'trouble';
  return new vscode.ThemeIcon(icon, new vscode.ThemeColor(LEVEL_COLOUR[level]));
}

function named(item: vscode.TreeItem, kind: string, text: string, icon: vscode.ThemeIcon): vscode.TreeItem {
  item.description = text;
  item.iconPath = icon;
  item.accessibilityInformation = { label: `${kind}, ${text}` };
  return item;
}
