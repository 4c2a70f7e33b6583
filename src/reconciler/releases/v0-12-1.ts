import { after } from './after.ts';
import { v0_11_0 } from './v0-11-0.ts';

export const v0_12_1 = after(v0_11_0, {
  id: '0.12.1',
  versions: ['0.12.1'],
  words: {
    era: 'ARC of June 2025',
    gist: 'a back-off follows failed pods, and exit code 0 counts as success',
    about: 'ARC 0.12.1: a back-off of 5 to 80 s follows a failed pod (pull request 4059)',
  },
  brings: [4016, 4033, 4059, 4080, 4090, 4142, 4152],
});
