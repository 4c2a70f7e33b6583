import { AutoscalingListeners, AutoscalingRunnerSets, EphemeralRunnerSets } from '../../kubernetes/resource.ts';
import type { AutoscalingRunnerSet } from '../../kubernetes/scale-set-types.ts';
import type { EphemeralRunnerSet } from '../../kubernetes/types.ts';
import {
  cached,
  cachedOwned,
  done,
  log,
  orLogError,
  phase,
  removeExisting,
  requeueAfter,
  type Result,
  type Step,
} from '../../runtime/effects.ts';
import { hasFinalizer, patchDifference, withoutFinalizer } from '../differences.ts';
import { removeLastFinalizer } from '../last-finalizer.ts';
import { listenerName } from './listener-name.ts';
import { SCALE_SET_FINALIZER } from './names.ts';
import { releaseProtected } from './protected-objects.ts';
import type { ScaleSetPass } from './scale-set-pass.ts';
import { deleteScaleSet } from './service-scale-set.ts';

/** When a pass comes again that waits for the end of a listener or a set; their events come before, as a rule. */
const CLEAN_UP_RETRY_US = 5_000_000;

/** What a pass ends with that waits for something to be gone. */
export function waiting({ switches }: Pick<ScaleSetPass, 'switches'>): Result {
  return switches.has(4404) ? requeueAfter(CLEAN_UP_RETRY_US) : done;
}

/** The scale set's deletion was requested: its listener goes, then its sets, then what the service has of it. */
export function* finalize(seen: AutoscalingRunnerSet, pass: ScaleSetPass): Step<Result> {
  if (!hasFinalizer(seen, SCALE_SET_FINALIZER)) return done;
  yield* log('Deleting resources');
  const rest = yield* orLogError(cleanUp(seen, pass), 'Failed to clean up resources during deletion');
  if (rest === undefined) {
    yield* log('Waiting for resources to be cleaned up before removing finalizer');
    return waiting(pass);
  }
  yield* orLogError(releaseProtected(rest), 'Failed to remove finalizers on dependent resources');
  // Since pull request 4516 what a pass sends is the difference to what it saw at its beginning.
  const from = pass.switches.has(4516) ? seen : rest;
  return yield* removeLastFinalizer(
    patchDifference(AutoscalingRunnerSets, from, withoutFinalizer(rest, SCALE_SET_FINALIZER)),
    'Failed to update autoscaling runner set without finalizer',
  );
}

/**
 * Takes down what was made for a scale set, one after the other.
 * @returns the scale set as it is now; undefined while something is still there
 */
export function* cleanUp(scaleSet: AutoscalingRunnerSet, pass: ScaleSetPass): Step<AutoscalingRunnerSet | undefined> {
  if (!(yield* orLogError(cleanUpListener(scaleSet, pass), 'Failed to clean up listener'))) {
    yield* log('Waiting for listener to be deleted');
    return undefined;
  }
  if (!(yield* orLogError(cleanUpRunnerSets(scaleSet, pass), 'Failed to clean up ephemeral runner sets'))) {
    yield* log('Waiting for ephemeral runner sets to be deleted');
    return undefined;
  }
  return yield* orLogError(deleteScaleSet(scaleSet, pass), 'Failed to delete runner scale set');
}

/**
 * Deletes the listener unless that was asked for already.
 * @returns whether the cache has none
 */
export function* cleanUpListener(scaleSet: AutoscalingRunnerSet, { switches, process }: ScaleSetPass): Step<boolean> {
  yield* phase('clean-up-listener');
  yield* log('Cleaning up the listener');
  const listener = yield* cached(AutoscalingListeners, `${process.namespace}/${listenerName(scaleSet, switches)}`);
  if (listener === undefined) {
    yield* log('Listener is deleted');
    return true;
  }
  if (listener.metadata.deletionTimestamp === undefined) {
    yield* log('Deleting the listener');
    yield* removeExisting(AutoscalingListeners, listener);
  }
  return false;
}

/**
 * Deletes the scale set's sets of runners; there is one since pull request 4516.
 * @returns whether the cache has none
 */
export function* cleanUpRunnerSets(scaleSet: AutoscalingRunnerSet, { switches }: ScaleSetPass): Step<boolean> {
  yield* phase('clean-up-runner-sets');
  const { namespace = '', name } = scaleSet.metadata;
  const sets = switches.has(4516)
    ? [yield* cached(EphemeralRunnerSets, `${namespace}/${name}`)].filter((set) => set !== undefined)
    : yield* cachedOwned(EphemeralRunnerSets, AutoscalingRunnerSets, scaleSet);
  if (sets.length === 0) {
    yield* log('All ephemeral runner sets are deleted');
    return true;
  }
  yield* log('Deleting all ephemeral runner sets', { count: sets.length });
  yield* deleteRunnerSets(sets);
  return false;
}

export function* deleteRunnerSets(sets: readonly EphemeralRunnerSet[]): Step<void> {
  for (const set of sets) {
    const { name, deletionTimestamp } = set.metadata;
    if (deletionTimestamp !== undefined) {
      yield* log('Skip ephemeral runner set since it is already marked for deletion', { name });
      continue;
    }
    yield* log('Deleting ephemeral runner set', { name });
    yield* removeExisting(EphemeralRunnerSets, set);
    yield* log('Deleted ephemeral runner set', { name });
  }
}
