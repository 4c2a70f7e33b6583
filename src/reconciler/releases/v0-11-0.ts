import { newRelease } from './new.ts';
import { after } from './after.ts';

export const v0_11_0 = after(newRelease, {
  id: '0.11.0',
  versions: ['0.11.0'],
  words: {
    era: 'ARC of March 2025',
    gist: 'one pass cleans up a runner, which is ready when its pod is',
    about: 'ARC 0.11.0: one pass cleans up a runner (pull request 3941)',
  },
  controllerRuntime: 20,
  brings: [3664, 3891, 3937, 3941, 3975],
});
