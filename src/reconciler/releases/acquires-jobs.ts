import type { Release } from './release.ts';

/**
 * Whether listeners of a release acquire the jobs that GitHub offers: 0.14.0's do not, whose client (actions/scaleset 0.2.0)
 * leaves it out. A service that waits for it, such as GitHub Enterprise Server, then assigns none. Up to 0.13 the listener
 * has a client of its own.
 */
export function acquiresJobs({ switches, actions }: Pick<Release, 'switches' | 'actions'>): boolean {
  return !switches.has(4383) || actions.acquiresJobs;
}
