import type { Clock } from '../base/clock.ts';
import type { Resource } from '../kubernetes/resource.ts';
import type { Reconcile } from './effects.ts';
import { FIFO_QUEUE, type QueueKind } from './queue-kind.ts';
import { ControllerRateLimiter, type RateLimiter } from './rate-limiter.ts';
import { keyOfOwner, ownKey, type KeysOf, type Predicate, type Source } from './source.ts';

interface ControllerOptions {
  /** As metrics and traces name it. */
  readonly name: string;
  /** The kind whose objects are reconciled; keys are theirs. */
  readonly for: Resource;
  /** Kinds whose objects wake the object that owns them as its controller. */
  readonly owns?: readonly Resource[];
  /** Kinds whose objects wake what `keysOf` names. */
  readonly watches?: readonly { readonly resource: Resource; readonly keysOf: KeysOf; readonly when?: Predicate }[];
  /** Which events count, of all these kinds; all without it. */
  readonly when?: Predicate;
  /** How many passes run at the same time, each for another key. */
  readonly workers: number;
  readonly reconcile: (key: string) => Reconcile;
  /** How keys wait; first come, first served without it. */
  readonly queue?: QueueKind;
  /** When a key comes again after a failure or requeue; as client-go's default has it without this. */
  readonly backoff?: (clock: Clock) => RateLimiter;
}

/** A controller as it was declared; it runs when a Controller is made of it. */
export interface ControllerSpec {
  readonly name: string;
  readonly sources: readonly Source[];
  readonly workers: number;
  readonly reconcile: (key: string) => Reconcile;
  readonly queue: QueueKind;
  readonly backoff: (clock: Clock) => RateLimiter;
}

/** Declares a controller. */
export function controller(options: ControllerOptions): ControllerSpec {
  const { name, owns = [], watches = [], when, workers, reconcile } = options;
  const both = (one: Predicate | undefined): Predicate | undefined =>
    one === undefined || when === undefined
      ? (one ?? when)
      : (event, object, before) => one(event, object, before) && when(event, object, before);
  return {
    name,
    sources: [
      { resource: options.for, keysOf: ownKey, when },
      ...owns.map((resource) => ({ resource, keysOf: keyOfOwner(options.for), when })),
      ...watches.map((source) => ({ ...source, when: both(source.when) })),
    ],
    workers,
    reconcile,
    queue: options.queue ?? FIFO_QUEUE,
    backoff: options.backoff ?? ((clock) => new ControllerRateLimiter(clock)),
  };
}
