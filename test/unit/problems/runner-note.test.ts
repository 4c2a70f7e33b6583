import assert from 'node:assert/strict';
import type { Pod } from '../../../src/kubernetes/types.ts';
import { runnerNote } from '../../../src/problems/runner-note.ts';
import { statisticsOf } from '../../../src/analysis/statistics.ts';
import { TraceLog } from '../../../src/trace/trace-log.ts';
import { aPod, aRunner } from '../../builders/objects.ts';
import { A_HEADER } from '../../builders/traces.ts';

const LOOK = { nowUs: 0, epochMs: 0, redact: (text: string) => text };

function podStateOf(status: Pod['status']): string {
  const pod: Pod = { ...aPod(), ...(status === undefined ? {} : { status }) };
  return runnerNote(aRunner(), pod, undefined, LOOK).pod;
}

describe('a pod that runs', () => {
  it('is ready only once its condition says so', () => {
    const condition = { type: 'Ready', lastTransitionTime: '2026-01-01T00:00:00Z' };
    assert.equal(podStateOf({ phase: 'Running' }), 'running');
    assert.equal(podStateOf({ phase: 'Running', conditions: [{ ...condition, status: 'False' }] }), 'running');
    assert.equal(podStateOf({ phase: 'Running', conditions: [{ ...condition, status: 'True' }] }), 'ready');
    assert.equal(podStateOf({ phase: 'Pending', conditions: [{ ...condition, status: 'True' }] }), 'created');
  });

  it('counts as started when it runs, and as ready when it is', () => {
    const log = new TraceLog(A_HEADER);
    const states = ['created', 'running', 'ready', 'running', 'ready', 'succeeded'] as const;
    const runner = { kind: 'EphemeralRunner', object: 'arc/job1', phase: '', runnerId: 1, deleted: false };
    states.forEach((pod, second) => log.addObject({ ...runner, at: second * 1e6, pod }));
    const { started, lastStartedUs, ready, lastReadyUs } = statisticsOf(log, 0);
    assert.deepEqual({ started, lastStartedUs, lastReadyUs }, { started: 1, lastStartedUs: 1e6, lastReadyUs: 2e6 });
    assert.equal(ready, 1, 'a pod whose readiness was lost and came back is one pod');
  });
});
