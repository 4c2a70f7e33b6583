import type { ActionsClient, JitConfig } from '../actions/client.ts';
import { ActionsError } from '../actions/errors.ts';
import type { EphemeralRunner } from '../kubernetes/types.ts';
import { log, phase, type Step } from '../runtime/effects.ts';
import { RUNNER_CONTAINER } from './names.ts';
import type { Switches } from './releases/switches.ts';
import type { RunnerPass } from './runner-pass.ts';
import { clientFor } from './service.ts';

/** Why there is no registration: the name was taken, and is free now, or belongs to another scale set. */
export type NameTaken = 'name-is-free-again' | 'name-of-another-set';

/** Registers the runner with the service, under its name. */
export function* register(runner: EphemeralRunner, { clients, switches }: RunnerPass): Step<JitConfig | NameTaken> {
  yield* phase('register');
  yield* log('Creating ephemeral runner JIT config');
  const client = yield* clientFor(runner, clients);
  const { name } = runner.metadata;
  let jitConfig: JitConfig;
  try {
    jitConfig = yield* client.generateJitConfig(runner.spec.runnerScaleSetId, name, workFolderOf(runner));
  } catch (error) {
    if (!(error instanceof ActionsError) || !error.is('AgentExistsException')) throw error;
    return yield* resolveNameConflict(runner, client, switches);
  }
  yield* log('Created ephemeral runner JIT config', { runnerId: jitConfig.runner.id });
  return jitConfig;
}

/**
 * The name is taken. By nobody any more: try again. By a runner of the same scale set, left from an attempt whose answer
 * was lost: remove it and try again. By another scale set's: it cannot be had until somebody cleans up.
 */
function* resolveNameConflict(runner: EphemeralRunner, client: ActionsClient, switches: Switches): Step<NameTaken> {
  yield* phase('resolve-name-conflict');
  const { name } = runner.metadata;
  yield* log('Getting runner jit config failed with conflict error, trying to get the runner by name', {
    runnerName: name,
  });
  const existing = yield* client.getRunnerByName(name);
  if (existing === undefined) {
    const anymore = switches.has(4191) ? ' anymore' : '';
    yield* log(`Runner with the same name does not exist${anymore}, re-queuing the reconciliation`);
    return 'name-is-free-again';
  }
  yield* log('Found the runner with the same name', {
    runnerId: existing.id,
    runnerScaleSetId: existing.runnerScaleSetId,
  });
  if (existing.runnerScaleSetId !== runner.spec.runnerScaleSetId) return 'name-of-another-set';
  yield* log('Removing the runner with the same name');
  yield* client.removeRunner(existing.id, name);
  yield* log('Removed the runner with the same name, re-queuing the reconciliation');
  return 'name-is-free-again';
}

function workFolderOf(runner: EphemeralRunner): string {
  const container = runner.spec.spec.containers.find(({ name }) => name === RUNNER_CONTAINER);
  return container?.workingDir ?? '';
}
