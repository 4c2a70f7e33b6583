import assert from 'node:assert/strict';
import { firstRoom } from '../../../src/webview/draw-troubles.ts';

describe('the word of what is wrong with a pod', () => {
  it('stands beside passes whose requests have names, never over them', () => {
    const passes = [
      { from: 90, to: 300 },
      { from: 330, to: 500 },
    ];
    assert.deepEqual(firstRoom(0, 600, passes, 44), { from: 0, to: 90 });
    assert.deepEqual(firstRoom(80, 600, passes, 44), { from: 500, to: 600 });
    assert.equal(firstRoom(80, 520, passes, 44), undefined);
    assert.deepEqual(firstRoom(100, 400, [], 44), { from: 100, to: 400 });
  });
});
