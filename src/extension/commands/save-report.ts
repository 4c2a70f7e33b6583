import * as vscode from 'vscode';
import type { LabContext } from '../lab-context.ts';

/** Writes the timeline with the focus as one HTML page that needs nothing else. */
export async function saveReport(lab: LabContext, given?: vscode.Uri): Promise<void> {
  const timeline = lab.activeTimeline();
  if (timeline === undefined) return;
  const uri = given ?? (await vscode.window.showSaveDialog({ filters: { HTML: ['html'] } }));
  if (uri === undefined) return;
  const { statisticsOf } = await import('../../lab/statistics.ts');
  const { htmlReport } = await import('../../lab/report/html.ts');
  const runs = timeline.sources.map(({ info, trace }) => ({
    trace,
    originUs: info.originUs,
    statistics: statisticsOf(trace, info.originUs),
  }));
  const title = timeline.sources.map(({ info }) => `${info.mode} · ${info.name}`).join(', ');
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(htmlReport([{ title, runs }])));
}
