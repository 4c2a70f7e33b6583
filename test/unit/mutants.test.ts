import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { mutantNames } from '../campaign/mutant.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

describe('the bugs that the campaign has to find', () => {
  it('can still be planted: every patch fits the sources as they are', () => {
    const unfit = mutantNames().filter((name) => {
      const patch = `test/campaign/mutants/${name}.patch`;
      return spawnSync('git', ['apply', '--check', patch], { cwd: ROOT }).status !== 0;
    });
    assert.deepEqual(unfit, [], 'write these patches for the changed sources');
  });
});
