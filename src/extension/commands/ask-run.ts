import * as vscode from 'vscode';
import { capital } from '../../base/capital.ts';
import { KUBECONFIG_SETTING, knobsFor, kubeconfigPath, openMachineSetting } from '../configuration.ts';
import type { App } from '../app.ts';
import { runnersText } from '../session-words.ts';
import { askStart } from './ask-start.ts';
import { askModes } from './ask-modes.ts';
import { contextChoices } from './context-choices.ts';
import { modeChoices, type ModeAnswer, type ModeChoice } from './mode-choices.ts';
import { cancelled, pick, type Choice, type Remedy, type Step } from './pick.ts';
import { mayRunProgram } from './program-consent.ts';
import { describeRun, EMBEDDED, type RunArguments } from './run-arguments.ts';

/**
 * Asks for the parts of a run that were not given.
 * @param last what was run last; offered first
 * @returns undefined when a question was left
 */
export async function askRun(
  app: App,
  given: RunArguments,
  last: RunArguments | undefined,
): Promise<RunArguments | undefined> {
  try {
    return await ask(app, given, last);
  } catch (error) {
    if (error === cancelled) return undefined;
    throw error;
  }
}

async function ask(app: App, given: RunArguments, last: RunArguments | undefined): Promise<RunArguments | undefined> {
  const write = given.write === true;
  const { t } = vscode.l10n;
  const title = write ? t('ARC: Run Reconciler and Write to a Cluster') : t('ARC: Run Reconciler Locally');
  // The last step of a run that writes is the question whether it may.
  const step = (number: number): Step => ({ title, step: number, totalSteps: write ? 4 : 3 });
  const cluster = given.cluster ?? (await askCluster(step(1), given, last));
  if (typeof cluster === 'object') return cluster;
  if (cluster === EMBEDDED) {
    const mode = given.mode === undefined ? await askMode(step(2), last, write, false) : {};
    const { runners } = knobsFor(given);
    const options =
      given.runners !== undefined || given.jobs !== undefined
        ? {}
        : await askStart(step(3), { ...given, runners: last?.runners ?? runners });
    return { ...given, cluster, ...mode, ...options };
  }
  if (!(await mayRunProgram(app, given.kubeconfig ?? kubeconfigPath(), cluster))) return undefined;
  const namespace = given.namespace ?? (await askNamespace(step(2), cluster, given));
  const mode = given.mode === undefined ? await askMode(step(3), last, write, true) : {};
  return { ...given, cluster, namespace, ...mode };
}

async function askCluster(
  step: Step,
  given: RunArguments,
  last: RunArguments | undefined,
): Promise<string | RunArguments> {
  const { t } = vscode.l10n;
  const choices: Choice<string | RunArguments>[] = [];
  if (last !== undefined) {
    choices.push({
      label: `$(history) ${t('Again: {0}', describeRun(last))}`,
      description: t('the last choice'),
      value: last,
    });
  }
  if (given.write !== true) {
    choices.push({
      label: `$(beaker) ${t('Embedded cluster')}`,
      description: t('in this process, no setup needed'),
      value: EMBEDDED,
    });
  }
  let remedy: Remedy | undefined;
  try {
    const detail = (server: string): string =>
      given.write === true
        ? t('{0} · written to, after a checklist and a confirmation', server)
        : t('{0} · in shadow: nothing is changed', server);
    choices.push(...(await contextChoices(given.kubeconfig ?? kubeconfigPath(), detail)));
  } catch (error) {
    // Without a kubeconfig there is still the embedded cluster; why there are no others is said in the list.
    const why = error instanceof Error ? error.message : String(error);
    remedy = {
      why: capital(why),
      label: `$(gear) ${t('Set {0}…', KUBECONFIG_SETTING)}`,
      act: () => openMachineSetting(KUBECONFIG_SETTING),
    };
  }
  return pick(step, t('Select where to run the reconciler'), choices, { remedy });
}

/** Asks for a namespace of a cluster; '' is all of them. */
export async function askNamespace(
  step: Step,
  context: string,
  given: Pick<RunArguments, 'kubeconfig'>,
): Promise<string> {
  const load = async (): Promise<Choice<string>[]> => {
    const { listNamespaces } = await import('../../kubernetes/remote/namespaces.ts');
    const namespaces = await listNamespaces(given.kubeconfig ?? kubeconfigPath(), context);
    return [
      ...namespaces.map(({ name, runners }) => ({
        label: name,
        description: runners > 0 ? runnersText(runners) : '',
        value: name,
      })),
      { label: vscode.l10n.t('All namespaces'), description: '', value: '' },
    ];
  };
  return pick(step, vscode.l10n.t('Select a namespace'), load());
}

async function askMode(
  step: Step,
  last: Pick<RunArguments, 'mode' | 'held'> | undefined,
  write: boolean,
  isAttached: boolean,
): Promise<ModeAnswer> {
  const choices = modeChoices(write, isAttached);
  const isLast = ({ value }: ModeChoice): boolean =>
    String(value.mode) === String(last?.mode) && (value.held ?? false) === (last?.held ?? false);
  choices.sort((a, b) => Number(isLast(b)) - Number(isLast(a)));
  return askModes(step, vscode.l10n.t('Select a reconciler mode'), choices, !write);
}
