import type { ActionsClient, JitConfig } from '../actions/client.ts';
import type { ActionsClientCache } from '../actions/client-cache.ts';
import { ActionsError } from '../actions/errors.ts';
import type { EphemeralRunner } from '../kubernetes/types.ts';
import { log, phase, requeue, type Result, type Step } from '../runtime/effects.ts';
import { RUNNER_CONTAINER } from './names.ts';
import { clientFor } from './service.ts';
import { patchStatus } from './patches.ts';

/** Either the runner as the status patch left it, or the result with which the pass has to end. */
type Registration =
  | { readonly runner: EphemeralRunner; readonly result?: undefined }
  | { readonly result: Result; readonly runner?: undefined };

/** Registers the runner with the service and stores what the service gave in the runner's status. */
export function* register(runner: EphemeralRunner, clients: ActionsClientCache): Step<Registration> {
  yield phase('register');
  yield log('Creating new ephemeral runner registration and updating status with runner config');
  const client = yield* clientFor(runner, clients);
  yield log('Creating ephemeral runner JIT config');
  const { name } = runner.metadata;
  let jitConfig: JitConfig;
  try {
    jitConfig = yield* client.generateJitConfig(runner.spec.runnerScaleSetId, name, workFolderOf(runner));
  } catch (error) {
    if (!(error instanceof ActionsError) || error.status !== 409 || !error.is('AgentExistsException')) throw error;
    return { result: yield* resolveNameConflict(runner, client) };
  }
  const runnerId = jitConfig.runner.id;
  yield log('Created ephemeral runner JIT config', { runnerId });
  yield log('Updating ephemeral runner status with runnerId and runnerJITConfig');
  const updated = yield* patchStatus(runner, {
    ...runner.status,
    runnerId,
    runnerName: jitConfig.runner.name,
    runnerJITConfig: jitConfig.encodedJITConfig,
  });
  yield log('Updated ephemeral runner status with runnerId and runnerJITConfig');
  return { runner: updated };
}

/**
 * The name is taken. By nobody any more: try again. By a runner of the same scale set, left from an attempt whose answer
 * was lost: remove it and try again. By another scale set's: fail, for ever, until somebody cleans up.
 */
function* resolveNameConflict(runner: EphemeralRunner, client: ActionsClient): Step<Result> {
  yield phase('resolve-name-conflict');
  const { name } = runner.metadata;
  yield log('Getting runner jit config failed with conflict error, trying to get the runner by name', {
    runnerName: name,
  });
  const existing = yield* client.getRunnerByName(name);
  if (existing === undefined) {
    yield log('Runner with the same name does not exist, re-queuing the reconciliation');
    return requeue;
  }
  yield log('Found the runner with the same name', {
    runnerId: existing.id,
    runnerScaleSetId: existing.runnerScaleSetId,
  });
  if (existing.runnerScaleSetId === runner.spec.runnerScaleSetId) {
    yield log('Removing the runner with the same name');
    yield* client.removeRunner(existing.id, name);
    yield log('Removed the runner with the same name, re-queuing the reconciliation');
    return requeue;
  }
  throw new Error("runner with the same name but doesn't belong to this RunnerScaleSet");
}

function workFolderOf(runner: EphemeralRunner): string {
  const container = runner.spec.spec.containers.find(({ name }) => name === RUNNER_CONTAINER);
  return container?.workingDir ?? '';
}
