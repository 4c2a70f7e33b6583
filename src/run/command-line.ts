import type { Address } from '../base/address.ts';
import type { SessionTarget } from './session.ts';
import { DEFAULT_SETTINGS, type LabSettings } from './settings.ts';

/**
 * The `arc-lab` call that runs a session's settings on its target; what is as by default is left out.
 * @param metrics where its metrics are served
 */
export function commandLineOf(settings: LabSettings, target: SessionTarget, metrics?: Address): string {
  const parts = ['arc-lab', 'run', '--mode', settings.mode];
  const add = (name: string, value: string | number | undefined, otherwise: string | number | undefined): void => {
    if (value !== undefined && value !== otherwise) parts.push(`--${name}`, quote(String(value)));
  };
  if (target.kind === 'attached') {
    add('kubeconfig', target.kubeconfig, undefined);
    add('context', target.context, undefined);
    if (target.namespace === '') parts.push('--all-namespaces');
    else add('namespace', target.namespace, undefined);
    if (target.simulatePods) parts.push('--simulate-pods');
    add('runner-set', target.scope?.runnerSet, undefined);
    add('selector', target.scope?.selector, undefined);
    if (target.apply) parts.push('--apply');
    if (target.held === true) parts.push('--held');
  } else {
    parts.push('--runners', String(settings.runners));
  }
  const defaults = DEFAULT_SETTINGS;
  const duration = (us: number | undefined): string | undefined => (us === undefined ? undefined : `${us / 1000}ms`);
  add('workers', settings.workers, defaults.workers);
  add('qps', settings.qps, defaults.qps);
  add('burst', settings.burst, defaults.burst);
  add('jit-latency', duration(settings.jitLatencyUs), duration(defaults.jitLatencyUs));
  add('api-latency', duration(settings.apiLatencyUs), duration(defaults.apiLatencyUs));
  add('pods', settings.pods, undefined);
  add('pod-start', duration(settings.podStartUs), undefined);
  add('job-duration', duration(settings.jobDurationUs), undefined);
  add('seed', settings.seed, defaults.seed);
  add('metrics', metrics === undefined ? undefined : `${metrics.host}:${metrics.port}`, undefined);
  return parts.join(' ');
}

/** For a shell, where it needs it. */
function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
