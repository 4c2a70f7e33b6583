import { EphemeralRunners } from '../../kubernetes/resource.ts';
import type { EphemeralRunner, EphemeralRunnerSet } from '../../kubernetes/types.ts';
import { create, log, logError, phase, remove, type Step } from '../../runtime/effects.ts';
import type { Switches } from '../releases/switches.ts';
import { hasJob, skipsForItsJob } from './has-job.ts';
import { newRunner } from './new-runner.ts';
import { removeRunner } from './remove-runner.ts';
import { clientOf, throwAll, type RunnerSetPass } from './runner-set-pass.ts';
import type { RunnerStates } from './runner-states.ts';

/** Makes runners one after the other. One that is refused keeps none of the others. */
export function* scaleUp(set: EphemeralRunnerSet, count: number, switches: Switches): Step<void> {
  yield* phase('scale-up');
  yield* log('Creating new ephemeral runners (scale up)', { count });
  const errors: unknown[] = [];
  for (let progress = 1; progress <= count; progress++) {
    yield* log('Creating new ephemeral runner', { progress, total: count });
    try {
      const { metadata } = yield* create(EphemeralRunners, newRunner(set, switches));
      yield* log('Created new ephemeral runner', { runner: metadata.name });
    } catch (error) {
      yield* logError('failed to make ephemeral runner', error);
      errors.push(error);
    }
  }
  throwAll(errors);
}

/**
 * Takes down a number of runners that have nothing to do: those without a running pod first, the oldest first. A runner that
 * is not registered yet, or has a job, is left; the service refuses the removal of one that has been given a job since.
 */
export function* scaleDown(
  set: EphemeralRunnerSet,
  { pending, running }: RunnerStates,
  count: number,
  pass: RunnerSetPass,
): Step<void> {
  yield* phase('scale-down');
  yield* log('Deleting ephemeral runners (scale down)', { count });
  const { switches } = pass;
  if (pending.length + running.length === 0) {
    yield* log('No pending or running ephemeral runners running at this time for scale down');
    return;
  }
  const client = yield* clientOf(set, pass);
  const errors: unknown[] = [];
  let deleted = 0;
  for (const runner of [...byAge(pending), ...byAge(running)]) {
    const { name } = runner.metadata;
    if ((runner.status?.runnerId ?? 0) === 0) {
      yield* log('Skipping ephemeral runner since it is not registered yet', { name });
      continue;
    }
    if (hasJob(runner, switches)) {
      yield* skipsForItsJob(runner, switches);
      continue;
    }
    yield* log('Removing the idle ephemeral runner', { name });
    try {
      if (yield* removeRunner(runner, client, switches)) deleted++;
    } catch (error) {
      errors.push(error);
    }
    if (deleted === count) break;
  }
  throwAll(errors);
}

/** What has finished is in nobody's way: errors are only logged. */
export function* deleteFinished({ finished }: RunnerStates): Step<void> {
  if (finished.length > 0) yield* phase('delete-finished');
  for (const runner of finished) {
    yield* log('Deleting finished ephemeral runner', { name: runner.metadata.name });
    try {
      yield* remove(EphemeralRunners, runner);
    } catch (error) {
      yield* logError('failed to cleanup finished ephemeral runners', error);
    }
  }
}

/** Ages are in whole seconds; of the same second the one that the cache saw first comes first. */
function byAge(runners: readonly EphemeralRunner[]): EphemeralRunner[] {
  const createdMs = ({ metadata }: EphemeralRunner): number => Date.parse(metadata.creationTimestamp ?? '');
  return [...runners].sort((a, b) => createdMs(a) - createdMs(b));
}
