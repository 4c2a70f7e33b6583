import * as vscode from 'vscode';
import { CurrentSessions } from './current-sessions.ts';
import { DebugTimelines } from './debug-timelines.ts';
import { registerDebugging } from './debugging.ts';
import { EvidenceDocuments, logOf } from './evidence-documents.ts';
import { FindingsTree } from './findings-tree.ts';
import { Context, MANIFEST_SCHEME, PANEL_TYPE, TRACE_EDITOR, WHAT_IF_PANEL } from './ids.ts';
import type { App } from './app.ts';
import { Log } from './log.ts';
import { explainDropped } from './log-drop.ts';
import { LogLens } from './log-lens.ts';
import { Manifests } from './manifests.ts';
import { bringBackWhatIf, registerCommands } from './register-commands.ts';
import { RunnerTree } from './runner-tree.ts';
import { KeptWhatIf } from './kept-what-if.ts';
import { KeptTraces } from './kept-traces.ts';
import { askImageCommand, saveImage } from './save-image.ts';
import { isOutOfReach } from './run.ts';
import { Sessions } from './sessions.ts';
import { StatusBar } from './status-bar.ts';
import { TimelinePanels } from './timeline-panels.ts';
import type { TimelineActions } from './timeline-view.ts';
import { TraceEditor } from './trace-editor.ts';
import { translateOwn } from './translate-engine.ts';
import { WatchFindings } from './watch-findings.ts';
import { WhatIfPanels } from './what-if-panels.ts';

/** Long enough after the start that nobody waits for it. */
const OFFER_AFTER_MS = 2_000;

let kept: KeptTraces | undefined;
let running: Sessions | undefined;

/** Puts the parts together. The engine itself is loaded when the first session starts. */
export function activate(extension: vscode.ExtensionContext): App {
  translateOwn();
  const log = new Log();
  const sessions = new Sessions(log);
  running = sessions;
  const keptTraces = new KeptTraces(extension, sessions, (text) => log.channel.warn(text));
  kept = keptTraces;
  sessions.numberAfter(keptTraces.listed());
  const tree = new RunnerTree(sessions, keptTraces);
  const manifests = new Manifests(sessions);
  const actions: TimelineActions = {
    selected: ({ session }, runner) => {
      if (session !== undefined) void tree.reveal(session, runner);
    },
    openManifest: ({ session }, pass, runner) => {
      if (session !== undefined) void manifests.diff(session, runner, pass);
    },
    goTo: (source, to) => debugTimelines.goTo(source, to),
    dropped: (uris) => void explainDropped(uris),
    act: (notice, action) => void vscode.commands.executeCommand(action, notice),
    askImageCommand,
    saveImage: (sources, format, bytes) => void saveImage(sources, format, bytes),
    log: (text) => log.channel.error(`timeline: ${text}`),
  };
  const panels = new TimelinePanels(extension.extensionUri, sessions, actions);
  const traces = new TraceEditor(extension.extensionUri, actions);
  const debugTimelines = new DebugTimelines(sessions, panels, traces);
  const evidence = new EvidenceDocuments();
  const findings = new FindingsTree();
  const watchFindings = new WatchFindings(sessions, (watches) => findings.showWatches(watches));
  const whatIf = new WhatIfPanels(extension.extensionUri, new KeptWhatIf(extension.workspaceState));
  const current = new CurrentSessions((session) => sessions.all.includes(session));
  const app: App = {
    extension,
    sessions,
    kept: keptTraces,
    tree,
    panels,
    traces,
    manifests,
    evidence,
    findings,
    whatIf,
    log,
    current,
    activeTimeline: () => panels.active ?? traces.active,
  };
  const setContexts = (): void => {
    const set = (key: string, value: boolean): void => void vscode.commands.executeCommand('setContext', key, value);
    set(Context.running, sessions.live.length > 0);
    set(Context.attaching, sessions.attempts.length > 0);
    set(Context.sessions, sessions.all.length > 0);
    set(Context.kept, keptTraces.runs.length > 0);
    set(
      Context.ended,
      sessions.all.some(({ ended }) => ended),
    );
    set(Context.disconnected, sessions.live.some(isOutOfReach));
    set(
      Context.held,
      sessions.live.some(({ run: { held } }) => held),
    );
    set(
      Context.canCreate,
      sessions.all.some(({ run: { canCreateRunners } }) => canCreateRunners),
    );
    set(
      Context.jobs,
      sessions.all.some(({ run: { hasJobs } }) => hasJobs),
    );
  };
  const isDeveloped = extension.extensionMode !== vscode.ExtensionMode.Production;
  void vscode.commands.executeCommand('setContext', Context.developer, isDeveloped);
  extension.subscriptions.push(
    log,
    sessions,
    tree,
    panels,
    findings,
    watchFindings,
    whatIf,
    ...evidence.register(),
    ...new LogLens((uri) => findings.openedWith(logOf(uri)) !== undefined).register(),
    sessions.onDidStart((run) => current.turnTo(run.sessions)),
    tree.onDidFilter((filter) => panels.filter(filter)),
    tree.onDidSelect((session) => current.turnTo([session])),
    panels.onDidActivate(({ sources }) => {
      current.turnTo(sources.flatMap(({ session }) => session ?? []));
    }),
    new StatusBar(sessions, current),
    sessions.onDidChange(setContexts),
    keptTraces,
    keptTraces.onDidChange(setContexts),
    vscode.workspace.registerTextDocumentContentProvider(MANIFEST_SCHEME, manifests),
    vscode.window.registerCustomEditorProvider(TRACE_EDITOR, traces, { supportsMultipleEditorsPerDocument: true }),
    vscode.window.registerWebviewPanelSerializer(PANEL_TYPE, keptTraces.serializer(panels)),
    vscode.window.registerWebviewPanelSerializer(WHAT_IF_PANEL, {
      deserializeWebviewPanel: (panel, state) => bringBackWhatIf(app, panel, state),
    }),
    ...registerDebugging(debugTimelines, extension.extensionUri),
    ...registerCommands(app),
  );
  setTimeout(() => {
    import('./commands/restore.ts')
      .then(({ offerRestore }) => offerRestore())
      .catch((error: Error) => void vscode.window.showErrorMessage(error.message));
  }, OFFER_AFTER_MS);
  return app;
}

/** The window closes or reloads: what ran is kept for the next one. */
export async function deactivate(): Promise<void> {
  await Promise.all([kept?.end(), running?.stopWriting()]);
}
