import assert from 'node:assert/strict';
import '../../builders/vscode/hook.ts';
import { EventEmitter, type MarkdownString, type TreeItem } from '../../builders/vscode/interface.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import type { RunnerTreeNode } from '../../../src/extension/runner-nodes.ts';
import type { ShownSession } from '../../../src/extension/run.ts';
import { parseLoad } from '../../../src/run/job-load.ts';
import { RunSession } from '../../../src/run/session.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import type { Load } from '../../../src/run/run-target.ts';

const { RunnerTree } = await import('../../../src/extension/runner-tree.ts');

type Tree = InstanceType<typeof RunnerTree>;

interface Shown {
  readonly tree: Tree;
  readonly clock: VirtualClock;
  readonly session: ShownSession;
  /** Every line with its depth, its label and its description. */
  readonly lines: () => readonly string[];
  readonly find: (kind: RunnerTreeNode['kind']) => RunnerTreeNode;
}

function treeOf(load: Load, unreadable = ''): Shown {
  const clock = new VirtualClock();
  const settings = { ...DEFAULT_SETTINGS, mode: 'new', runners: 3, podStartUs: 2_000_000, jobDurationUs: 30_000_000 };
  const run = RunSession.embedded(settings, { clock, load, onCreationFailed: assert.fail });
  if (unreadable !== '') Object.defineProperty(run, 'unreadable', { value: unreadable });
  const target = { kind: 'embedded' } as const;
  const session = { id: 'run-1-new', name: 'embedded 1', settings, target, load, run, ended: false, stopped: false };
  const never = new EventEmitter<never>().event;
  const all = [session];
  const sessions = { attempts: [], newestFirst: all, all, live: [], onDidStart: never, onDidChange: never };
  const tree = new RunnerTree(sessions as never, { runs: [], onDidChange: never } as never);
  const nodes = (node?: RunnerTreeNode): RunnerTreeNode[] => {
    const below = node?.kind === 'runner' ? [] : tree.getChildren(node);
    for (const child of below) assert.equal(tree.getParent(child), node, 'a child knows its parent');
    return below.flatMap((child) => [child, ...nodes(child)]);
  };
  const depthOf = (node: RunnerTreeNode): number => {
    const parent = tree.getParent(node);
    return parent === undefined ? 0 : depthOf(parent) + 1;
  };
  return {
    ...{ tree, clock, session: session as unknown as ShownSession },
    lines: () =>
      nodes().map((node) => {
        const { label, description = '' } = tree.getTreeItem(node) as unknown as TreeItem;
        const name = label.replaceAll(/-[a-z0-9]{5}(?=-|$)/g, '-*');
        return `${'  '.repeat(depthOf(node))}${name} | ${description}`.trimEnd();
      }),
    find: (kind) => nodes().find((node) => node.kind === kind) ?? assert.fail(`no ${kind} is shown`),
  };
}

const scaleSet = { jobs: parseLoad('2 at once'), minRunners: 0, maxRunners: 50 };

describe('the tree above runners', () => {
  it('is AutoscalingRunnerSet, then listener and EphemeralRunnerSet, then runners, each with what it waits for', () => {
    const { clock, lines } = treeOf({ scaleSet });
    clock.run(1.1e6);
    assert.deepEqual(lines().slice(1), [
      '  lab | waits for its listener: pod pending: ContainerCreating',
      '    listener | pod pending: ContainerCreating',
      '    lab-* | wants no runners',
    ]);
    clock.run(25e6);
    assert.deepEqual(lines().slice(1), [
      '  lab | scale set',
      '    listener | polls for messages · 20 s',
      '    lab-* | wants 2, has them · 20 s',
      '      lab-*-runner-* | running build (1)',
      '      lab-*-runner-* | running build (2)',
    ]);
  });

  it('says of a runner that has no job that it waits for one', () => {
    const { clock, lines } = treeOf({ scaleSet: { ...scaleSet, minRunners: 1, jobs: parseLoad('60s') } });
    clock.run(25e6);
    assert.deepEqual(lines().slice(-1), ['      lab-*-runner-* | running, waits for a job']);
  });

  it('says in tooltips which object it is, since when it waits, and how many runners are in which state', () => {
    const { tree, clock, find } = treeOf({ scaleSet });
    clock.run(25e6);
    const tooltipOf = (kind: RunnerTreeNode['kind']): string => {
      const item: { tooltip?: MarkdownString } = {};
      tree.resolveTreeItem(item as never, find(kind));
      return item.tooltip?.value ?? '';
    };
    assert.match(tooltipOf('scaleSet'), /^\*\*AutoscalingRunnerSet arc-runners\/lab\*\*\n\nwaits for nothing/);
    assert.match(
      tooltipOf('listener'),
      /^\*\*AutoscalingListener arc-systems\/lab-.*polls for messages, for 2\d s\npod: Running/s,
    );
    assert.match(
      tooltipOf('group'),
      /^\*\*EphemeralRunnerSet arc-runners\/lab-.*wants 2, has them, for 2\d s\n2 running/s,
    );
  });

  it('offers what can be done to a listener only where it is simulated, and its session goes on', () => {
    const { tree, clock, find, session } = treeOf({ scaleSet });
    clock.run(10e6);
    const contextOf = (): string | undefined =>
      (tree.getTreeItem(find('listener')) as { contextValue?: string }).contextValue;
    assert.equal(contextOf(), 'listener.simulated');
    session.stopped = true;
    assert.equal(contextOf(), 'listener');
  });

  it('has a set without a scale set at the top, and runners that none owns by their label', () => {
    const bySet = treeOf({ throughSet: true });
    bySet.clock.run(10e6);
    assert.match(bySet.lines()[1] ?? '', /^ {2}lab \| wants 3, has them/);
    const alone = treeOf({});
    alone.clock.run(10e6);
    assert.deepEqual(alone.lines().slice(1, 3), ['  lab | 3 runners', '    runner-1 | job running']);
  });

  it('says above them which parents may not be read', () => {
    const { lines } = treeOf({}, 'May not be read: autoscalingrunnersets.');
    assert.equal(lines()[1], '  Not readable | May not be read: autoscalingrunnersets.');
  });

  it('shows how many of a set pass the filter, and groups by state without parents', () => {
    const { tree, clock, lines } = treeOf({ scaleSet });
    clock.run(25e6);
    tree.arrange({ filter: { text: 'nobody', states: [] } });
    assert.match(lines()[3] ?? '', /^ {4}lab-\* \| 0 of 2 runners · wants 2, has them/);
    tree.arrange({ filter: { text: '', states: [] }, groupBy: 'state' });
    assert.deepEqual(lines().slice(1, 2), ['  running | 2 runners']);
  });
});
