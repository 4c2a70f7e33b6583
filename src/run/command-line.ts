import { latencyArgument } from '../base/latency.ts';
import { isDeepStrictEqual } from 'node:util';
import type { Address } from '../base/address.ts';
import { faultsText } from './conditions-control.ts';
import { fitting } from './fitting-settings.ts';
import { countOf, jobsText, type ScaleSetLoad } from './job-load.ts';
import { troublesText } from './listener-trouble.ts';
import { NO_MAXIMUM } from '../reconciler/autoscaling-runner-set/listener-for.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { USUAL_UPGRADE_US, type AttachedTarget, type Load, type RunTarget } from './run-target.ts';
import {
  DEFAULT_SETTINGS,
  OTHER_ACTIONS_LATENCY_US,
  USUAL_FLAGS,
  type RunSettings,
  type UsualFlag,
} from './settings.ts';

/** What a session was started with, besides its settings and target. */
interface CommandLineExtras {
  readonly load?: Load | undefined;
  /** Where its metrics are served. */
  readonly metrics?: Address | undefined;
}

/** A session whose call is asked for. */
interface CalledSession extends CommandLineExtras {
  readonly settings: RunSettings;
  readonly target: RunTarget;
}

type Add = (name: string, value: string | number | undefined, otherwise?: string | number) => void;

/** The calls that are the same run as the sessions', one a line: one comparison where that is the same, else a call for each. */
export function commandLinesOf(called: readonly CalledSession[]): readonly string[] {
  const sessions = called.map((session) => ({ ...session, settings: fitting(session.settings) }));
  const compared = comparisonOf(sessions);
  if (compared !== undefined) return [compared];
  return sessions.map(({ settings, target, ...extras }) => commandLineOf(settings, target, extras));
}

/**
 * The `arc-lab` call that is the same run as a session's, event for event; what is as by default is left out. On the
 * embedded cluster it ends by itself, as the session does.
 */
export function commandLineOf(asked: RunSettings, target: RunTarget, extras: CommandLineExtras = {}): string {
  if (target.kind === 'attached' && target.watches === true) return watchLine(target);
  const settings = fitting(asked);
  const { load: { perSecond, throughSet, upgrade, scaleSet, conditions = {} } = {}, metrics } = extras;
  const parts = ['npx', 'arc-lab', 'run', '--mode', settings.mode];
  const add = adder(parts);
  if (target.kind === 'attached') {
    add('kubeconfig', target.kubeconfig);
    add('context', target.context);
    if (target.namespace === '') parts.push('--all-namespaces');
    else add('namespace', target.namespace);
    if (target.simulatePods && target.apply) parts.push('--simulate-pods');
    add('runner-set', target.scope?.runnerSet);
    add('selector', target.scope?.selector);
    if (target.apply) parts.push('--apply');
    if (target.held === true) parts.push('--held');
  } else {
    if (scaleSet === undefined) parts.push('--runners', String(settings.runners));
    else addScaleSet(add, scaleSet);
    add('per-second', perSecond);
    if (throughSet === true) parts.push('--through-set');
    add('upgrade-from', upgrade?.from);
    add('upgrade-after', duration(upgrade?.afterUs), duration(USUAL_UPGRADE_US));
    if (upgrade?.keepsDefinitions === true) parts.push('--old-crds');
    if (upgrade?.keepsLabel === true) parts.push('--old-label');
  }
  addLimits(add, settings, fitting({ ...DEFAULT_SETTINGS, mode: settings.mode }));
  const isReal = target.kind === 'attached' && target.apply;
  if (!isReal) addLatencies(add, { ...settings, ...conditions });
  add('actions-latency', duration(conditions.otherActionsLatencyUs), duration(OTHER_ACTIONS_LATENCY_US));
  const faults = faultsText(conditions);
  if (faults !== '') add('fail', faults);
  // A shadow whose pods nothing moves.
  const isStill = target.kind === 'attached' && !target.apply && !target.simulatePods;
  if (!isReal || target.simulatePods) addPods(add, { ...settings, pods: isStill ? 'none' : settings.pods });
  add('seed', settings.seed, DEFAULT_SETTINGS.seed);
  add('metrics', metrics === undefined ? undefined : `${metrics.host}:${metrics.port}`);
  // Jobs that come for ever have no end to wait for.
  const isEndless = scaleSet !== undefined && !Number.isFinite(countOf(scaleSet.jobs));
  if (target.kind === 'embedded' && !isEndless) parts.push('--until-idle');
  return parts.join(' ');
}

function watchLine({ kubeconfig, context, namespace = '' }: AttachedTarget): string {
  const parts = ['npx', 'arc-lab', 'watch'];
  const add = adder(parts);
  add('kubeconfig', kubeconfig);
  add('context', context);
  if (namespace !== '') add('namespace', namespace);
  return parts.join(' ');
}

/** A comparison runs on embedded clusters that differ in their modes alone, with the same load and no faults. */
function comparisonOf(called: readonly CalledSession[]): string | undefined {
  const sessions = called.map(withLatencies);
  const [first] = sessions;
  const modes = sessions.map(({ settings }) => settings.mode);
  if (first === undefined || modes.length < 2 || new Set(modes).size < modes.length) return undefined;
  const { settings, load: { throughSet, scaleSet } = {} } = first;
  const isComparable = sessions.every(
    ({ settings: own, target, load, metrics }) =>
      target.kind === 'embedded' &&
      metrics === undefined &&
      load?.perSecond === undefined &&
      load?.upgrade === undefined &&
      load?.throughSet === throughSet &&
      load?.conditions === undefined &&
      isDeepStrictEqual(load?.scaleSet, scaleSet) &&
      isDeepStrictEqual({ ...own, mode: '' }, { ...settings, mode: '' }),
  );
  if (!isComparable || (scaleSet !== undefined && !Number.isFinite(countOf(scaleSet.jobs)))) return undefined;
  const parts = ['npx', 'arc-lab', 'compare'];
  const add = adder(parts);
  add('modes', modes.join(), RELEASES.comparison.join());
  if (scaleSet === undefined) parts.push('--runners', String(settings.runners));
  else addScaleSet(add, scaleSet);
  parts.push('--workers', String(settings.workers));
  if (throughSet === true) parts.push('--through-set');
  addLimits(add, settings, { ...DEFAULT_SETTINGS, workers: settings.workers });
  addLatencies(add, settings);
  addPods(add, settings);
  add('seed', settings.seed, DEFAULT_SETTINGS.seed);
  return parts.join(' ');
}

/** Latencies that a session begins with are settings of a comparison. */
function withLatencies(session: CalledSession): CalledSession {
  const { settings, load } = session;
  const { apiLatencyUs, jitLatencyUs, ...others } = load?.conditions ?? {};
  if (Object.values(others).some((one) => one !== undefined)) return session;
  const changed = {
    ...settings,
    ...(apiLatencyUs === undefined ? {} : { apiLatencyUs }),
    ...(jitLatencyUs === undefined ? {} : { jitLatencyUs }),
  };
  return { ...session, settings: changed, load: { ...load, conditions: undefined } };
}

function addScaleSet(add: Add, { jobs, minRunners, maxRunners, listener = [] }: ScaleSetLoad): void {
  add('jobs', jobsText(jobs));
  add('min', minRunners, 0);
  add('max', maxRunners, NO_MAXIMUM);
  if (listener.length > 0) add('listener', troublesText(listener));
}

function adder(parts: string[]): Add {
  return (name, value, otherwise) => {
    if (value !== undefined && value !== otherwise) parts.push(`--${name}`, quote(String(value)));
  };
}

/** @param usual what a run has without these flags */
function addLimits(add: Add, settings: RunSettings, usual: Pick<RunSettings, UsualFlag>): void {
  for (const flag of USUAL_FLAGS) add(flag, settings[flag], usual[flag]);
  add('workqueue-rate-limiter', settings.workqueueRateLimiter);
}

function addLatencies(add: Add, { jitLatencyUs, apiLatencyUs, jitShape, apiShape }: RunSettings): void {
  add('jit-latency', latencyArgument(jitLatencyUs, jitShape), duration(DEFAULT_SETTINGS.jitLatencyUs));
  add('api-latency', latencyArgument(apiLatencyUs, apiShape), duration(DEFAULT_SETTINGS.apiLatencyUs));
}

function addPods(add: Add, { pods, podStartUs, jobDurationUs }: RunSettings): void {
  add('pods', pods);
  add('pod-start', duration(podStartUs));
  add('job-duration', duration(jobDurationUs));
}

function duration(us: number): string;
function duration(us: number | undefined): string | undefined;
function duration(us: number | undefined): string | undefined {
  return us === undefined ? undefined : `${us / 1000}ms`;
}

/** For a shell, where it needs it. */
function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
