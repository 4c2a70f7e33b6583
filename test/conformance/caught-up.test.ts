import assert from 'node:assert/strict';
import { caughtUp } from './api/caught-up.ts';
import type { Answer } from './api/http-client.ts';

const STATUS =
  '{"kind":"Status","reason":"Timeout","details":{"causes":[{"reason":"ResourceVersionTooLarge","message":"Too large resource version"}],"retryAfterSeconds":1},"code":504}';
const BEHIND: Answer = { status: 504, headers: {}, text: STATUS };
const DONE: Answer = { status: 200, headers: {}, text: '{"kind":"ServiceList"}' };

describe('a check of an API server whose watch cache is behind', () => {
  const waits: number[] = [];
  const ask = (answers: readonly (Answer & { lines?: string[] })[]) => {
    let next = 0;
    waits.length = 0;
    return async () => {
      const answer = answers[Math.min(next++, answers.length - 1)];
      assert(answer !== undefined);
      return answer;
    };
  };
  const wait = async (): Promise<void> => void waits.push(1);

  it('is asked again until the cache has caught up', async () => {
    assert.equal(await caughtUp('/api/v1/services', ask([BEHIND, BEHIND, DONE]), wait), DONE);
    assert.equal(waits.length, 2, 'one wait before each further try');
  });

  it('is asked again where a watch begins with that error', async () => {
    const first = { ...DONE, text: '', lines: [`{"type":"ERROR","object":${STATUS}}`] };
    const second = { ...DONE, text: '', lines: ['{"type":"ADDED"}'] };
    assert.equal(await caughtUp('/api/v1/services?watch=true', ask([first, second]), wait), second);
  });

  it('keeps the error where the check itself asked for a version of the future', async () => {
    assert.equal(await caughtUp('/api/v1/services?resourceVersion=999999999', ask([BEHIND, DONE]), wait), BEHIND);
    assert.equal(waits.length, 0);
  });

  it('gets the error after ten tries', async () => {
    assert.equal(await caughtUp('/api/v1/services', ask([BEHIND]), wait), BEHIND);
    assert.equal(waits.length, 9);
  });
});
