import * as vscode from 'vscode';
import type { Finding } from '../evidence/finding.ts';
import { placeOf } from './evidence-documents.ts';
import type { OpenedLogs } from './evidence-reader.ts';
import { Command, Context, View } from './ids.ts';

export type FindingNode =
  | { readonly kind: 'logs'; readonly opened: OpenedLogs }
  | { readonly kind: 'finding'; readonly opened: OpenedLogs; readonly finding: Finding }
  | { readonly kind: 'line'; readonly opened: OpenedLogs; readonly says: string; readonly name: string };

const ICONS: Readonly<Record<Finding['severity'], [icon: string, colour: string]>> = {
  error: ['error', 'problemsErrorIcon.foreground'],
  warning: ['warning', 'problemsWarningIcon.foreground'],
  note: ['info', 'problemsInfoIcon.foreground'],
};

/** What was found in logs: a finding leads to the bars of its runners, and what shows it to its line. */
export class FindingsTree implements vscode.TreeDataProvider<FindingNode>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly view: vscode.TreeView<FindingNode>;
  #logs: readonly FindingNode[] = [];

  constructor() {
    this.view = vscode.window.createTreeView(View.findings, { treeDataProvider: this });
  }

  /** Shows the view. The last ones that were read stand first; the same ones read again take their own place. */
  async add(opened: OpenedLogs): Promise<void> {
    const node: FindingNode = { kind: 'logs', opened };
    this.#logs = [node, ...this.#logs.filter((other) => other.opened.id !== opened.id)];
    this.#changed.fire(undefined);
    // There is no view to be shown before it has something to show.
    await vscode.commands.executeCommand('setContext', Context.findings, true);
    await this.view.reveal(node, { select: false, focus: false, expand: true });
  }

  /** Only logs are revealed, and these have none. */
  getParent(): undefined {
    return undefined;
  }

  getChildren(node?: FindingNode): FindingNode[] {
    if (node === undefined) return [...this.#logs];
    const { kind, opened } = node;
    if (kind === 'logs') return opened.explanation.findings.map((finding) => ({ kind: 'finding', opened, finding }));
    if (kind === 'line') return [];
    return node.finding.evidence.map(({ at, says }) => {
      return { kind: 'line', opened, says, name: opened.explanation.lineName(at) };
    });
  }

  getTreeItem(node: FindingNode): vscode.TreeItem {
    switch (node.kind) {
      case 'logs':
        return logsItem(node.opened);
      case 'finding':
        return findingItem(node);
      case 'line':
        return lineItem(node);
    }
  }

  dispose(): void {
    this.#changed.dispose();
    this.view.dispose();
  }
}

function logsItem({ title, explanation }: OpenedLogs): vscode.TreeItem {
  const { Expanded, None } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(title, explanation.findings.length === 0 ? None : Expanded);
  item.description = explanation.verdict;
  item.tooltip = explanation.verdict;
  const isFine = explanation.isHealthy && explanation.isJudged;
  item.iconPath = new vscode.ThemeIcon(isFine ? 'pass' : 'output');
  return item;
}

function findingItem(node: Extract<FindingNode, { kind: 'finding' }>): vscode.TreeItem {
  const { sentence, severity, confidence, advice, details } = node.finding;
  const item = new vscode.TreeItem(sentence, vscode.TreeItemCollapsibleState.Collapsed);
  const [icon, colour] = ICONS[severity];
  item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(colour));
  if (confidence !== 'sure') item.description = confidence;
  item.tooltip = [sentence, ...details, advice].join('\n\n');
  item.command = { command: Command.showFinding, title: vscode.l10n.t('Show in Timeline'), arguments: [node] };
  return item;
}

function lineItem({ opened, says, name }: Extract<FindingNode, { kind: 'line' }>): vscode.TreeItem {
  const item = new vscode.TreeItem(says, vscode.TreeItemCollapsibleState.None);
  item.description = name;
  item.iconPath = new vscode.ThemeIcon('go-to-file');
  const colon = name.lastIndexOf(':');
  const place = placeOf(opened, name.slice(0, colon), Number(name.slice(colon + 1)));
  if (place !== undefined) {
    item.command = { command: 'vscode.open', title: vscode.l10n.t('Open the Line'), arguments: [place] };
  }
  return item;
}
