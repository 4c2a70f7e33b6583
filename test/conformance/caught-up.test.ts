import assert from 'node:assert/strict';
import { CacheBehind, caughtUp } from './api/caught-up.ts';
import type { Answer } from './api/http-client.ts';

const STATUS =
  '{"kind":"Status","reason":"Timeout","details":{"causes":[{"reason":"ResourceVersionTooLarge","message":"Too large resource version"}],"retryAfterSeconds":1},"code":504}';
const BEHIND: Answer = { status: 504, headers: {}, text: STATUS };
const DONE: Answer = { status: 200, headers: {}, text: '{"kind":"ServiceList"}' };
const SERVICES = '/api/v1/services';

describe('a check of an API server whose watch cache is behind', () => {
  const heldWith = (answers: readonly Answer[]): Promise<number> => {
    let held = 0;
    return caughtUp(async () => {
      CacheBehind.refuse(SERVICES, answers[Math.min(held++, answers.length - 1)] ?? DONE);
      return held;
    });
  };

  it('is held again, whole, until the cache has caught up', async () => {
    assert.equal(await heldWith([DONE]), 1, 'a server that is not behind is asked once');
    assert.equal(await heldWith([BEHIND, BEHIND, DONE]), 3);
  });

  it('says after five tries that the cache stayed behind', async () => {
    await assert.rejects(heldWith([BEHIND]), /behind etcd 5 times in a row, last at \/api\/v1\/services/);
  });

  it('is one where a watch begins with that error', () => {
    const line = { ...DONE, text: '', lines: [`{"type":"ERROR","object":${STATUS}}`] };
    assert.throws(() => CacheBehind.refuse(`${SERVICES}?watch=true`, line), CacheBehind);
    CacheBehind.refuse(`${SERVICES}?watch=true`, { ...DONE, text: '', lines: ['{"type":"ADDED"}'] });
  });

  it('is none where the check itself asked for a version of the future', () => {
    CacheBehind.refuse(`${SERVICES}?resourceVersion=999999999`, BEHIND);
  });
});
