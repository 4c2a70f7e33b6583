import type { EphemeralRunner } from '../kubernetes/types.ts';
import { done, log, orLogError, phase, type Step } from '../runtime/effects.ts';
import { REGISTRATION_FINALIZER, RUNNER_FINALIZER } from './names.ts';
import { addFinalizer, hasFinalizer } from './patches.ts';
import { end, goOn, type Progress } from './runner-pass.ts';

const FINALIZERS = [RUNNER_FINALIZER, REGISTRATION_FINALIZER];

/** Adds what is missing of both finalizers, and goes on. */
export function* addFinalizers(runner: EphemeralRunner): Step<Progress> {
  const missing = FINALIZERS.filter((one) => !hasFinalizer(runner, one));
  return missing.length === 0 ? goOn(runner) : yield* addTo(runner, missing);
}

/** Adds the first that is missing, and goes on; a later pass adds the other. */
export function* addOneFinalizer(runner: EphemeralRunner): Step<Progress> {
  const missing = FINALIZERS.find((one) => !hasFinalizer(runner, one));
  return missing === undefined ? goOn(runner) : yield* addTo(runner, [missing]);
}

function* addTo(runner: EphemeralRunner, missing: readonly string[]): Step<Progress> {
  yield* phase('add-finalizer');
  yield* log('Adding finalizers');
  const held = yield* orLogError(addFinalizer(runner, ...missing), 'Failed to update with finalizer set');
  yield* log('Successfully added finalizers');
  return goOn(held);
}

/** Adds a finalizer and ends the pass; the change of the runner brings the next one, with the next finalizer. */
export function* addFinalizersInSteps(runner: EphemeralRunner): Step<Progress> {
  if (!hasFinalizer(runner, RUNNER_FINALIZER)) {
    yield* phase('add-finalizer');
    yield* log('Adding finalizer');
    yield* orLogError(addFinalizer(runner, RUNNER_FINALIZER), 'Failed to update with finalizer set');
    yield* log('Successfully added finalizer');
    return end(done);
  }
  if (!hasFinalizer(runner, REGISTRATION_FINALIZER)) {
    yield* phase('add-registration-finalizer');
    yield* log('Adding runner registration finalizer');
    yield* orLogError(
      addFinalizer(runner, REGISTRATION_FINALIZER),
      'Failed to update with runner registration finalizer set',
    );
    yield* log('Successfully added runner registration finalizer');
    return end(done);
  }
  return goOn(runner);
}
