import { EphemeralRunnerSets } from '../../kubernetes/resource.ts';
import type { EphemeralRunnerSet, EphemeralRunnerSpec } from '../../kubernetes/types.ts';
import { log, orLogError, patch, phase, type Step } from '../../runtime/effects.ts';
import { hashOf } from '../template-hash.ts';
import { cleanUpRunners } from './clean-up.ts';
import { INTEGRITY_ANNOTATION } from './names.ts';
import { ensureProxySecret } from './proxy-secret.ts';
import type { RunnerSetPass } from './runner-set-pass.ts';

/** Whether the set's runners are made from another spec than it has now, or nobody has said which. */
export function hasOtherSpec(set: EphemeralRunnerSet): boolean {
  return set.metadata.annotations?.[INTEGRITY_ANNOTATION] !== integrityHashOf(set.spec.ephemeralRunnerSpec);
}

/** What a set's annotation has to say of the spec of its runners. */
export function integrityHashOf(spec: EphemeralRunnerSpec): string {
  return hashOf([spec]);
}

/** Takes down the runners that have no job yet, and says that those to come are made from the new spec. */
export function* followSpec(set: EphemeralRunnerSet, pass: RunnerSetPass): Step<void> {
  yield* phase('follow-spec');
  yield* log('EphemeralRunnerSpec has changed, deleting idle ephemeral runners to apply the new spec');
  yield* orLogError(cleanUpRunners(set, pass), 'Failed to clean up EphemeralRunners');
  const secret = ensureProxySecret(set, pass.switches);
  yield* orLogError(secret, 'Failed to update EphemeralRunnerSet proxy secret');
  yield* log('Updating EphemeralRunnerSet with new spec hash');
  const annotations = { [INTEGRITY_ANNOTATION]: integrityHashOf(set.spec.ephemeralRunnerSpec) };
  const write = patch(EphemeralRunnerSets, set, { metadata: { annotations } });
  yield* orLogError(write, 'Failed to update ephemeral runner set with new spec hash');
  yield* log('Updated ephemeral runner set with new spec hash');
}
