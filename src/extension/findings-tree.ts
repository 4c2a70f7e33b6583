import * as vscode from 'vscode';
import type { Finding } from '../evidence/finding.ts';
import type { Seen } from '../evidence/seen.ts';
import { placeOf } from './evidence-documents.ts';
import type { OpenedLogs } from './evidence-reader.ts';
import type { Explained } from './explained.ts';
import { Command, Context, View } from './ids.ts';
import { LogDrop } from './log-drop.ts';

interface LogsNode<T = Explained> {
  readonly kind: 'logs';
  readonly opened: T;
}

export type FindingNode =
  | LogsNode
  | { readonly kind: 'finding'; readonly opened: Explained; readonly finding: Finding; readonly id: string }
  | {
      readonly kind: 'line';
      readonly opened: Explained;
      readonly at: Seen;
      readonly says: string;
      readonly name: string;
    }
  /** What to do about a finding; it leads to the setting of the chart, where it is one. */
  | { readonly kind: 'advice'; readonly opened: Explained; readonly finding: Finding }
  /** What the simulation says: what would help, and with which settings. */
  | { readonly kind: 'facts'; readonly opened: Explained; readonly title: string; readonly facts: readonly Fact[] }
  | { readonly kind: 'fact'; readonly opened: Explained; readonly fact: Fact };

interface Fact {
  readonly text: string;
  readonly about: string;
  readonly icon: string;
}

const ICONS: Readonly<Record<Finding['severity'], [icon: string, colour: string]>> = {
  error: ['error', 'problemsErrorIcon.foreground'],
  warning: ['warning', 'problemsWarningIcon.foreground'],
  note: ['info', 'problemsInfoIcon.foreground'],
};

/** Of nodes whose burst can be simulated with other settings, for `when` clauses of menus. */
const SIMULATED = 'simulated';

/** What was found in logs, and is found in clusters that are watched: a finding leads to the bars of its runners, and what shows it to its line. */
export class FindingsTree implements vscode.TreeDataProvider<FindingNode>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly view: vscode.TreeView<FindingNode>;
  #logs: readonly LogsNode<OpenedLogs>[] = [];
  #watches: readonly LogsNode[] = [];

  constructor() {
    this.view = vscode.window.createTreeView<FindingNode>(View.findings, {
      treeDataProvider: this,
      dragAndDropController: new LogDrop(),
    });
  }

  /** Shows the view. The last ones that were read stand first; the same ones read again take their own place. */
  async add(opened: OpenedLogs): Promise<void> {
    const node: LogsNode<OpenedLogs> = { kind: 'logs', opened };
    this.#logs = [node, ...this.#logs.filter((other) => other.opened.id !== opened.id)];
    await this.#show();
    await this.view.reveal(node, { select: false, focus: false, expand: true });
  }

  /** More is known of logs that are shown. */
  replace(opened: OpenedLogs): void {
    if (!this.#logs.some((known) => known.opened.id === opened.id)) return;
    this.#logs = this.#logs.map((known) => (known.opened.id === opened.id ? { kind: 'logs', opened } : known));
    this.#changed.fire(undefined);
  }

  /** What is found in clusters, all that are to be shown; the view is not brought to the front for it. */
  showWatches(watches: readonly Explained[]): void {
    this.#watches = watches.map((opened) => ({ kind: 'logs', opened }));
    void this.#show();
  }

  /** The logs in which a file is, the last read first. */
  openedWith(uri: vscode.Uri): OpenedLogs | undefined {
    const of = uri.toString();
    return this.#logs.find(({ opened }) => [...opened.uris.values()].some((one) => one.toString() === of))?.opened;
  }

  /** All logs that are shown, the last read first. */
  get logs(): readonly OpenedLogs[] {
    return this.#logs.map(({ opened }) => opened);
  }

  /** Only logs are revealed, and these have none. */
  getParent(): undefined {
    return undefined;
  }

  getChildren(node?: FindingNode): FindingNode[] {
    if (node === undefined) return [...this.#watches, ...this.#logs];
    const { opened } = node;
    switch (node.kind) {
      case 'logs':
        return [...findingsOf(opened), ...factsOf(opened)];
      case 'finding':
        return [
          { kind: 'advice', opened, finding: node.finding },
          ...node.finding.evidence.map(({ at, says }) => {
            return { kind: 'line' as const, opened, at, says, name: opened.explanation.lineName(at) };
          }),
        ];
      case 'facts':
        return node.facts.map((fact) => ({ kind: 'fact', opened, fact }));
      case 'advice':
      case 'line':
      case 'fact':
        return [];
    }
  }

  getTreeItem(node: FindingNode): vscode.TreeItem {
    switch (node.kind) {
      case 'logs':
        return logsItem(node.opened);
      case 'finding':
        return findingItem(node);
      case 'line':
        return lineItem(node);
      case 'advice':
        return adviceItem(node.finding);
      case 'facts':
        return factsItem(node);
      case 'fact':
        return factItem(node.fact);
    }
  }

  /** There is no view to be shown before it has something to show. */
  async #show(): Promise<void> {
    this.#changed.fire(undefined);
    const isAny = this.#watches.length + this.#logs.length > 0;
    await vscode.commands.executeCommand('setContext', Context.findings, isAny);
  }

  dispose(): void {
    this.#changed.dispose();
    this.view.dispose();
  }
}

/**
 * A finding is known by its rule and what it is about, the runner or the line where it begins: its words and its place change
 * while it goes on.
 */
function findingsOf(opened: Explained): FindingNode[] {
  const { findings, lineName } = opened.explanation;
  const counts = new Map<string, number>();
  return findings.map((finding) => {
    const [runner, another] = finding.runners;
    const [begins] = finding.evidence;
    const subject = runner !== undefined && another === undefined ? runner : begins && lineName(begins.at);
    const name = `${finding.id} ${subject ?? ''}`;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return { kind: 'finding', opened, finding, id: `${opened.id}\n${name}${count === 1 ? '' : ` ${count}`}` };
  });
}

function logsItem({ id, title, explanation, fitted }: Explained): vscode.TreeItem {
  const { Expanded, None } = vscode.TreeItemCollapsibleState;
  const isEmpty = explanation.findings.length === 0;
  const item = new vscode.TreeItem(title, isEmpty ? None : Expanded);
  // VS Code keeps an item of the same id closed: the first finding would not be seen.
  item.id = isEmpty ? `${id}\nempty` : id;
  item.description = explanation.verdict;
  item.tooltip = explanation.verdict;
  const isFine = explanation.isHealthy && explanation.isJudged;
  item.iconPath = new vscode.ThemeIcon(isFine ? 'pass' : 'output');
  if (fitted?.load !== undefined) item.contextValue = SIMULATED;
  return item;
}

function findingItem(node: Extract<FindingNode, { kind: 'finding' }>): vscode.TreeItem {
  const { sentence, severity, confidence, advice, details } = node.finding;
  const item = new vscode.TreeItem(sentence, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = node.id;
  const [icon, colour] = ICONS[severity];
  item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(colour));
  if (confidence !== 'sure') item.description = confidence;
  item.tooltip = [sentence, ...details, advice].join('\n\n');
  item.command = { command: Command.showFinding, title: vscode.l10n.t('Show in Timeline'), arguments: [node] };
  if (node.finding.burst !== undefined && node.opened.fitted?.load !== undefined) item.contextValue = SIMULATED;
  return item;
}

/** A line of a file leads there, one of a log that is watched to the bar of its pass. */
function lineItem(node: Extract<FindingNode, { kind: 'line' }>): vscode.TreeItem {
  const { opened, at, says, name } = node;
  const item = new vscode.TreeItem(says, vscode.TreeItemCollapsibleState.None);
  item.description = name;
  const colon = name.lastIndexOf(':');
  const place = placeOf(opened, name.slice(0, colon), Number(name.slice(colon + 1)));
  if (place !== undefined) {
    item.iconPath = new vscode.ThemeIcon('go-to-file');
    item.command = { command: 'vscode.open', title: vscode.l10n.t('Open the Line'), arguments: [place] };
  } else if (at.source < (opened.trace?.header.sources.length ?? 0)) {
    item.iconPath = new vscode.ThemeIcon('symbol-event');
    item.command = { command: Command.showFinding, title: vscode.l10n.t('Show in Timeline'), arguments: [node] };
  } else {
    item.iconPath = new vscode.ThemeIcon('circle-small');
  }
  return item;
}

/** Where the advice is a setting, a click copies its name. */
function adviceItem({ advice, knob }: Finding): vscode.TreeItem {
  const item = new vscode.TreeItem(advice, vscode.TreeItemCollapsibleState.None);
  item.iconPath = new vscode.ThemeIcon('lightbulb');
  item.tooltip = advice;
  if (knob === undefined) return item;
  item.description = knob;
  item.tooltip = `${advice}\n\n${vscode.l10n.t('Click to copy the name of the setting: {0}', knob)}`;
  item.command = { command: Command.copySetting, title: vscode.l10n.t('Copy the Setting'), arguments: [knob] };
  return item;
}

/** Nothing while the burst has not been simulated. */
function factsOf(opened: Explained): FindingNode[] {
  const { fitted } = opened;
  if (fitted === undefined) return [];
  const helps = fitted.gains.map(({ change, effect, isHelpful, isSetting }) => {
    const about = isSetting ? effect : vscode.l10n.t('{0}; no setting does it', effect);
    return { text: change, about, icon: isHelpful ? 'arrow-down' : 'dash' };
  });
  const settings = fitted.settings.map(({ text, restsOn }) => ({ text, about: restsOn, icon: 'settings' }));
  const conclusion = fitted.conclusion === '' ? [] : [{ text: fitted.conclusion, about: '', icon: 'info' }];
  const group = (title: string, facts: readonly Fact[]): FindingNode[] =>
    facts.length === 0 ? [] : [{ kind: 'facts', opened, title, facts }];
  const error = fitted.run?.error;
  return [
    ...group(
      error === undefined
        ? vscode.l10n.t('What would help, simulated')
        : vscode.l10n.t('What would help, simulated (the run {0})', error),
      [...helps, ...conclusion],
    ),
    ...group(vscode.l10n.t('Settings of the controller'), settings),
  ];
}

/** A click shows the timeline, in which the simulated run is. */
function factsItem(node: Extract<FindingNode, { kind: 'facts' }>): vscode.TreeItem {
  const item = new vscode.TreeItem(node.title, vscode.TreeItemCollapsibleState.Expanded);
  item.iconPath = new vscode.ThemeIcon('beaker');
  if (node.opened.fitted?.load !== undefined) item.contextValue = SIMULATED;
  item.command = { command: Command.showFinding, title: vscode.l10n.t('Show in Timeline'), arguments: [node] };
  return item;
}

function factItem({ text, about, icon }: Fact): vscode.TreeItem {
  const item = new vscode.TreeItem(text, vscode.TreeItemCollapsibleState.None);
  item.description = about;
  item.tooltip = about === '' ? text : `${text}\n\n${about}`;
  item.iconPath = new vscode.ThemeIcon(icon);
  return item;
}
