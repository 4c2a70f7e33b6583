import { basename } from 'node:path/posix';
import * as vscode from 'vscode';
import { RELEASES } from '../../reconciler/releases/releases.ts';
import { namesOfFiles } from '../file-name.ts';
import { TRACE_EDITOR } from '../ids.ts';
import type { App } from '../app.ts';
import { traceSource, type TimelineSource } from '../run.ts';
import { readTraces } from '../trace-editor.ts';
import { askTraces } from './ask-traces.ts';

const EXTENSION = 'arctrace.jsonl';
const FILTER = { 'ARC traces': [EXTENSION, 'jsonl'] };

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
      const name = basename(uri.path);
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

async function openInEditor(uri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', uri, TRACE_EDITOR);
}
