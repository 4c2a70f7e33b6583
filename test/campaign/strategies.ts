/** What the API server answers. */
export const API_STRATEGIES = [
  'conflict',
  'too-many-requests',
  'server-error',
  'applied-unanswered',
  'hung-request',
  'token-expired',
  'already-exists',
  'quota',
  'invalid-pod',
] as const;

/** What the Actions service answers. */
export const SERVICE_STRATEGIES = [
  'service-down',
  'service-slow',
  'service-refuses',
  'service-garbage',
  'service-unanswered',
] as const;

/**
 * Ways in which the world fails a controller. `stale-cache`, `missed-event` and `back-in-time` are the three patterns of
 * Sieve (Sun et al., OSDI 2022): stale state, unobserved state, intermediate state seen again.
 */
export const STRATEGIES = [
  // The controller's process is killed and started again.
  'crash-before-write',
  'crash-after-write',
  'crash-after-registration',
  // What its caches see.
  'stale-cache',
  'missed-event',
  'duplicate-event',
  'reordered-events',
  'back-in-time',
  ...API_STRATEGIES,
  // Faults of watches.
  'stream-cut',
  'stream-half-open',
  'stream-slow',
  'stream-expired',
  ...SERVICE_STRATEGIES,
  'name-conflict',
  'registration-gone',
  // What else happens.
  'clock-jump',
  'eviction',
  'failing-jobs',
  'hook-objects',
  'second-controller',
] as const;

export type Strategy = (typeof STRATEGIES)[number];

export function isStrategy(text: string): text is Strategy {
  return (STRATEGIES as readonly string[]).includes(text);
}
