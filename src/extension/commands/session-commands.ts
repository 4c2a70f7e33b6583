import * as vscode from 'vscode';
import { commandLineOf } from '../../lab/command-line.ts';
import { traceLines } from '../../trace/jsonl.ts';
import { TRACE_EDITOR, View } from '../ids.ts';
import type { LabContext } from '../lab-context.ts';
import type { RunnerTreeNode } from '../runner-nodes.ts';
import { chooseSession, chooseSessions, type CalledOn } from './choose-session.ts';

const TRACE_FILTER = { 'ARC traces': ['arctrace.jsonl', 'jsonl'] };
/** Text is handed to the file in pieces of about this many characters. */
const PIECE = 1 << 20;

export async function showTimeline(lab: LabContext, on: CalledOn): Promise<void> {
  if (typeof on === 'object' && on.kind === 'kept') {
    await lab.kept.open(on.run, lab.panels);
    return;
  }
  const [session] = await chooseSessions(lab, on, () => true, vscode.l10n.t('Which timeline?'));
  const run = session === undefined ? undefined : lab.sessions.runOf(session);
  if (run !== undefined) lab.panels.show(run);
}

export async function openTrace(_lab: LabContext, given: vscode.Uri | undefined): Promise<void> {
  const uri =
    given ??
    (await vscode.window.showOpenDialog({ filters: TRACE_FILTER, title: vscode.l10n.t('Open an ARC trace') }))?.[0];
  if (uri !== undefined) await vscode.commands.executeCommand('vscode.openWith', uri, TRACE_EDITOR);
}

export async function saveTrace(lab: LabContext, on: CalledOn, given?: vscode.Uri): Promise<void> {
  const session = await chooseSession(lab, on, () => true, vscode.l10n.t('Which trace?'));
  if (session === undefined) return;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = `${session.settings.mode}-${session.name.replace(/\W+/g, '-')}.arctrace.jsonl`;
  const uri =
    given ??
    (await vscode.window.showSaveDialog({
      filters: TRACE_FILTER,
      ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
    }));
  if (uri === undefined) return;
  await vscode.window.withProgress({ location: { viewId: View.runners } }, async () => {
    const encoder = new TextEncoder();
    const parts: Uint8Array[] = [];
    let text = '';
    for (const line of traceLines(session.lab.trace)) {
      text += line;
      if (text.length < PIECE) continue;
      parts.push(encoder.encode(text));
      text = '';
    }
    parts.push(encoder.encode(text));
    await vscode.workspace.fs.writeFile(uri, Buffer.concat(parts));
  });
}

/** The `arc-lab` calls that do what the sessions do, one a line. */
export async function copyCommandLine(lab: LabContext, on: CalledOn): Promise<void> {
  const sessions = await chooseSessions(lab, on, () => true, vscode.l10n.t('Of which run?'));
  if (sessions.length === 0) return;
  const lines = sessions.map(({ settings, target, metrics }) => commandLineOf(settings, target, metrics));
  await vscode.env.clipboard.writeText(lines.join('\n'));
  vscode.window.setStatusBarMessage(vscode.l10n.t('Copied: {0}', lines.join(' ; ')), 4_000);
}

export async function removeSession(lab: LabContext, node: RunnerTreeNode | undefined): Promise<void> {
  if (node?.kind === 'session') lab.sessions.remove(node.session);
  else if (node?.kind === 'kept') await lab.kept.remove(node.run);
}

export async function removeEnded({ sessions, kept }: LabContext): Promise<void> {
  for (const session of sessions.all) sessions.remove(session);
  for (const run of kept.runs) await kept.remove(run);
}
