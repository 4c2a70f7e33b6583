import * as vscode from 'vscode';
import { naturalCompare } from '../base/natural-order.ts';
import { selectRunners, type RunnerSelection } from '../model/runner-selection.ts';
import { RUNNER_STATES, type RunnerState } from '../model/runner-state.ts';
import { aboveTooltip, listenerItem, noteItem, scaleSetItem } from './above-items.ts';
import { groupItem, setTooltip } from './group-item.ts';
import { Context, View } from './ids.ts';
import { LogDrop } from './log-drop.ts';
import { AGE_STEP_US, attemptItem, moreItem, partItem, runnerItem, tooltipOf } from './runner-items.ts';
import {
  PAGE,
  type AttemptNode,
  type GroupBy,
  type GroupNode,
  type KeptNode,
  type MoreNode,
  type NoteNode,
  type RunnerNode,
  type RunnerTreeNode,
  type ScaleSetNode,
  type SortBy,
} from './runner-nodes.ts';
import type { Run, ShownSession } from './run.ts';
import { filteredRunners, isFiltering, NO_FILTER, type RunnerFilter } from './runner-filter.ts';
import type { KeptTraces } from './kept-traces.ts';
import { keptItem } from './kept-item.ts';
import { partsOf } from './runner-parts.ts';
import { sessionItem } from './session-item.ts';
import { runnersText } from './session-words.ts';
import type { Sessions } from './sessions.ts';
import { TreeNodes } from './tree-nodes.ts';

/** Changes are shown together, this often; groups get their new members less often still. */
const REFRESH_MS = 250;
const GROUP_REFRESH_MS = 1_000;

/** The tree of sessions and runners. Only what is on screen is ever described; the root knows only sessions. */
export class RunnerTree implements vscode.TreeDataProvider<RunnerTreeNode>, vscode.Disposable {
  readonly view: vscode.TreeView<RunnerTreeNode>;
  readonly #sessions: Sessions;
  readonly #kept: KeptTraces;
  readonly #changed = new vscode.EventEmitter<RunnerTreeNode[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #nodes = new TreeNodes();
  readonly #versions = new Map<string, number>();
  readonly #subscriptions: vscode.Disposable[] = [];
  readonly #selected = new vscode.EventEmitter<ShownSession>();
  readonly #filtered = new vscode.EventEmitter<RunnerFilter>();
  #timer: NodeJS.Timeout | undefined;
  /** The node that was selected by the extension itself. */
  #revealed: RunnerTreeNode | undefined;
  #groupsShownMs = 0;
  #countedMs = 0;
  #agedMs = 0;
  #filter = NO_FILTER;
  #sort: SortBy = 'name';
  #groupBy: GroupBy = 'set';

  /** Somebody selected a session, or something of it. */
  readonly onDidSelect = this.#selected.event;
  /** Somebody has filtered the runners, or cleared the filter. */
  readonly onDidFilter = this.#filtered.event;

  constructor(sessions: Sessions, kept: KeptTraces) {
    this.#sessions = sessions;
    this.#kept = kept;
    this.view = vscode.window.createTreeView<RunnerTreeNode>(View.runners, {
      treeDataProvider: this,
      showCollapseAll: true,
      dragAndDropController: new LogDrop(),
    });
    this.#subscriptions.push(
      this.view,
      this.#changed,
      this.#selected,
      this.#filtered,
      this.view.onDidChangeSelection(({ selection }) => this.#selectionChanged(selection[0])),
      sessions.onDidStart((run) => void this.#revealRun(run)),
      sessions.onDidChange(() => this.#sessionsChanged()),
      kept.onDidChange(() => this.#changed.fire(undefined)),
      this.view.onDidChangeVisibility(() => this.#schedule()),
    );
  }

  get filter(): RunnerFilter {
    return this.#filter;
  }

  get sort(): SortBy {
    return this.#sort;
  }

  get groupBy(): GroupBy {
    return this.#groupBy;
  }

  arrange(change: { filter?: RunnerFilter; sort?: SortBy; groupBy?: GroupBy }): void {
    this.#filter = change.filter ?? this.#filter;
    this.#sort = change.sort ?? this.#sort;
    if (change.groupBy !== undefined && change.groupBy !== this.#groupBy) {
      this.#groupBy = change.groupBy;
      this.#nodes.forgetGroups();
    }
    const { text, states } = this.#filter;
    const isFiltered = isFiltering(this.#filter);
    void vscode.commands.executeCommand('setContext', Context.filtered, isFiltered);
    this.view.message = isFiltered
      ? vscode.l10n.t('Filtered by {0}', [text, ...states].filter((part) => part !== '').join(', '))
      : undefined;
    this.#changed.fire(this.#nodes.sessions);
    if (change.filter !== undefined) this.#filtered.fire(change.filter);
  }

  showMore({ parent }: MoreNode): void {
    parent.shown += PAGE;
    this.#changed.fire([parent]);
  }

  /** Selects a runner's node, if the tree can be seen. */
  async reveal(session: ShownSession, key: string): Promise<void> {
    if (!this.view.visible || session.run.table.index.stateOf(key) === undefined) return;
    const group = this.#nodes.group(session, this.#groupBy, this.#groupOf(session, key));
    const index = this.#select(group).keys.indexOf(key);
    if (index < 0) return;
    if (index >= group.shown) {
      group.shown = (Math.floor(index / PAGE) + 1) * PAGE;
      this.#changed.fire([group]);
    }
    const node = this.#nodes.runner(group, key);
    if (this.view.selection[0] === node) return;
    this.#revealed = node;
    await this.view.reveal(node, { select: true, focus: false, expand: false });
  }

  getChildren(node?: RunnerTreeNode): RunnerTreeNode[] {
    this.#schedule();
    if (node === undefined) {
      const attempts = this.#sessions.attempts.map((attempt): AttemptNode => ({ kind: 'attempt', attempt }));
      const kept = this.#kept.runs.map((run): KeptNode => ({ kind: 'kept', run }));
      return [...attempts, ...this.#sessions.newestFirst.map((session) => this.#nodes.session(session)), ...kept];
    }
    switch (node.kind) {
      case 'session':
        return this.#top(node.session);
      case 'scaleSet':
        return this.#belowScaleSet(node);
      case 'group':
        return this.#runners(node);
      case 'runner':
        return partsOf(node);
      case 'attempt':
      case 'kept':
      case 'listener':
      case 'note':
      case 'part':
      case 'more':
        return [];
    }
  }

  getParent(node: RunnerTreeNode): RunnerTreeNode | undefined {
    switch (node.kind) {
      case 'session':
      case 'attempt':
      case 'kept':
        return undefined;
      case 'scaleSet':
      case 'note':
        return this.#nodes.session(node.session);
      case 'group': {
        const { session, group, by } = node;
        const scaleSet = by === 'set' ? session.run.scaleSets.scaleSetOf(group) : undefined;
        return scaleSet === undefined ? this.#nodes.session(session) : this.#nodes.scaleSet(session, scaleSet);
      }
      case 'listener':
      case 'runner':
      case 'part':
      case 'more':
        return node.parent;
    }
  }

  getTreeItem(node: RunnerTreeNode): vscode.TreeItem {
    switch (node.kind) {
      case 'session':
        return sessionItem(node.session, this.#shareOf(node.session));
      case 'attempt':
        return attemptItem(node);
      case 'kept':
        return keptItem(node);
      case 'scaleSet':
        return scaleSetItem(node);
      case 'listener':
        return listenerItem(node);
      case 'note':
        return noteItem(node);
      case 'group':
        return groupItem(node, this.#shareOfGroup(node));
      case 'runner':
        return runnerItem(node);
      case 'part':
        return partItem(node);
      case 'more':
        return moreItem(node);
    }
  }

  resolveTreeItem(item: vscode.TreeItem, node: RunnerTreeNode): vscode.TreeItem {
    if (node.kind === 'runner') item.tooltip = tooltipOf(node);
    else if (node.kind === 'group') item.tooltip = setTooltip(node);
    else if (node.kind === 'scaleSet' || node.kind === 'listener') item.tooltip = aboveTooltip(node);
    return item;
  }

  dispose(): void {
    clearInterval(this.#timer);
    for (const subscription of this.#subscriptions.splice(0)) subscription.dispose();
  }

  /** A run that has just been started is at the top. */
  async #revealRun({ sessions }: Run): Promise<void> {
    const [first] = sessions;
    if (first === undefined) return;
    const node = this.#nodes.session(first);
    // Revealing shows the side bar with the tree, which is elsewhere when somebody runs the reconciler for the first time.
    this.#revealed = node;
    await this.view.reveal(node, { select: true, focus: false, expand: true });
  }

  #selectionChanged(node: RunnerTreeNode | undefined): void {
    const isOwn = node === this.#revealed;
    this.#revealed = undefined;
    const session = node === undefined || isOwn ? undefined : sessionOf(node);
    if (session !== undefined) this.#selected.fire(session);
  }

  #sessionsChanged(): void {
    this.#nodes.keepSessions(new Set(this.#sessions.all.map(({ id }) => id)));
    this.#changed.fire(undefined);
    this.#schedule();
  }

  /** Runs while the tree is on screen and something is live. */
  #schedule(): void {
    const wanted = this.view?.visible === true && this.#sessions.live.length > 0;
    if (wanted) this.#timer ??= setInterval(() => this.#refresh(), REFRESH_MS);
    else {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }

  #refresh(): void {
    const nowMs = Date.now();
    const nodes: RunnerTreeNode[] = [];
    const groupsDue = nowMs - this.#groupsShownMs >= GROUP_REFRESH_MS;
    const countdownsDue = nowMs - this.#countedMs >= 1_000;
    const agesDue = nowMs - this.#agedMs >= AGE_STEP_US / 1_000;
    if (agesDue) this.#agedMs = nowMs;
    if (groupsDue) this.#groupsShownMs = nowMs;
    if (countdownsDue) this.#countedMs = nowMs;
    for (const session of this.#sessions.live) {
      const { table, scaleSets } = session.run;
      const changed = table.takeChanged();
      const version = table.version + scaleSets.version;
      if (groupsDue && this.#versions.get(session.id) !== version) {
        this.#versions.set(session.id, version);
        this.#nodes.forgetGone(session);
        // The session's groups and all below are fetched again; selection and expansion go by the items' ids.
        nodes.push(this.#nodes.session(session));
        continue;
      }
      for (const key of changed) {
        const node = this.#nodes.shownRunner(session, key);
        if (node !== undefined) nodes.push(node);
      }
      if (agesDue) nodes.push(...this.#nodes.aboveRunnersOf(session));
      if (!countdownsDue) continue;
      for (const node of this.#nodes.runnersOf(session)) {
        if (changed.has(node.key)) continue;
        const isAging = agesDue && table.index.stateOf(node.key) === 'pending';
        if (isAging || table.describe(node.key)?.waitsUntilUs !== undefined) nodes.push(node);
      }
    }
    if (nodes.length > 0) this.#changed.fire(nodes);
  }

  #groupOf({ run }: ShownSession, key: string): string {
    return this.#groupBy === 'set' ? (run.table.index.setOf(key) ?? '') : (run.table.index.stateOf(key) ?? 'pending');
  }

  /** What is directly below a session. */
  #top(session: ShownSession): RunnerTreeNode[] {
    const { table, scaleSets, unreadable } = session.run;
    if (this.#groupBy === 'state') {
      const { counts } = table.index;
      return RUNNER_STATES.filter((state) => counts[state] > 0).map((state) =>
        this.#nodes.group(session, this.#groupBy, state),
      );
    }
    const isAlone = (group: string): boolean => scaleSets.scaleSetOf(group) === undefined;
    const groups = new Set([...scaleSets.setsOf(undefined), ...table.index.sets().filter(isAlone)]);
    const note: NoteNode[] = unreadable === '' ? [] : [{ kind: 'note', session, text: unreadable }];
    return [
      ...note,
      ...scaleSets.keys().map((key) => this.#nodes.scaleSet(session, key)),
      ...[...groups].sort(naturalCompare).map((group) => this.#nodes.group(session, this.#groupBy, group)),
    ];
  }

  #belowScaleSet(parent: ScaleSetNode): RunnerTreeNode[] {
    const { session, key } = parent;
    const { scaleSets } = session.run;
    return [
      ...scaleSets.listenersOf(key).map((one) => this.#nodes.listener(parent, one)),
      ...scaleSets.setsOf(key).map((one) => this.#nodes.group(session, this.#groupBy, one)),
    ];
  }

  #runners(group: GroupNode): (RunnerNode | MoreNode)[] {
    const { keys, total } = this.#select(group, group.shown);
    const nodes: (RunnerNode | MoreNode)[] = keys.map((key) => this.#nodes.runner(group, key));
    const left = total - keys.length;
    if (left > 0) nodes.push({ kind: 'more', parent: group, left });
    return nodes;
  }

  /** The group's runners that the filter lets through, in order. */
  #select({ session, group, by }: GroupNode, limit?: number): RunnerSelection {
    const { text, states } = this.#filter;
    const criteria = { group, groupBy: by, text: text.toLowerCase(), states, sort: this.#sort };
    return selectRunners(session.run.table.index, criteria, limit);
  }

  /** How many of a session's runners the filter lets through; empty without a filter. */
  #shareOf(session: ShownSession): string {
    if (!isFiltering(this.#filter)) return '';
    return share(filteredRunners(session, this.#filter, 0).total, session.run.table.index.size);
  }

  #shareOfGroup(node: GroupNode): string {
    if (!isFiltering(this.#filter)) return '';
    const { session, group, by } = node;
    const { index } = session.run.table;
    const count = by === 'state' ? index.counts[group as RunnerState] : index.countOfSet(group);
    return share(this.#select(node, 0).total, count);
  }
}

function share(shown: number, count: number): string {
  return vscode.l10n.t('{0} of {1}', shown, runnersText(count));
}

function sessionOf(node: RunnerTreeNode): ShownSession | undefined {
  if (node.kind === 'attempt' || node.kind === 'kept') return undefined;
  return node.kind === 'part' || node.kind === 'more' ? node.parent.session : node.session;
}
