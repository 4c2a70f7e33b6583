import { SecretRegistry } from '../base/redact.ts';
import type { ConnectionStatus } from '../kubernetes/remote/connection-monitor.ts';
import { AttachedEnvironment, type AttachOptions } from './attached-environment.ts';
import { fitting } from './fitting-settings.ts';
import type { ControllerHooks } from './manage-runners.ts';
import { Run } from './run.ts';
import type { AttachedTarget } from './run-target.ts';
import type { RunSettings } from './settings.ts';

export type AttachedRun = Run<AttachedEnvironment>;

/** What a run on a cluster of a kubeconfig may be started with besides its settings. */
export interface AttachedHooks extends ControllerHooks, Partial<AttachOptions> {}

/**
 * Starts a run on the cluster of a kubeconfig.
 * @throws what attach() throws
 */
export async function startAttached(
  target: AttachedTarget,
  settings: RunSettings,
  hooks: AttachedHooks,
): Promise<AttachedRun> {
  try {
    return await begun(target, fitting(settings, hooks.releases), hooks);
  } catch (error) {
    hooks.metrics?.dispose();
    throw error;
  }
}

async function begun(target: AttachedTarget, settings: RunSettings, hooks: AttachedHooks): Promise<AttachedRun> {
  const { secrets = new SecretRegistry() } = hooks;
  let run: AttachedRun | undefined;
  const onConnection = (status: ConnectionStatus): void => {
    run?.connectionChanged(status);
    hooks.onConnection?.(status);
  };
  const environment = await AttachedEnvironment.attach(target, settings, { ...hooks, onConnection, secrets });
  try {
    run = new Run(environment, { ...hooks, held: target.held === true });
    run.connectionChanged(environment.connection);
    return run;
  } catch (error) {
    await environment.close();
    throw error;
  }
}
