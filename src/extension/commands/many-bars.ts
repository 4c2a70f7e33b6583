import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { traceSource } from '../run.ts';

const MILLION = 1_000_000;

/** For developers: a timeline of about a million bars in 10,000 lanes, to look at how it draws and moves. */
export async function showManyBars(app: App, bars = MILLION): Promise<void> {
  const { syntheticTrace } = await import('../../trace/synthetic-trace.ts');
  const trace = syntheticTrace(bars, 10_000);
  const title = vscode.l10n.t('Timeline: {0} bars', bars.toLocaleString(vscode.env.language));
  app.panels.showSources(`many-${bars}`, title, [traceSource(`many-${bars}`, title, trace)]);
}
