import { after } from './after.ts';
import { v0_11_0 } from './v0-11-0.ts';

export const v0_12_1 = after(v0_11_0, {
  id: '0.12.1',
  versions: ['0.12.1'],
  words: {
    era: 'ARC of June 2025',
    gist: 'failed pods are followed by a back-off, and exit code 0 is believed',
    about: 'ARC 0.12.1: a failed pod is followed by a back-off of 5 to 80 s (pull request 4059)',
  },
  brings: [4033, 4059, 4080, 4090, 4142, 4152],
});
