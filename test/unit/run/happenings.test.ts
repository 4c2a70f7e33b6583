import assert from 'node:assert/strict';
import { happeningsText, parseHappenings } from '../../../src/run/happenings.ts';

const ALL =
  'delete runner-1 at 2000ms, evict at 5000ms, exit 7 runner-2 at 5000ms, unregister runner-1 at 4000ms, ' +
  'hold runner-1 at 1000ms, claim runner-1 at 0ms, reject runner-1 at 0ms, reject listener at 0ms, ' +
  'kill controller at 4000ms, delete scale-set at 60000ms, change template at 60000ms';

describe('What happens meanwhile', () => {
  it('is read from a text, and written as one', () => {
    assert.equal(happeningsText(parseHappenings(ALL)), ALL);
  });

  it('is refused in a sentence where it is nothing that can happen', () => {
    for (const wrong of [
      '',
      'delete',
      'explode at 2s',
      'exit at 5s',
      'kill listener at 1s',
      'delete runner-1 at noon',
    ]) {
      assert.throws(() => parseHappenings(wrong), /^Error: what happens meanwhile is given as "[^]+, not "/, wrong);
    }
  });
});
