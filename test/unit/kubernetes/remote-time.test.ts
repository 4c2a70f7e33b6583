import assert from 'node:assert/strict';
import { WallClock } from '../../../src/base/wall-clock.ts';
import { getRequest } from '../../../src/kubernetes/request.ts';
import { RemoteCluster } from '../../../src/kubernetes/remote/remote-cluster.ts';
import type { ApiTransport } from '../../../src/kubernetes/remote/transport.ts';
import { Pods } from '../../../src/kubernetes/resource.ts';

describe('time on a remote cluster', () => {
  it('does not go back from an answer to a callback that was due before it and comes late, as in the log of run', async () => {
    const clock = new WallClock();
    const dueUs = clock.nowUs() + 1_000;
    const seen: number[] = [];
    // The event loop is busy until long after the callback was due.
    const json = async (): Promise<unknown> => {
      while (clock.nowUs() < dueUs + 4_000);
      return Promise.resolve({});
    };
    const cluster = new RemoteCluster({ json } as unknown as ApiTransport, clock);
    await new Promise<void>((resolve) => {
      clock.schedule(
        1_000,
        () => {
          seen.push(clock.nowUs());
          resolve();
        },
        undefined,
      );
      cluster.send(getRequest(Pods, 'ns', 'a'), () => seen.push(clock.nowUs()));
    });
    clock.close();
    const [answeredUs = NaN, calledUs = NaN] = seen;
    assert.ok(calledUs >= answeredUs, `the answer came at ${answeredUs} µs, the callback after it at ${calledUs} µs`);
  });
});
