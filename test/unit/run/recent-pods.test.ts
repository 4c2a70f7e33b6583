import assert from 'node:assert/strict';
import type { ContainerStatus, Pod } from '../../../src/kubernetes/types.ts';
import { podDelays } from '../../../src/run/recent-pods.ts';
import { aPod } from '../../builders/objects.ts';

const at = (seconds: number): string =>
  new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString().slice(0, 19) + 'Z';

function pod(state: ContainerStatus['state']): Pod {
  const { metadata, ...rest } = aPod({ name: 'p' });
  const status = { containerStatuses: [{ name: 'sidecar' }, { name: 'runner', ...(state && { state }) }] };
  return { ...rest, metadata: { ...metadata, creationTimestamp: at(0) }, status };
}

describe('delays of the pods in a shadow', () => {
  it('are the medians of those that the cluster’s own runner pods had', () => {
    const ended = (start: number, end: number): Pod =>
      pod({ terminated: { exitCode: 0, startedAt: at(start), finishedAt: at(end) } });
    const pods = [
      pod({ running: { startedAt: at(9) } }),
      ended(5, 65),
      ended(7, 27),
      ended(30, 34),
      pod({ waiting: {} }),
    ];
    assert.deepEqual(podDelays(pods), { startUs: 9e6, jobUs: 20e6, pods: 4 });
  });

  it('are left open where no pod shows them, or only nonsense', () => {
    const nonsense = [pod({ running: { startedAt: 'soon' } }), pod({ running: { startedAt: at(-5) } }), pod(undefined)];
    assert.deepEqual(podDelays([...nonsense, aPod({ name: 'q' })]), { startUs: undefined, jobUs: undefined, pods: 0 });
  });
});
