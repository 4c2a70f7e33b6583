import type { Clock } from '../../base/clock.ts';
import { AutoscalingListeners, Pods, RoleBindings, Roles, ServiceAccounts } from '../../kubernetes/resource.ts';
import { controller, type ControllerSpec } from '../../runtime/controller-spec.ts';
import type { RateLimiter } from '../../runtime/rate-limiter.ts';
import { resourceVersionChanged, type KeysOf } from '../../runtime/source.ts';
import type { ProcessOptions } from '../process-options.ts';
import type { Release } from '../releases/release.ts';
import { LISTENER_NAME_LABEL, LISTENER_NAMESPACE_LABEL } from './names.ts';
import { reconcileListener } from './reconcile.ts';

const AUTOSCALING_LISTENER = 'autoscalinglistener';

/** Roles and role bindings are in another namespace than their listener: labels say whose they are. */
const listenerByLabels: KeysOf = (_key, { metadata }) => {
  const { [LISTENER_NAMESPACE_LABEL]: namespace, [LISTENER_NAME_LABEL]: name } = metadata.labels ?? {};
  return namespace === undefined || name === undefined ? undefined : `${namespace}/${name}`;
};

/**
 * The AutoscalingListener controller, declared as upstream declares it.
 * @param limiter says when keys come again
 */
export function autoscalingListenerController(options: {
  readonly release: Release;
  readonly limiter: (clock: Clock) => RateLimiter;
  readonly process: ProcessOptions;
}): ControllerSpec {
  const { release, limiter, process } = options;
  return controller({
    name: AUTOSCALING_LISTENER,
    for: AutoscalingListeners,
    owns: [Pods, ServiceAccounts],
    watches: [Roles, RoleBindings].map((resource) => ({ resource, keysOf: listenerByLabels })),
    when: resourceVersionChanged,
    workers: release.usual.otherWorkers,
    reconcile: (key) => reconcileListener(key, { switches: release.switches, process }),
    queue: release.queue,
    backoff: limiter,
  });
}
