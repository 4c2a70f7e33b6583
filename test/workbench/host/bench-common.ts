import * as vscode from 'vscode';
import type { App } from '../../../src/extension/app.ts';
import type { Run } from '../../../src/extension/run.ts';

const ID = 'arc-lab.arc-reconciler-lab';

/** Tells what was measured, as a line `figure NAME NUMBER` of the log. */
export function figure(name: string, value: number): void {
  console.log(`figure ${name} ${value}`);
}

export async function activated(): Promise<App> {
  const extension = vscode.extensions.getExtension<App>(ID);
  if (extension === undefined) throw new Error('the extension is not installed');
  return extension.activate();
}

export async function end(app: App, run: Run): Promise<void> {
  for (const session of run.sessions) await app.sessions.stop(session);
  for (const session of run.sessions) app.sessions.remove(session);
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

export function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
