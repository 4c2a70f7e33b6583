import * as vscode from 'vscode';
import type { LabContext } from '../lab-context.ts';
import { traceSource } from '../run.ts';

const MILLION = 1_000_000;

/** For developers: a timeline of about a million bars in 10,000 lanes, to look at how it draws and moves. */
export async function showManyBars(lab: LabContext, bars = MILLION): Promise<void> {
  const { syntheticTrace } = await import('../../trace/synthetic-trace.ts');
  const trace = syntheticTrace(bars, 10_000);
  const title = vscode.l10n.t('Timeline: {0} bars', bars.toLocaleString(vscode.env.language));
  lab.panels.showSources(`many-${bars}`, title, [traceSource(`many-${bars}`, title, trace)]);
}
