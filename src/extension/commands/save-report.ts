import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { saveFile } from '../save-file.ts';

/** Saves the timeline with the focus as one HTML page that needs nothing else. */
export async function saveReport(app: App, given?: vscode.Uri): Promise<void> {
  const timeline = app.activeTimeline();
  if (timeline === undefined) return;
  const sessions = timeline.sources.map(({ info }) => info);
  const open = (uri: vscode.Uri): Thenable<unknown> => vscode.env.openExternal(uri);
  await saveFile({ sessions, extension: 'html', kind: 'HTML', given, open }, async () => {
    const { statisticsOf } = await import('../../analysis/statistics.ts');
    const { htmlReport } = await import('../../report/html.ts');
    const runs = timeline.sources.map(({ info, trace }) => ({
      trace,
      originUs: info.originUs,
      statistics: statisticsOf(trace, info.originUs),
    }));
    const title = sessions.map(({ mode, name }) => `${mode} · ${name}`).join(', ');
    return new TextEncoder().encode(htmlReport([{ title, runs }]));
  });
}
