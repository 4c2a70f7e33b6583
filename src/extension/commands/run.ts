import * as vscode from 'vscode';
import type { SessionTarget } from '../../lab/session.ts';
import { isMode, MODES, type Mode } from '../../reconciler/modes.ts';
import { kubeconfigPath, settingsFor, simulatesPods } from '../configuration.ts';
import { View } from '../ids.ts';
import type { LabContext } from '../lab-context.ts';
import type { Run } from '../run.ts';
import { askCount } from './ask-count.ts';
import { mayRunProgram } from './program-consent.ts';
import { startWriting } from './start-writing.ts';
import { cancelled, pick, type Choice } from './pick.ts';

/** What a run is made of; keybindings, tasks and tests give as much of it as they like and are asked for the rest. */
export interface RunArguments {
  /** `embedded`, or the name of a kubeconfig's context. */
  readonly cluster?: string;
  /** All namespaces for ''. */
  readonly namespace?: string;
  readonly mode?: Mode | 'both';
  readonly runners?: number;
  /** Path; otherwise that of the setting, $KUBECONFIG or ~/.kube/config. */
  readonly kubeconfig?: string;
  /** Only the runners of one EphemeralRunnerSet or AutoscalingRunnerSet, or with labels that a selector matches. */
  readonly runnerSet?: string;
  readonly selector?: string;
  /** Write to the cluster. It is asked each time, with what will be done; nothing given here answers for the person. */
  readonly write?: boolean;
}

const LAST = 'lastRun';
export const EMBEDDED = 'embedded';

/** Asks where and how, starts the controllers and shows their timeline. */
export async function run(lab: LabContext, given: RunArguments | undefined): Promise<Run | undefined> {
  const isComplete = given?.cluster !== undefined && given.mode !== undefined;
  const wanted = isComplete ? given : await ask(lab, given ?? {});
  if (wanted === undefined) return undefined;
  const { cluster = EMBEDDED, mode = 'both', runners, write = false } = wanted;
  if (mode !== 'both' && !isMode(mode)) {
    throw new Error(vscode.l10n.t('Unknown mode {0}; modes are old, new and both.', String(mode)));
  }
  if (write && (cluster === EMBEDDED || mode === 'both')) {
    throw new Error(vscode.l10n.t('Writing needs a real cluster and exactly one mode.'));
  }
  const modes: readonly Mode[] = mode === 'both' ? MODES : [mode];
  const target = targetOf(wanted);
  if (target.kind === 'attached' && !(await mayRunProgram(lab, target.kubeconfig, target.context))) return undefined;
  const settings = modes.map((one) => settingsFor(one, runners));
  const started = await vscode.window.withProgress(
    { location: { viewId: View.runners }, title: vscode.l10n.t('Attaching to {0}', cluster) },
    () => (write ? startWriting(lab, target, settings) : lab.sessions.start(target, settings)),
  );
  if (started === undefined) return undefined;
  // What was agreed to once is not offered again.
  if (!write) await lab.extension.globalState.update(LAST, wanted);
  lab.panels.show(started);
  return started;
}

function targetOf({ cluster, namespace, kubeconfig, write = false, ...scope }: RunArguments): SessionTarget {
  const { runnerSet, selector } = scope;
  if (cluster === undefined || cluster === EMBEDDED) return { kind: 'embedded' };
  const file = kubeconfig ?? kubeconfigPath();
  return {
    kind: 'attached',
    context: cluster,
    // Unless asked for, a real cluster is looked at only: writes stay in the overlay.
    apply: write,
    simulatePods: !write && simulatesPods(),
    ...(namespace === undefined ? {} : { namespace }),
    ...(file === undefined ? {} : { kubeconfig: file }),
    ...(runnerSet === undefined && selector === undefined
      ? {}
      : { scope: { ...(runnerSet && { runnerSet }), ...(selector && { selector }) } }),
  };
}

async function ask(lab: LabContext, given: RunArguments): Promise<RunArguments | undefined> {
  try {
    const write = given.write === true;
    const last = write ? undefined : lab.extension.globalState.get<RunArguments>(LAST);
    const cluster = given.cluster ?? (await askCluster(given, last));
    if (typeof cluster === 'object') return cluster;
    const isEmbedded = cluster === EMBEDDED;
    if (!isEmbedded && !(await mayRunProgram(lab, given.kubeconfig ?? kubeconfigPath(), cluster))) return undefined;
    const namespace = isEmbedded ? undefined : (given.namespace ?? (await askNamespace(cluster, given)));
    const mode = given.mode ?? (await askMode(last?.mode, write));
    const runners = isEmbedded
      ? (given.runners ?? (await askCount(last?.runners ?? settingsFor('new').runners)))
      : undefined;
    return {
      ...given,
      cluster,
      mode,
      ...(namespace === undefined ? {} : { namespace }),
      ...(runners === undefined ? {} : { runners }),
    };
  } catch (error) {
    if (error === cancelled) return undefined;
    throw error;
  }
}

async function askCluster(given: RunArguments, last: RunArguments | undefined): Promise<string | RunArguments> {
  const choices: Choice<string | RunArguments>[] = [];
  if (last !== undefined) {
    choices.push({
      label: `$(history) ${vscode.l10n.t('Again: {0}', describe(last))}`,
      description: vscode.l10n.t('the last choice'),
      value: last,
    });
  }
  if (given.write !== true) {
    choices.push({
      label: `$(beaker) ${vscode.l10n.t('Embedded cluster')}`,
      description: vscode.l10n.t('in this process, nothing else needed'),
      value: EMBEDDED,
    });
  }
  let note: string | undefined;
  try {
    const { listContexts } = await import('../../kubernetes/remote/contexts.ts');
    for (const context of await listContexts(given.kubeconfig ?? kubeconfigPath())) {
      choices.push({
        label: `$(cloud) ${context.name}`,
        description: context.isCurrent ? vscode.l10n.t('current') : '',
        detail:
          given.write === true
            ? vscode.l10n.t('{0} · is written to, after a checklist and a question', context.server)
            : vscode.l10n.t('{0} · runs in shadow: nothing is changed', context.server),
        value: context.name,
      });
    }
  } catch (error) {
    // Without a kubeconfig there is still the embedded cluster; why there are no others is said in the list.
    note = error instanceof Error ? error.message : String(error);
  }
  return pick(vscode.l10n.t('Where should the reconciler run?'), choices, 1, note);
}

async function askNamespace(context: string, given: RunArguments): Promise<string> {
  const load = async (): Promise<Choice<string>[]> => {
    const { listNamespaces } = await import('../../lab/namespaces.ts');
    const namespaces = await listNamespaces(given.kubeconfig ?? kubeconfigPath(), context);
    return [
      ...namespaces.map(({ name, runners }) => ({
        label: name,
        description: runners > 0 ? vscode.l10n.t('{0} runners', runners) : '',
        value: name,
      })),
      { label: vscode.l10n.t('All namespaces'), description: '', value: '' },
    ];
  };
  return pick(vscode.l10n.t('Which namespace?'), load(), 2);
}

async function askMode(last: RunArguments['mode'], write: boolean): Promise<Mode | 'both'> {
  const choices: Choice<Mode | 'both'>[] = [
    {
      label: vscode.l10n.t('Both, side by side'),
      description: vscode.l10n.t('old above new on one time axis'),
      value: 'both',
    },
    {
      label: 'new',
      description: vscode.l10n.t('one pass goes registration, secret, pod (pull request 3831)'),
      value: 'new',
    },
    { label: 'old', description: vscode.l10n.t('every registration before the first pod'), value: 'old' },
  ];
  if (write) choices.shift();
  choices.sort((a, b) => Number(b.value === last) - Number(a.value === last));
  return pick(vscode.l10n.t('Which mode of the reconciler?'), choices, 3);
}

function describe({ cluster = EMBEDDED, namespace, mode = 'both', runners }: RunArguments): string {
  const where = cluster === EMBEDDED ? vscode.l10n.t('embedded cluster') : cluster;
  const count = runners === undefined ? '' : vscode.l10n.t('{0} runners', runners);
  return [where, namespace, mode, count].filter((part) => part !== undefined && part !== '').join(' · ');
}
