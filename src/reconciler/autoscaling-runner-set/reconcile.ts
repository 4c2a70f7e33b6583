import { AutoscalingRunnerSets } from '../../kubernetes/resource.ts';
import type { AutoscalingRunnerSet } from '../../kubernetes/scale-set-types.ts';
import {
  cached,
  done,
  log,
  logError,
  orLogError,
  phase,
  removeExisting,
  type Reconcile,
  type Result,
  type Step,
} from '../../runtime/effects.ts';
import { gitHubSecretOf } from '../autoscaling-listener/credentials.ts';
import { hasFinalizer, patchDifference, withFinalizer, withMetadata } from '../differences.ts';
import { hashOf } from '../template-hash.ts';
import { VERSION_LABEL } from '../labels.ts';
import { finalize } from './clean-up.ts';
import { CHANGE_HASH_ANNOTATION, INTEGRITY_HASH_ANNOTATION, SCALE_SET_FINALIZER } from './names.ts';
import type { ScaleSetPass } from './scale-set-pass.ts';
import { ensureScaleSet } from './service-scale-set.ts';
import { keepOutdated, keepSetInPlace } from './set-in-place.ts';
import { keepSetPerSpec } from './set-per-spec.ts';
import { patchStatus, updateStatus } from './status.ts';
import { isVersionAllowed } from './version.ts';

/**
 * One reconcile pass of ARC's AutoscalingRunnerSet controller: takes one step towards a scale set in the service, an
 * EphemeralRunnerSet and a listener, and is woken by what the step has changed.
 */
export function* reconcileScaleSet(key: string, pass: ScaleSetPass): Reconcile {
  const seen = yield* cached(AutoscalingRunnerSets, key);
  if (seen === undefined) return done;
  if (seen.metadata.deletionTimestamp !== undefined) return yield* finalize(seen, pass);
  const { switches, process } = pass;
  const version = seen.metadata.labels?.[VERSION_LABEL];
  if (!isVersionAllowed(version, process.version, switches)) return yield* deleteOfOtherVersion(seen, pass);

  let scaleSet = seen;
  if (!hasFinalizer(scaleSet, SCALE_SET_FINALIZER)) {
    scaleSet = yield* addFinalizer(scaleSet);
    // Between pull requests 4404 and 4516 the pass goes on.
    if (!switches.has(4404) || switches.has(4516)) return done;
  }
  if (switches.has(4404)) {
    const noted = yield* noteChange(scaleSet, pass);
    if (noted !== scaleSet && switches.has(4516)) return done;
    scaleSet = noted;
  }
  const isOutdated = switches.has(4404) && scaleSet.status?.phase === 'Outdated';
  if (isOutdated && switches.has(4516)) return yield* keepOutdated(scaleSet, pass);
  if (!isOutdated) {
    const result = yield* ensureScaleSet(scaleSet, pass);
    if (result !== undefined) return result;
  }
  // Only whether it is there matters; the read takes its place in the client's limit for secrets.
  if (!switches.has(4090)) yield* gitHubSecretOf(scaleSet, switches);
  return switches.has(4516) ? yield* keepSetInPlace(scaleSet, pass) : yield* keepSetPerSpec(scaleSet, pass);
}

function* deleteOfOtherVersion(scaleSet: AutoscalingRunnerSet, { process }: ScaleSetPass): Step<Result> {
  yield* phase('delete-other-version');
  const versions = {
    buildVersion: process.version,
    autoscalingRunnerSetVersion: scaleSet.metadata.labels?.[VERSION_LABEL],
  };
  try {
    yield* removeExisting(AutoscalingRunnerSets, scaleSet);
  } catch (error) {
    yield* logError('Failed to delete autoscaling runner set on version mismatch', error, versions);
    return done;
  }
  yield* log("Autoscaling runner set version doesn't match the build version. Deleting the resource.", versions);
  return done;
}

function* addFinalizer(scaleSet: AutoscalingRunnerSet): Step<AutoscalingRunnerSet> {
  yield* phase('add-finalizer');
  yield* log('Adding finalizer');
  const added = yield* orLogError(
    patchDifference(AutoscalingRunnerSets, scaleSet, withFinalizer(scaleSet, SCALE_SET_FINALIZER)),
    'Failed to update autoscaling runner set with finalizer added',
  );
  yield* log('Successfully added finalizer');
  return added;
}

/**
 * What is asked for has changed since it was last noted: the phase is Pending again, and Outdated no more. The same scale
 * set where nothing has.
 */
function* noteChange(scaleSet: AutoscalingRunnerSet, { switches }: ScaleSetPass): Step<AutoscalingRunnerSet> {
  const { spec, metadata } = scaleSet;
  const { labels = {}, annotations = {} } = metadata;
  const annotation = switches.has(4516) ? INTEGRITY_HASH_ANNOTATION : CHANGE_HASH_ANNOTATION;
  const hash = hashOf({ spec, labels });
  if (annotations[annotation] === hash) return scaleSet;
  yield* phase('note-change');
  const noted = yield* orLogError(
    patchDifference(
      AutoscalingRunnerSets,
      scaleSet,
      withMetadata(scaleSet, { annotations: { ...annotations, [annotation]: hash } }),
    ),
    'Failed to update autoscaling runner set with new change hash and pending phase',
  );
  return switches.has(4516)
    ? yield* patchStatus(noted, { ...noted.status, phase: 'Pending' })
    : yield* updateStatus(noted, undefined, 'Pending', switches);
}
