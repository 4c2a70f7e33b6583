import { deepEqual } from '../../kubernetes/merge-patch.ts';
import { AutoscalingListeners, EphemeralRunnerSets } from '../../kubernetes/resource.ts';
import type { AutoscalingListener, AutoscalingRunnerSet } from '../../kubernetes/scale-set-types.ts';
import type { EphemeralRunnerSet } from '../../kubernetes/types.ts';
import {
  cached,
  done,
  log,
  orLogError,
  phase,
  removeExisting,
  requeueAfter,
  type Result,
  type Step,
} from '../../runtime/effects.ts';
import { hasMetadata, patchDifference } from '../differences.ts';
import { passedOn } from '../labels.ts';
import { cleanUpListener, cleanUpRunnerSets, waiting } from './clean-up.ts';
import { listenerFor } from './listener-for.ts';
import { listenerName } from './listener-name.ts';
import { createListener, createRunnerSet } from './make.ts';
import { INTEGRITY_HASH_ANNOTATION } from './names.ts';
import { runnerSetFor } from './runner-set-for.ts';
import type { ScaleSetPass } from './scale-set-pass.ts';
import { scaleToNone } from './set-per-spec.ts';
import { updateStatus } from './status.ts';

/** When a pass comes again that waits for runners to be done. */
const DRAIN_RETRY_US = 1_000_000;

/**
 * Since pull request 4516: a scale set has one EphemeralRunnerSet, of its own name. Its spec changes when it has no runner
 * that is pending or running; until then the listener is taken away and the runners are left alone.
 */
export function* keepSetInPlace(scaleSet: AutoscalingRunnerSet, pass: ScaleSetPass): Step<Result> {
  const { namespace = '', name } = scaleSet.metadata;
  const set = yield* cached(EphemeralRunnerSets, `${namespace}/${name}`);
  if (set === undefined) {
    yield* log('Creating ephemeral runner set');
    return yield* createRunnerSet(scaleSet, pass);
  }
  if (set.status?.phase === 'Outdated' && scaleSet.status?.phase === 'Running') {
    return yield* replaceOutdated(scaleSet, pass);
  }
  const wanted = runnerSetFor(scaleSet, pass);
  const changed = yield* changeSet(set, wanted, scaleSet, pass);
  if (changed !== undefined) return changed;

  const listener = yield* cached(
    AutoscalingListeners,
    `${pass.process.namespace}/${listenerName(scaleSet, pass.switches)}`,
  );
  if (listener === undefined) {
    yield* log('AutoscalingListener does not exist, creating autoscaling listener');
    return yield* createListener(scaleSet, set, pass);
  }
  // Compared without the secrets that it was made with: where the flag names some, the listener never is as wanted.
  if (!isAsWanted(listener, listenerFor(scaleSet, set, pass, []))) return yield* replaceListener(listener);

  yield* log('Autoscaling runner set is up to date and ready');
  yield* updateStatus(scaleSet, set, 'Running', pass.switches);
  return done;
}

/** A scale set that is outdated itself: only a change of it leads out. */
export function* keepOutdated(scaleSet: AutoscalingRunnerSet, pass: ScaleSetPass): Step<Result> {
  yield* log('Autoscaling runner set is in outdated phase, removing the listener');
  if (!(yield* orLogError(cleanUpListener(scaleSet, pass), 'Failed to clean up listener'))) {
    yield* log('Waiting for listener to be cleaned up for the outdated runner set');
    return waiting(pass);
  }
  const { namespace = '', name } = scaleSet.metadata;
  const set = yield* cached(EphemeralRunnerSets, `${namespace}/${name}`);
  if (set === undefined) {
    yield* log('Ephemeral runner set is not found. Ignoring the state until the autoscaling runner set is updated');
    return done;
  }
  if (set.metadata.deletionTimestamp !== undefined) return done;
  yield* phase('drain');
  yield* orLogError(
    scaleToNone(set),
    'Failed to patch ephemeral runner set with 0 replicas and reset patch ID for the outdated runner set',
  );
  return done;
}

/** The scale set's own phase stays: all is made again, of the same template. */
function* replaceOutdated(scaleSet: AutoscalingRunnerSet, pass: ScaleSetPass): Step<Result> {
  yield* log('Ephemeral runner set is outdated. Cleaning up resources for the outdated runner set');
  const steps = [
    { what: 'listener', cleanUp: cleanUpListener },
    { what: 'ephemeral runner set', cleanUp: cleanUpRunnerSets },
  ];
  for (const { what, cleanUp } of steps) {
    if (yield* orLogError(cleanUp(scaleSet, pass), `Failed to clean up ${what} for outdated runner set`)) continue;
    yield* log(`Waiting for ${what} to be cleaned up for the outdated ephemeral runner set`);
    return waiting(pass);
  }
  yield* log('Successfully cleaned up resources for the outdated runner set');
  return done;
}

/** Undefined where the set is as it is to be. */
function* changeSet(
  set: EphemeralRunnerSet,
  wanted: EphemeralRunnerSet,
  scaleSet: AutoscalingRunnerSet,
  pass: ScaleSetPass,
): Step<Result | undefined> {
  const { annotations = {} } = set.metadata;
  const specDiffers =
    annotations[INTEGRITY_HASH_ANNOTATION] !== wanted.metadata.annotations?.[INTEGRITY_HASH_ANNOTATION];
  if (specDiffers && activeIn(set) > 0) {
    yield* log('Ephemeral runner set spec changed but runners are still active; deleting listener to stop new jobs');
    yield* orLogError(
      cleanUpListener(scaleSet, pass),
      'Failed to clean up listener while waiting for runners to drain',
    );
    return requeueAfter(DRAIN_RETRY_US);
  }
  if (!specDiffers && isSameMetadata(set, wanted)) return undefined;
  yield* phase('change-runner-set');
  const spec = { ...set.spec, ephemeralRunnerMetadata: wanted.spec.ephemeralRunnerMetadata };
  const changed = {
    ...set,
    metadata: {
      ...set.metadata,
      labels: passedOn(pass.process, set.metadata.labels, wanted.metadata.labels),
      annotations: { ...annotations, ...wanted.metadata.annotations },
    },
    spec: specDiffers ? { ...spec, ephemeralRunnerSpec: wanted.spec.ephemeralRunnerSpec } : spec,
  };
  const what = specDiffers ? 'spec' : 'metadata';
  yield* log(`Updating ephemeral runner set ${what} to match the desired ${what}`);
  yield* orLogError(
    patchDifference(EphemeralRunnerSets, set, changed),
    `Failed to patch ephemeral runner set ${what} to match the desired ${what}`,
  );
  yield* log(`Successfully patched ephemeral runner set ${what}`);
  return done;
}

function activeIn({ status }: EphemeralRunnerSet): number {
  return (status?.runningEphemeralRunners ?? 0) + (status?.pendingEphemeralRunners ?? 0);
}

function isSameMetadata(set: EphemeralRunnerSet, wanted: EphemeralRunnerSet): boolean {
  return (
    hasMetadata(set, wanted.metadata) &&
    deepEqual(set.spec.ephemeralRunnerMetadata, wanted.spec.ephemeralRunnerMetadata)
  );
}

function isAsWanted(listener: AutoscalingListener, wanted: AutoscalingListener): boolean {
  return deepEqual(listener.spec, wanted.spec) && hasMetadata(listener, wanted.metadata);
}

function* replaceListener(listener: AutoscalingListener): Step<Result> {
  yield* phase('delete-listener');
  yield* log('Deleting AutoscalingListener to re-create with updated spec');
  yield* orLogError(
    removeExisting(AutoscalingListeners, listener),
    'Failed to delete AutoscalingListener for re-creation',
  );
  yield* log('Deleted AutoscalingListener, will re-create on next reconcile');
  return done;
}
