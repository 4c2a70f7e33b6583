/** The set's own finalizer; up to ARC 0.14 it has the name of its runners' first one. */
export const SET_FINALIZER = 'ephemeralrunner.actions.github.com/finalizer';
/** On a runner: the number of the decision that made it. */
export const PATCH_ID_ANNOTATION = 'actions.github.com/patch-id';
export const COMPONENT_LABEL = 'app.kubernetes.io/component';
