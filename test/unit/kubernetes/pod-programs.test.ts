import assert from 'node:assert/strict';
import type { StartProgram } from '../../../src/kubernetes/embedded/pods/program.ts';
import { patchRequest } from '../../../src/kubernetes/request.ts';
import { Pods } from '../../../src/kubernetes/resource.ts';
import { aPod } from '../../builders/objects.ts';
import { SECOND_US, SimulatedPods } from '../../builders/simulated-pods.ts';

const ONE = [{ name: 'runner', image: 'runner:1' }];
const TWO = [...ONE, { name: 'dind', image: 'docker:dind' }];

/** Pods whose containers called `runner` have a program that a test ends. */
class Programs {
  readonly log: string[] = [];
  readonly pods: SimulatedPods;
  exit: (code: number) => void = () => assert.fail('no program was started');
  jobEnds: () => void = () => assert.fail('no program was started');

  constructor(document: object | string = {}, containers = ONE, grace = 30) {
    const programs: StartProgram = (pod, container, { exit, jobEnds }) => {
      if (container !== 'runner') return undefined;
      this.log.push(`start ${pod.metadata.name}`);
      this.exit = exit;
      this.jobEnds = jobEnds;
      return { terminate: () => this.log.push('terminate'), kill: () => this.log.push('kill') };
    };
    this.pods = new SimulatedPods(document, { programs, jobDurationUs: 5 * SECOND_US });
    this.pods.create(aPod({}, { restartPolicy: 'Never', containers, terminationGracePeriodSeconds: grace }));
  }

  get exitCode(): number | undefined {
    return this.pods.pod().status?.containerStatuses?.[0]?.state?.terminated?.exitCode;
  }
}

describe('A program in a simulated container', () => {
  it('starts with it and ends it with its exit code, whatever time jobs take in the run', () => {
    const world = new Programs('jobs');
    world.pods.run(60);
    assert.deepEqual(world.log, ['start job1']);
    assert.equal(world.pods.pod().status?.phase, 'Running');
    world.exit(0);
    world.pods.run(1);
    assert.deepEqual([world.pods.pod().status?.phase, world.exitCode], ['Succeeded', 0]);
    world.exit(3);
    world.pods.run(1);
    assert.equal(world.exitCode, 0, 'it has ended once');
  });

  it('is killed with its container when the life of the pod says so, and its exit counts no more', () => {
    const world = new Programs({ stages: [{ when: { state: 'running' }, after: '2s', do: { exit: 7 } }] });
    world.pods.run(10);
    assert.deepEqual(world.log, ['start job1', 'kill']);
    world.exit(0);
    world.pods.run(1);
    assert.equal(world.exitCode, 7);
  });

  it('ends its job, and what the life of the pod says of that time comes then and not before', () => {
    const atJobEnd = (after: string): object => ({ stages: [{ when: { state: 'running' }, after, do: { exit: 3 } }] });
    for (const after of ['job', 'job or 5s']) {
      const world = new Programs(atJobEnd(after));
      world.pods.run(60);
      assert.equal(world.exitCode, undefined, `${after}: its job goes on`);
      world.jobEnds();
      world.pods.run(1);
      assert.equal(world.exitCode, 3, after);
      assert.deepEqual(world.log, ['start job1', 'kill'], after);
    }
    const usual = new Programs({ stages: [{ when: { state: 'running' }, after: 'job', do: { exit: 0 } }] });
    usual.pods.run(5);
    usual.jobEnds();
    usual.pods.run(5);
    assert.deepEqual(usual.log, ['start job1'], 'it exits with 0 by itself');
    const none = new Programs({ ...atJobEnd('job or 5s'), job: 'none' });
    none.pods.run(10);
    assert.equal(none.exitCode, 3, 'without a job the time of the run counts');
  });

  it('draws among the stages of a weight, the end of its job being one of them', () => {
    const stages = [
      { when: { state: 'running' }, weight: 1e-9, after: '1s', do: { exit: 3 } },
      { when: { state: 'running' }, weight: 1, after: 'job or 1m', do: { exit: 0 } },
    ];
    const world = new Programs({ stages });
    world.pods.run(60);
    assert.deepEqual(world.log, ['start job1'], 'it goes on to the end of its job');
  });

  it('is asked to stop when its pod is deleted, and the pod is gone when it has', () => {
    const world = new Programs();
    world.pods.run(5);
    world.pods.delete('job1');
    world.pods.run(10);
    assert.deepEqual(world.log, ['start job1', 'terminate']);
    assert.equal(world.pods.pod().status?.phase, 'Running', 'it takes its time');
    world.exit(1);
    world.pods.run(1);
    assert.equal(world.pods.find(), undefined);
  });

  it('is killed when the grace of its pod is over', () => {
    const world = new Programs({}, ONE, 20);
    world.pods.run(5);
    world.pods.delete('job1');
    world.pods.run(19);
    assert.deepEqual(world.log, ['start job1', 'terminate']);
    world.pods.run(2);
    assert.deepEqual(world.log, ['start job1', 'terminate', 'kill']);
    assert.equal(world.pods.find(), undefined);
  });

  it('takes the other containers with it when its pod is deleted, and only then', () => {
    const world = new Programs({}, TWO);
    world.pods.run(5);
    world.exit(0);
    world.pods.run(1);
    const running = world.pods.pod().status?.containerStatuses?.filter(({ state }) => state?.running !== undefined);
    assert.deepEqual(
      running?.map(({ name }) => name),
      ['dind'],
    );
    const other = new Programs({}, TWO);
    other.pods.run(5);
    other.pods.delete('job1');
    other.exit(0);
    other.pods.run(1);
    assert.equal(other.pods.find(), undefined);
  });

  it('is killed when its pod is evicted by somebody else', () => {
    const world = new Programs();
    world.pods.run(5);
    const status = { phase: 'Failed', reason: 'Evicted' };
    world.pods.cluster.api.handle(patchRequest(Pods, 'arc', 'job1', { status }, 'status'));
    world.pods.run(1);
    assert.deepEqual(world.log, ['start job1', 'kill']);
  });

  it('is killed when the kubelet stops', () => {
    const world = new Programs();
    world.pods.run(5);
    world.pods.dispose();
    assert.deepEqual(world.log, ['start job1', 'kill']);
  });
});
