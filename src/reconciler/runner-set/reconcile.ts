import { EphemeralRunners, EphemeralRunnerSets } from '../../kubernetes/resource.ts';
import type { EphemeralRunnerSet } from '../../kubernetes/types.ts';
import {
  cached,
  cachedOwned,
  done,
  log,
  orLogError,
  requeueAfter,
  type Reconcile,
  type Result,
  type Step,
} from '../../runtime/effects.ts';
import { cleanUpRunners } from './clean-up.ts';
import { addFinalizer, hasFinalizer, removeFinalizer } from './finalizer.ts';
import { followSpec, hasOtherSpec } from './integrity.ts';
import { ensureProxySecret, isProxySecretGone } from './proxy-secret.ts';
import { countOf, countsForLog, statesOf, type RunnerStates } from './runner-states.ts';
import type { RunnerSetPass } from './runner-set-pass.ts';
import { deleteFinished, scaleDown, scaleUp } from './scale.ts';
import { updateStatus } from './status.ts';

/** Secrets are not watched: a set that has changed or deleted one looks again after this time. */
const PROXY_SECRET_US = 1_000_000;

/**
 * One reconcile pass of ARC's EphemeralRunnerSet controller: counts the runners that its cache shows and makes or takes
 * down as many as are missing or too many. It does not remember what it has made: a pass on a cache that does not show
 * the runners of the pass before makes them again, as upstream's does.
 */
export function* reconcileRunnerSet(key: string, pass: RunnerSetPass): Reconcile {
  const { switches } = pass;
  const set = yield* cached(EphemeralRunnerSets, key);
  if (set === undefined) return done;
  if (set.metadata.deletionTimestamp !== undefined) return yield* finalize(set, pass);
  if (!hasFinalizer(set, switches)) yield* addFinalizer(set, switches);
  else if (switches.has(4516) && hasOtherSpec(set)) yield* followSpec(set, pass);
  else if (switches.has(4404) && set.status?.phase === 'Outdated') yield* windDown(set, pass);
  else {
    const proxySecret = ensureProxySecret(set, switches);
    if (yield* orLogError(proxySecret, 'Unable to reconcile ephemeralRunnerSet proxy secret')) {
      return requeueAfter(PROXY_SECRET_US);
    }
    yield* count(set, pass);
  }
  return done;
}

/** The service takes the version of its runners no longer: the set makes no more. */
function* windDown(set: EphemeralRunnerSet, pass: RunnerSetPass): Step<void> {
  if (pass.switches.has(4516)) yield* orLogError(cleanUpRunners(set, pass), 'Failed to clean up EphemeralRunners');
  else yield* log('ephemeral runner set is outdated, waiting for autoscaling runner set to remove it');
}

function* count(set: EphemeralRunnerSet, pass: RunnerSetPass): Step<void> {
  const { switches } = pass;
  const states = statesOf(yield* cachedOwned(EphemeralRunners, EphemeralRunnerSets, set), switches);
  yield* log('Ephemeral runner counts', countsForLog(states, switches));
  const patchId = set.spec.patchID ?? 0;
  // Else the decision has been acted on: runners that end are not replaced before the next one.
  const isNew = patchId === 0 || patchId !== states.latestPatchId;
  let failure: { readonly error: unknown } | undefined;
  try {
    if (isNew) yield* scale(set, states, pass);
    yield* updateStatus(set, states, switches);
  } catch (error) {
    failure = { error };
  }
  if (isNew) yield* deleteFinished(states);
  if (failure !== undefined) throw failure.error;
}

function* scale(set: EphemeralRunnerSet, states: RunnerStates, pass: RunnerSetPass): Step<void> {
  const current = countOf(states);
  const desired = set.spec.replicas ?? 0;
  yield* log('Scaling comparison', { current, desired });
  if (current < desired) {
    const step = scaleUp(set, desired - current, pass.switches);
    yield* orLogError(step, 'failed to make ephemeral runner');
  }
  // With a number the listener counts on runners that end by themselves.
  else if (current > desired && (set.spec.patchID ?? 0) === 0) {
    const step = scaleDown(set, states, current - desired, pass);
    yield* orLogError(step, 'failed to delete idle runners');
  }
}

function* finalize(set: EphemeralRunnerSet, pass: RunnerSetPass): Step<Result> {
  if (!hasFinalizer(set, pass.switches)) return done;
  yield* log('Deleting resources');
  const isClean = yield* orLogError(cleanUpRunners(set, pass), 'Failed to clean up EphemeralRunners');
  if (!isClean) {
    // The end of each runner is an event that brings the next pass.
    yield* log('Waiting for resources to be deleted');
    return done;
  }
  if (pass.switches.has(4516) && !(yield* isProxySecretGone(set))) {
    yield* log('Waiting for proxy secret to be deleted');
    return requeueAfter(PROXY_SECRET_US);
  }
  yield* removeFinalizer(set, pass.switches);
  return done;
}
