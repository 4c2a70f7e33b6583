/** Ways in which the world fails the controllers of a scale set and its listener; those without a word are of the runners' campaign. */
export const CHAIN_STRATEGIES = [
  // The controllers' process is killed and started again.
  'crash-before-write',
  'crash-after-write',
  // What its caches see.
  'stale-cache',
  'missed-event',
  'duplicate-event',
  'reordered-events',
  'back-in-time',
  // What the API server answers controllers and listener.
  'conflict',
  'too-many-requests',
  'server-error',
  'applied-unanswered',
  'hung-request',
  'token-expired',
  'already-exists',
  // Faults of watches.
  'stream-cut',
  'stream-half-open',
  'stream-slow',
  'stream-expired',
  // What the Actions service answers controllers and listener.
  'service-down',
  'service-slow',
  'service-refuses',
  'service-garbage',
  'service-unanswered',
  // The listener's pod, and its session: kept after its listener was killed, and expiring.
  'listener-killed',
  'listener-evicted',
  'listener-slow',
  'session-kept',
  'queue-token-expires',
  // Runners.
  'runner-killed',
  'runner-evicted',
  'runner-deleted',
  'runner-outdated',
  'registration-gone',
  'removal-not-found',
  // What people do.
  'scale-set-gone',
  'spec-changed',
  'limits-changed',
  'updates-wait',
  'deleted-early',
] as const;

export type ChainStrategy = (typeof CHAIN_STRATEGIES)[number];

export function isChainStrategy(text: string): text is ChainStrategy {
  return (CHAIN_STRATEGIES as readonly string[]).includes(text);
}
