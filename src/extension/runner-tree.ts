import * as vscode from 'vscode';
import { naturalCompare } from '../base/natural-order.ts';
import { selectRunners, type RunnerSelection } from '../model/runner-selection.ts';
import { failedPods, failedPodsText } from '../problems/failed-pods.ts';
import { RUNNER_STATES, type RunnerState } from '../model/runner-state.ts';
import { Context, View } from './ids.ts';
import {
  AGE_STEP_US,
  attemptItem,
  countdown,
  lastPassWords,
  statusWords,
  moreItem,
  partItem,
  podWords,
  runnerItem,
  shortFinalizer,
  STATE_ICON,
  tooltipOf,
} from './runner-items.ts';
import {
  PAGE,
  type AttemptNode,
  type GroupBy,
  type GroupNode,
  type KeptNode,
  type MoreNode,
  type PartNode,
  type RunnerNode,
  type RunnerTreeNode,
  type SessionNode,
  type SortBy,
} from './runner-nodes.ts';
import type { Run, ShownSession } from './run.ts';
import { filteredRunners, isFiltering, NO_FILTER, type RunnerFilter } from './runner-filter.ts';
import type { KeptTraces } from './kept-traces.ts';
import { keptItem } from './kept-item.ts';
import { sessionItem } from './session-item.ts';
import { runnersText } from './session-words.ts';
import type { Sessions } from './sessions.ts';

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
  readonly #sessionNodes = new Map<string, SessionNode>();
  readonly #groupNodes = new Map<string, GroupNode>();
  readonly #runnerNodes = new Map<string, RunnerNode>();
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
      this.#groupNodes.clear();
      this.#runnerNodes.clear();
    }
    const { text, states } = this.#filter;
    const isFiltered = isFiltering(this.#filter);
    void vscode.commands.executeCommand('setContext', Context.filtered, isFiltered);
    this.view.message = isFiltered
      ? vscode.l10n.t('Filtered by {0}', [text, ...states].filter((part) => part !== '').join(', '))
      : undefined;
    this.#changed.fire([...this.#sessionNodes.values()]);
    if (change.filter !== undefined) this.#filtered.fire(change.filter);
  }

  showMore({ parent }: MoreNode): void {
    parent.shown += PAGE;
    this.#changed.fire([parent]);
  }

  /** Selects a runner's node, if the tree can be seen. */
  async reveal(session: ShownSession, key: string): Promise<void> {
    if (!this.view.visible || session.run.table.index.stateOf(key) === undefined) return;
    const group = this.#group(session, this.#groupOf(session, key));
    const index = this.#select(group).keys.indexOf(key);
    if (index < 0) return;
    if (index >= group.shown) {
      group.shown = (Math.floor(index / PAGE) + 1) * PAGE;
      this.#changed.fire([group]);
    }
    const node = this.#runner(group, key);
    if (this.view.selection[0] === node) return;
    this.#revealed = node;
    await this.view.reveal(node, { select: true, focus: false, expand: false });
  }

  getChildren(node?: RunnerTreeNode): RunnerTreeNode[] {
    this.#schedule();
    if (node === undefined) {
      const attempts = this.#sessions.attempts.map((attempt): AttemptNode => ({ kind: 'attempt', attempt }));
      const kept = this.#kept.runs.map((run): KeptNode => ({ kind: 'kept', run }));
      return [...attempts, ...this.#sessions.newestFirst.map((session) => this.#session(session)), ...kept];
    }
    switch (node.kind) {
      case 'session':
        return this.#groups(node.session);
      case 'group':
        return this.#runners(node);
      case 'runner':
        return this.#parts(node);
      case 'attempt':
      case 'kept':
      case 'part':
      case 'more':
        return [];
    }
  }

  getParent(node: RunnerTreeNode): RunnerTreeNode | undefined {
    if (node.kind === 'session' || node.kind === 'attempt' || node.kind === 'kept') return undefined;
    return node.kind === 'group' ? this.#session(node.session) : node.parent;
  }

  getTreeItem(node: RunnerTreeNode): vscode.TreeItem {
    switch (node.kind) {
      case 'session':
        return sessionItem(node.session, this.#shareOf(node.session));
      case 'attempt':
        return attemptItem(node);
      case 'kept':
        return keptItem(node);
      case 'group':
        return this.#groupItem(node);
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
    const node = this.#session(first);
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
    const ids = new Set(this.#sessions.all.map(({ id }) => id));
    for (const [id] of this.#sessionNodes) {
      if (ids.has(id)) continue;
      this.#sessionNodes.delete(id);
      for (const nodes of [this.#groupNodes, this.#runnerNodes]) {
        for (const [key, node] of nodes) if (node.session.id === id) nodes.delete(key);
      }
    }
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
      const { table } = session.run;
      const changed = table.takeChanged();
      if (groupsDue && this.#versions.get(session.id) !== table.version) {
        this.#versions.set(session.id, table.version);
        this.#forgetGone(session);
        // The session's groups and all below are fetched again; selection and expansion go by the items' ids.
        nodes.push(this.#session(session));
        continue;
      }
      for (const key of changed) {
        const node = this.#runnerNodes.get(`${session.id}/${key}`);
        if (node !== undefined) nodes.push(node);
      }
      if (!countdownsDue) continue;
      for (const node of this.#runnerNodes.values()) {
        if (node.session !== session || changed.has(node.key)) continue;
        const isAging = agesDue && table.index.stateOf(node.key) === 'pending';
        if (isAging || table.describe(node.key)?.waitsUntilUs !== undefined) nodes.push(node);
      }
    }
    if (nodes.length > 0) this.#changed.fire(nodes);
  }

  #forgetGone(session: ShownSession): void {
    for (const [id, node] of this.#runnerNodes) {
      if (node.session === session && session.run.table.index.stateOf(node.key) === undefined)
        this.#runnerNodes.delete(id);
    }
  }

  #session(session: ShownSession): SessionNode {
    let node = this.#sessionNodes.get(session.id);
    if (node === undefined) {
      node = { kind: 'session', session };
      this.#sessionNodes.set(session.id, node);
    }
    return node;
  }

  #group(session: ShownSession, group: string): GroupNode {
    const id = `${session.id}/${this.#groupBy}/${group}`;
    let node = this.#groupNodes.get(id);
    if (node === undefined) {
      node = { kind: 'group', session, group, by: this.#groupBy, shown: PAGE };
      this.#groupNodes.set(id, node);
    }
    return node;
  }

  #runner(parent: GroupNode, key: string): RunnerNode {
    const id = `${parent.session.id}/${key}`;
    let node = this.#runnerNodes.get(id);
    // A runner in another state is in another group: a new node, as its parent is another one.
    if (node?.parent !== parent) {
      node = { kind: 'runner', session: parent.session, key, parent };
      this.#runnerNodes.set(id, node);
    }
    return node;
  }

  #groupOf({ run }: ShownSession, key: string): string {
    return this.#groupBy === 'set' ? (run.table.index.setOf(key) ?? '') : (run.table.index.stateOf(key) ?? 'pending');
  }

  #groups(session: ShownSession): GroupNode[] {
    if (this.#groupBy === 'state') {
      const { counts } = session.run.table.index;
      return RUNNER_STATES.filter((state) => counts[state] > 0).map((state) => this.#group(session, state));
    }
    return session.run.table.index
      .sets()
      .sort(naturalCompare)
      .map((set) => this.#group(session, set));
  }

  #runners(group: GroupNode): (RunnerNode | MoreNode)[] {
    const { keys, total } = this.#select(group, group.shown);
    const nodes: (RunnerNode | MoreNode)[] = keys.map((key) => this.#runner(group, key));
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

  #groupItem(node: GroupNode): vscode.TreeItem {
    const { session, group, by } = node;
    const { index } = session.run.table;
    const count = by === 'state' ? index.counts[group as RunnerState] : index.countOfSet(group);
    const label = by === 'state' ? group : group === '' ? vscode.l10n.t('runners without a set') : group;
    const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Expanded);
    item.id = `${session.id}/${by}/${group}`;
    item.description = isFiltering(this.#filter) ? share(this.#select(node, 0).total, count) : runnersText(count);
    const [icon, colour] = by === 'state' ? STATE_ICON[group as RunnerState] : ['server-environment', undefined];
    item.iconPath = new vscode.ThemeIcon(icon, colour === undefined ? undefined : new vscode.ThemeColor(colour));
    item.contextValue = 'group';
    return item;
  }

  #parts(node: RunnerNode): PartNode[] {
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
}

function share(shown: number, count: number): string {
  return vscode.l10n.t('{0} of {1}', shown, runnersText(count));
}

/** How many pods failed, and how each failure was seen by the session. */
function failuresWords({ session: { run }, key }: RunnerNode): string {
  const failed = failedPods(run.trace.runnerEvents(key));
  const count = Math.max(run.table.describe(key)?.failures ?? 0, failed.length);
  return [`${count} / 5`, failedPodsText(failed, run.nowUs())].filter((part) => part !== '').join(' · ');
}

function sessionOf(node: RunnerTreeNode): ShownSession | undefined {
  if (node.kind === 'attempt' || node.kind === 'kept') return undefined;
  return node.kind === 'part' || node.kind === 'more' ? node.parent.session : node.session;
}
