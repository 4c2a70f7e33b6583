import { SWITCHES, type Switch } from '../reconciler/releases/switches.ts';
import type { Crossing } from './crossing.ts';

/** What a difference is about: how fast runners come and go, what happens to runners and their jobs, or anything else. */
export type DifferenceAbout = 'speed' | 'runners' | 'other';

/** What one pull request makes different afterwards. */
export interface Difference {
  readonly pullRequest: number;
  readonly does: string;
  /** Whether the version that is wanted does it, and not the one that runs; else the other way round. */
  readonly isNew: boolean;
  readonly about: DifferenceAbout;
}

/** What people notice first comes first. */
const ABOUT: readonly (readonly [DifferenceAbout, readonly Switch[]])[] = [
  ['speed', [4390, 3831, 4673, 4664, 4406, 3832, 3848, 4670, 4669, 4626, 3941, 4451, 4668, 4090]],
  [
    'runners',
    [4404, 4239, 4059, 4305, 4142, 4201, 4152, 4340, 4457, 4260, 3891, 4080, 4320, 4332, 4383, 4472, 4516, 4299, 4289],
  ],
];

/** What follows from a pull request, where its own words do not say it. */
const SO_THAT: Readonly<Partial<Record<Switch, string>>> = {
  3831: 'the first pods of a burst come while its later runners still register',
  4390: 'a burst takes at least as long as all its JIT calls one after another',
};

/** What will be different: the speed of bursts first, then runners and their jobs, then the rest by pull request. */
export function differencesOf(crossing: Crossing): readonly Difference[] {
  const placed = new Set(ABOUT.flatMap(([, switches]) => switches));
  const others = (Object.keys(SWITCHES).map(Number) as Switch[]).filter((one) => !placed.has(one));
  return [...ABOUT, ['other', others] as const].flatMap(([about, switches]) =>
    switches
      .filter((one) => crossing.gains(one) || crossing.loses(one))
      .map((one) => ({ pullRequest: one, does: wordsOf(one), isNew: crossing.gains(one), about })),
  );
}

function wordsOf(one: Switch): string {
  const follows = SO_THAT[one];
  return follows === undefined ? SWITCHES[one] : `${SWITCHES[one]}; ${follows}`;
}
