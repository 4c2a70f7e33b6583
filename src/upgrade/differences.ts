import { SWITCHES, type Switch } from '../reconciler/releases/switches.ts';
import type { Crossing } from './crossing.ts';

/** What one pull request makes different afterwards. */
export interface Difference {
  readonly pullRequest: number;
  readonly does: string;
  /** Whether the version that is wanted does it, and not the one that runs; else the other way round. */
  readonly isNew: boolean;
}

/** What will be different, in the order of the pull requests. */
export function differencesOf(crossing: Crossing): readonly Difference[] {
  return (Object.keys(SWITCHES).map(Number) as Switch[])
    .filter((one) => crossing.gains(one) || crossing.loses(one))
    .map((one) => ({ pullRequest: one, does: SWITCHES[one], isNew: crossing.gains(one) }));
}
