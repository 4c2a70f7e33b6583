import { ActionsClientCache } from '../actions/client-cache.ts';
import type { Clock } from '../base/clock.ts';
import type { SecretRegistry } from '../base/redact.ts';
import { EphemeralRunners, Pods } from '../kubernetes/resource.ts';
import { controller, type ControllerSpec } from '../runtime/controller-spec.ts';
import { limitersFor, type RateLimiter } from '../runtime/rate-limiter.ts';
import { resourceVersionChanged } from '../runtime/source.ts';
import { reconcileEphemeralRunner } from './reconcile.ts';
import type { Release } from './releases/release.ts';

export const EPHEMERAL_RUNNER = 'ephemeralrunner';

/**
 * The EphemeralRunner controller, declared as upstream declares it.
 * @param secrets gets every credential that its passes see
 * @param limiter says when keys come again; the release's own without it
 */
export function ephemeralRunnerController(options: {
  readonly release: Release;
  readonly secrets: SecretRegistry;
  readonly workers: number;
  readonly limiter?: (clock: Clock) => RateLimiter;
}): ControllerSpec {
  const { release, secrets, workers, limiter = limitersFor(undefined, release.backoff) } = options;
  const clients = new ActionsClientCache(secrets, release.actions);
  return controller({
    name: EPHEMERAL_RUNNER,
    for: EphemeralRunners,
    owns: [Pods],
    when: resourceVersionChanged,
    workers,
    reconcile: (key) => reconcileEphemeralRunner(key, release, clients),
    queue: release.queue,
    backoff: limiter,
  });
}
