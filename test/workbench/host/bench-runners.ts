import { monitorEventLoopDelay } from 'node:perf_hooks';
import * as vscode from 'vscode';
import type { App } from '../../../src/extension/app.ts';
import { selectRunners } from '../../../src/model/runner-selection.ts';
import type { Run, ShownSession } from '../../../src/extension/run.ts';
import type { GroupNode, RunnerNode, SessionNode } from '../../../src/extension/runner-nodes.ts';
import { median } from '../../bench/measure.ts';
import { activated, delay, end, figure } from './bench-common.ts';

/** The tree of very many runners, measured in the extension host. */
const RUNNERS = 100_000;
const CHANGES_A_SECOND = 1_000;
const SECONDS = 10;

export async function run(): Promise<void> {
  await manyRunners(await activated());
}

/** The tree with 100,000 runners on screen, at rest and while 1,000 of them change each second. */
async function manyRunners(app: App): Promise<void> {
  await vscode.commands.executeCommand('arcReconcilerLab.runners.focus');
  const settings = vscode.workspace.getConfiguration('arcReconcilerLab');
  const quick = { apiLatency: '0', jitLatency: '0', qps: 0, workers: 10, podStart: '1ms' };
  for (const [name, value] of Object.entries(quick))
    await settings.update(name, value, vscode.ConfigurationTarget.Global);
  const run = await vscode.commands.executeCommand<Run>('arcReconcilerLab.run', {
    cluster: 'embedded',
    mode: 'new',
    runners: RUNNERS,
  });
  // The timeline of these is another measurement.
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  const session = run.sessions[0] as ShownSession;
  const { table } = session.run;
  while (table.index.counts.running < RUNNERS) await delay(250);
  const { tree } = app;
  const [root] = tree.getChildren() as SessionNode[];
  const group = (tree.getChildren(root) as GroupNode[])[0] as GroupNode;
  for (const sort of ['name', 'age', 'state', 'slowest'] as const) {
    tree.arrange({ sort });
    const times = Array.from({ length: 20 }, () => {
      const from = performance.now();
      for (const node of tree.getChildren(group)) tree.getTreeItem(node);
      return performance.now() - from;
    });
    figure(`tree-page-${sort}`, median(times));
  }
  tree.arrange({ sort: 'age' });
  const { keys } = selectRunners(
    table.index,
    { group: group.group, groupBy: 'set', text: '', states: [], sort: 'age' },
    RUNNERS,
  );
  await delay(2_000);
  const measured = async (changesASecond: number): Promise<{ share: number; delayMs: number }> => {
    const delays = monitorEventLoopDelay({ resolution: 5 });
    const cpu = process.cpuUsage();
    const from = performance.now();
    delays.enable();
    let made = 0;
    while (performance.now() - from < SECONDS * 1_000) {
      const due = ((performance.now() - from) / 1_000) * changesASecond;
      for (; made < due; made++) session.run.reconcileNow(keys[(made * 7919) % keys.length] as string);
      await delay(20);
    }
    delays.disable();
    const { user, system } = process.cpuUsage(cpu);
    return { share: (user + system) / 1_000 / (performance.now() - from), delayMs: delays.percentile(99) / 1e6 - 5 };
  };
  figure('host-share-idle', (await measured(0)).share);
  const visible = await measured(CHANGES_A_SECOND);
  figure('host-share-changes', visible.share);
  figure('host-delay-changes', visible.delayMs);
  await vscode.commands.executeCommand('workbench.view.explorer');
  figure('host-share-changes-hidden', (await measured(CHANGES_A_SECOND)).share);
  for (const name of Object.keys(quick)) await settings.update(name, undefined, vscode.ConfigurationTarget.Global);
  const nodes = tree.getChildren(group) as RunnerNode[];
  if (nodes.length !== 501)
    throw new Error(`the tree shows ${nodes.length} runners of a group, not 500 and the way to more`);
  await end(app, run);
}
