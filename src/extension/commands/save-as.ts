import * as vscode from 'vscode';
import { longPieces } from '../../base/write-pieces.ts';
import type { Exporter } from '../../export/exporter.ts';
import { RELEASES } from '../../reconciler/releases/releases.ts';
import type { App } from '../app.ts';
import { fileNameOf } from '../file-name.ts';
import { TRACE_EDITOR, View } from '../ids.ts';
import { sourceOf, timeOf, type TimelineSource } from '../run.ts';
import { saveFile } from '../save-file.ts';
import { chooseSessions, type CalledOn } from './choose-session.ts';
import { askWhich } from './question.ts';

/** Saves the traces of a run in one file: the modes of a comparison open as one timeline again. */
export async function saveTrace(app: App, on: CalledOn, given?: vscode.Uri): Promise<void> {
  await saveAs(await sourcesToSave(app, on), 'trace', given);
}

/** Saves the timeline with the focus as one HTML page that needs nothing else. */
export async function saveReport(app: App, given?: vscode.Uri): Promise<void> {
  await saveAs(app.activeTimeline()?.sources ?? [], 'html', given);
}

/**
 * Saves a run, or the timeline with the focus, in a format that is asked for.
 * @param format id of an exporter
 */
export async function exportRun(app: App, on: CalledOn, format?: string, given?: vscode.Uri): Promise<void> {
  const shown = on === undefined ? app.activeTimeline()?.sources : undefined;
  const sources = shown ?? (await sourcesToSave(app, on));
  if (sources.length === 0) return;
  const { EXPORTERS } = await import('../../export/exporters.ts');
  const items = EXPORTERS.map(({ id, kind, about }) => ({ label: kind(), description: about(), id }));
  const chosen =
    format ?? (await askWhich(items, { placeHolder: vscode.l10n.t('Select a format'), matchOnDescription: true }))?.id;
  if (chosen !== undefined) await saveAs(sources, chosen, given);
}

async function sourcesToSave(app: App, on: CalledOn): Promise<readonly TimelineSource[]> {
  if (typeof on === 'object' && on.kind === 'kept') return app.kept.sourcesOf(on.run);
  const [first] = await chooseSessions(app, on, () => true, vscode.l10n.t('Select a run'));
  const run = first === undefined ? undefined : app.sessions.runOf(first);
  return run?.sessions.map(sourceOf) ?? [];
}

async function saveAs(sources: readonly TimelineSource[], format: string, given?: vscode.Uri): Promise<void> {
  if (sources.length === 0) return;
  const { exporterOf } = await import('../../export/exporters.ts');
  const exporter = exporterOf(format);
  if (exporter === undefined) throw new Error(vscode.l10n.t('There is no format called {0}.', format));
  const name = fileNameOf(sources.map(({ info }) => info));
  const { extension, kind } = exporter;
  const open = (uri: vscode.Uri): Thenable<unknown> => opened(uri, exporter);
  await vscode.window.withProgress({ location: { viewId: View.runners } }, () =>
    saveFile({ name, extension, kind: kind(), given, open }, () => Promise.resolve(bytesOf(sources, exporter))),
  );
}

function bytesOf(sources: readonly TimelineSource[], exporter: Exporter): Uint8Array {
  const title = sources.map(({ info }) => `${info.mode} · ${info.name}`).join(', ');
  const runs = sources.map((source) => {
    const { info, trace, session } = source;
    const atUs = session === undefined ? trace.endedUs : timeOf(source);
    return { trace, originUs: info.originUs, ...(atUs === undefined ? {} : { atUs }) };
  });
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  for (const piece of longPieces(exporter.write([{ title, runs }], RELEASES))) parts.push(encoder.encode(piece));
  return Buffer.concat(parts);
}

function opened(uri: vscode.Uri, { opensIn }: Exporter): Thenable<unknown> {
  if (opensIn === 'browser') return vscode.env.openExternal(uri);
  if (opensIn === 'editor') return vscode.commands.executeCommand('vscode.open', uri);
  return vscode.commands.executeCommand('vscode.openWith', uri, TRACE_EDITOR);
}
