import { scalesetClient } from '../../actions/client-policy.ts';
import { after } from './after.ts';
import { v0_14_1 } from './v0-14-1.ts';

export const v0_14_2 = after(v0_14_1, {
  id: '0.14.2',
  versions: ['0.14.2'],
  words: {
    era: 'ARC of May 2026',
    gist: 'a failed init container fails its pod',
    about: 'ARC 0.14.2: a failed init container fails its pod (pull request 4457)',
  },
  brings: [4451, 4457, 4472, 4492],
  actions: scalesetClient('v0.4.0'),
});
