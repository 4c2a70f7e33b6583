import * as vscode from 'vscode';
import { parseAddress, type Address } from '../base/address.ts';
import { parseDurationUs } from '../base/duration.ts';
import type { LabSettings } from '../lab/settings.ts';
import type { Mode } from '../reconciler/modes.ts';
import { EXTENSION } from './ids.ts';

/** A setting that does not say what it should, with the sentence to show for it. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** The knobs of a run as the settings have them. */
export function settingsFor(mode: Mode, runners?: number): LabSettings {
  const configuration = vscode.workspace.getConfiguration(EXTENSION);
  const pods = configuration.get<string>('pods', 'jobs');
  return {
    mode,
    runners: runners ?? whole(configuration, 'runners', 1),
    workers: whole(configuration, 'workers', 1),
    qps: Math.max(0, configuration.get<number>('qps', 20)),
    burst: whole(configuration, 'burst', 1),
    jitLatencyUs: duration(configuration, 'jitLatency') ?? 0,
    apiLatencyUs: duration(configuration, 'apiLatency') ?? 0,
    // Without a time nothing that goes wrong later begins: pods stay pending, as on a cluster without nodes.
    pods: pods === 'jobs' ? undefined : pods,
    podStartUs: duration(configuration, 'podStart'),
    jobDurationUs: duration(configuration, 'jobDuration'),
    syncPeriodUs: duration(configuration, 'syncPeriod') ?? 60_000_000,
    seed: whole(configuration, 'seed', 0),
  };
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
