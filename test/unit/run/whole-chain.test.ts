import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { createRequest, deleteRequest } from '../../../src/kubernetes/request.ts';
import {
  AutoscalingListeners,
  AutoscalingRunnerSets,
  EphemeralRunners,
  EphemeralRunnerSets,
  Pods,
  type Resource,
} from '../../../src/kubernetes/resource.ts';
import type { AutoscalingRunnerSet } from '../../../src/kubernetes/scale-set-types.ts';
import type { ApiObject, EphemeralRunnerSet, Pod } from '../../../src/kubernetes/types.ts';
import { MetricsServer } from '../../../src/model/metrics-server.ts';
import { DEFAULT_PROCESS } from '../../../src/reconciler/process-options.ts';
import { LAB_NAMESPACE } from '../../../src/run/embedded-environment.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS } from '../../../src/run/settings.ts';
import { SIMULATED_SERVICE_URL } from '../../../src/run/simulated-service.ts';
import { EmbeddedRig } from '../../builders/embedded-rig.ts';

const SYSTEM = DEFAULT_PROCESS.namespace;

/** ARC as a whole, with listener and runners as programs in simulated pods, in virtual time. */
class Chain {
  readonly clock = new VirtualClock();
  readonly rig: EmbeddedRig;
  /** The largest number of runners that were there at a time, counted after each second. */
  most = 0;

  constructor(
    mode: string,
    spec: { readonly minRunners: number; readonly maxRunners: number },
    metrics?: MetricsServer,
  ) {
    this.rig = new EmbeddedRig({
      clock: this.clock,
      epochMs: VIRTUAL_EPOCH_MS,
      settings: { ...DEFAULT_SETTINGS, mode, podStartUs: 500_000, workers: 2 },
      process: DEFAULT_PROCESS,
      metrics,
    });
    this.rig.start();
    const labels = { 'app.kubernetes.io/version': DEFAULT_PROCESS.version };
    const template = { spec: { containers: [{ name: 'runner', image: 'runner' }], restartPolicy: 'Never' } };
    const set: AutoscalingRunnerSet = {
      ...{ apiVersion: 'actions.github.com/v1alpha1', kind: 'AutoscalingRunnerSet' },
      metadata: { name: 'lab', namespace: LAB_NAMESPACE, labels },
      spec: { ...spec, githubConfigUrl: `${SIMULATED_SERVICE_URL}/lab`, githubConfigSecret: 'github-config', template },
    };
    this.send(createRequest(AutoscalingRunnerSets, set));
    this.wait(10);
  }

  send(request: Parameters<EmbeddedRig['cluster']['send']>[0]): void {
    this.rig.cluster.send(request, () => undefined);
  }

  wait(seconds: number): void {
    for (let left = seconds; left > 0; left--) {
      this.clock.run(this.clock.nowUs() + 1_000_000);
      this.most = Math.max(this.most, this.all(EphemeralRunners).length);
    }
  }

  queue(count: number, durationUs = 2_000_000): void {
    this.rig.service.queueJobs(Array.from({ length: count }, () => ({ label: 'lab', durationUs })));
  }

  all<T extends ApiObject>(resource: Resource<T>): T[] {
    return [...this.rig.cluster.api.store.of(resource as Resource).entries()].map(({ object }) => object as T);
  }

  get listener(): Pod | undefined {
    return this.all<Pod>(Pods).find(({ metadata }) => metadata.namespace === SYSTEM);
  }

  get states(): string[] {
    return this.rig.service.jobs.map(({ state }) => state);
  }
}

for (const mode of ['0.9.3', 'old', 'new', '0.11.0', '0.12.1', '0.13.1', '0.14.2', 'latest']) {
  describe(`The whole chain of ${mode}, with listener and runners in pods`, () => {
    it('makes runners for jobs, runs these, and has none left after them', () => {
      const chain = new Chain(mode, { minRunners: 0, maxRunners: 10 });
      assert.equal(chain.all(EphemeralRunners).length, 0);
      chain.queue(5);
      chain.wait(120);
      assert.deepEqual([chain.states, chain.rig.service.completedJobs], [[], 5]);
      assert.deepEqual(chain.all(EphemeralRunners), []);
      assert.deepEqual([...chain.rig.service.runners.keys()], []);
      chain.rig.dispose();
    });

    it('has never more pods that run than the maximum, and idle ones at the minimum', () => {
      const chain = new Chain(mode, { minRunners: 1, maxRunners: 3 });
      assert.equal(chain.all(EphemeralRunners).length, 1);
      chain.queue(12);
      let most = 0;
      for (let n = 0; n < 120; n++) {
        chain.wait(1);
        const running = chain.all<Pod>(Pods).filter(({ metadata, status }) => {
          return (
            metadata.namespace === LAB_NAMESPACE &&
            metadata.deletionTimestamp === undefined &&
            status?.phase === 'Running'
          );
        });
        most = Math.max(most, running.length);
      }
      assert.ok(most >= 2 && most <= 4, `${most} pods ran at a time; one more than the maximum is upstream's own flaw`);
      assert.deepEqual(chain.states, []);
      assert.equal(chain.all(EphemeralRunners).length, 1);
      chain.rig.dispose();
    });

    it('gets another listener when the first is killed, which goes on with the jobs', () => {
      const chain = new Chain(mode, { minRunners: 0, maxRunners: 10 });
      const first = chain.listener;
      assert.equal(first?.status?.phase, 'Running');
      assert.equal(chain.rig.listeners?.kill(), 1);
      chain.queue(2);
      chain.wait(120);
      assert.notEqual(chain.listener?.metadata.uid, first?.metadata.uid, 'it is another pod');
      assert.deepEqual([chain.states, chain.rig.service.completedJobs], [[], 2]);
      chain.rig.dispose();
    });

    it('deals with an evicted listener as upstream does', () => {
      const chain = new Chain(mode, { minRunners: 0, maxRunners: 10 });
      const first = chain.listener;
      assert.equal(chain.rig.listeners?.evict(), 1);
      chain.queue(2);
      chain.wait(120);
      assert.notEqual(
        chain.listener?.metadata.uid,
        first?.metadata.uid,
        'its container has a status, so that it is seen to have ended',
      );
      assert.deepEqual([chain.states, chain.rig.service.completedJobs], [[], 2]);
      chain.rig.dispose();
    });

    it('replaces an idle runner whose registration was removed: its process ends', () => {
      const chain = new Chain(mode, { minRunners: 1, maxRunners: 3 });
      chain.wait(20);
      const [first] = chain.all(EphemeralRunners);
      chain.rig.service.forget(first?.metadata.name ?? '');
      chain.wait(120);
      const runners = chain.all(EphemeralRunners);
      assert.equal(runners.length, 1);
      assert.notEqual(runners[0]?.metadata.uid, first?.metadata.uid, 'it waits for ever');
      chain.queue(1);
      chain.wait(60);
      assert.equal(chain.rig.service.completedJobs, 1, 'the one in its place does the job');
      chain.rig.dispose();
    });

    it('leaves no runner, no registration and no scale set when it is deleted', () => {
      const chain = new Chain(mode, { minRunners: 2, maxRunners: 10 });
      chain.send(deleteRequest(AutoscalingRunnerSets, LAB_NAMESPACE, 'lab'));
      chain.wait(60);
      const left = [AutoscalingRunnerSets, AutoscalingListeners, EphemeralRunnerSets, EphemeralRunners, Pods].flatMap(
        (resource) => chain.all(resource as Resource).map(({ kind, metadata }) => `${kind} ${metadata.name}`),
      );
      assert.deepEqual(left, []);
      assert.deepEqual([...chain.rig.service.runners.keys()], []);
      assert.deepEqual(chain.rig.service.state.scaleSets.sets, []);
      chain.rig.dispose();
    });
  });
}

describe('A listener that the service refuses a session', () => {
  it('is started again and again, without a back-off', () => {
    const chain = new Chain('latest', { minRunners: 0, maxRunners: 10 });
    const { service, listeners } = chain.rig;
    service.answerNext('create-session', { status: 409, times: Infinity });
    listeners?.kill();
    const uids = new Set<string>();
    for (let n = 0; n < 600; n++) {
      chain.clock.run(chain.clock.nowUs() + 10_000);
      const uid = chain.listener?.metadata.uid;
      if (uid !== undefined) uids.add(uid);
    }
    // Recorded: nine in six seconds, where a pod took 0.5 s to start.
    assert.ok(uids.size >= 8 && uids.size <= 13, `${uids.size} pods in six seconds`);
    service.answerAsUsual();
    chain.queue(1);
    chain.wait(30);
    assert.equal(service.completedJobs, 1);
    chain.rig.dispose();
  });
});

describe('A slow listener', () => {
  it('lets jobs wait and loses none', () => {
    const seconds = (pauseUs: number): number => {
      const chain = new Chain('latest', { minRunners: 0, maxRunners: 10 });
      if (chain.rig.listeners !== undefined) chain.rig.listeners.pauseUs = pauseUs;
      chain.queue(3);
      const { service } = chain.rig;
      const beganUs = chain.clock.nowUs();
      chain.clock.run(beganUs + 300e6, () => service.completedJobs === 3);
      assert.equal(service.completedJobs, 3);
      chain.rig.dispose();
      return (chain.clock.nowUs() - beganUs) / 1e6;
    };
    const [quick, slow] = [seconds(0), seconds(3_000_000)];
    assert.ok(
      slow > quick + 9,
      `${slow} s instead of ${quick} s: poll, deletion and acquisition come before the decision`,
    );
  });
});

describe('The metrics of a chain', () => {
  it('are those of its listener too', async () => {
    const metrics = await MetricsServer.listen({ host: '127.0.0.1', port: 0 });
    const chain = new Chain('latest', { minRunners: 1, maxRunners: 10 }, metrics);
    chain.queue(3, 30_000_000);
    chain.wait(20);
    const text = await metrics.text();
    const value = (name: string): string | undefined =>
      new RegExp(`^${name}{.*name="lab".*} (\\d+)$`, 'm').exec(text)?.[1];
    assert.equal(value('gha_desired_runners'), '4');
    assert.equal(value('gha_busy_runners'), '3');
    assert.equal(value('gha_max_runners'), '10');
    assert.match(text, /^gha_started_jobs_total\{.*organization="lab".*\} 1$/m);
    chain.rig.dispose();
  });
});

describe('The set of a chain', () => {
  it('is asked for the minimum with patch id 0 at rest, and for a runner for each job when there are some', () => {
    const chain = new Chain('latest', { minRunners: 1, maxRunners: 10 });
    const specs: [number | undefined, number][] = [];
    const note = (): void => {
      const [set] = chain.all<EphemeralRunnerSet>(EphemeralRunnerSets);
      const spec: [number | undefined, number] = [set?.spec.replicas, set?.spec.patchID ?? NaN];
      if (JSON.stringify(spec) !== JSON.stringify(specs.at(-1))) specs.push(spec);
    };
    note();
    chain.queue(3, 5_000_000);
    for (let n = 0; n < 1200; n++) {
      chain.clock.run(chain.clock.nowUs() + 100_000);
      note();
    }
    assert.deepEqual(
      [specs[0], specs[1]],
      [
        [1, 0],
        [4, 2],
      ],
      'the message with available jobs has used up a number',
    );
    assert.deepEqual(specs.at(-1), [1, 0]);
    chain.rig.dispose();
  });
});
