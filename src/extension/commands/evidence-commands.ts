import * as vscode from 'vscode';
import { placeOf } from '../evidence-documents.ts';
import { readLogs, type OpenedLogs } from '../evidence-reader.ts';
import { placeOfFinding } from '../finding-place.ts';
import type { FindingNode } from '../findings-tree.ts';
import type { App } from '../app.ts';
import { traceSource } from '../run.ts';

/** Timeline and answer side by side; the timeline shows everything from 600 pixels on. */
const WIDE_ANSWER = { orientation: 0, groups: [{ size: 0.45 }, { size: 0.55 }] };

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
  const uris = given ?? (await vscode.window.showOpenDialog(question)) ?? [];
  if (uris.length === 0) return undefined;
  const opened = await readLogs(uris);
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
  return opened;
}

/** Shows the pass that the first lines of a finding are about, or else the last one of its first runner. */
export function showFinding(app: App, node: FindingNode | undefined): void {
  if (node?.kind !== 'finding') return;
  const { opened, finding } = node;
  if (!showTimeline(app, opened)) return;
  const place = placeOfFinding(opened, finding);
  if (place !== undefined) app.panels.viewWith(opened.id)?.showRunner(opened.id, place.runner, place.pass);
}

/** @returns false where the logs show no pass */
function showTimeline(app: App, opened: OpenedLogs): boolean {
  const { id, title, trace, explanation } = opened;
  if (trace === undefined) return false;
  if (app.panels.bringToFront(id)) return true;
  const openLine = (source: number, line: number): void => {
    const place = placeOf(opened, trace.header.sources[source]?.file ?? '', line);
    if (place !== undefined) void vscode.commands.executeCommand('vscode.open', place);
  };
  const source = { ...traceSource(id, title, trace, explanation.verdict), openLine };
  app.panels.showSources(id, vscode.l10n.t('Timeline: {0}', title), [source]);
  return true;
}
