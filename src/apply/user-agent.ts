/** Name under which everything that is not the reconciler's own asks the API server and the service. */
export const GUARD_USER_AGENT = 'arc-lab-guard';
