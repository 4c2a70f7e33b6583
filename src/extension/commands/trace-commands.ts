import * as vscode from 'vscode';
import { traceLines } from '../../trace/jsonl.ts';
import type { TraceLog } from '../../trace/trace-log.ts';
import { RELEASES } from '../../reconciler/releases/releases.ts';
import { namesOfFiles } from '../file-name.ts';
import { TRACE_EDITOR, View } from '../ids.ts';
import type { App } from '../app.ts';
import { sourceOf, traceSource, type TimelineSource } from '../run.ts';
import { saveFile } from '../save-file.ts';
import { readTraces } from '../trace-editor.ts';
import { askTraces } from './ask-traces.ts';
import { chooseSessions, type CalledOn } from './choose-session.ts';

const EXTENSION = 'arctrace.jsonl';
const FILTER = { 'ARC traces': [EXTENSION, 'jsonl'] };
/** Text is handed to the file in pieces of about this many characters. */
const PIECE = 1 << 20;

/** @param on a file, or the id of the banner whose button asks for one */
export async function openTrace(_app: App, on: vscode.Uri | string | undefined): Promise<void> {
  const given = on instanceof vscode.Uri ? on : undefined;
  const uri =
    given ?? (await vscode.window.showOpenDialog({ filters: FILTER, title: vscode.l10n.t('Open an ARC trace') }))?.[0];
  if (uri !== undefined) await openInEditor(uri);
}

/** Shows the traces of several files in one timeline, one below the other on one time axis. */
export async function openTracesTogether(
  app: App,
  clicked: vscode.Uri | undefined,
  selected?: readonly vscode.Uri[],
): Promise<void> {
  const given = selected ?? (clicked === undefined ? undefined : [clicked]);
  const uris = given ?? (await askTraces(FILTER));
  if (uris.length === 0) return;
  const sources: TimelineSource[] = [];
  const title = vscode.l10n.t('Reading traces');
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, async (progress) => {
    const names = namesOfFiles(
      uris.map(({ path }) => path),
      RELEASES.ids,
    );
    for (const [place, uri] of uris.entries()) {
      const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
      const traces = await readTraces(uri, (percent) => progress.report({ message: `${name}: ${percent} %` })).catch(
        (error: Error) => {
          throw new Error(vscode.l10n.t('{0} cannot be shown: {1}.', name, error.message));
        },
      );
      traces.forEach((trace, index) =>
        sources.push(traceSource(`${uri.toString()}#${index}`, names[place] ?? name, trace)),
      );
    }
  });
  const names = [...new Set(sources.map(({ info }) => info.name))].join(', ');
  app.panels.showSources(`traces-${uris.join()}`, vscode.l10n.t('Timeline: {0}', names), sources);
}

/** Saves the traces of a run in one file: the modes of a comparison open as one timeline again. */
export async function saveTrace(app: App, on: CalledOn, given?: vscode.Uri): Promise<void> {
  const sources = await sourcesToSave(app, on);
  if (sources.length === 0) return;
  const sessions = sources.map(({ info }) => info);
  await vscode.window.withProgress({ location: { viewId: View.runners } }, () =>
    saveFile({ sessions, extension: EXTENSION, kind: 'ARC traces', given, open: openInEditor }, () =>
      Promise.resolve(bytesOf(sources)),
    ),
  );
}

async function sourcesToSave(app: App, on: CalledOn): Promise<readonly TimelineSource[]> {
  if (typeof on === 'object' && on.kind === 'kept') return app.kept.sourcesOf(on.run);
  const [first] = await chooseSessions(app, on, () => true, vscode.l10n.t('Which trace?'));
  const run = first === undefined ? undefined : app.sessions.runOf(first);
  return run?.sessions.map(sourceOf) ?? [];
}

function bytesOf(sources: readonly TimelineSource[]): Uint8Array {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  let text = '';
  for (const { info, trace, session } of sources) {
    for (const line of traceLines(trace, timeNow(trace, session), info.originUs)) {
      text += line;
      if (text.length < PIECE) continue;
      parts.push(encoder.encode(text));
      text = '';
    }
  }
  parts.push(encoder.encode(text));
  return Buffer.concat(parts);
}

function timeNow(trace: TraceLog, session: TimelineSource['session']): number | undefined {
  return trace.endedUs ?? (session?.ended === true ? session.endedUs : session?.run.nowUs());
}

async function openInEditor(uri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', uri, TRACE_EDITOR);
}
