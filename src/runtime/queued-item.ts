/** Why a key was queued: an event of a kind of object, as in `pod-updated`, or what its last pass came to. */
export type Trigger = `${string}-${'added' | 'updated' | 'deleted'}` | 'requeue' | 'requeue-after' | 'error';

/** A key that a worker has taken, and how it came to wait. */
export interface QueuedItem {
  readonly key: string;
  trigger: Trigger;
  /** When the key was added, or its delay began. */
  queuedUs: number;
  /** When its delay or back-off had passed. */
  readyUs: number;
  /** Higher ones are given out first. */
  priority: number;
  /** Counted up for each place that was given: lower ones are given out first within a priority. */
  place: number;
}
