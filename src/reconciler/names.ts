/** Names that ARC gives to things; other programs look for them. */
export const RUNNER_FINALIZER = 'ephemeralrunner.actions.github.com/finalizer';
export const REGISTRATION_FINALIZER = 'ephemeralrunner.actions.github.com/runner-registration-finalizer';
export const RUNNER_CONTAINER = 'runner';
/** On the pods of runners, with the value `True`. */
export const RUNNER_POD_LABEL = 'actions-ephemeral-runner';
/** Exit code of a runner whose version the service takes no more; it ends so when OUTDATED_VARIABLE is 1. */
export const OUTDATED_EXIT_CODE = 7;
export const OUTDATED_VARIABLE = 'ACTIONS_RUNNER_RETURN_VERSION_DEPRECATED_EXIT_CODE';
/** Keys of the secret with a runner's registration. */
export const JIT_TOKEN_KEY = 'jitToken';
export const RUNNER_NAME_KEY = 'runnerName';
export const RUNNER_ID_KEY = 'runnerId';
export const SCALE_SET_ID_KEY = 'scaleSetId';
/** On pods and secrets that a job's container hooks made: the name of the runner's pod. */
export const HOOK_OWNER_LABEL = 'runner-pod';
/** More failed pods than this end the runner. */
export const MAX_POD_FAILURES = 5;

export const REASON_TOO_MANY_POD_FAILURES = 'TooManyPodFailures';
export const REASON_INVALID_POD = 'InvalidPod';
export const REASON_OUTDATED = 'Outdated';
/** Variable of the runner's container where container hooks are configured. */
export const HOOKS_VARIABLE = 'ACTIONS_RUNNER_CONTAINER_HOOKS';
