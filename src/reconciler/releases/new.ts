import { oldRelease } from './old.ts';
import type { Release } from './release.ts';
import { after } from './after.ts';

/** ARC from pull request 3831 on: one pass registers a runner, makes its secret and makes its pod. */
export const newRelease: Release = {
  ...after(oldRelease, {
    id: 'new',
    versions: ['0.10.0', '0.10.1'],
    words: {
      era: 'from pull request 3831 on',
      gist: 'one pass registers and creates the pod (pull request 3831)',
      about: 'ARC from pull request 3831 on: one pass registers a runner and makes its pod',
    },
    brings: [3831, 3848],
  }),
  isDefault: true,
};
