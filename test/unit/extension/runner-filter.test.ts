import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import '../../builders/vscode/hook.ts';
import { EventEmitter, Uri } from '../../builders/vscode/interface.ts';
import type { KeptTraces } from '../../../src/extension/kept-traces.ts';
import type { ShownSession, TimelineSource } from '../../../src/extension/run.ts';
import { NO_FILTER, type RunnerFilter } from '../../../src/extension/runner-filter.ts';
import type { Sessions } from '../../../src/extension/sessions.ts';
import type { HostMessage, Notice, PageMessage } from '../../../src/protocol.ts';
import { VirtualSession } from '../../builders/virtual-session.ts';

const { clearFilter, filterRunners } = await import('../../../src/extension/commands/tree-commands.ts');
const { sourceOf, traceSource } = await import('../../../src/extension/run.ts');
const { RunnerTree } = await import('../../../src/extension/runner-tree.ts');
const { TimelineFeed } = await import('../../../src/extension/timeline-feed.ts');
const { TimelineView } = await import('../../../src/extension/timeline-view.ts');

type FilterMessage = Extract<HostMessage, { type: 'filter' }>;

/** A session of 12 runners on the embedded cluster, whose time a test moves. */
function session(): { shown: ShownSession; until: (us: number) => void; source: TimelineSource } {
  const virtual = new VirtualSession({ mode: 'new', runners: 12, podStartUs: 300_000 });
  const { shown } = virtual;
  const run = { ...shown.run, connection: { state: 'connected' }, where: 'embedded cluster' };
  Object.assign(shown, { run, startedMs: 0 });
  return { shown, until: (us) => void virtual.until(us), source: sourceOf(shown) };
}

function treeOf(shown: ShownSession): InstanceType<typeof RunnerTree> {
  const none = new EventEmitter<void>().event;
  const sessions = { all: [shown], newestFirst: [shown], live: [], attempts: [], onDidStart: none, onDidChange: none };
  const kept = { runs: [], onDidChange: none };
  return new RunnerTree(sessions as unknown as Sessions, kept as unknown as KeptTraces);
}

const filtersIn = (messages: Iterable<HostMessage>): FilterMessage[] =>
  [...messages].filter((message) => message.type === 'filter');

describe('the filter of runners', () => {
  it('is said in the rows of session and set: how many of how many are shown', () => {
    const { shown, until } = session();
    until(1e6);
    const tree = treeOf(shown);
    const [row] = tree.getChildren();
    assert.ok(row !== undefined);
    const descriptions = (): unknown[] =>
      [row, ...tree.getChildren(row)].map((node) => tree.getTreeItem(node).description);
    const unfiltered = descriptions();
    assert.doesNotMatch(String(unfiltered[0]), / of /);
    assert.equal(unfiltered[1], '12 runners');
    tree.arrange({ filter: { text: 'Runner-1', states: [] } });
    const [ofSession, ofSet] = descriptions();
    assert.match(String(ofSession), /^4 of 12 runners · /);
    assert.equal(ofSet, '4 of 12 runners');
    tree.arrange({ filter: NO_FILTER });
    assert.deepEqual(descriptions(), unfiltered);
    tree.dispose();
  });

  it('reaches the timelines whenever a command sets or clears it, and only then', async () => {
    const { shown } = session();
    const tree = treeOf(shown);
    const told: RunnerFilter[] = [];
    tree.onDidFilter((filter) => told.push(filter));
    const app = { tree } as unknown as Parameters<typeof clearFilter>[0];
    const filter: RunnerFilter = { text: '', states: ['pending'] };
    await filterRunners(app, filter);
    tree.arrange({ sort: 'age' });
    clearFilter(app);
    assert.deepEqual(told, [filter, NO_FILTER]);
    tree.dispose();
  });
});

describe('a timeline of filtered runners', () => {
  it('hears the part of a name once, and that it is taken back; without a filter it hears nothing', () => {
    const { until, source } = session();
    const feed = new TimelineFeed([source]);
    until(1e6);
    assert.deepEqual(filtersIn(feed.take()), []);
    feed.filter({ text: 'Runner-1', states: [] });
    const filter = { text: 'runner-1', runners: undefined };
    assert.deepEqual(filtersIn(feed.take()), [{ type: 'filter', session: 'new', filter }]);
    until(3e6);
    assert.deepEqual(filtersIn(feed.take()), [], 'the same filter is sent again');
    feed.filter(NO_FILTER);
    assert.deepEqual(filtersIn(feed.take()), [{ type: 'filter', session: 'new', filter: null }]);
  });

  it('hears which runners are in a state as that changes, up to the end of the session', () => {
    const { shown, until, source } = session();
    const feed = new TimelineFeed([source]);
    const { index } = shown.run.table;
    const running = (): string[] => index.columns.keys.filter((key) => index.stateOf(key) === 'running');
    feed.filter({ text: 'runner', states: ['running'] });
    let heard: readonly string[] | undefined;
    const sizes = new Set<number | undefined>();
    const take = (): void => {
      for (const { filter } of filtersIn(feed.take())) sizes.add((heard = filter?.runners)?.length);
    };
    for (let atUs = 0; atUs <= 20e6; atUs += 200_000) {
      until(atUs);
      take();
    }
    assert.ok(sizes.size > 2, `only ${[...sizes].join()} runners were shown in turn`);
    assert.ok(running().length > 0);
    assert.deepEqual(heard, running());
    for (const key of running().slice(1)) index.columns.states[index.columns.keys.indexOf(key)] = 2;
    take();
    shown.ended = true;
    take();
    assert.deepEqual(heard, running(), 'what changed just before the end is not shown');
  });

  it('is not one of a trace, which the tree does not have', () => {
    const { shown, until } = session();
    until(1e6);
    const feed = new TimelineFeed([traceSource('file', 'file', shown.run.trace)]);
    feed.filter({ text: 'runner-1', states: ['pending'] });
    assert.deepEqual(filtersIn(feed.take()), []);
  });

  it('says so above the bars with a button that clears it, and again to a page that was loaded again', async () => {
    const { shown, until, source } = session();
    until(1e6);
    shown.ended = true;
    const page = pageOf(source);
    page.view.filter({ text: 'runner-1', states: ['pending', 'running'] });
    for (const time of ['first', 'second']) {
      const said = await page.load();
      assert.equal(filtersIn(said).length, 1, `the page does not know of the filter the ${time} time`);
      const [notice] = noticesIn(said);
      assert.equal(
        notice?.text,
        'Runners are filtered, here and in the tree: name contains “runner-1” and state is pending or running.',
      );
      assert.deepEqual(notice.actions, [{ id: 'arcReconcilerLab.clearFilter', label: 'Clear Filter' }]);
    }
    page.say({ type: 'action', notice: 'filter', action: 'arcReconcilerLab.clearFilter' });
    assert.deepEqual(page.acts, ['arcReconcilerLab.clearFilter']);
    page.said.length = 0;
    page.view.filter(NO_FILTER);
    assert.deepEqual(
      filtersIn(page.said).map(({ filter }) => filter),
      [null],
    );
    assert.deepEqual(noticesIn(page.said), []);
    page.view.dispose();
  });
});

function noticesIn(said: readonly HostMessage[]): readonly Notice[] {
  return said.findLast((message) => message.type === 'notices')?.notices ?? [];
}

/** A timeline whose page is the test. */
function pageOf(source: TimelineSource): {
  view: InstanceType<typeof TimelineView>;
  said: HostMessage[];
  acts: string[];
  say: (message: PageMessage) => void;
  load: () => Promise<HostMessage[]>;
} {
  const said: HostMessage[] = [];
  const acts: string[] = [];
  const heard = new EventEmitter<PageMessage>();
  let isLoaded = (): void => undefined;
  const webview = {
    onDidReceiveMessage: heard.event,
    asWebviewUri: (uri: unknown) => uri,
    postMessage: (message: HostMessage): Promise<boolean> => {
      said.push(message);
      if (message.type === 'notices') isLoaded();
      return Promise.resolve(true);
    },
  } as unknown as vscode.Webview;
  const nothing = (): void => undefined;
  const askImageCommand = (): Promise<undefined> => Promise.resolve(undefined);
  const actions = {
    selected: nothing,
    goTo: nothing,
    openManifest: nothing,
    askImageCommand,
    saveImage: nothing,
    log: nothing,
  };
  const act = (_notice: string, action: string): void => void acts.push(action);
  const uri = new Uri('/extension') as unknown as vscode.Uri;
  const view = new TimelineView(webview, uri, 'Timeline', [source], { ...actions, act, dropped: nothing });
  const load = async (): Promise<HostMessage[]> => {
    view.hidden();
    said.length = 0;
    const loaded = new Promise<void>((resolve) => (isLoaded = resolve));
    heard.fire({ type: 'ready' });
    await loaded;
    return said;
  };
  return { view, said, acts, say: (message) => heard.fire(message), load };
}
