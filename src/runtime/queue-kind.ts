import { PriorityOrder } from './priority-order.ts';
import { Fifo, type QueueOrder } from './queue-order.ts';
import type { QueuedItem } from './queued-item.ts';

/** How keys wait: what versions of controller-runtime do differently. */
export interface QueueKind {
  /** The order in which workers get keys. */
  readonly order: () => QueueOrder<QueuedItem>;
  /**
   * Whether keys have priorities, and each waits once, for a worker or for its time, as in controller-runtime's own queue:
   * a key that is added while it is delayed is ready at once, and its delay is over. In client-go's queue the delay goes
   * on, and brings the key again: a failing key that is added meanwhile has two chains of retries.
   */
  readonly hasPriorities: boolean;
}

/** client-go's queue, which controller-runtime uses up to 0.22 where nothing else is asked for. */
export const FIFO_QUEUE: QueueKind = { order: () => new Fifo(), hasPriorities: false };

/** controller-runtime's priority queue, which is what it uses from 0.23 on. */
export const PRIORITY_QUEUE: QueueKind = { order: () => new PriorityOrder(), hasPriorities: true };

/** The priority of objects from an informer's first list, and of updates that changed nothing. Others have 0. */
export const LOW_PRIORITY = -100;
