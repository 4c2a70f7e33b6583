import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { LiveReading } from '../../../src/evidence/live-reading.ts';
import { ApiError } from '../../../src/kubernetes/api-error.ts';
import type { ApiTransport } from '../../../src/kubernetes/remote/transport.ts';
import { LogReaders } from '../../../src/watch/log-readers.ts';
import type { Reach } from '../../../src/watch/reach.ts';
import { controllerPod } from '../../builders/watched-cluster.ts';

const START_US = Date.parse('2026-03-02T10:00:00Z') * 1000;

describe('the log of a controller that is watched', () => {
  it('is read again, from where it ended, once the right to it is back', async () => {
    const clock = new VirtualClock();
    const opened: { readonly since: string | null; readonly end: (error?: ApiError) => void }[] = [];
    const pod = { ...controllerPod([]), status: { phase: 'Running' } };
    let isForbidden = false;
    const transport = {
      json: (method: string, path: string) => {
        if (method === 'POST') return Promise.resolve({ status: { allowed: true } });
        if (path.includes('?')) return Promise.resolve({ items: [pod] });
        return isForbidden ? Promise.reject(new ApiError(403, 'Forbidden', 'no')) : Promise.resolve(pod);
      },
      text: () => Promise.reject(new ApiError(404, 'NotFound', 'none')),
      stream: (path: string, _idleMs: number, _onLine: unknown, onEnd: (error?: ApiError) => void) => {
        opened.push({ since: new URLSearchParams(path.slice(path.indexOf('?'))).get('sinceSeconds'), end: onEnd });
        return { close: () => undefined };
      },
    } as unknown as ApiTransport;
    const readers = new LogReaders({
      ...{ sinceS: 600, live: new LiveReading(() => undefined), clock, onWorkers: () => undefined },
      reach: { transport, logPlaces: ['arc-systems'], namespace: '' } as unknown as Reach,
      nowUs: () => START_US + clock.nowUs(),
      onHole: () => undefined,
    });
    const settle = async (us: number): Promise<void> => {
      for (let turn = 0; turn < 30; turn++) await Promise.resolve();
      clock.run(clock.nowUs() + us);
      for (let turn = 0; turn < 30; turn++) await Promise.resolve();
    };
    await settle(1e6);
    assert.deepEqual(
      opened.map(({ since }) => since),
      ['600'],
    );
    isForbidden = true;
    opened[0]?.end();
    await settle(5e6);
    assert.equal(readers.unseen.length, 1);
    isForbidden = false;
    for (let look = 0; look < 4; look++) await settle(10e6);
    assert.equal(opened.length, 2);
    const since = Number(opened[1]?.since);
    assert.ok(since >= 2 && since < 60, `${since} s`);
    assert.deepEqual([readers.unseen, readers.names.length], [[], 1]);
    readers.dispose();
  });
});
