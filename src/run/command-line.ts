import type { Address } from '../base/address.ts';
import { faultText } from './conditions-control.ts';
import type { Load, RunTarget } from './run-target.ts';
import { DEFAULT_SETTINGS, OTHER_ACTIONS_LATENCY_US, type LabSettings } from './settings.ts';

/** What a session was started with, besides its settings and target. */
interface CommandLineExtras {
  readonly load?: Load | undefined;
  /** Where its metrics are served. */
  readonly metrics?: Address | undefined;
}

/** The `arc-lab` call that is the same run as a session's, event for event; what is as by default is left out. */
export function commandLineOf(settings: LabSettings, target: RunTarget, extras: CommandLineExtras = {}): string {
  const { load: { perSecond, conditions = {} } = {}, metrics } = extras;
  const parts = ['arc-lab', 'run', '--mode', settings.mode];
  const add = (name: string, value: string | number | undefined, otherwise: string | number | undefined): void => {
    if (value !== undefined && value !== otherwise) parts.push(`--${name}`, quote(String(value)));
  };
  if (target.kind === 'attached') {
    add('kubeconfig', target.kubeconfig, undefined);
    add('context', target.context, undefined);
    if (target.namespace === '') parts.push('--all-namespaces');
    else add('namespace', target.namespace, undefined);
    if (target.simulatePods && target.apply) parts.push('--simulate-pods');
    add('runner-set', target.scope?.runnerSet, undefined);
    add('selector', target.scope?.selector, undefined);
    if (target.apply) parts.push('--apply');
    if (target.held === true) parts.push('--held');
  } else {
    parts.push('--runners', String(settings.runners));
    add('per-second', perSecond, undefined);
  }
  const defaults = DEFAULT_SETTINGS;
  const duration = (us: number | undefined): string | undefined => (us === undefined ? undefined : `${us / 1000}ms`);
  add('workers', settings.workers, defaults.workers);
  add('qps', settings.qps, defaults.qps);
  add('burst', settings.burst, defaults.burst);
  const { jitLatencyUs = settings.jitLatencyUs, apiLatencyUs = settings.apiLatencyUs } = conditions;
  const isReal = target.kind === 'attached' && target.apply;
  if (!isReal) {
    add('jit-latency', duration(jitLatencyUs), duration(defaults.jitLatencyUs));
    add('api-latency', duration(apiLatencyUs), duration(defaults.apiLatencyUs));
  }
  add('actions-latency', duration(conditions.otherActionsLatencyUs), duration(OTHER_ACTIONS_LATENCY_US));
  const faults = [...(conditions.faults ?? []), ...(conditions.actionsFaults ?? [])];
  if (faults.length > 0) add('fail', faults.map(faultText).join(','), undefined);
  // A shadow whose pods nothing moves.
  const isStill = target.kind === 'attached' && !target.apply && !target.simulatePods;
  if (!isReal || target.simulatePods) {
    add('pods', isStill ? 'none' : settings.pods, undefined);
    add('pod-start', duration(settings.podStartUs), undefined);
    add('job-duration', duration(settings.jobDurationUs), undefined);
  }
  add('seed', settings.seed, defaults.seed);
  add('metrics', metrics === undefined ? undefined : `${metrics.host}:${metrics.port}`, undefined);
  return parts.join(' ');
}

/** For a shell, where it needs it. */
function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
