import type { Release } from './release.ts';
import type { Switch } from './switches.ts';

/** A published version that does what a release of the list does, but for a few pull requests that it does not have yet. */
interface Lacking {
  readonly of: string;
  readonly without: readonly Switch[];
  readonly words: Release['words'];
}

export const LACKING: Readonly<Record<string, Lacking>> = {
  '0.12.0': {
    of: '0.12.1',
    without: [4142, 4152],
    words: {
      era: 'ARC before 0.12.1',
      gist: 'a runner whose pod failed waits for its next event',
      about: 'ARC 0.12.0: a runner whose pod failed waits for its next event, since no back-off ends by itself',
    },
  },
  '0.13.0': {
    of: '0.13.1',
    without: [4289, 4299, 4305, 4320, 4324, 4332, 4340],
    words: {
      era: 'ARC before 0.13.1',
      gist: 'the secret is the record of the registration, and finalizers take two passes',
      about: 'ARC 0.13.0: a pass registers a runner into its secret, after two that add its finalizers',
    },
  },
};
