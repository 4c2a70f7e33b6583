import type { ActionsClientCache } from '../../actions/client-cache.ts';
import type { Clock } from '../../base/clock.ts';
import { AutoscalingListeners, AutoscalingRunnerSets, EphemeralRunnerSets } from '../../kubernetes/resource.ts';
import type { AutoscalingListener } from '../../kubernetes/scale-set-types.ts';
import { controller, type ControllerSpec } from '../../runtime/controller-spec.ts';
import type { RateLimiter } from '../../runtime/rate-limiter.ts';
import { resourceVersionChanged, type KeysOf } from '../../runtime/source.ts';
import type { ProcessOptions } from '../process-options.ts';
import type { Release } from '../releases/release.ts';
import { reconcileScaleSet } from './reconcile.ts';

const AUTOSCALING_RUNNER_SET = 'autoscalingrunnerset';

/** A listener is not owned by its scale set, which is in another namespace: it names it. */
const scaleSetOfListener: KeysOf = (_key, object) => {
  const { autoscalingRunnerSetNamespace, autoscalingRunnerSetName } = (object as AutoscalingListener).spec;
  return `${autoscalingRunnerSetNamespace}/${autoscalingRunnerSetName}`;
};

/**
 * The AutoscalingRunnerSet controller, declared as upstream declares it.
 * @param clients of the process: upstream's controllers share them, and with them their tokens
 * @param limiter says when keys come again
 */
export function autoscalingRunnerSetController(options: {
  readonly release: Release;
  readonly clients: ActionsClientCache;
  readonly limiter: (clock: Clock) => RateLimiter;
  readonly process: ProcessOptions;
}): ControllerSpec {
  const { release, clients, limiter, process } = options;
  return controller({
    name: AUTOSCALING_RUNNER_SET,
    for: AutoscalingRunnerSets,
    owns: [EphemeralRunnerSets],
    watches: [{ resource: AutoscalingListeners, keysOf: scaleSetOfListener }],
    when: resourceVersionChanged,
    workers: release.usual.otherWorkers,
    reconcile: (key) => reconcileScaleSet(key, { switches: release.switches, process, clients }),
    queue: release.queue,
    backoff: limiter,
  });
}
