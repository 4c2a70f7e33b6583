import { EphemeralRunnerSets } from '../../kubernetes/resource.ts';
import type { EphemeralRunnerSet } from '../../kubernetes/types.ts';
import { log, orLogError, patch, phase, type Step } from '../../runtime/effects.ts';
import { removeLastFinalizer } from '../last-finalizer.ts';
import type { Switches } from '../releases/switches.ts';
import { setFinalizerOf } from './names.ts';

/** Whether the set waits for this controller before it goes. */
export function hasFinalizer({ metadata }: EphemeralRunnerSet, switches: Switches): boolean {
  return metadata.finalizers?.includes(setFinalizerOf(switches)) === true;
}

export function* addFinalizer(set: EphemeralRunnerSet, switches: Switches): Step<void> {
  yield* phase('add-finalizer');
  yield* log('Adding finalizer');
  const finalizers = [...(set.metadata.finalizers ?? []), setFinalizerOf(switches)];
  const added = switches.has(4516) ? 'with new finalizer' : 'with finalizer added';
  yield* orLogError(patchFinalizers(set, finalizers), `Failed to update ephemeral runner set ${added}`);
  yield* log('Successfully added finalizer');
}

/** Lets the API server remove the set; up to ARC 0.14 one that is gone already is no error. */
export function* removeFinalizer(set: EphemeralRunnerSet, switches: Switches): Step<void> {
  const finalizers = (set.metadata.finalizers ?? []).filter((each) => each !== setFinalizerOf(switches));
  yield* removeLastFinalizer(
    patchFinalizers(set, finalizers),
    'Failed to update ephemeral runner set with removed finalizer',
    !switches.has(4516),
  );
}

function* patchFinalizers(set: EphemeralRunnerSet, finalizers: readonly string[]): Step<void> {
  yield* patch(EphemeralRunnerSets, set, { metadata: { finalizers: finalizers.length === 0 ? null : finalizers } });
}
