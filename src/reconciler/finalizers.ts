import type { EphemeralRunner } from '../kubernetes/types.ts';
import { done, log, orLogError, phase, type Step } from '../runtime/effects.ts';
import { REGISTRATION_FINALIZER, RUNNER_FINALIZER } from './names.ts';
import { addFinalizer, hasFinalizer } from './patches.ts';
import { end, goOn, type Progress } from './runner-pass.ts';

/** Adds a finalizer and ends the pass; the change of the runner brings the next one, with the next finalizer. */
export function* addFinalizersInSteps(runner: EphemeralRunner): Step<Progress> {
  if (!hasFinalizer(runner, RUNNER_FINALIZER)) {
    yield phase('add-finalizer');
    yield log('Adding finalizer');
    yield* orLogError(addFinalizer(runner, RUNNER_FINALIZER), 'Failed to update with finalizer set');
    yield log('Successfully added finalizer');
    return end(done);
  }
  if (!hasFinalizer(runner, REGISTRATION_FINALIZER)) {
    yield phase('add-registration-finalizer');
    yield log('Adding runner registration finalizer');
    yield* orLogError(
      addFinalizer(runner, REGISTRATION_FINALIZER),
      'Failed to update with runner registration finalizer set',
    );
    yield log('Successfully added runner registration finalizer');
    return end(done);
  }
  return goOn(runner);
}
