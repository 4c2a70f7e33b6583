import assert from 'node:assert/strict';
import { at, explainText } from '../../builders/evidence.ts';

/** A dump that is printed half an hour after noon: a healthy runner with its pod, and others without status and pod. */
function dump(...madeAtS: readonly number[]): string {
  const meta = (name: string, seconds: number): object => ({
    name,
    namespace: 'ci',
    uid: name,
    creationTimestamp: at(seconds),
  });
  const ready = { phase: 'Running', startTime: at(1799), containerStatuses: [] };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: [
      {
        apiVersion: 'actions.github.com/v1alpha1',
        kind: 'EphemeralRunner',
        metadata: meta('lark-0', 1798),
        status: { phase: 'Running', runnerId: 4, ready: true },
      },
      { apiVersion: 'v1', kind: 'Pod', metadata: meta('lark-0', 1799), status: ready },
      ...madeAtS.map((seconds, index) => ({
        apiVersion: 'actions.github.com/v1alpha1',
        kind: 'EphemeralRunner',
        metadata: meta(`lark-${index + 1}`, seconds),
      })),
    ],
  });
}

describe('a runner without status and pod in a dump', () => {
  it('has been left alone where it is old', async () => {
    const one = await explainText(dump(0), 'dump.json');
    assert.match(
      one.verdict,
      /^Not enough to judge: lark-1 has neither a registration nor a pod 29 min 59 s after it was created: the controller/,
    );
    const two = await explainText(dump(0, 600), 'dump.json');
    assert.match(
      two.verdict,
      /2 of 3 runners have neither a registration nor a pod, up to 29 min 59 s after they were/,
    );
  });

  it('has just been made where it is young', async () => {
    const { verdict, isJudged } = await explainText(dump(1798), 'dump.json');
    assert.match(verdict, /^Nothing wrong found in 2 runners/);
    assert.equal(isJudged, true);
  });
});
