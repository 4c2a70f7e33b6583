import { OWN_CLIENT_0_9 } from '../../actions/client-policy.ts';
import { oldRelease } from './old.ts';
import type { Release } from './release.ts';

/** What was published before pull requests 3831 and 3832. */
export const v0_9_3: Release = {
  ...oldRelease,
  id: '0.9.3',
  switches: new Set(),
  actions: OWN_CLIENT_0_9,
  versions: ['0.9.3'],
  words: {
    era: 'ARC of June 2024',
    gist: 'like old, limited to one worker',
    about: 'ARC 0.9.3: like old, limited to one worker',
  },
};
