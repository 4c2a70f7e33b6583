import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import '../../builders/vscode/hook.ts';
import { person, TabInputCustom, TabInputWebview, Uri, type Tab } from '../../builders/vscode/interface.ts';
import type { App } from '../../../src/extension/app.ts';
import type { KeptNode } from '../../../src/extension/runner-nodes.ts';
import type { RunPlan } from '../../../src/extension/start-session.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import manifest from '../../../package.json' with { type: 'json' };
import { inFolder } from '../../builders/arc-lab.ts';
import { eventually } from '../../builders/eventually.ts';

const { keptItem } = await import('../../../src/extension/kept-item.ts');
const { KeptTraces } = await import('../../../src/extension/kept-traces.ts');
const { Log } = await import('../../../src/extension/log.ts');
const { Sessions } = await import('../../../src/extension/sessions.ts');
const { TimelinePanels } = await import('../../../src/extension/timeline-panels.ts');
const { runAgain } = await import('../../../src/extension/commands/restart.ts');
const { copyCommandLine } = await import('../../../src/extension/commands/session-commands.ts');

const PLAN: RunPlan = {
  target: { kind: 'embedded' },
  settings: ['old', 'new'].map((mode) => ({ ...DEFAULT_SETTINGS, mode, runners: 2, workers: 1, jitLatencyUs: 1_000 })),
  load: {
    perSecond: 50,
    conditions: { faults: [{ verb: 'create', resource: 'pods', status: 500, times: 1 }] },
  },
};

/** A window on a workspace whose storage is a folder; it is closed at the end. */
async function inWindow(folder: string, look: (app: App) => Promise<void>): Promise<void> {
  const sessions = new Sessions(new Log());
  const extension = { storageUri: new Uri(folder) } as unknown as vscode.ExtensionContext;
  const kept = new KeptTraces(extension, sessions, (text) => assert.fail(text));
  const panels = new TimelinePanels(new Uri('/extension') as unknown as vscode.Uri, sessions, {
    selected: () => undefined,
    openManifest: () => undefined,
    askImageCommand: () => Promise.resolve(undefined),
    saveImage: () => undefined,
    dropped: () => undefined,
    act: () => undefined,
    goTo: () => undefined,
    log: (text) => assert.fail(text),
  });
  try {
    await look({ extension, sessions, kept, panels, current: { sessions: [] } } as unknown as App);
    await kept.end();
  } finally {
    panels.dispose();
    kept.dispose();
    await Promise.all(sessions.all.map((session) => sessions.stop(session)));
    sessions.dispose();
  }
}

/** The row of the run that an earlier window kept. */
async function rowIn({ kept }: App): Promise<KeptNode> {
  const [run] = await kept.listed();
  assert.ok(run !== undefined, 'no run was kept');
  return { kind: 'kept', run };
}

/** Whether the menu of a row offers a command. */
function isOffered(command: string, { contextValue = '' }: vscode.TreeItem): boolean {
  const items = manifest.contributes.menus['view/item/context'].filter((item) => item.command === command);
  return items.some(({ when }) => {
    const pattern = /viewItem =~ \/(.*?)\//.exec(when)?.[1];
    return pattern !== undefined && new RegExp(pattern.replaceAll('\\\\', '\\')).test(contextValue);
  });
}

describe('the row of a run that an earlier window kept', () => {
  /** Runs in one window, and looks at the row in the next. */
  const reloaded = (look: (app: App, row: KeptNode, copied: string, folder: string) => Promise<void>): Promise<void> =>
    inFolder(async (folder) => {
      let copied = '';
      await inWindow(folder, async (app) => {
        const { sessions } = await app.sessions.start(PLAN);
        await eventually(() => assert.ok(sessions.every(({ run: { trace } }) => trace.length > 10)));
        await copyCommandLine(app, { kind: 'session', session: sessions[0] as (typeof sessions)[number] });
        copied = person.clipboard;
        await copyCommandLine({ ...app, current: { sessions } } as unknown as App, undefined);
        copied = person.clipboard;
      });
      await inWindow(folder, async (app) => look(app, await rowIn(app), copied, folder));
    });

  for (const [before, after] of [
    ['0a1b2c', '0a1b2c-1'],
    ['0a1b2c-1', '0a1b2c'],
    ['0a1b2c-1', '0a1b2c-2'],
  ] as const) {
    it(`is there where VS Code gives its window ${after}, because the host before a reload still holds ${before}`, () =>
      inFolder(async (storage) => {
        const folderOf = (workspace: string): string => join(storage, workspace, 'arc-lab.arc-reconciler-lab');
        await inWindow(folderOf(before), async (app) => {
          const { sessions } = await app.sessions.start(PLAN);
          await eventually(() => assert.ok(sessions.every(({ run: { trace } }) => trace.length > 10)));
        });
        await inWindow(folderOf(after), async (app) => {
          const { run } = await rowIn(app);
          const sources = await app.kept.sourcesOf(run);
          assert.equal(sources.length, 2);
          assert.ok(sources.every(({ trace }) => trace.length > 10));
        });
        await inWindow(folderOf('0a1b2d'), async (app) => {
          assert.deepEqual(await app.kept.listed(), [], 'runs of another workspace are listed');
        });
      }));
  }

  it('copies the command line that its sessions had, faults and load included', () =>
    reloaded(async (app, row, copied) => {
      person.clipboard = '';
      await copyCommandLine(app, row);
      assert.equal(person.clipboard, copied);
      assert.match(copied, /--per-second 50.*--fail 'create pods 500 1'/);
      assert.equal(copied.split('\n').length, 2, 'one call for each mode');
      assert.ok(isOffered('arcReconcilerLab.copyCommandLine', keptItem(row)), 'the menu of the row does not offer it');
    }));

  it('runs again with the same settings, load and faults', () =>
    reloaded(async (app, row) => {
      const run = await runAgain(app, row);
      assert.deepEqual(
        run?.sessions.map(({ settings }) => settings),
        JSON.parse(JSON.stringify(PLAN.settings)),
      );
      for (const { target, load } of run?.sessions ?? [])
        assert.deepEqual({ target, load }, { target: PLAN.target, load: PLAN.load });
      assert.ok(isOffered('arcReconcilerLab.runAgain', keptItem(row)), 'the menu of the row does not offer it');
    }));

  it('offers neither where what it was started with was not kept', () =>
    reloaded(async (_lab, _row, _copied, folder) => {
      const runs = join(folder, 'runs');
      for (const name of readdirSync(runs).filter((file) => file.endsWith('.json'))) {
        const { plan: _plan, ...older } = JSON.parse(readFileSync(join(runs, name), 'utf8')) as Record<string, unknown>;
        writeFileSync(join(runs, name), JSON.stringify(older));
      }
      await inWindow(folder, async (app) => {
        const row = await rowIn(app);
        for (const command of ['runAgain', 'copyCommandLine']) {
          assert.ok(!isOffered(`arcReconcilerLab.${command}`, keptItem(row)), command);
        }
        person.clipboard = 'as before';
        await copyCommandLine(app, row);
        assert.equal(person.clipboard, 'as before');
        assert.equal(await runAgain(app, row), undefined);
        assert.ok(isOffered('arcReconcilerLab.showTimeline', keptItem(row)), 'its timeline can still be seen');
      });
    }));

  it('takes the place of the tab that VS Code restored, and closes no other', () =>
    reloaded(async (app, row) => {
      const timeline = new TabInputWebview('mainThreadWebview-arcReconcilerLab.timeline');
      const tab = (label: string, input: unknown): Tab => ({ label, input });
      const others = [
        tab('Timeline: old and new · embedded 7', timeline),
        tab(row.run.title, new TabInputWebview('mainThreadWebview-somebody.else')),
        tab(row.run.title, new TabInputCustom()),
      ];
      person.tabs = [tab(row.run.title, timeline), ...others];
      await app.kept.open(row.run, app.panels);
      assert.deepEqual(person.tabs, others);
      const views = app.panels.active?.sources.map(({ info }) => `${info.mode} ${info.name}`);
      assert.deepEqual(views, ['old embedded 1', 'new embedded 1']);
    }));

  it('is what a restored timeline shows once it is looked at, and the row then brings that to the front', () =>
    reloaded(async (app, row) => {
      const shown: string[] = [];
      const panel = {
        title: 'Timeline',
        active: true,
        webview: {
          html: '',
          onDidReceiveMessage: () => undefined,
          asWebviewUri: (uri: unknown) => uri,
          postMessage: async () => true,
        },
        onDidChangeViewState: () => undefined,
        onDidDispose: () => undefined,
        reveal: () => shown.push('to the front'),
        dispose: () => undefined,
      } as unknown as vscode.WebviewPanel;
      const state = { sessions: row.run.sessions.map(({ id }) => id) };
      await app.kept.serializer(app.panels).deserializeWebviewPanel(panel, state);
      assert.equal(panel.title, row.run.title);
      assert.deepEqual(
        app.panels.active?.sources.map(({ trace }) => trace.endedUs !== undefined),
        [true, true],
      );
      await app.kept.open(row.run, app.panels);
      assert.deepEqual(shown, ['to the front']);
    }));
});
