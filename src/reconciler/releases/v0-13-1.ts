import { after } from './after.ts';
import { v0_12_1 } from './v0-12-1.ts';

export const v0_13_1 = after(v0_12_1, {
  id: '0.13.1',
  versions: ['0.13.1'],
  words: {
    era: 'ARC of December 2025',
    gist: 'the secret is the record of the registration, and finished runners are deleted',
    about: 'ARC 0.13.1: a pass registers a runner into its secret (pull request 4191)',
  },
  controllerRuntime: 22,
  brings: [4191, 4201, 4239, 4260, 4289, 4299, 4305, 4320, 4324, 4332, 4340],
});
