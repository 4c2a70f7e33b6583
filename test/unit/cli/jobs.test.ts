import assert from 'node:assert/strict';
import { runCall } from '../../../src/cli/run-call.ts';

describe('the jobs of a call', () => {
  it('are those of --load or --jobs, which mean the same', () => {
    const call = (option: string): unknown => runCall([option, '30', '--max', '50']).load.scaleSet;
    assert.deepEqual(call('--load'), call('--jobs'));
    assert.throws(() => runCall(['--load', '30', '--jobs', '30']), /give one of them/);
  });
});
