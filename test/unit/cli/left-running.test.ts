import assert from 'node:assert/strict';
import { leftRunningText } from '../../../src/cli/left-running.ts';
import type { EphemeralRunner, Pod } from '../../../src/kubernetes/types.ts';
import { aPod, aRunner } from '../../builders/objects.ts';

function inPhase(name: string, phase: string | undefined, deletionTimestamp?: string): EphemeralRunner {
  const runner = aRunner({ name, ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }) });
  return phase === undefined ? runner : ({ ...runner, status: { phase } } as EphemeralRunner);
}

const noPod = (): undefined => undefined;

describe('what a run that wrote to a cluster leaves behind', () => {
  it('is nothing where every runner has ended, failed, is being deleted or has not begun', () => {
    const runners = [
      inPhase('a', 'Succeeded'),
      inPhase('b', 'Failed'),
      inPhase('c', 'Running', '2026-01-01T00:00:00Z'),
      inPhase('d', undefined),
    ];
    assert.equal(leftRunningText(runners, noPod), '');
  });

  it('is named: runners that run or wait for a node, that nobody reconciles, and what to do', () => {
    assert.equal(
      leftRunningText([inPhase('a', 'Running'), inPhase('b', 'Succeeded')], noPod),
      '1 runner still runs (a); nobody reconciles it now: without --until-idle the run stays with it until Ctrl-C',
    );
    const five = ['a', 'b', 'c', 'd', 'e'].map((name) => inPhase(name, 'Running'));
    assert.match(
      leftRunningText(five, noPod),
      /^5 runners still run \(a, b, c and 2 more\); nobody reconciles them now: /,
    );
  });

  it('counts pods that wait for a node and pods that have not started apart, also of runners without a phase', () => {
    const runners = [
      inPhase('a', undefined),
      inPhase('b', 'Pending'),
      inPhase('c', 'Pending'),
      inPhase('d', undefined),
    ];
    const podOf = ({ metadata: { name } }: EphemeralRunner): Pod | undefined => {
      if (name === 'd') return undefined;
      return aPod({ name }, name === 'c' ? { nodeName: 'node-1' } : {});
    };
    assert.equal(
      leftRunningText(runners, podOf),
      '2 pods still wait for a node (a and b) and 1 pod has not started yet (c); nobody reconciles their runners now: ' +
        'without --until-idle the run stays with them until Ctrl-C',
    );
    const [only] = runners as [EphemeralRunner];
    assert.match(
      leftRunningText([only], podOf),
      /^1 pod still waits for a node \(a\); nobody reconciles its runner now: /,
    );
  });
});
