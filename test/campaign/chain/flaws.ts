/**
 * What upstream itself gets wrong in its scale sets, with the issues that report it. It is reproduced and counted, not fixed.
 */
export const CHAIN_FLAWS = {
  /** A pass over a list that does not show the runners of the pass before makes them again. */
  'too-many-runners-from-a-stale-list': [],
  /** The same of sets: the newer one stays. */
  'two-sets-from-a-stale-list': [4489],
  /** The listener's set was deleted as the older of two; the listener fails to patch it, for ever. */
  'listener-of-a-deleted-set': [4489],
  /** Up to 0.13.0: a listener's pod that was evicted before its container ran is waited for, for ever. */
  'listener-evicted-before-start': [],
  /** The listener went while the cache did not show all that was made for it. */
  'listener-part-behind-stale-cache': [],
  /** From 0.14 on a message is deleted before it is acted on. */
  'message-lost': [],
  /** 0.14.0 acquires no jobs. */
  'jobs-never-acquired': [],
  /** After a runner's exit code 7 everything is taken down and the scale set stays Outdated until its spec changes. */
  'outdated-for-ever': [4595],
  /** The same, made again of the same template without end. */
  'outdated-made-again': [4600],
  /** With runners that are always there, the listener that a change took away is never made again. */
  'no-listener-while-runners-run': [4432],
  /** Made for an object that was deleted before its id was noted there: nobody deletes it. */
  'scale-set-without-id': [],
  /** A pass over a stale copy makes a set or listener for a scale set that is gone; it stays. */
  'made-for-a-gone-scale-set': [],
  /** The scale set was deleted in the service; its id is never checked. */
  'scale-set-gone': [4370],
  /** The service answers 404 to a removal: the runner is never let go. */
  'removal-refused': [],
} as const satisfies Record<string, readonly number[]>;

export type ChainFlaw = keyof typeof CHAIN_FLAWS;
