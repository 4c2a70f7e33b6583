import { AutoscalingListeners, EphemeralRunnerSets } from '../../kubernetes/resource.ts';
import type { AutoscalingRunnerSet } from '../../kubernetes/scale-set-types.ts';
import type { EphemeralRunnerSet } from '../../kubernetes/types.ts';
import { create, done, log, orLogError, phase, type Result, type Step } from '../../runtime/effects.ts';
import { listenerFor } from './listener-for.ts';
import { runnerSetFor } from './runner-set-for.ts';
import type { ScaleSetPass } from './scale-set-pass.ts';

/** Makes an EphemeralRunnerSet without runners, and ends the pass. */
export function* createRunnerSet(scaleSet: AutoscalingRunnerSet, pass: ScaleSetPass): Step<Result> {
  yield* phase('create-runner-set');
  yield* log('Creating a new EphemeralRunnerSet resource');
  const { metadata } = yield* orLogError(
    create(EphemeralRunnerSets, runnerSetFor(scaleSet, pass)),
    'Failed to create EphemeralRunnerSet resource',
  );
  yield* log('Created a new EphemeralRunnerSet resource', { name: metadata.name });
  return done;
}

/** Makes the listener of a set, and ends the pass. */
export function* createListener(
  scaleSet: AutoscalingRunnerSet,
  runnerSet: EphemeralRunnerSet,
  pass: ScaleSetPass,
): Step<Result> {
  yield* phase('create-listener');
  const listener = listenerFor(scaleSet, runnerSet, pass);
  const { name, namespace } = listener.metadata;
  yield* log('Creating a new AutoscalingListener resource', { name, namespace });
  yield* orLogError(create(AutoscalingListeners, listener), 'Failed to create AutoscalingListener resource');
  yield* log('Created a new AutoscalingListener resource', { name, namespace });
  return done;
}
