import type { ActionsClientCache } from '../actions/client-cache.ts';
import type { Clock } from '../base/clock.ts';
import { EphemeralRunners, Pods } from '../kubernetes/resource.ts';
import { controller, type ControllerSpec } from '../runtime/controller-spec.ts';
import { limitersFor, type RateLimiter } from '../runtime/rate-limiter.ts';
import { resourceVersionChanged } from '../runtime/source.ts';
import { reconcileEphemeralRunner } from './reconcile.ts';
import type { Release } from './releases/release.ts';
import type { UnregistrationQueue } from './unregistration.ts';

export const EPHEMERAL_RUNNER = 'ephemeralrunner';

/**
 * The EphemeralRunner controller, declared as upstream declares it.
 * @param clients of the process, which its controllers share
 * @param limiter says when keys come again; the release's own without it
 */
export function ephemeralRunnerController(options: {
  readonly release: Release;
  readonly clients: ActionsClientCache;
  readonly workers: number;
  readonly limiter?: (clock: Clock) => RateLimiter;
  /** Where removals from the service wait, in a release that has them wait. */
  readonly unregistration?: UnregistrationQueue | undefined;
}): ControllerSpec {
  const { release, clients, workers, unregistration, limiter = limitersFor(undefined, release.backoff) } = options;
  return controller({
    name: EPHEMERAL_RUNNER,
    for: EphemeralRunners,
    owns: [Pods],
    when: resourceVersionChanged,
    workers,
    reconcile: (key) => reconcileEphemeralRunner(key, release, clients, unregistration),
    queue: release.queue,
    backoff: limiter,
  });
}
