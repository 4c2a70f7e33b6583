import { AutoscalingListeners, AutoscalingRunnerSets, EphemeralRunnerSets } from '../../kubernetes/resource.ts';
import type { AutoscalingListener, AutoscalingRunnerSet } from '../../kubernetes/scale-set-types.ts';
import type { EphemeralRunnerSet } from '../../kubernetes/types.ts';
import {
  cached,
  cachedOwned,
  done,
  log,
  orLogError,
  phase,
  remove,
  type Result,
  type Step,
} from '../../runtime/effects.ts';
import { patchDifference } from '../differences.ts';
import { cleanUp, deleteRunnerSets, waiting } from './clean-up.ts';
import { listenerHash } from './listener-for.ts';
import { listenerName } from './listener-name.ts';
import { createListener, createRunnerSet } from './make.ts';
import { SPEC_HASH_ANNOTATION, VALUES_HASH_ANNOTATION } from './names.ts';
import { runnerSetHash } from './runner-set-for.ts';
import type { ScaleSetPass } from './scale-set-pass.ts';
import { updateStatus } from './status.ts';

/**
 * Before pull request 4516: each spec of the runners has an EphemeralRunnerSet of its own, and those of earlier specs are
 * deleted. A change takes the listener away first and gives the new set another.
 */
export function* keepSetPerSpec(scaleSet: AutoscalingRunnerSet, pass: ScaleSetPass): Step<Result> {
  const { switches, process } = pass;
  const sets = newestFirst(yield* cachedOwned(EphemeralRunnerSets, AutoscalingRunnerSets, scaleSet));
  const [latest, ...earlier] = sets;
  const wasOutdated = scaleSet.status?.phase === 'Outdated' && switches.has(4404);
  if (latest === undefined && !wasOutdated) {
    yield* log('Latest runner set does not exist. Creating a new runner set.');
    return yield* createRunnerSet(scaleSet, pass);
  }
  for (const { metadata } of sets) {
    const specHash = metadata.annotations?.[SPEC_HASH_ANNOTATION];
    yield* log('Find existing ephemeral runner set', { name: metadata.name, specHash });
  }
  const listener = yield* cached(AutoscalingListeners, `${process.namespace}/${listenerName(scaleSet, switches)}`);
  if (listener === undefined) yield* log('AutoscalingListener does not exist.');

  // Without a set it is outdated, or the pass has ended.
  if (latest === undefined || wasOutdated || (switches.has(4404) && latest.status?.phase === 'Outdated')) {
    return yield* shutDown(scaleSet, latest, pass);
  }
  if (listener !== undefined && isOutOfDate(listener, scaleSet)) return yield* deleteOldListener(listener);
  if (latest.metadata.annotations?.[SPEC_HASH_ANNOTATION] !== runnerSetHash(scaleSet)) {
    if (isDraining(latest, pass)) return yield* drain(latest);
    yield* log(
      'Latest runner set spec hash does not match the current autoscaling runner set. Creating a new runner set',
    );
    return yield* createRunnerSet(scaleSet, pass);
  }
  if (earlier.length > 0) {
    yield* phase('delete-old-runner-sets');
    yield* log('Cleanup old ephemeral runner sets', { count: earlier.length });
    yield* orLogError(deleteRunnerSets(earlier), 'Failed to clean up old runner sets');
  }
  if (listener === undefined) {
    if (isDraining(latest, pass)) {
      yield* log(
        'Creating a new AutoscalingListener is waiting for the running and pending runners to finish. Waiting for the running and pending runners to finish:',
        activeIn(latest),
      );
      return done;
    }
    yield* log('Creating a new AutoscalingListener for the runner set', {
      ephemeralRunnerSetName: latest.metadata.name,
    });
    return yield* createListener(scaleSet, latest, pass);
  }
  yield* updateStatus(scaleSet, latest, 'Running', switches);
  return done;
}

/** Ages are in whole seconds; of the same second the one that the cache saw first comes first. */
function newestFirst(sets: readonly EphemeralRunnerSet[]): readonly EphemeralRunnerSet[] {
  const createdMs = ({ metadata }: EphemeralRunnerSet): number => Date.parse(metadata.creationTimestamp ?? '');
  return [...sets].sort((a, b) => createdMs(b) - createdMs(a));
}

/** The service takes the version of its runners no more: all goes, the scale set in the service too. */
function* shutDown(
  scaleSet: AutoscalingRunnerSet,
  latest: EphemeralRunnerSet | undefined,
  pass: ScaleSetPass,
): Step<Result> {
  yield* log('Ephemeral runner set is outdated');
  const outdated =
    scaleSet.status?.phase === 'Outdated' ? scaleSet : yield* updateStatus(scaleSet, latest, 'Outdated', pass.switches);
  const rest = yield* orLogError(cleanUp(outdated, pass), 'Failed to clean up resources for outdated runner set');
  if (rest !== undefined) return done;
  yield* log('Waiting for resources to be cleaned up for outdated runner set');
  return waiting(pass);
}

function isOutOfDate({ metadata }: AutoscalingListener, scaleSet: AutoscalingRunnerSet): boolean {
  const { annotations = {} } = metadata;
  const values = scaleSet.metadata.annotations?.[VALUES_HASH_ANNOTATION] ?? '';
  return (
    (annotations[VALUES_HASH_ANNOTATION] ?? '') !== values ||
    annotations[SPEC_HASH_ANNOTATION] !== listenerHash(scaleSet)
  );
}

function* deleteOldListener(listener: AutoscalingListener): Step<Result> {
  yield* phase('delete-listener');
  const { name } = listener.metadata;
  yield* log('RunnerScaleSetListener is out of date. Deleting it so that it is recreated', { name });
  yield* orLogError(remove(AutoscalingListeners, listener), 'Failed to delete AutoscalingListener resource');
  yield* log('Deleted RunnerScaleSetListener since existing one is out of date');
  return done;
}

/** Whether the update strategy has runners be done before a change goes on. */
function isDraining(set: EphemeralRunnerSet, { process }: ScaleSetPass): boolean {
  const { running, pending } = activeIn(set);
  return process.updateStrategy === 'eventual' && running + pending > 0;
}

function activeIn({ status }: EphemeralRunnerSet): { readonly running: number; readonly pending: number } {
  return { running: status?.runningEphemeralRunners ?? 0, pending: status?.pendingEphemeralRunners ?? 0 };
}

function* drain(set: EphemeralRunnerSet): Step<Result> {
  yield* phase('drain');
  yield* log(
    'Latest runner set spec hash does not match the current autoscaling runner set. Waiting for the running and pending runners to finish:',
    activeIn(set),
  );
  yield* log('Scaling down the number of desired replicas to 0');
  yield* orLogError(scaleToNone(set), 'Failed to patch runner set to set desired count to 0');
  return done;
}

/** A wish that holds until the next one: with a number it would be acted on once. */
export function* scaleToNone(set: EphemeralRunnerSet): Step<void> {
  const { replicas: _replicas, ...spec } = set.spec;
  yield* patchDifference(EphemeralRunnerSets, set, { ...set, spec: { ...spec, patchID: 0 } });
}
