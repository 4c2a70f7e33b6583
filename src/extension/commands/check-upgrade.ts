import * as vscode from 'vscode';
import { SecretRegistry } from '../../base/redact.ts';
import type { Versions } from '../../upgrade/check-target.ts';
import { VersionNotSaidError } from '../../upgrade/upgrade-error.ts';
import type { App } from '../app.ts';
import { kubeconfigPath } from '../configuration.ts';
import { askVersion } from './ask-version.ts';
import { contextChoices } from './context-choices.ts';
import { cancelled, pick, type Choice, type Step } from './pick.ts';
import { mayRunProgram } from './program-consent.ts';

/** What is read: a context of the kubeconfig, or the files that kubectl printed into. */
type Source = { readonly context: string } | 'files';

/** Asks for a cluster or files and for a version, and shows what that version would stop at or lose. */
export async function checkUpgrade(app: App): Promise<void> {
  const { t } = vscode.l10n;
  const title = t('ARC: Check an Upgrade');
  const step = (number: number): Step => ({ title, step: number, totalSteps: 2 });
  try {
    const source = await pick(step(1), t('Which cluster should be read? Nothing on it is changed.'), sources());
    const files = source === 'files' ? await askFiles(title) : [];
    if (source !== 'files' && !(await mayRunProgram(app, kubeconfigPath(), source.context))) return;
    const to = await askVersion(step(2), t('Which version of ARC is wanted?'));
    const location = vscode.ProgressLocation.Notification;
    const check = (from?: string): Thenable<void> =>
      vscode.window.withProgress({ location, title }, () => show(source, files, { to, from }));
    try {
      await check();
    } catch (error) {
      if (!(error instanceof VersionNotSaidError)) throw error;
      const question = t('Which version of ARC runs now? What was read does not say it.');
      await check(await askVersion({ title, step: 3, totalSteps: 3 }, question));
    }
  } catch (error) {
    if (error !== cancelled) throw error;
  }
}

async function sources(): Promise<readonly Choice<Source>[]> {
  const { t } = vscode.l10n;
  const files: Choice<Source> = {
    label: `$(file) ${t('Files')}`,
    description: t('what kubectl get -o yaml printed'),
    value: 'files',
  };
  // Without a kubeconfig there are still files.
  const contexts = await contextChoices(kubeconfigPath(), (server) => server).catch(() => []);
  return [...contexts.map(({ value, ...choice }) => ({ ...choice, value: { context: value } })), files];
}

/** @throws cancelled */
async function askFiles(title: string): Promise<readonly string[]> {
  const uris = await vscode.window.showOpenDialog({ canSelectMany: true, title });
  if (uris === undefined) throw cancelled;
  return uris.map(({ fsPath }) => fsPath);
}

async function show(source: Source, files: readonly string[], versions: Versions): Promise<void> {
  const { checkCluster, checkFiles } = await import('../../upgrade/check-target.ts');
  const { upgradeMarkdown } = await import('../../report/upgrade-markdown.ts');
  const answer =
    source === 'files'
      ? await checkFiles(files, versions)
      : await checkCluster({ kubeconfig: kubeconfigPath(), context: source.context }, versions, new SecretRegistry());
  const document = await vscode.workspace.openTextDocument({ content: upgradeMarkdown(answer), language: 'markdown' });
  await vscode.window.showTextDocument(document, { preview: false });
}
