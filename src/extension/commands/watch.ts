import * as vscode from 'vscode';
import type { AttachedTarget } from '../../run/run-target.ts';
import { DEFAULT_SETTINGS } from '../../run/settings.ts';
import { WATCHED } from '../../watch/watched.ts';
import type { App } from '../app.ts';
import { kubeconfigPath } from '../configuration.ts';
import { View } from '../ids.ts';
import type { Run } from '../run.ts';
import { askNamespace } from './ask-run.ts';
import { contextChoices } from './context-choices.ts';
import { cancelled, pick, type Step } from './pick.ts';
import { mayRunProgram } from './program-consent.ts';

/** What a watch needs; key bindings and tests give as much of it as they like and are asked for the rest. */
export interface WatchArguments {
  /** The name of a kubeconfig's context. */
  readonly cluster?: string;
  /** All namespaces for ''. */
  readonly namespace?: string;
  /** Path; otherwise that of the setting, $KUBECONFIG or ~/.kube/config. */
  readonly kubeconfig?: string;
}

/** Asks for a cluster, and shows what its own controller does. */
export async function watchCluster(app: App, given: WatchArguments = {}): Promise<Run | undefined> {
  try {
    return await start(app, given);
  } catch (error) {
    if (error === cancelled) return undefined;
    throw error;
  }
}

async function start(app: App, given: WatchArguments): Promise<Run | undefined> {
  const { t } = vscode.l10n;
  const title = t('ARC: Watch the Controller in a Cluster');
  const step = (number: number): Step => ({ title, step: number, totalSteps: 2 });
  const kubeconfig = given.kubeconfig ?? kubeconfigPath();
  const detail = (server: string): string => t('{0} · only watched: nothing is reconciled or changed', server);
  const context =
    given.cluster ?? (await pick(step(1), t('Select a cluster to watch'), contextChoices(kubeconfig, detail)));
  if (!(await mayRunProgram(app, kubeconfig, context))) return undefined;
  const namespace =
    given.namespace ?? (await askNamespace(step(2), context, kubeconfig === undefined ? {} : { kubeconfig }));
  const target: AttachedTarget = {
    ...{ kind: 'attached', context, namespace, watches: true, apply: false, simulatePods: false },
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
  };
  const plan = { target, settings: [{ ...DEFAULT_SETTINGS, mode: WATCHED }] };
  const run = await vscode.window.withProgress(
    { location: { viewId: View.runners }, title: t('Attaching to {0}', context) },
    () => app.sessions.start(plan),
  );
  app.panels.show(run);
  return run;
}
