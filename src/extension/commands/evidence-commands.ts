import * as vscode from 'vscode';
import { readLogs, type OpenedLogs } from '../evidence-reader.ts';
import type { FindingNode } from '../findings-tree.ts';
import type { LabContext } from '../lab-context.ts';
import { traceSource } from '../run.ts';

/**
 * Reads logs of a controller and shows what they say, beside the timeline of the passes that their lines show.
 * @param clicked a file in the explorer; asked for where it is not given
 */
export async function openLog(
  lab: LabContext,
  clicked: vscode.Uri | undefined,
  selected?: readonly vscode.Uri[],
): Promise<OpenedLogs | undefined> {
  const question = { canSelectMany: true, title: vscode.l10n.t("Open a controller's log, and others to read with it") };
  const given = selected ?? (clicked === undefined ? undefined : [clicked]);
  const uris = given ?? (await vscode.window.showOpenDialog(question)) ?? [];
  if (uris.length === 0) return undefined;
  const opened = await readLogs(uris);
  lab.findings.add(opened);
  showTimeline(lab, opened);
  const document = await vscode.workspace.openTextDocument(lab.evidence.show(opened));
  const viewColumn = opened.trace === undefined ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside;
  await vscode.window.showTextDocument(document, { viewColumn, preview: false });
  return opened;
}

/** Shows the bars of the runner that a finding is about first. */
export function showFinding(lab: LabContext, node: FindingNode | undefined): void {
  if (node?.kind !== 'finding') return;
  const { opened, finding } = node;
  if (!showTimeline(lab, opened)) return;
  const [name] = finding.runners;
  const runner = opened.explanation.runners.find((each) => each.name === name);
  if (runner === undefined) return;
  lab.panels.viewWith(opened.id)?.showRunner(opened.id, `${runner.namespace}/${runner.name}`);
}

/** @returns false where the logs show no pass */
function showTimeline(lab: LabContext, { id, title, trace, explanation }: OpenedLogs): boolean {
  if (trace === undefined) return false;
  if (lab.panels.bringToFront(id)) return true;
  const source = traceSource(id, title, trace, explanation.verdict);
  lab.panels.showSources(id, vscode.l10n.t('Timeline: {0}', title), [source]);
  return true;
}
