import { RUNNER_FINALIZER } from '../names.ts';
import type { Switches } from '../releases/switches.ts';

/** On a runner: the number of the decision that made it. */
export const PATCH_ID_ANNOTATION = 'actions.github.com/patch-id';
export const COMPONENT_LABEL = 'app.kubernetes.io/component';
/** On a set: the hash of the spec that its runners were made from. */
export const INTEGRITY_ANNOTATION = 'actions.github.com/integrity-hash';

/** The set's own finalizer; up to ARC 0.14 it has the name of its runners' first one. */
export function setFinalizerOf(switches: Switches): string {
  return switches.has(4516) ? 'ephemeralrunnerset.actions.github.com/finalizer' : RUNNER_FINALIZER;
}
