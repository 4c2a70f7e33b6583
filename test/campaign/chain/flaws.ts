import type { ChainStrategy } from './strategies.ts';

interface Flaw {
  /** Issues of ARC that report it. */
  readonly issues: readonly number[];
  /** What brings it about, and with which seed at the latest. */
  readonly strategies: readonly ChainStrategy[];
  readonly seed: number;
}

/** What upstream itself gets wrong in its scale sets. It is reproduced and counted, not fixed. */
export const UPSTREAM_CHAIN_FLAWS = {
  /** A pass over a list that does not show the runners of the pass before makes them again. */
  'too-many-runners-from-a-stale-list': { issues: [], strategies: ['stale-cache'], seed: 40 },
  /** The same of sets: the newer one stays. */
  'two-sets-from-a-stale-list': { issues: [4489], strategies: ['missed-event'], seed: 40 },
  /** Up to 0.13.0: a listener's pod that was evicted before its container ran is waited for, for ever. */
  'listener-evicted-before-start': { issues: [], strategies: ['listener-evicted'], seed: 300 },
  /** The listener went while the cache did not show all that was made for it. */
  'listener-part-behind-stale-cache': { issues: [], strategies: ['stream-half-open'], seed: 40 },
  /** From 0.14 on a message is deleted before it is acted on. */
  'message-lost': { issues: [], strategies: ['service-refuses'], seed: 40 },
  /** 0.14.0 acquires no jobs. */
  'jobs-never-acquired': { issues: [], strategies: ['duplicate-event'], seed: 40 },
  /** 0.14: after a runner's exit code 7 all is taken down, and the scale set stays Outdated until its spec changes. */
  'outdated-for-ever': { issues: [4595], strategies: ['runner-outdated'], seed: 40 },
  /** `latest`: the same is made again of the same template, without end. */
  'outdated-made-again': { issues: [4600], strategies: ['runner-outdated'], seed: 40 },
  /** With runners that are always there, the listener that a change took away is never made again. */
  'no-listener-while-runners-run': { issues: [4432], strategies: ['updates-wait'], seed: 40 },
  /** Its object was deleted before the id was noted there, or was let go by a pass over a copy from before: nobody deletes it. */
  'scale-set-without-id': { issues: [], strategies: ['deleted-early', 'back-in-time'], seed: 60 },
  /** A pass over a stale copy makes a set or listener for a scale set that is gone; it stays. */
  'made-for-a-gone-scale-set': { issues: [], strategies: ['deleted-early', 'stream-half-open'], seed: 40 },
  /** A set goes while the cache does not show a runner, or a pass makes one for a set that is gone: nobody deletes it. */
  'runner-of-a-gone-set': { issues: [], strategies: ['back-in-time', 'spec-changed'], seed: 30 },
  /** The scale set was deleted in the service; its id is never checked. */
  'scale-set-gone': { issues: [4370], strategies: ['scale-set-gone'], seed: 10 },
  /** The service answers 404 to a removal: the runner is never let go. */
  'removal-refused': { issues: [], strategies: ['removal-not-found'], seed: 10 },
  /** The listener's set was deleted as the older of two; until pull request 4502 it fails to patch it, for ever. */
  'listener-of-a-deleted-set': { issues: [4489], strategies: ['back-in-time', 'spec-changed'], seed: 30 },
} as const satisfies Record<string, Flaw>;

export type ChainFlaw = keyof typeof UPSTREAM_CHAIN_FLAWS;
