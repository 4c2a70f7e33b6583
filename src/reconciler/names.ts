/** Names that ARC gives to things; other programs look for them. */
export const RUNNER_FINALIZER = 'ephemeralrunner.actions.github.com/finalizer';
export const REGISTRATION_FINALIZER = 'ephemeralrunner.actions.github.com/runner-registration-finalizer';
export const RUNNER_CONTAINER = 'runner';
export const JIT_TOKEN_KEY = 'jitToken';
/** On pods and secrets that a job's container hooks made: the name of the runner's pod. */
export const HOOK_OWNER_LABEL = 'runner-pod';
/** More failed pods than this end the runner. */
export const MAX_POD_FAILURES = 5;

export const REASON_TOO_MANY_POD_FAILURES = 'TooManyPodFailures';
export const REASON_INVALID_POD = 'InvalidPod';
/** Variable of the runner's container where container hooks are configured. */
export const HOOKS_VARIABLE = 'ACTIONS_RUNNER_CONTAINER_HOOKS';
