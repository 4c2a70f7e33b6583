import { after } from './after.ts';
import { v0_14_2 } from './v0-14-2.ts';

/** ARC's main branch, commit 2ee6b3b8 of 30 June 2026. */
export const latestRelease = after(v0_14_2, {
  id: 'latest',
  versions: [],
  words: {
    era: 'main branch of June 2026',
    gist: 'scale sets change in place (pull request 4516)',
    about: "ARC's main branch of June 2026: scale sets change in place (pull request 4516)",
  },
  controllerRuntime: 24,
  brings: [4502, 4516],
});
