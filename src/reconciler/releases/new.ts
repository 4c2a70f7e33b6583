import { oldRelease } from './old.ts';
import type { Release } from './release.ts';

/** ARC from pull request 3831 on: one pass registers a runner, makes its secret and makes its pod. */
export const newRelease: Release = {
  ...oldRelease,
  id: 'new',
  since: '0.10.0',
  isDefault: true,
  words: {
    era: 'from pull request 3831 on',
    gist: 'one pass goes registration, secret, pod (pull request 3831)',
    about: 'ARC from pull request 3831 on: one pass registers a runner and makes its pod',
  },
  switches: new Set([...oldRelease.switches, 3831, 3832, 3848]),
};
