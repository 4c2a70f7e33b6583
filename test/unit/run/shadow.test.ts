import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import type { Cluster, ObjectList } from '../../../src/kubernetes/cluster.ts';
import { Kubelet } from '../../../src/kubernetes/embedded/kubelet.ts';
import { ShadowCluster } from '../../../src/kubernetes/embedded/shadow-cluster.ts';
import { listRequest } from '../../../src/kubernetes/request.ts';
import { EphemeralRunners, Pods, Secrets, type Resource } from '../../../src/kubernetes/resource.ts';
import type { EphemeralRunner, Pod } from '../../../src/kubernetes/types.ts';
import { EmbeddedRig } from '../../builders/embedded-rig.ts';
import { LAB_NAMESPACE } from '../../../src/run/embedded-environment.ts';
import { podPlan } from '../../../src/run/pod-plan.ts';
import { RunnerJobs } from '../../../src/run/runner-jobs.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS, type RunSettings } from '../../../src/run/settings.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';

/** What a run has made of a runner. */
interface Made {
  readonly phase: string;
  readonly isRegistered: boolean;
  readonly hasSecret: boolean;
  readonly pod: string;
}

/** Runs until nothing happens any more, the controller on the cluster itself or on a shadow over it. */
function played(settings: RunSettings, inShadow: boolean): ReadonlyMap<string, Made> {
  const clock = new VirtualClock();
  let shadow: ShadowCluster | undefined;
  const rig = new EmbeddedRig({
    clock,
    epochMs: VIRTUAL_EPOCH_MS,
    settings,
    wrapCluster: (cluster) => {
      if (!inShadow) return cluster;
      shadow = new ShadowCluster(listingByName(cluster), {
        clock,
        seed: 7,
        epochMs: VIRTUAL_EPOCH_MS,
        writeLatencyUs: 4_000,
      });
      return shadow;
    },
  });
  // Runners are there before anybody attaches, as on a cluster that people attach to.
  rig.runnerSet.create(settings.runners, () => undefined);
  clock.run();
  rig.start();
  const cluster: Cluster = shadow ?? rig.cluster;
  const plan = podPlan({ ...settings, pods: 'jobs' }) ?? assert.fail('pods have no plan');
  const observer = new RunnerJobs(rig.service, plan.job);
  const nowMs = (): number => VIRTUAL_EPOCH_MS + clock.nowUs() / 1000;
  new Kubelet(clock, cluster, { namespace: LAB_NAMESPACE, seed: settings.seed, plan, nowMs, observer });
  clock.run();
  const names = (resource: Resource): Map<string, unknown> => {
    let list: ObjectList | undefined;
    cluster.send(listRequest(resource, LAB_NAMESPACE), (reply) => (list = reply as ObjectList));
    clock.run();
    return new Map((list?.items ?? []).map((object) => [object.metadata.name, object]));
  };
  const [runners, secrets, pods] = [names(EphemeralRunners), names(Secrets), names(Pods)];
  return new Map(
    [...runners].map(([name, runner]) => {
      const { status } = runner as EphemeralRunner;
      return [
        name,
        {
          phase: status?.phase ?? '',
          isRegistered: (status?.runnerId ?? 0) > 0,
          hasSecret: secrets.has(name),
          pod: (pods.get(name) as Pod | undefined)?.status?.phase ?? 'none',
        },
      ];
    }),
  );
}

/** As API servers list: by name, so that versions come in another order than they were given. */
function listingByName(cluster: Cluster): Cluster {
  return {
    send: (request, done) => cluster.send(request, done),
    watch: (resource, namespace, handler) =>
      cluster.watch(resource, namespace, {
        ...handler,
        onList: (items) => handler.onList(new Map([...items].sort(([a], [b]) => (a < b ? -1 : 1)))),
      }),
  };
}

describe('1,000 runners in shadow', () => {
  for (const mode of RELEASES.ids) {
    it(`become what they become where it is written, runner by runner, in ${mode} mode: none is left behind`, () => {
      const settings = { ...DEFAULT_SETTINGS, mode, runners: 1_000, workers: 20, qps: 0 };
      const written = played(settings, false);
      const inShadow = played(settings, true);
      assert.equal(written.size, 1_000);
      const expected: Made = { phase: 'Running', isRegistered: true, hasSecret: true, pod: 'Running' };
      for (const [name, made] of written) {
        assert.deepEqual(made, expected, `${name}, written`);
        assert.deepEqual(inShadow.get(name), made, `${name}, in shadow`);
      }
      assert.equal(inShadow.size, written.size);
    });
  }
});
