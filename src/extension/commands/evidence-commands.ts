import * as vscode from 'vscode';
import { logOf, placeOf } from '../evidence-documents.ts';
import { readLogs, type OpenedLogs } from '../evidence-reader.ts';
import { fittedSource, fitOpened } from '../fit-opened.ts';
import type { Explained } from '../explained.ts';
import { placeIn, placeOfFinding, placeOfLine, type FindingPlace } from '../finding-place.ts';
import type { FindingNode } from '../findings-tree.ts';
import type { App } from '../app.ts';
import { traceSource } from '../run.ts';
import type { TimelineView } from '../timeline-view.ts';

/** Timeline and answer side by side; the timeline shows everything from 600 pixels on. */
const WIDE_ANSWER = { orientation: 0, groups: [{ size: 0.45 }, { size: 0.55 }] };

/** How long the status bar says that something was copied. */
const COPIED_MS = 3_000;

/**
 * Reads logs of a controller and shows what they say, beside the timeline of the passes that their lines show.
 * @param clicked a file in the explorer; asked for where it is not given
 */
export async function openLog(
  app: App,
  clicked: vscode.Uri | undefined,
  selected?: readonly vscode.Uri[],
): Promise<OpenedLogs | undefined> {
  const question = {
    canSelectMany: true,
    title: vscode.l10n.t("Open a controller's log, and others to read together with it"),
  };
  const given = selected ?? (clicked === undefined ? undefined : [clicked]);
  const uris = given?.map(logOf) ?? (await vscode.window.showOpenDialog(question)) ?? [];
  if (uris.length === 0) return undefined;
  const opened = await readLogs(uris).catch((error: unknown) => {
    if (error instanceof vscode.CancellationError) return undefined;
    throw error;
  });
  if (opened === undefined) return undefined;
  const listed = app.findings.add(opened);
  showTimeline(app, opened);
  const groups = vscode.window.tabGroups.all.length;
  const document = await vscode.workspace.openTextDocument(app.evidence.show(opened));
  const viewColumn = opened.trace === undefined ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside;
  await vscode.window.showTextDocument(document, { viewColumn, preview: false });
  // Where the answer has got a column of its own it is made wide enough to be read; other layouts are somebody's choice.
  if (groups === 1 && vscode.window.tabGroups.all.length === 2) {
    await vscode.commands.executeCommand('vscode.setEditorLayout', WIDE_ANSWER);
  }
  await listed;
  void addFitted(app, opened).catch((error: Error) => app.log.channel.error(error.message));
  return opened;
}

/** Adds what would help to the findings and the answer, and the simulated run to the timeline, once it is known. */
export async function addFitted(app: App, opened: OpenedLogs): Promise<void> {
  const fitted = await fitOpened(opened);
  if (fitted === undefined) return;
  app.evidence.show(fitted);
  app.findings.replace(fitted);
  const source = fittedSource(fitted);
  if (source !== undefined) app.panels.viewWith(opened.id)?.showAlso(source);
}

/** Shows the pass that a line is about, or the first lines of a finding, or else the last one of the finding's first runner. */
export function showFinding(app: App, node: FindingNode | undefined): void {
  if (node === undefined) return;
  const { opened } = node;
  const view = showTimeline(app, opened);
  const place = placeOfNode(node);
  if (place !== undefined) view?.showRunner(opened.id, place.runner, place.pass);
}

function placeOfNode(node: FindingNode): FindingPlace | undefined {
  const { opened } = node;
  if (node.kind === 'finding') return placeOfFinding(opened, node.finding);
  return node.kind === 'line' && opened.trace !== undefined ? placeIn(opened.trace, node.at) : undefined;
}

/**
 * From a line of a log to the bar of its pass.
 * @param uri of the log; left out, as `line`, it is where the cursor is
 * @param line from 1
 */
export async function showLine(app: App, uri?: vscode.Uri, line?: number): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const of = uri ?? editor?.document.uri;
  if (of === undefined) return;
  const number = line ?? (editor?.selection.active.line ?? 0) + 1;
  const log = logOf(of);
  const opened = app.findings.openedWith(log) ?? (await openLog(app, log));
  const place = opened === undefined ? undefined : placeOfLine(opened, log, number);
  if (opened === undefined || place === undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Line {0} is about no reconcile pass.', number));
    return;
  }
  showTimeline(app, opened)?.showRunner(opened.id, place.runner, place.pass);
}

export async function copySetting(_app: App, setting: string): Promise<void> {
  await vscode.env.clipboard.writeText(setting);
  vscode.window.setStatusBarMessage(vscode.l10n.t('{0} is on the clipboard', setting), COPIED_MS);
}

/** @returns undefined where the logs show no pass */
function showTimeline(app: App, opened: Explained): TimelineView | undefined {
  const { id, title, trace, explanation } = opened;
  const watched = app.sessions.session(id);
  const run = watched && app.sessions.runOf(watched);
  if (run !== undefined) return app.panels.show(run);
  if (trace === undefined) return undefined;
  if (app.panels.bringToFront(id)) return app.panels.viewWith(id);
  const openLine = (source: number, line: number): void => {
    const place = placeOf(opened, trace.header.sources[source]?.file ?? '', line);
    if (place !== undefined) void vscode.commands.executeCommand('vscode.open', place);
  };
  const source = { ...traceSource(id, title, trace, explanation.verdict), openLine };
  const simulated = fittedSource(opened);
  const sources = simulated === undefined ? [source] : [source, simulated];
  return app.panels.showSources(id, vscode.l10n.t('Timeline: {0}', title), sources);
}
