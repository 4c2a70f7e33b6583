import { scalesetClient } from '../../actions/client-policy.ts';
import { after } from './after.ts';
import { v0_14_0 } from './v0-14-0.ts';

/** Its controllers are those of 0.14.0. It was not recorded: what differs is its client, actions/scaleset 0.3.0. */
export const v0_14_1 = after(v0_14_0, {
  id: '0.14.1',
  versions: ['0.14.1'],
  words: {
    era: 'ARC of April 2026',
    gist: 'like 0.14.0, and its listener acquires jobs again',
    about: 'ARC 0.14.1: like 0.14.0, and its listener acquires jobs again',
  },
  brings: [],
  actions: scalesetClient('v0.3.0'),
});
