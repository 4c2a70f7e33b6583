import * as vscode from 'vscode';
import type { Explained } from './explained.ts';
import { traceSource, type TimelineSource } from './run.ts';

/**
 * Simulates the burst of logs, which takes seconds: with progress, and in other threads, so that VS Code goes on meanwhile.
 * @returns the logs with what that says; undefined where somebody cancelled
 */
export async function fitOpened<T extends Explained>(opened: T): Promise<T | undefined> {
  // Only a finding about a burst is answered with what would have made it shorter.
  if (!opened.explanation.findings.some(({ burst }) => burst !== undefined)) return undefined;
  const { fittedAnswer } = await import('../report/fitted-answer.ts');
  const { SimulationPool } = await import('../run/simulation-pool.ts');
  const title = vscode.l10n.t('Simulating what would help');
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const cancel = new AbortController();
      token.onCancellationRequested(() => cancel.abort());
      const pool = new SimulationPool();
      try {
        const fitted = await fittedAnswer(opened.explanation, opened.trace, {
          pool,
          signal: cancel.signal,
          onRun: (runs) => progress.report({ message: vscode.l10n.t('{0}: run {1}', opened.title, runs) }),
        });
        return { ...opened, fitted };
      } catch (error) {
        if (cancel.signal.aborted) return undefined;
        throw error;
      } finally {
        pool.dispose();
      }
    },
  );
}

/** The simulated run, for the timeline of the logs; undefined where there is none. */
export function fittedSource({ id, fitted }: Explained): TimelineSource | undefined {
  const run = fitted?.run;
  if (run === undefined) return undefined;
  const name = vscode.l10n.t('simulated, {0}', run.error);
  const source = traceSource(fittedId(id), name, run.trace);
  const verdict = vscode.l10n.t('Below it is the same burst, simulated: it {0}.', run.error);
  return { ...source, info: { ...source.info, originUs: run.originUs }, verdict };
}

/** The id of the simulated run's session. */
export function fittedId(id: string): string {
  return `${id}#simulated`;
}
