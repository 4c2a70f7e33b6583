import type { ActionsClientCache } from '../../actions/client-cache.ts';
import { EphemeralRunners, EphemeralRunnerSets } from '../../kubernetes/resource.ts';
import type { EphemeralRunnerSet } from '../../kubernetes/types.ts';
import { cachedOwned, log, phase, remove, type Step } from '../../runtime/effects.ts';
import { clientFor } from '../service.ts';
import { removeRunner } from './remove-runner.ts';
import { countsForLog, statesOf } from './runner-states.ts';
import { throwAll } from './scale.ts';

/**
 * Takes down all runners of a set: those that are done are deleted, the others are taken off the service before. A runner
 * with a job is asked for too, and refused.
 * @returns whether none is left in the cache
 */
export function* cleanUpRunners(set: EphemeralRunnerSet, clients: ActionsClientCache): Step<boolean> {
  yield phase('clean-up-runners');
  const runners = yield* cachedOwned(EphemeralRunners, EphemeralRunnerSets, set);
  yield log('Actual Ephemeral runner counts', { count: runners.length });
  if (runners.length === 0) {
    yield log('All ephemeral runners are deleted');
    return true;
  }
  const states = statesOf(runners);
  yield log('Clean up runner counts', countsForLog(states));
  yield log('Cleanup finished or failed ephemeral runners');
  for (const runner of [...states.finished, ...states.failed]) yield* remove(EphemeralRunners, runner);

  const alive = [...states.pending, ...states.running];
  if (alive.length === 0) return false;
  yield log('Cleanup pending or running ephemeral runners');
  const client = yield* clientFor({ metadata: set.metadata, spec: set.spec.ephemeralRunnerSpec }, clients);
  const errors: unknown[] = [];
  for (const runner of alive) {
    yield log('Removing the ephemeral runner from the service', { name: runner.metadata.name });
    try {
      yield* removeRunner(runner, client);
    } catch (error) {
      errors.push(error);
    }
  }
  throwAll(errors);
  return false;
}
