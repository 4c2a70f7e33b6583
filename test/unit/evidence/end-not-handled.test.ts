import assert from 'node:assert/strict';
import { explainText } from '../../builders/evidence.ts';

/** A runner whose container has ended well while dind runs, printed when the set's runner was made. */
function dump(endedAt: string, printedAt: string, changes: { pod?: object; runner?: object } = {}): string {
  const meta = (name: string, at: string): object => ({ name, namespace: 'ci', creationTimestamp: at });
  const state = {
    terminated: { exitCode: 0, reason: 'Completed', startedAt: '2026-03-02T09:00:10Z', finishedAt: endedAt },
  };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: [
      {
        apiVersion: 'actions.github.com/v1alpha1',
        kind: 'EphemeralRunner',
        metadata: { ...meta('wren-1', '2026-03-02T09:00:00Z'), ...changes.runner },
        spec: {},
        status: { phase: 'Running', runnerId: 7 },
      },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { ...meta('wren-1', '2026-03-02T09:00:02Z'), ...changes.pod },
        spec: { containers: [{ name: 'runner' }, { name: 'dind' }] },
        status: {
          phase: 'Running',
          containerStatuses: [
            { name: 'runner', state },
            { name: 'dind', state: { running: { startedAt: '2026-03-02T09:00:10Z' } } },
          ],
        },
      },
      { apiVersion: 'v1', kind: 'Pod', metadata: meta('other', printedAt), spec: { containers: [] }, status: {} },
    ],
  });
}

const found = async (text: string): Promise<readonly string[]> =>
  (await explainText(text, 'dump.json')).findings.map(({ sentence }) => sentence);

describe('a runner that has ended well', () => {
  it('is named when minutes later nobody has noticed, with what keeps its pod', async () => {
    assert.deepEqual(await found(dump('2026-03-02T09:05:00Z', '2026-03-02T09:15:00Z')), [
      'wren-1: its runner exited with code 0, and 10 min 0 s later it still counts as Running while dind keeps the pod Running.',
    ]);
  });

  it('is nothing wrong within a minute, or when it is being taken down', async () => {
    assert.deepEqual(await found(dump('2026-03-02T09:05:00Z', '2026-03-02T09:05:30Z')), []);
    const going = { deletionTimestamp: '2026-03-02T09:05:01Z' };
    const whileGoing = await found(dump('2026-03-02T09:05:00Z', '2026-03-02T09:15:00Z', { pod: going }));
    assert.deepEqual(whileGoing, ['wren-1: Pod still exists after its grace period (Terminating).']);
  });
});
