import type { ActionsClientCache } from '../../actions/client-cache.ts';
import { createMergePatch } from '../../kubernetes/merge-patch.ts';
import { EphemeralRunners, EphemeralRunnerSets } from '../../kubernetes/resource.ts';
import type { EphemeralRunnerSet, EphemeralRunnerSetStatus } from '../../kubernetes/types.ts';
import {
  cached,
  cachedOwned,
  done,
  log,
  orLogError,
  patch,
  phase,
  type Reconcile,
  type Result,
  type Step,
} from '../../runtime/effects.ts';
import { cleanUpRunners } from './clean-up.ts';
import { SET_FINALIZER } from './names.ts';
import { countOf, countsForLog, statesOf, statusOf, type RunnerStates } from './runner-states.ts';
import { deleteFinished, scaleDown, scaleUp } from './scale.ts';

/**
 * One reconcile pass of ARC's EphemeralRunnerSet controller: counts the runners that its cache shows and makes or takes
 * down as many as are missing or too many. It does not remember what it has made: a pass on a cache that does not show
 * the runners of the pass before makes them again, as upstream's does.
 */
export function* reconcileRunnerSet(key: string, clients: ActionsClientCache): Reconcile {
  const set = yield* cached(EphemeralRunnerSets, key);
  if (set === undefined) return done;
  if (set.metadata.deletionTimestamp !== undefined) return yield* finalize(set, clients);
  if (!hasFinalizer(set)) {
    yield phase('add-finalizer');
    yield log('Adding finalizer');
    const finalizers = [...(set.metadata.finalizers ?? []), SET_FINALIZER];
    yield* orLogError(patchFinalizers(set, finalizers), 'Failed to update with finalizer set');
    yield log('Successfully added finalizer');
    return done;
  }

  const states = statesOf(yield* cachedOwned(EphemeralRunners, EphemeralRunnerSets, set));
  yield log('Ephemeral runner counts', countsForLog(states));
  const patchId = set.spec.patchID ?? 0;
  // Else the decision has been acted on: runners that end are not replaced before the next one.
  const isNew = patchId === 0 || patchId !== states.latestPatchId;
  let failure: { readonly error: unknown } | undefined;
  try {
    if (isNew) yield* scale(set, states, clients);
    yield* updateStatus(set, statusOf(states));
  } catch (error) {
    failure = { error };
  }
  if (isNew) yield* deleteFinished(states);
  if (failure !== undefined) throw failure.error;
  return done;
}

function* scale(set: EphemeralRunnerSet, states: RunnerStates, clients: ActionsClientCache): Step<void> {
  const current = countOf(states);
  const desired = set.spec.replicas ?? 0;
  yield log('Scaling comparison', { current, desired });
  if (current < desired) yield* orLogError(scaleUp(set, desired - current), 'failed to make ephemeral runner');
  // With a number the listener counts on runners that end by themselves.
  else if (current > desired && (set.spec.patchID ?? 0) === 0) {
    const step = scaleDown(set, states, current - desired, clients);
    yield* orLogError(step, 'failed to delete idle runners');
  }
}

/** The difference to what the cache shows, which may be a status that has been written since. */
function* updateStatus(set: EphemeralRunnerSet, status: EphemeralRunnerSetStatus): Step<void> {
  const before = {
    currentReplicas: 0,
    pendingEphemeralRunners: 0,
    runningEphemeralRunners: 0,
    failedEphemeralRunners: 0,
    ...set.status,
  };
  const difference = createMergePatch(before, { ...before, ...status });
  if (difference === undefined) return;
  yield phase('update-status');
  yield log('Updating status with current runners count', { count: status.currentReplicas });
  const write = patch(EphemeralRunnerSets, set, { status: difference }, 'status');
  yield* orLogError(write, 'Failed to update status with current runners count');
}

function* finalize(set: EphemeralRunnerSet, clients: ActionsClientCache): Step<Result> {
  if (!hasFinalizer(set)) return done;
  yield log('Deleting resources');
  if (!(yield* orLogError(cleanUpRunners(set, clients), 'Failed to clean up EphemeralRunners'))) {
    // The end of each runner is an event that brings the next pass.
    yield log('Waiting for resources to be deleted');
    return done;
  }
  yield phase('remove-finalizer');
  yield log('Removing finalizer');
  const finalizers = (set.metadata.finalizers ?? []).filter((each) => each !== SET_FINALIZER);
  yield* orLogError(patchFinalizers(set, finalizers), 'Failed to update ephemeral runner set with removed finalizer');
  yield log('Successfully removed finalizer after cleanup');
  return done;
}

function hasFinalizer({ metadata }: EphemeralRunnerSet): boolean {
  return metadata.finalizers?.includes(SET_FINALIZER) === true;
}

function* patchFinalizers(set: EphemeralRunnerSet, finalizers: readonly string[]): Step<void> {
  yield* patch(EphemeralRunnerSets, set, { metadata: { finalizers: finalizers.length === 0 ? null : finalizers } });
}
