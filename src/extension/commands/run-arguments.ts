import * as vscode from 'vscode';
import { formatDuration } from '../../base/duration.ts';
import { faultsText, type ConditionsDocument } from '../../run/conditions-control.ts';
import { RELEASES } from '../../reconciler/releases/releases.ts';
import type { Load, PastUpgrade, RunTarget } from '../../run/run-target.ts';
import { kubeconfigPath, scaleSetFor, simulatesPods, type Knobs, type ScaleSetKnobs } from '../configuration.ts';
import { runnersText, workersText } from '../session-words.ts';
import { BOTH, type Modes } from './mode-choices.ts';

/** What a run is made of; keybindings, tasks and tests give as much of it as they like and are asked for the rest. */
export interface RunArguments extends Knobs, ScaleSetKnobs {
  /** `embedded`, or the name of a kubeconfig's context. */
  readonly cluster?: string;
  /** All namespaces for ''. */
  readonly namespace?: string;
  readonly mode?: Modes;
  /** Path; otherwise that of the setting, $KUBECONFIG or ~/.kube/config. */
  readonly kubeconfig?: string;
  /** Only the runners of one EphemeralRunnerSet or AutoscalingRunnerSet, or with labels that a selector matches. */
  readonly runnerSet?: string;
  readonly selector?: string;
  /** Runners created per second on the embedded cluster; without it they come in one burst. */
  readonly perSecond?: number | undefined;
  /** Runners on the embedded cluster are made by an EphemeralRunnerSet, whose controller then runs too. */
  readonly throughSet?: boolean | undefined;
  /** Latencies and faults that runs on the embedded cluster begin with. */
  readonly conditions?: Partial<ConditionsDocument> | undefined;
  /** An earlier release is on the embedded cluster first, as before an upgrade of ARC. */
  readonly upgrade?: PastUpgrade | undefined;
  /** Look at a cluster and reconcile nothing until the session is released. */
  readonly held?: boolean;
  /** Write to the cluster. It is asked each time, with what will be done; nothing given here answers for the person. */
  readonly write?: boolean;
}

/** What a run on the embedded cluster begins with, besides its mode. */
export type RunOptions = ScaleSetKnobs &
  Pick<RunArguments, 'runners' | 'workers' | 'pods' | 'perSecond' | 'throughSet' | 'conditions' | 'upgrade'>;

export const EMBEDDED = 'embedded';

export function targetOf({
  cluster,
  namespace,
  kubeconfig,
  write = false,
  held = false,
  ...scope
}: RunArguments): RunTarget {
  const { runnerSet, selector } = scope;
  if (cluster === undefined || cluster === EMBEDDED) return { kind: 'embedded' };
  const file = kubeconfig ?? kubeconfigPath();
  return {
    kind: 'attached',
    context: cluster,
    // Unless asked for, a real cluster is looked at only: writes stay in the overlay.
    apply: write,
    simulatePods: !write && simulatesPods(),
    held,
    ...(namespace === undefined ? {} : { namespace }),
    ...(file === undefined ? {} : { kubeconfig: file }),
    ...(runnerSet === undefined && selector === undefined
      ? {}
      : { scope: { ...(runnerSet && { runnerSet }), ...(selector && { selector }) } }),
  };
}

/** A scale set's runners come with its jobs, and a set makes its runners in one burst, whatever else was asked for. */
export function loadOf({ perSecond, throughSet, conditions, upgrade, ...given }: RunArguments): Load {
  const scaleSet = scaleSetFor(given);
  const both = { conditions, ...(upgrade && { upgrade: { ...upgrade, from: RELEASES.get(upgrade.from).id } }) };
  if (scaleSet !== undefined) return { scaleSet, ...both };
  return throughSet === true ? { throughSet, ...both } : { perSecond, ...both };
}

/** A run in a few words, for the entry that repeats it. */
export function describeRun(given: RunArguments): string {
  const { cluster = EMBEDDED, namespace = '', mode = BOTH, held = false } = given;
  const where = cluster === EMBEDDED ? vscode.l10n.t('embedded cluster') : cluster;
  return [where, namespace, [mode].flat().join(', '), held ? vscode.l10n.t('held') : '', ...describeOptions(given)]
    .filter((part) => part !== '')
    .join(' · ');
}

/** What is said of a run's load, pods and conditions: what was chosen for it, not what the settings say. */
export function describeOptions(given: RunArguments): string[] {
  const { runners, workers, pods, jobs, min, max, conditions, upgrade } = given;
  const { perSecond, throughSet }: RunArguments = jobs === undefined ? given : {};
  const { t } = vscode.l10n;
  const faults = faultsText(conditions ?? {});
  return [
    jobs === undefined ? '' : t('jobs: {0}', jobs),
    jobs === undefined || min === undefined ? '' : t('at least {0}', runnersText(min)),
    jobs === undefined || max === undefined ? '' : t('at most {0}', runnersText(max)),
    runners === undefined || jobs !== undefined ? '' : runnersText(runners),
    throughSet === true ? t('by an EphemeralRunnerSet') : '',
    perSecond === undefined || throughSet === true ? '' : t('{0} per second', perSecond),
    upgrade === undefined ? '' : t('takes over from {0} after {1}', upgrade.from, formatDuration(upgrade.afterUs)),
    workers === undefined ? '' : workersText(workers),
    pods === undefined ? '' : t('pods: {0}', pods),
    conditions?.apiLatencyUs === undefined ? '' : t('API {0}', formatDuration(conditions.apiLatencyUs)),
    conditions?.jitLatencyUs === undefined ? '' : t('JIT config {0}', formatDuration(conditions.jitLatencyUs)),
    faults === '' ? '' : t('fails: {0}', faults),
  ].filter((part) => part !== '');
}
