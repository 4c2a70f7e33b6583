import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import * as vscode from 'vscode';
import { settingsFor } from '../../../src/extension/configuration.ts';
import type { OpenedLogs } from '../../../src/extension/evidence-reader.ts';
import type { FindingNode } from '../../../src/extension/findings-tree.ts';
import type { App } from '../../../src/extension/app.ts';
import type { Run, ShownSession } from '../../../src/extension/run.ts';
import { traceLines } from '../../../src/trace/jsonl.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import type { GroupNode, RunnerNode, RunnerTreeNode, SessionNode } from '../../../src/extension/runner-nodes.ts';

const ID = 'arc-lab.arc-reconciler-lab';

/** These run where the extension runs, and see what it holds. */
describe('the extension in its host', () => {
  let app: App;

  before(async () => {
    const extension = vscode.extensions.getExtension<App>(ID);
    assert.ok(extension !== undefined, 'the extension is installed');
    app = await extension.activate();
  });

  afterEach(async () => {
    for (const session of app.sessions.all) await app.sessions.stop(session);
    for (const session of app.sessions.all) app.sessions.remove(session);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  async function start(given: object): Promise<Run> {
    const run = await vscode.commands.executeCommand<Run | undefined>('arcReconcilerLab.run', given);
    assert.ok(run !== undefined, 'the command started a run');
    return run;
  }

  it('runs both modes without a question when the command is given everything', async () => {
    const run = await start({ cluster: 'embedded', mode: 'both', runners: 4 });
    assert.deepEqual(
      run.sessions.map(({ settings }) => settings.mode),
      ['old', 'new'],
    );
    await painted(app, run);
    for (const session of run.sessions) await until(() => session.run.table.index.counts.running === 4);
  });

  it("explains a controller's log: the answer with links to lines, the findings, and the timeline of its passes", async () => {
    const folder = mkdtempSync(join(tmpdir(), 'arc-lab-log-'));
    const line = (second: number, runner: string, message: string): string =>
      `2026-03-02T12:00:${String(second).padStart(2, '0')}Z\tINFO\tEphemeralRunner\t${message}\t{"version": "0.12.1", "ephemeralrunner": {"name":"${runner}","namespace":"ci"}}`;
    const names = Array.from({ length: 12 }, (_, index) => `r${index}`);
    const text = [
      '2026-03-02T12:00:00Z\tINFO\tStarting workers\t{"controller": "ephemeralrunner", "worker count": 1}',
      ...names.flatMap((name) => [line(0, name, 'Adding finalizer'), line(0, name, 'Successfully added finalizer')]),
      ...names.flatMap((name, index) => [
        line(index, name, 'Creating ephemeral runner JIT config'),
        line(index + 1, name, 'Created ephemeral runner JIT config'),
        line(index + 1, name, 'Created ephemeral runner pod'),
      ]),
    ].join('\n');
    const plain = join(folder, 'controller.log');
    const packed = join(folder, 'controller.log.gz');
    writeFileSync(plain, text);
    writeFileSync(packed, gzipSync(text));
    for (const file of [plain, packed]) {
      const opened = await vscode.commands.executeCommand<OpenedLogs>(
        'arcReconcilerLab.explainLog',
        vscode.Uri.file(file),
      );
      const { document } = vscode.window.activeTextEditor ?? {};
      assert.ok(document !== undefined, 'the answer is in front');
      assert.match(document.lineAt(0).text, /^✗ The last pod came after 12 s because/);
      await until(() => vscode.window.activeTextEditor?.document.languageId === 'arc-lab-findings');
      assert.equal(vscode.workspace.getConfiguration('editor', document).get('wordWrap'), 'on');
      assert.ok(app.findings.view.visible, 'the findings are on view');
      const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
        'vscode.executeLinkProvider',
        document.uri,
      );
      const target = links.find(({ target: uri }) => uri?.fragment === 'L26')?.target;
      assert.ok(target !== undefined, `no link to line 26: ${links.map((link) => link.target?.toString()).join()}`);
      const log = await vscode.workspace.openTextDocument(target.with({ fragment: '' }));
      assert.match(log.lineAt(25).text, /Creating ephemeral runner JIT config.*"name":"r0"/);
      const view = app.panels.viewWith(opened.id);
      assert.ok(view !== undefined, 'the passes have a timeline');
      const [logs] = app.findings.getChildren();
      assert.equal(logs?.opened.id, opened.id, 'what would help may have been added to it meanwhile');
      const [finding] = app.findings.getChildren(logs);
      const { label } = app.findings.getTreeItem(finding as FindingNode);
      assert.match(typeof label === 'string' ? label : '', /^The last pod came after 12 s/);
      const evidence = app.findings.getChildren(finding).find(({ kind }) => kind === 'line');
      assert.equal(app.findings.getTreeItem(evidence as FindingNode).command?.command, 'vscode.open');
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await until(() => app.panels.viewWith(opened.id) === undefined);
      await vscode.commands.executeCommand('arcReconcilerLab.showFinding', finding);
      const again = app.panels.viewWith(opened.id);
      assert.ok(again !== undefined, 'a finding opens the timeline again');
      await new Promise<void>((resolve) => again.onDidPaint(({ bars }) => bars > 0 && resolve()));
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    }
  });

  it('shows in the tree what the cluster holds, group by group and runner by runner', async () => {
    const run = await start({ cluster: 'embedded', mode: 'new', runners: 7 });
    const session = run.sessions[0] as ShownSession;
    await until(() => session.run.table.index.counts.running === 7);
    const [root] = app.tree.getChildren() as SessionNode[];
    assert.equal(root?.session, session);
    const [group] = app.tree.getChildren(root) as GroupNode[];
    assert.equal(group?.group, 'lab');
    const runners = app.tree.getChildren(group) as RunnerNode[];
    assert.deepEqual(
      runners.map(({ key }) => key).sort(),
      Array.from({ length: 7 }, (_, index) => `arc-runners/runner-${index + 1}`).sort(),
    );
    for (const node of runners) {
      const runner = session.run.table.runner(node.key);
      const parts = app.tree.getChildren(node).map((part) => app.tree.getTreeItem(part));
      const registration = parts.find(({ label }) => label === 'registration');
      assert.equal(registration?.description, `runner id ${runner?.status?.runnerId}, JIT config present`);
    }
  });

  it('shows at most 500 runners of a group, and more when asked', async () => {
    const run = await start({ cluster: 'embedded', mode: 'new', runners: 1_203 });
    const session = run.sessions[0] as ShownSession;
    await until(() => session.run.table.index.size === 1_203);
    const [root] = app.tree.getChildren() as SessionNode[];
    const [group] = app.tree.getChildren(root) as GroupNode[];
    assert.equal(app.tree.getChildren(group).length, 501, '500 runners and the node for more');
    const more = app.tree.getChildren(group).at(-1);
    await vscode.commands.executeCommand('arcReconcilerLab.showMore', more);
    assert.equal(app.tree.getChildren(group).length, 1_001);
    app.tree.arrange({ filter: { text: 'runner-120', states: [] } });
    assert.deepEqual((app.tree.getChildren(group) as RunnerNode[]).map(({ key }) => key.split('/')[1]).sort(), [
      'runner-120',
      'runner-1200',
      'runner-1201',
      'runner-1202',
      'runner-1203',
    ]);
    assert.match(String(app.tree.getTreeItem(root as SessionNode).description), /^5 of 1203 runners/);
    app.tree.arrange({ filter: { text: '', states: [] }, groupBy: 'state' });
    const groups = app.tree.getChildren(root) as GroupNode[];
    assert.ok(groups.some(({ group: state }) => state === 'pending' || state === 'running'));
    app.tree.arrange({ groupBy: 'set' });
  });

  it('creates, reconciles and deletes runners', async () => {
    const run = await start({ cluster: 'embedded', mode: 'new', runners: 2 });
    const session = run.sessions[0] as ShownSession;
    const root = (app.tree.getChildren() as SessionNode[])[0] as SessionNode;
    await vscode.commands.executeCommand('arcReconcilerLab.createRunners', root, 3);
    await until(() => session.run.table.index.counts.running === 5);
    const [group] = app.tree.getChildren(root) as GroupNode[];
    const node = (app.tree.getChildren(group) as RunnerNode[])[0] as RunnerNode;
    const passes = session.run.table.describe(node.key)?.passes ?? 0;
    await vscode.commands.executeCommand('arcReconcilerLab.runner.reconcileNow', node);
    await until(() => (session.run.table.describe(node.key)?.passes ?? 0) > passes);
    await vscode.commands.executeCommand('arcReconcilerLab.runner.delete', node);
    // Its job runs: the service keeps the registration, and the runner waits for it with its finalizers.
    await until(() => session.run.table.index.stateOf(node.key) === 'deleting');
    await until(() => session.run.table.describe(node.key)?.waits.startsWith('again after 30') === true);
    assert.match(String(app.tree.getTreeItem(node).description), /^again after 30.* · deleting$/, 'the reason first');
  });

  it('makes the embedded cluster slow and failing while a session runs, and pods that do not start', async () => {
    const run = await start({ cluster: 'embedded', mode: 'new', runners: 1 });
    const session = run.sessions[0] as ShownSession;
    const root = (app.tree.getChildren() as SessionNode[])[0] as SessionNode;
    await until(() => session.run.table.index.counts.running === 1);
    await vscode.commands.executeCommand('arcReconcilerLab.changeConditions', root, {
      apiLatencyUs: 20_000,
      faults: [{ verb: 'create', resource: 'pods', status: 500, times: 2 }],
    });
    await vscode.commands.executeCommand('arcReconcilerLab.createRunners', root, 1);
    await until(() => session.run.conditions?.document.faults.length === 0);
    await until(() => session.run.table.index.counts.running === 2);
    assert.equal(session.run.conditions?.document.apiLatencyUs, 20_000);
  });

  it('ends a session when nothing is left to do, says so, and wakes it when runners are created', async () => {
    const run = await start({ cluster: 'embedded', mode: 'new', runners: 2 });
    const session = run.sessions[0] as ShownSession;
    await until(() => session.ended);
    assert.equal(session.rest?.text, 'Both runners have their pods; nothing is left to do.');
    const [root] = app.tree.getChildren() as SessionNode[];
    assert.match(String(app.tree.getTreeItem(root as SessionNode).description), /^ended .* s · 2 running$/);
    await vscode.commands.executeCommand('arcReconcilerLab.createRunners', undefined, 1);
    await until(() => session.ended && session.run.table.index.counts.running === 3);
    assert.equal(session.rest?.text, 'All 3 runners have their pods; nothing is left to do.');
  });

  it('starts a stopped session again when runners are created in it', async () => {
    const run = await start({ cluster: 'embedded', mode: 'old', runners: 2 });
    await vscode.commands.executeCommand('arcReconcilerLab.stop');
    assert.ok(run.sessions[0]?.stopped, 'Stop means the run that people look at');
    await vscode.commands.executeCommand('arcReconcilerLab.createRunners', undefined, 3);
    const again = app.sessions.all.at(-1);
    assert.deepEqual([again?.settings.mode, again?.settings.runners, again?.ended], ['old', 3, false]);
  });

  it('does not end a session with a stuck pod, and says what it waits for', async () => {
    const run = await start({ cluster: 'embedded', mode: 'new', runners: 1, pods: 'none' });
    const session = run.sessions[0] as ShownSession;
    await until(() => session.rest !== undefined);
    assert.equal(session.ended, false);
    const [root] = app.tree.getChildren() as SessionNode[];
    assert.match(String(app.tree.getTreeItem(root as SessionNode).description), /^stuck: .+ · 1 pending$/);
  });

  it('lists sessions newest first, and stops and removes all of them at once', async () => {
    await start({ cluster: 'embedded', mode: 'both', runners: 1 });
    await start({ cluster: 'embedded', mode: 'new', runners: 1 });
    const labels = app.tree
      .getChildren()
      .map((node) => (app.tree.getTreeItem(node).label as string).replace(/\d+/, '#'));
    assert.deepEqual(labels, ['new · embedded #', 'old · embedded #', 'new · embedded #']);
    await vscode.commands.executeCommand('arcReconcilerLab.stopAll');
    assert.deepEqual(app.sessions.live, []);
    await vscode.commands.executeCommand('arcReconcilerLab.removeEnded');
    assert.deepEqual(app.sessions.all, []);
  });

  it('takes the run that people look at for the one that a command means', async () => {
    const first = await start({ cluster: 'embedded', mode: 'both', runners: 1 });
    await start({ cluster: 'embedded', mode: 'new', runners: 2 });
    app.panels.show(first);
    await until(() => app.current.sessions.length === 2);
    await vscode.commands.executeCommand('arcReconcilerLab.copyCommandLine');
    assert.match(await vscode.env.clipboard.readText(), /^npx arc-lab compare .*--runners 1\b/);
  });

  it('keeps the settings of a run from contradicting one another: jobs that end have a duration', () => {
    assert.equal(settingsFor('new').jobDurationUs, undefined, 'by default jobs run on');
    assert.equal(settingsFor('new', { pods: 'jobs' }).jobDurationUs, 10_000_000);
    assert.equal(settingsFor('new', { pods: 'none' }).jobDurationUs, undefined);
  });

  it('restarts in another mode', async () => {
    await start({ cluster: 'embedded', mode: 'old', runners: 1 });
    const [root] = app.tree.getChildren() as SessionNode[];
    await vscode.commands.executeCommand('arcReconcilerLab.restartInOtherMode', root, 'new');
    assert.deepEqual(
      app.sessions.all.map(({ settings, ended }) => [settings.mode, ended]),
      [
        ['old', true],
        ['new', false],
      ],
    );
  });

  it('copies the command line that does the same', async () => {
    await start({ cluster: 'embedded', mode: 'old', runners: 5 });
    const [root] = app.tree.getChildren() as SessionNode[];
    await vscode.commands.executeCommand('arcReconcilerLab.copyCommandLine', root);
    const line = await vscode.env.clipboard.readText();
    assert.equal(line, 'npx arc-lab run --mode old --runners 5 --workers 1 --pod-start 2000ms --until-idle');
  });

  it('serves metrics where a setting says so, for as long as the session runs', async () => {
    const configuration = vscode.workspace.getConfiguration('arcReconcilerLab');
    await configuration.update('metrics', '127.0.0.1:0', vscode.ConfigurationTarget.Global);
    try {
      const run = await start({ cluster: 'embedded', mode: 'both', runners: 1 });
      for (const session of run.sessions) {
        const { host, port } = session.metrics ?? {};
        const url = `http://${host}:${port}/metrics`;
        await until(() => session.run.table.index.counts.running === 1);
        const text = await (await fetch(url)).text();
        assert.match(text, /controller_runtime_reconcile_total\{controller="ephemeralrunner",result="success"\} [1-9]/);
        await app.sessions.stop(session);
        await assert.rejects(fetch(url), 'the server has ended with its session');
      }
    } finally {
      await configuration.update('metrics', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('shows manifests without credentials, and what a pass changed', async () => {
    const run = await start({ cluster: 'embedded', mode: 'new', runners: 1 });
    const session = run.sessions[0] as ShownSession;
    await until(() => session.run.table.index.counts.running === 1);
    const [root] = app.tree.getChildren() as SessionNode[];
    const [group] = app.tree.getChildren(root) as GroupNode[];
    const node = (app.tree.getChildren(group) as RunnerNode[])[0] as RunnerNode;
    const runner = session.run.table.runner(node.key) as { status?: { runnerJITConfig?: string } };
    const jit = runner.status?.runnerJITConfig ?? '';
    assert.ok(jit.length > 10, 'the runner has a JIT config to hide');
    await app.manifests.open(session, node.key, 'runner');
    const text = vscode.window.activeTextEditor?.document.getText() ?? '';
    assert.match(text, /kind: EphemeralRunner/);
    assert.match(text, /runnerJITConfig: \(present, not shown\)/);
    assert.ok(!text.includes(jit), 'the JIT config is not in the manifest');
    await app.manifests.diff(session, node.key, 0);
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    assert.ok(tab?.input instanceof vscode.TabInputTextDiff, 'a diff is open');
  });

  it('shows no credential in the tree, its tooltips, the trace and what is kept of it', async () => {
    const run = await start({ cluster: 'embedded', mode: 'new', runners: 3 });
    const session = run.sessions[0] as ShownSession;
    await until(() => session.run.table.index.counts.running === 3);
    const canaries = ['embedded-lab-token'];
    for (const key of session.run.table.index.columns.keys) {
      const { status } = session.run.table.runner(key) ?? assert.fail(`${key} is in the index and not in the cache`);
      canaries.push(status?.runnerJITConfig ?? assert.fail('the runner has no JIT config to hide'));
    }
    const shown: string[] = [...traceLines(session.run.trace)];
    const look = (node: RunnerTreeNode): void => {
      const item = app.tree.resolveTreeItem(app.tree.getTreeItem(node), node);
      const { label, description, tooltip, accessibilityInformation } = item;
      shown.push(JSON.stringify([label, description, tooltip, accessibilityInformation]));
      for (const child of app.tree.getChildren(node)) look(child);
    };
    for (const node of app.tree.getChildren()) look(node);
    assert.ok(
      shown.some((text) => text.includes('JIT config')),
      'the tree says that there is a JIT config',
    );
    for (const canary of canaries) {
      for (const text of shown) assert.ok(!text.includes(canary), `${canary} is in ${text}`);
    }
  });

  it('shows what changed from one pass of a runner to another', async () => {
    const run = await start({ cluster: 'embedded', mode: 'old', runners: 1 });
    const session = run.sessions[0] as ShownSession;
    await until(() => session.run.table.index.counts.running === 1);
    const [root] = app.tree.getChildren() as SessionNode[];
    const [group] = app.tree.getChildren(root) as GroupNode[];
    const node = (app.tree.getChildren(group) as RunnerNode[])[0] as RunnerNode;
    const passes = session.run.manifests.passesOf(node.key).map(([number]) => number);
    const given = [passes[0], passes.at(-1)];
    await vscode.commands.executeCommand('arcReconcilerLab.runner.comparePasses', node, given);
    const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
    assert.ok(input instanceof vscode.TabInputTextDiff, 'a diff is open');
    const text = async (uri: vscode.Uri): Promise<string> => (await vscode.workspace.openTextDocument(uri)).getText();
    const [before, after] = [await text(input.original), await text(input.modified)];
    assert.doesNotMatch(before, /runnerId/, 'after the first pass there is no registration');
    assert.match(after, /runnerId: \d+[^]*kind: Pod/, 'after the last one there is, and a pod');
  });

  it('shows that it attaches, and gives up when that is cancelled', async () => {
    // Takes connections and never answers.
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const kubeconfig = join(mkdtempSync(join(tmpdir(), 'arc-lab-')), 'config');
    const config = {
      'current-context': 'silent',
      contexts: [{ name: 'silent', context: { cluster: 'c', user: 'u' } }],
      clusters: [{ name: 'c', cluster: { server: `https://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'u', user: { token: 'none' } }],
    };
    writeFileSync(kubeconfig, JSON.stringify(config));
    const given = { cluster: 'silent', namespace: 'arc', mode: 'new', kubeconfig };
    const running = vscode.commands.executeCommand<Run | undefined>('arcReconcilerLab.run', given);
    await until(() => app.sessions.attempts.length === 1);
    const [node] = app.tree.getChildren();
    assert.ok(node?.kind === 'attempt', 'the tree has a node for it');
    assert.equal(app.tree.getTreeItem(node).label, 'Attaching to silent…');
    await vscode.commands.executeCommand('arcReconcilerLab.cancelAttach', node);
    assert.equal(await running, undefined, 'nothing was started');
    assert.deepEqual([app.sessions.attempts.length, app.sessions.all.length], [0, 0]);
    silent.close();
  });

  it('saves a trace that opens as the same timeline', async () => {
    const run = await start({ cluster: 'embedded', mode: 'new', runners: 3 });
    const session = run.sessions[0] as ShownSession;
    await until(() => session.run.table.index.counts.running === 3);
    await app.sessions.stop(session);
    const file = join(mkdtempSync(join(tmpdir(), 'arc-lab-')), 'saved.arctrace.jsonl');
    const [root] = app.tree.getChildren() as SessionNode[];
    await vscode.commands.executeCommand('arcReconcilerLab.saveTrace', root, vscode.Uri.file(file));
    const saved = [...traceLines(session.run.trace, undefined, session.run.originUs)].join('');
    assert.equal(readFileSync(file, 'utf8'), saved);
    await vscode.commands.executeCommand('arcReconcilerLab.openTrace', vscode.Uri.file(file));
    await until(() => app.traces.active !== undefined);
    assert.equal(app.traces.active?.sources[0]?.trace.length, session.run.trace.length);
    const report = join(mkdtempSync(join(tmpdir(), 'arc-lab-')), 'report.html');
    await vscode.commands.executeCommand('arcReconcilerLab.timeline.saveReport', vscode.Uri.file(report));
    assert.match(readFileSync(report, 'utf8'), /<svg[^>]*class="chart"/);
  });

  it('tells a wrong setting in a sentence and starts nothing', async () => {
    const configuration = vscode.workspace.getConfiguration('arcReconcilerLab');
    await configuration.update('jitLatency', 'soon', vscode.ConfigurationTarget.Global);
    try {
      assert.throws(
        () => settingsFor('new'),
        /The setting arcReconcilerLab\.jitLatency must be a duration like 200ms or 1\.5s, not "soon"\./,
      );
      await vscode.commands.executeCommand('arcReconcilerLab.run', { cluster: 'embedded', mode: 'new' });
      assert.equal(app.sessions.all.length, 0);
    } finally {
      await configuration.update('jitLatency', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('gives memory and handles back when 200 sessions have come and gone', async function () {
    this.timeout(180_000);
    const collect = garbageCollector();
    const cycle = async (): Promise<void> => {
      const run = await app.sessions.start({
        target: { kind: 'embedded' },
        settings: [{ ...DEFAULT_SETTINGS, mode: 'new', jitLatencyUs: 1_000 }],
      });
      const session = run.sessions[0] as ShownSession;
      await until(() => session.run.trace.passCount > 3);
      await app.sessions.stop(session);
      app.sessions.remove(session);
    };
    for (let round = 0; round < 20; round++) await cycle();
    collect();
    const before = { heap: process.memoryUsage().heapUsed, handles: process.getActiveResourcesInfo().length };
    for (let round = 0; round < 200; round++) await cycle();
    const left = (): { bytes: number; handles: number } => ({
      bytes: (process.memoryUsage().heapUsed - before.heap) / 200,
      handles: process.getActiveResourcesInfo().length - before.handles,
    });
    const isNothing = ({ bytes, handles }: ReturnType<typeof left>): boolean => bytes < 20_000 && handles < 10;
    // VS Code holds on to what a tree was asked to reveal until the tree has been at rest for 200 ms.
    for (let tries = 0; tries < 50 && !isNothing(left()); tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      collect();
    }
    const { bytes, handles } = left();
    assert.ok(bytes < 20_000, `each session left ${Math.round(bytes)} bytes behind`);
    assert.ok(handles < 10, `${handles} handles more than before: ${process.getActiveResourcesInfo().join(', ')}`);
  });

  it('gives memory back when 200 timelines have been opened and closed', async function () {
    this.timeout(300_000);
    const collect = garbageCollector();
    const run = await start({ cluster: 'embedded', mode: 'new', runners: 3 });
    await painted(app, run);
    const cycle = async (): Promise<void> => {
      const closed = vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await closed;
      app.panels.show(run);
      await new Promise((resolve) => setImmediate(resolve));
    };
    for (let round = 0; round < 20; round++) await cycle();
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let round = 0; round < 200; round++) await cycle();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await until(() => app.panels.viewWith(run.id) === undefined);
    collect();
    const grown = (process.memoryUsage().heapUsed - before) / 200;
    assert.ok(grown < 30_000, `each timeline left ${Math.round(grown)} bytes behind`);
  });
});

async function painted(app: App, run: Run): Promise<void> {
  const view = app.panels.viewWith(run.id);
  assert.ok(view !== undefined, 'the run has a timeline');
  await new Promise<void>((resolve) => {
    const subscription = view.onDidPaint(({ bars }) => {
      if (bars === 0) return;
      subscription.dispose();
      resolve();
    });
  });
}

/** Looks again whenever VS Code has had its turn; the test's own time limit ends it. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
