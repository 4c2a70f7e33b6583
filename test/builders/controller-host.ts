import { VirtualClock } from '../../src/base/virtual-clock.ts';
import type { Cluster } from '../../src/kubernetes/cluster.ts';
import { Caches } from '../../src/runtime/caches.ts';
import type { ControllerSpec } from '../../src/runtime/controller-spec.ts';
import type { ControllerHost } from '../../src/runtime/controller.ts';
import { PassObservers } from '../../src/runtime/observer.ts';
import { FIFO_QUEUE } from '../../src/runtime/queue-kind.ts';
import { ControllerRateLimiter } from '../../src/runtime/rate-limiter.ts';

/** Watches tell nothing, requests are not answered. */
const SILENT: Cluster = { send: () => undefined, watch: () => ({ dispose: () => undefined }) };

/** What controllers share, of a process whose driver does nothing and whose cluster is silent. */
export function aControllerHost(parts: Partial<ControllerHost> = {}): ControllerHost {
  let passes = 0;
  return {
    clock: new VirtualClock(),
    caches: new Caches({ cluster: SILENT, namespace: '' }),
    driver: { perform: () => undefined },
    observers: new PassObservers(),
    nextPassId: () => passes++,
    ...parts,
  };
}

/** A controller without sources: keys are queued by the test. */
export function aController(
  reconcile: ControllerSpec['reconcile'],
  parts: Partial<ControllerSpec> = {},
): ControllerSpec {
  return {
    name: 'test',
    sources: [],
    workers: 1,
    reconcile,
    queue: FIFO_QUEUE,
    backoff: (clock) => new ControllerRateLimiter(clock),
    ...parts,
  };
}
