import assert from 'node:assert/strict';
import { WallClock } from '../../src/base/wall-clock.ts';
import { ApiError } from '../../src/kubernetes/api-error.ts';
import type { ApiReply, ApiRequest, Cluster } from '../../src/kubernetes/cluster.ts';
import { Kubelet } from '../../src/kubernetes/embedded/kubelet.ts';
import { POD_PRESETS } from '../../src/kubernetes/embedded/pod-presets.ts';
import { parseLife } from '../../src/kubernetes/embedded/pods/parse-life.ts';
import { planOf } from '../../src/kubernetes/embedded/pods/pod-plan.ts';
import { RemoteCluster } from '../../src/kubernetes/remote/remote-cluster.ts';
import { createRequest, deleteRequest } from '../../src/kubernetes/request.ts';
import { listObjects, sendRequest } from '../builders/requests.ts';
import { Events, Namespaces, Pods } from '../../src/kubernetes/resource.ts';
import type { PodSpec } from '../../src/kubernetes/types.ts';
import { RealApiServer } from '../apiserver/api-server.ts';
import { missingTool } from '../apiserver/tools.ts';
import { eventually } from '../builders/eventually.ts';
import { aPod } from '../builders/objects.ts';
import { skipWithout } from '../builders/skip.ts';
import { documentOf } from '../builders/simulated-pods.ts';

/** A cluster port that keeps what was refused. */
class Noted implements Cluster {
  readonly refused: string[] = [];
  readonly #cluster: Cluster;
  readonly watch: Cluster['watch'];

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.watch = cluster.watch.bind(cluster);
  }

  send(request: ApiRequest, done: (reply: ApiReply) => void): void {
    this.#cluster.send(request, (reply) => {
      // A pod that is gone needs no status any more.
      if (reply instanceof ApiError && reply.reason !== 'NotFound') {
        this.refused.push(`${request.verb} ${request.resource.plural} ${request.subresource}: ${reply.message}`);
      }
      done(reply);
    });
  }
}

const SPEC: PodSpec = {
  restartPolicy: 'Never',
  terminationGracePeriodSeconds: 5,
  initContainers: [
    { name: 'init', image: 'init:1' },
    { name: 'beside', image: 'proxy:1', restartPolicy: 'Always' },
  ],
  containers: ['runner', 'dind'].map((name) => ({ name, image: `${name}:1` })),
};

describe('What simulated kubelets and the scheduler write, on a real kube-apiserver', function () {
  this.timeout(5 * 60_000);
  let server: RealApiServer;

  before(async function () {
    skipWithout(this, missingTool());
    server = await RealApiServer.start();
  });

  after(() => server?.stop());

  it('is accepted with every preset: bindings, statuses, events, deletions', async () => {
    const clock = new WallClock();
    const transport = await server.transport();
    const cluster = new Noted(new RemoteCluster(transport, clock));
    const kubelets: Kubelet[] = [];
    const namespaces: string[] = [];
    for (const { name } of POD_PRESETS.filter((preset) => preset.name !== 'none')) {
      const namespace = `pods-${name}`;
      const metadata = { name: namespace };
      await sendRequest(cluster, createRequest(Namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata }));
      namespaces.push(namespace);
      const life = parseLife({ ...documentOf(name), capacity: 2 });
      // A life of minutes within seconds.
      const stages = planOf(life, { podStartUs: 200_000, jobDurationUs: 400_000 }).stages.map((stage) => ({
        ...stage,
        after: { minUs: Math.min(stage.after.minUs, 400_000), maxUs: Math.min(stage.after.maxUs, 400_000) },
      }));
      const plan = { ...planOf(life, { podStartUs: 200_000, jobDurationUs: 400_000 }), stages };
      kubelets.push(new Kubelet(clock, cluster, { namespace, seed: 1, plan, nowMs: Date.now, events: true }));
      for (const pod of ['a', 'b', 'c']) {
        await sendRequest(cluster, createRequest(Pods, aPod({ name: pod, namespace }, SPEC)));
      }
    }
    for (const namespace of namespaces) {
      await eventually(async () => {
        const { items } = await listObjects(cluster, Pods, namespace);
        const started = items.filter(({ status }) => status?.startTime !== undefined && status.phase !== undefined);
        assert.ok(started.length >= 2, `${namespace}: ${started.length} pods have a start time`);
        const { items: events } = await listObjects(cluster, Events, namespace);
        assert.ok(events.length >= 3, `${namespace}: ${events.length} events`);
      });
      for (const pod of ['a', 'b', 'c']) await sendRequest(cluster, deleteRequest(Pods, namespace, pod));
    }
    for (const namespace of namespaces) {
      await eventually(async () => {
        assert.deepEqual((await listObjects(cluster, Pods, namespace)).items, [], `${namespace}: pods are left`);
      });
    }
    assert.deepEqual([...new Set(cluster.refused)], []);
    for (const kubelet of kubelets) kubelet.dispose();
    transport.close();
    clock.close();
  });
});
