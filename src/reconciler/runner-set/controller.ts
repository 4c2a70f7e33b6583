import type { ActionsClientCache } from '../../actions/client-cache.ts';
import type { Clock } from '../../base/clock.ts';
import { EphemeralRunners, EphemeralRunnerSets } from '../../kubernetes/resource.ts';
import { controller, type ControllerSpec } from '../../runtime/controller-spec.ts';
import type { RateLimiter } from '../../runtime/rate-limiter.ts';
import { resourceVersionChanged } from '../../runtime/source.ts';
import type { Release } from '../releases/release.ts';
import { reconcileRunnerSet } from './reconcile.ts';

const EPHEMERAL_RUNNER_SET = 'ephemeralrunnerset';

/**
 * The EphemeralRunnerSet controller, declared as upstream declares it.
 * @param clients of the process: upstream's controllers share them, and with them their tokens
 * @param limiter says when keys come again
 */
export function ephemeralRunnerSetController(options: {
  readonly release: Release;
  readonly clients: ActionsClientCache;
  readonly limiter: (clock: Clock) => RateLimiter;
}): ControllerSpec {
  const { release, clients, limiter } = options;
  return controller({
    name: EPHEMERAL_RUNNER_SET,
    for: EphemeralRunnerSets,
    owns: [EphemeralRunners],
    when: resourceVersionChanged,
    workers: release.usual.otherWorkers,
    reconcile: (key) => reconcileRunnerSet(key, { switches: release.switches, clients }),
    queue: release.queue,
    backoff: limiter,
  });
}
