import { resolve } from 'node:path';
import * as vscode from 'vscode';
import { parseAddress, type Address } from '../base/address.ts';
import { parseDurationUs } from '../base/duration.ts';
import { NO_MAXIMUM } from '../reconciler/autoscaling-runner-set/listener-for.ts';
import { withJobDuration } from '../run/job-duration.ts';
import { expectedJobs, parseLoad, type ScaleSetLoad } from '../run/job-load.ts';
import { isPodFile } from '../run/pod-file-name.ts';
import type { RunSettings } from '../run/settings.ts';
import { WORKQUEUE_RATE_LIMITERS } from '../runtime/rate-limiter.ts';
import { EXTENSION } from './ids.ts';

/** A setting that does not say what it should, with the sentence to show for it. */
class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

export const KUBECONFIG_SETTING = `${EXTENSION}.kubeconfig`;

/** Pods start and their jobs run on: nothing ends, so that the picture is of how pods came to be. */
export const PODS_RUN = 'running';
/** Pods stay pending. */
const PODS_PEND = 'none';

/** What may be chosen for one run, in place of what the settings say. */
export interface Knobs {
  readonly runners?: number | undefined;
  readonly workers?: number | undefined;
  /** A value of the setting `pods`. */
  readonly pods?: string | undefined;
}

/** What may be chosen of a scale set that has jobs to do. */
export interface ScaleSetKnobs {
  /** As `--jobs` takes them; without them there is no scale set. */
  readonly jobs?: string | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** The jobs that a scale set has where nothing else is asked for. */
export function usualJobs(): string {
  return vscode.workspace.getConfiguration(EXTENSION).get<string>('jobs', '30 at once');
}

/**
 * The scale set of a run, with the bounds that the settings have where they are not given.
 * @throws Error with a sentence for jobs that cannot be read, and for bounds that contradict each other
 */
export function scaleSetFor({ jobs, min, max }: ScaleSetKnobs): ScaleSetLoad | undefined {
  if (jobs === undefined) return undefined;
  const configuration = vscode.workspace.getConfiguration(EXTENSION);
  const minRunners = min ?? whole(configuration, 'minRunners', 0);
  const isOpen = (configuration.get<number | null>('maxRunners') ?? null) === null;
  const maxRunners = max ?? (isOpen ? NO_MAXIMUM : whole(configuration, 'maxRunners', 0));
  if (maxRunners < minRunners) {
    throw new ConfigurationError(
      vscode.l10n.t('The minimum of {0} is above the maximum of {1}: change one of them.', minRunners, maxRunners),
    );
  }
  return { jobs: parseLoad(jobs), minRunners, maxRunners };
}

/** The knobs of a run as the settings have them, where they are not given. */
export function knobsFor(given: Knobs = {}): Omit<RunSettings, 'mode'> {
  const configuration = vscode.workspace.getConfiguration(EXTENSION);
  const pods = given.pods ?? configuration.get<string>('pods', PODS_RUN);
  return {
    runners: given.runners ?? whole(configuration, 'runners', 1),
    workers: given.workers ?? whole(configuration, 'workers', 1),
    qps: Math.max(0, configuration.get<number>('qps', 20)),
    burst: whole(configuration, 'burst', 1),
    ...rateLimiter(configuration),
    jitLatencyUs: duration(configuration, 'jitLatency') ?? 0,
    apiLatencyUs: duration(configuration, 'apiLatency') ?? 0,
    ...podSettings(pods, configuration),
    seed: whole(configuration, 'seed', 0),
  };
}

export function settingsFor(mode: string, given: Knobs & ScaleSetKnobs = {}): RunSettings {
  const settings = { mode, ...knobsFor(given) };
  if (given.jobs === undefined) return settings;
  // A scale set's jobs end, whatever its pods do.
  const jobDurationUs = duration(vscode.workspace.getConfiguration(EXTENSION), 'jobDuration');
  return { ...settings, runners: expectedJobs(parseLoad(given.jobs)), jobDurationUs };
}

function rateLimiter(configuration: vscode.WorkspaceConfiguration): Pick<RunSettings, 'workqueueRateLimiter'> {
  const chosen = configuration.get<string>('workqueueRateLimiter', '');
  const workqueueRateLimiter = WORKQUEUE_RATE_LIMITERS.find((limiter) => limiter === chosen);
  return workqueueRateLimiter === undefined ? {} : { workqueueRateLimiter };
}

function podSettings(
  pods: string,
  configuration: vscode.WorkspaceConfiguration,
): Pick<RunSettings, 'pods' | 'podStartUs' | 'jobDurationUs'> {
  const { jobDurationUs } = withJobDuration({ pods, jobDurationUs: duration(configuration, 'jobDuration') });
  return {
    pods: pods === PODS_RUN || pods === 'jobs' ? undefined : isPodFile(pods) ? pathInWorkspace(pods) : pods,
    // Without a time nothing that goes wrong later begins: pods stay pending, as on a cluster without nodes.
    podStartUs: duration(configuration, 'podStart'),
    jobDurationUs: pods === PODS_RUN || pods === PODS_PEND ? undefined : jobDurationUs,
  };
}

/** A path as people write it in settings: from the workspace folder on, where there is one. */
function pathInWorkspace(path: string): string {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return folder?.scheme === 'file' ? resolve(folder.fsPath, path) : resolve(path);
}

/** Where the first session's metrics are to be served, where a setting says so. */
export function metricsAddress(): Address | undefined {
  const text = vscode.workspace.getConfiguration(EXTENSION).get<string>('metrics', '').trim();
  if (text === '') return undefined;
  const address = parseAddress(text);
  if (address !== undefined) return address;
  const name = `${EXTENSION}.metrics`;
  throw new ConfigurationError(
    vscode.l10n.t('The setting {0} must be HOST:PORT like 127.0.0.1:9090, not {1}.', name, JSON.stringify(text)),
  );
}

/** Opens a setting of this machine where it can be changed: of a remote window in the settings of the remote, which its user's have no place for. */
export function openMachineSetting(name: string): void {
  const command =
    vscode.env.remoteName === undefined ? 'workbench.action.openSettings' : 'workbench.action.openRemoteSettings';
  void vscode.commands.executeCommand(command, { query: `@id:${name}` });
}

/** Path of the kubeconfig to read, where a setting names one. */
export function kubeconfigPath(): string | undefined {
  const path = vscode.workspace.getConfiguration(EXTENSION).get<string>('kubeconfig', '').trim();
  return path === '' ? undefined : path;
}

export function simulatesPods(): boolean {
  return vscode.workspace.getConfiguration(EXTENSION).get<boolean>('simulatePods', true);
}

/** What the mouse wheel does on a timeline without a key held. */
export function timelineWheel(): 'scroll' | 'zoom' {
  const wheel = vscode.workspace.getConfiguration(EXTENSION).get<string>('timeline.wheel');
  return wheel === 'zoom' ? 'zoom' : 'scroll';
}

function whole(configuration: vscode.WorkspaceConfiguration, name: string, least: number): number {
  const value = configuration.get<number>(name);
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
  throw new ConfigurationError(
    vscode.l10n.t(
      'The setting {0} must be a whole number of at least {1}, not {2}.',
      `${EXTENSION}.${name}`,
      least,
      JSON.stringify(value ?? null),
    ),
  );
}

/** Empty means that there is none. */
function duration(configuration: vscode.WorkspaceConfiguration, name: string): number | undefined {
  const text = configuration.get<string>(name, '').trim();
  if (text === '') return undefined;
  const us = parseDurationUs(text);
  if (us !== undefined) return us;
  throw new ConfigurationError(
    vscode.l10n.t(
      'The setting {0} must be a duration like 200ms or 1.5s, not {1}.',
      `${EXTENSION}.${name}`,
      JSON.stringify(text),
    ),
  );
}
