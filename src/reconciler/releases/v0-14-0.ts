import { after } from './after.ts';
import { v0_13_1 } from './v0-13-1.ts';

export const v0_14_0 = after(v0_13_1, {
  id: '0.14.0',
  versions: ['0.14.0'],
  words: {
    era: 'ARC of March 2026',
    gist: 'one call to the Actions service at a time (pull request 4390)',
    about: 'ARC 0.14.0: calls to the Actions service are made one at a time (pull request 4390)',
  },
  controllerRuntime: 23,
  brings: [4377, 4383, 4390, 4400, 4404, 4406, 4408],
});
