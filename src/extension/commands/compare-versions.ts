import * as vscode from 'vscode';
import type { App } from '../app.ts';
import type { Run } from '../run.ts';
import { askSeveral } from './ask-modes.ts';
import { cancelled } from './pick.ts';
import { run } from './run.ts';
import { EMBEDDED, type RunArguments } from './run-arguments.ts';

/** Asks which versions of ARC are compared and what they have to do, and runs them side by side on the embedded cluster. */
export async function compareVersions(app: App, given: RunArguments = {}): Promise<Run | undefined> {
  try {
    const { mode } = given.mode === undefined ? await askSeveral(vscode.l10n.t('ARC: Compare Versions')) : given;
    return await run(app, { ...given, cluster: EMBEDDED, mode }, true);
  } catch (error) {
    if (error === cancelled) return undefined;
    throw error;
  }
}
