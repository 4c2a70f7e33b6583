import type { ActionsClient } from '../../actions/client.ts';
import { ActionsError } from '../../actions/errors.ts';
import { EphemeralRunners } from '../../kubernetes/resource.ts';
import type { EphemeralRunner } from '../../kubernetes/types.ts';
import { log, logError, remove, type Step } from '../../runtime/effects.ts';
import type { Switches } from '../releases/switches.ts';
import { isJobStillRunning } from '../service.ts';

/**
 * Takes a runner off the service and then deletes it.
 * @returns false for a runner that has a job, which stays
 * @throws what the service or the API server says otherwise
 */
export function* removeRunner(runner: EphemeralRunner, client: ActionsClient, switches: Switches): Step<boolean> {
  const { name } = runner.metadata;
  const runnerId = runner.status?.runnerId ?? 0;
  try {
    yield* client.removeRunner(runnerId, name);
  } catch (error) {
    if (!isJobStillRunning(error)) {
      const isAnswer = error instanceof ActionsError;
      if (!isAnswer && !switches.has(4390)) {
        yield* logError('failed to remove runner from the service', error, { name, runnerId });
      }
      throw error;
    }
    yield* log('Runner is still running a job, skipping deletion', { name, runnerId });
    return false;
  }
  yield* log('Deleting ephemeral runner after removing from the service', { name, runnerId });
  yield* remove(EphemeralRunners, runner);
  yield* log('Deleted ephemeral runner', { name, runnerId });
  return true;
}
