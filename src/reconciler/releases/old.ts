import { Fifo } from '../../runtime/queue-order.ts';
import { DEFAULT_BACKOFF } from '../../runtime/rate-limiter.ts';
import type { Release } from './release.ts';

/**
 * ARC before pull request 3831: a worker registers every queued runner before it makes the first pod. Recorded from the
 * commit before that request, which had 3832 already; what was published of it, 0.9.3, had not.
 */
export const oldRelease: Release = {
  id: 'old',
  since: '0.9.3',
  isDefault: false,
  words: {
    era: 'before pull request 3831',
    gist: 'every registration before the first pod',
    about: 'ARC before pull request 3831: a pass registers a runner and a later pass makes its pod',
  },
  switches: new Set(),
  order: () => new Fifo(),
  backoff: DEFAULT_BACKOFF,
  actions: {
    userAgent: 'actions-runner-controller/NA (NA; ) ScaleSetID/NA (Proxy/disabled)',
    registrationTries: 6,
  },
  log: {
    followsPhase: 'Updating ephemeral runner status with pod phase',
    tooManyFailures: 'EphemeralRunner has failed more than 5 times. Marking it as failed',
  },
};
