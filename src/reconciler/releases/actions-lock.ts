import { RELEASES } from './releases.ts';
import type { Switch } from './switches.ts';

/** The pull request with which the Actions client makes one call at a time. */
export const ACTIONS_LOCK: Switch = 4390;

/** The first published version with the lock, and the last one without it. */
export const LOCK_SINCE = RELEASES.firstWith(ACTIONS_LOCK)?.versions[0] ?? '';
export const NO_LOCK_UNTIL = RELEASES.published[RELEASES.published.indexOf(LOCK_SINCE) - 1] ?? '';

/**
 * Whether calls to the Actions service are made one at a time.
 * @param release id of a release, or any version of ARC, for which the nearest release stands
 * @returns undefined for what is neither
 */
export function hasActionsLock(release: string): boolean | undefined {
  return (RELEASES.find(release) ?? RELEASES.ofVersion(release))?.switches.has(ACTIONS_LOCK);
}
