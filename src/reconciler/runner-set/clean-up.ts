import type { ActionsClient } from '../../actions/client.ts';
import { EphemeralRunners, EphemeralRunnerSets } from '../../kubernetes/resource.ts';
import type { EphemeralRunnerSet } from '../../kubernetes/types.ts';
import { cachedOwned, log, orLogError, phase, remove, type Step } from '../../runtime/effects.ts';
import type { Switches } from '../releases/switches.ts';
import { hasJob, skipsForItsJob } from './has-job.ts';
import { deleteProxySecret } from './proxy-secret.ts';
import { removeRunner } from './remove-runner.ts';
import { countsForLog, statesOf, type RunnerStates } from './runner-states.ts';
import { clientOf, throwAll, type RunnerSetPass } from './runner-set-pass.ts';

/**
 * Takes down all runners of a set: those that are done are deleted, the others are taken off the service before. A runner
 * with a job stays: up to ARC 0.14 the service is asked for it too, and refuses.
 * @returns whether none is left in the cache
 */
export function* cleanUpRunners(set: EphemeralRunnerSet, pass: RunnerSetPass): Step<boolean> {
  yield* phase('clean-up-runners');
  const { switches } = pass;
  const runners = yield* cachedOwned(EphemeralRunners, EphemeralRunnerSets, set);
  if (!switches.has(4404)) yield* log('Actual Ephemeral runner counts', { count: runners.length });
  if (runners.length === 0) {
    yield* deleteProxySecret(set);
    yield* log('All ephemeral runners are deleted');
    return true;
  }
  const states = statesOf(runners, switches);
  yield* log('Clean up runner counts', countsForLog(states, switches));
  yield* log(`Cleanup ${switches.has(4404) ? 'terminated' : 'finished or failed'} ephemeral runners`);
  yield* orLogError(deleteTerminated(states), 'Failed to delete ephemeral runners');
  if (states.pending.length + states.running.length === 0) return false;
  const client = yield* clientOf(set, pass);
  yield* log('Cleanup pending or running ephemeral runners');
  const step = removeAlive(states, client, switches);
  yield* orLogError(step, 'Failed to remove ephemeral runners from the service');
  return false;
}

function* deleteTerminated({ finished, failed, outdated }: RunnerStates): Step<void> {
  const errors: unknown[] = [];
  for (const runner of [...finished, ...failed, ...outdated]) {
    yield* log('Deleting ephemeral runner', { name: runner.metadata.name });
    try {
      yield* remove(EphemeralRunners, runner);
    } catch (error) {
      errors.push(error);
    }
  }
  throwAll(errors);
}

function* removeAlive({ pending, running }: RunnerStates, client: ActionsClient, switches: Switches): Step<void> {
  const errors: unknown[] = [];
  const tellsIdle = switches.has(4516);
  for (const runner of [...pending, ...running]) {
    const isRunning = runner.status?.phase === 'Running';
    if (tellsIdle && isRunning && hasJob(runner, switches)) {
      yield* skipsForItsJob(runner, switches);
      continue;
    }
    const which = tellsIdle && isRunning ? 'idle ephemeral runner' : 'ephemeral runner';
    yield* log(`Removing the ${which} from the service`, { name: runner.metadata.name });
    try {
      yield* removeRunner(runner, client, switches);
    } catch (error) {
      errors.push(error);
    }
  }
  throwAll(errors);
}
