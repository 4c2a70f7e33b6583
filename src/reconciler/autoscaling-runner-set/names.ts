/** Names that ARC gives to a scale set's things; charts and listeners look for them. */
export const SCALE_SET_FINALIZER = 'autoscalingrunnerset.actions.github.com/finalizer';
/** Id of the scale set in the service. */
export const SCALE_SET_ID_ANNOTATION = 'runner-scale-set-id';
export const GROUP_ANNOTATION = 'actions.github.com/runner-group-name';
export const SCALE_SET_NAME_ANNOTATION = 'actions.github.com/runner-scale-set-name';
/** Hash of what an EphemeralRunnerSet or a listener was made of. */
export const SPEC_HASH_ANNOTATION = 'actions.github.com/runner-spec-hash';
/** Of the chart's values. */
export const VALUES_HASH_ANNOTATION = 'actions.github.com/values-hash';
/** Of what a scale set asks for; since pull request 4404. */
export const CHANGE_HASH_ANNOTATION = 'actions.github.com/change-hash';
/** In place of all of these, since pull request 4516. */
export const INTEGRITY_HASH_ANNOTATION = 'actions.github.com/integrity-hash';
/** On what the chart makes and the controller needs until it has taken a scale set down. */
export const PROTECTION_FINALIZER = 'actions.github.com/cleanup-protection';
