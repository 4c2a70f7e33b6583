import { OWN_CLIENT } from '../../actions/client-policy.ts';
import { FIFO_QUEUE } from '../../runtime/queue-kind.ts';
import { DEFAULT_BACKOFF } from '../../runtime/rate-limiter.ts';
import type { Release } from './release.ts';

/**
 * ARC before pull request 3831: a worker registers every queued runner before it makes the first pod. Recorded from the
 * commit before that request, which was never published and had 3832 already.
 */
export const oldRelease: Release = {
  id: 'old',
  versions: [],
  isDefault: false,
  words: {
    era: 'before pull request 3831',
    gist: 'every registration before the first pod',
    about: 'ARC before pull request 3831: a pass registers a runner and a later pass makes its pod',
  },
  switches: new Set([3832]),
  queue: FIFO_QUEUE,
  backoff: DEFAULT_BACKOFF,
  actions: OWN_CLIENT,
  lists: 'paged',
  controllerRuntime: 16,
  usual: { workers: 2, otherWorkers: 1, qps: 20, burst: 30 },
};
