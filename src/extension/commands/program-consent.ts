import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import { visibleText } from '../../base/visible-text.ts';
import type { App } from '../app.ts';

const SEEN = 'programsAgreedTo';

/**
 * A kubeconfig may name a program that is run for the credentials of a context. It is shown before it runs for the first
 * time, and again when anything about it has changed.
 * @returns whether the context may be used
 */
export async function mayRunProgram(
  app: App,
  kubeconfig: string | undefined,
  context: string | undefined,
): Promise<boolean> {
  const { listContexts } = await import('../../kubernetes/remote/contexts.ts');
  const contexts = await listContexts(kubeconfig);
  const chosen = contexts.find(({ name, isCurrent }) => (context === undefined ? isCurrent : name === context));
  if (chosen?.runs === undefined) return true;
  const id = createHash('sha256')
    .update(JSON.stringify([kubeconfig ?? '', chosen.name, chosen.server, chosen.runs]))
    .digest('hex');
  const seen = app.extension.globalState.get<readonly string[]>(SEEN, []);
  if (seen.includes(id)) return true;
  const run = vscode.l10n.t('Run It');
  const question = vscode.l10n.t('The kubeconfig runs a program for the credentials of {0}.', visibleText(chosen.name));
  const answer = await vscode.window.showWarningMessage(
    question,
    { modal: true, detail: visibleText(chosen.runs) },
    run,
  );
  if (answer !== run) return false;
  await app.extension.globalState.update(SEEN, [...seen, id]);
  return true;
}
