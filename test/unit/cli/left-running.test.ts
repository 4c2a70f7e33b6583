import assert from 'node:assert/strict';
import { leftRunningText } from '../../../src/cli/left-running.ts';
import type { EphemeralRunner } from '../../../src/kubernetes/types.ts';
import { aRunner } from '../../builders/objects.ts';

function inPhase(name: string, phase: string | undefined, deletionTimestamp?: string): EphemeralRunner {
  const runner = aRunner({ name, ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }) });
  return phase === undefined ? runner : ({ ...runner, status: { phase } } as EphemeralRunner);
}

describe('what a run that wrote to a cluster leaves behind', () => {
  it('is nothing where every runner has ended, failed, is being deleted or has not begun', () => {
    const runners = [
      inPhase('a', 'Succeeded'),
      inPhase('b', 'Failed'),
      inPhase('c', 'Running', '2026-01-01T00:00:00Z'),
      inPhase('d', undefined),
    ];
    assert.equal(leftRunningText(runners), '');
  });

  it('is named: runners that run or wait for a node, that nobody reconciles, and what to do', () => {
    assert.equal(
      leftRunningText([inPhase('a', 'Running'), inPhase('b', 'Succeeded')]),
      '1 runner still runs (a); nobody reconciles it now: without --until-idle the run stays with it until Ctrl-C',
    );
    const five = ['a', 'b', 'c', 'd', 'e'].map((name, index) => inPhase(name, index === 0 ? 'Pending' : 'Running'));
    assert.match(leftRunningText(five), /^5 runners still run \(a, b, c and 2 more\); nobody reconciles them now: /);
  });
});
