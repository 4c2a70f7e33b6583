import assert from 'node:assert/strict';
import { SecretRegistry } from '../../src/base/redact.ts';
import { LineReader } from '../../src/evidence/line-reader.ts';
import { TraceMaker } from '../../src/evidence/passes/trace-maker.ts';
import { RemoteCluster } from '../../src/kubernetes/remote/remote-cluster.ts';
import { createRequest } from '../../src/kubernetes/request.ts';
import { EphemeralRunners, Namespaces, RoleBindings, Roles, type Resource } from '../../src/kubernetes/resource.ts';
import type { ApiObject } from '../../src/kubernetes/types.ts';
import type { PassEvent } from '../../src/trace/model.ts';
import type { TraceLog } from '../../src/trace/trace-log.ts';
import { ClusterWatch } from '../../src/watch/cluster-watch.ts';
import type { ClusterTarget } from '../../src/kubernetes/remote/kubeconfig.ts';
import { reachCluster } from '../../src/watch/reach.ts';
import { watchSentence } from '../../src/watch/watch-sentence.ts';
import { NOBODY, RealApiServer, SHADOW } from '../apiserver/api-server.ts';
import { StubKubelet } from '../apiserver/stub-kubelet.ts';
import { missingTool } from '../apiserver/tools.ts';
import { eventually } from '../builders/eventually.ts';
import { aRunner } from '../builders/objects.ts';
import { sendRequest } from '../builders/requests.ts';
import { skipWithout } from '../builders/skip.ts';
import {
  CONTROLLER_NAMESPACE,
  CONTROLLER_POD,
  controllerPod,
  createController,
  heldLines,
  runningStatus,
  setStatus,
} from '../builders/watched-cluster.ts';
import { writtenLog } from '../builders/written-log.ts';

const RUNNERS = 'arc-runners';

describe('a watch of a real kube-apiserver', function () {
  this.timeout(300_000);
  let server: RealApiServer;
  let kubelet: StubKubelet;
  let cluster: RemoteCluster;
  let closing: () => void = () => undefined;

  before(async function () {
    skipWithout(this, missingTool());
    server = await RealApiServer.start();
    const transport = await server.transport();
    closing = () => transport.close();
    cluster = new RemoteCluster(transport);
    for (const name of [RUNNERS, CONTROLLER_NAMESPACE]) {
      await sendRequest(
        cluster,
        createRequest(Namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
      );
    }
    kubelet = await StubKubelet.start(transport);
    const pod = controllerPod();
    await createController(cluster, { ...pod, spec: { ...pod.spec, nodeName: kubelet.node } });
  });

  after(() => {
    closing();
    kubelet?.stop();
    // It also looks whether the watch has sent anything but reads.
    server?.stop();
  });

  async function watching<T>(target: ClusterTarget, act: (watch: ClusterWatch) => Promise<T>): Promise<T> {
    const secrets = new SecretRegistry();
    const watch = new ClusterWatch({ reach: await reachCluster(target, secrets), secrets, sinceS: 600 });
    try {
      return await act(watch);
    } finally {
      watch.dispose();
    }
  }

  it('brings every pass of the log, over streams that break, a container that restarts and a server that is gone for a while', async () => {
    const settings = { mode: '0.14.2', runners: 12, workers: 2, pods: 'jobs' };
    const lines = writtenLog({ settings, format: 'timestamps' }).trim().split('\n');
    const expected = passesOf(lines);
    const log = kubelet.logs.of(CONTROLLER_NAMESPACE, CONTROLLER_POD, 'manager');
    const beganUs = usOf(lines[0] ?? '');
    const nowUs = Date.now() * 1000 - 120e6;
    const quarter = Math.ceil(lines.length / 4);
    const write = (part: number): void => {
      for (const line of lines.slice(part * quarter, (part + 1) * quarter)) {
        const space = line.indexOf(' ');
        log.write(line.slice(space + 1), nowUs + usOf(line.slice(0, space)) - beganUs);
      }
    };
    const trace = await watching({ kubeconfig: server.kubeconfig(SHADOW) }, async (watch) => {
      write(0);
      await watch.whenRead();
      const passes = (): number => [...watch.trace.passes()].length;
      const first = await eventually(() => (assert.ok(passes() > 0), passes()));
      kubelet.cutConnections();
      write(1);
      const second = await eventually(() => (assert.ok(passes() > first), passes()));
      log.restart();
      await setStatus(cluster, runningStatus(1));
      write(2);
      const third = await eventually(() => (assert.ok(passes() > second), passes()));
      const restarted = server.restart('apiserver');
      write(3);
      await restarted;
      await eventually(() => assert.ok(passes() >= expected.length - 2 && passes() > third, `${passes()} passes`));
      await eventually(() => assert.equal(watch.connection.state, 'connected'));
      return watch.trace;
    });
    assert.deepEqual(summary([...trace.passes()]), summary(expected));
    const holes = trace.marks.filter(({ text }) => text === 'lines are missing');
    assert.deepEqual(holes, [], 'nothing was lost');
  });

  it('says who holds the worker while it does, and what each runner waits for', async () => {
    for (const name of ['runner-1', 'runner-2', 'runner-3']) {
      await sendRequest(cluster, createRequest(EphemeralRunners, aRunner({ name, namespace: RUNNERS })));
    }
    const log = kubelet.logs.of(CONTROLLER_NAMESPACE, CONTROLLER_POD, 'manager');
    // What was written before is gone.
    log.rotate();
    log.restart();
    await setStatus(cluster, runningStatus(2));
    heldLines(100).forEach((line, index) => log.write(line, Date.now() * 1000 - 100e6 + index));
    const [sentence, waits, unseen] = await watching({ kubeconfig: server.kubeconfig(SHADOW) }, async (watch) => {
      await watch.whenRead();
      return eventually(() => {
        const state = watch.state();
        const text = watchSentence(state);
        assert.match(text, /^Worker \d is in DELETE/);
        return [text, watch.table.describe(`${RUNNERS}/runner-1`)?.waits, state.unseen] as const;
      });
    });
    assert.match(sentence, /^Worker 1 is in DELETE agent 5511 of runner runner-1 since 1 min 4\d s; 2 runners wait\.$/);
    assert.match(waits ?? '', /^worker 1: DELETE agent 5511 for 1 min 4\d s$/);
    assert.deepEqual(unseen, []);
  });

  it('works with the right to read one namespace, and names verb, resource and namespace of what is missing', async () => {
    const rules = [
      { apiGroups: ['actions.github.com'], resources: ['ephemeralrunners'], verbs: ['list', 'watch'] },
      { apiGroups: [''], resources: ['pods', 'events'], verbs: ['get', 'list', 'watch'] },
    ];
    await grant(RUNNERS, rules);
    const kubeconfig = server.kubeconfig(NOBODY, ({ contexts }) => {
      for (const { context } of contexts) context.namespace = RUNNERS;
    });
    const state = await watching({ kubeconfig }, async (watch) => {
      await watch.whenRead();
      return watch.state();
    });
    assert.equal(state.phases.get('Pending'), 3);
    assert.deepEqual(state.unseen, [
      'Only namespace arc-runners is watched: The user may not list ephemeralrunners.actions.github.com in all namespaces.',
      'Not known: sets of runners. The user may not list ephemeralrunnersets.actions.github.com, watch ephemeralrunnersets.actions.github.com in namespace arc-runners.',
      'Not known: scale sets. The user may not list autoscalingrunnersets.actions.github.com, watch autoscalingrunnersets.actions.github.com in namespace arc-runners.',
      'Not known: quotas. The user may not list resourcequotas, watch resourcequotas in namespace arc-runners.',
      'The user may not list pods in namespace arc-systems.',
    ]);
    assert.match(watchSentence(state), /^No log is read: /);
  });

  async function grant(namespace: string, rules: readonly object[]): Promise<void> {
    const metadata = { name: 'viewer', namespace };
    const api = 'rbac.authorization.k8s.io';
    const create = (resource: Resource, object: object): Promise<unknown> =>
      sendRequest(cluster, createRequest(resource, object as ApiObject));
    await create(Roles, { apiVersion: `${api}/v1`, kind: 'Role', metadata, rules });
    await create(RoleBindings, {
      ...{ apiVersion: `${api}/v1`, kind: 'RoleBinding', metadata },
      roleRef: { apiGroup: api, kind: 'Role', name: 'viewer' },
      subjects: [{ apiGroup: api, kind: 'User', name: NOBODY }],
    });
  }
});

/** What the same log gives from a file, with the workers that the controller's flags say. */
function passesOf(lines: readonly string[]): PassEvent[] {
  const reader = new LineReader();
  const maker = new TraceMaker();
  for (const line of lines) {
    const record = reader.read(line);
    if (record !== undefined) maker.take(record, { source: 0, line: reader.lines, at: record.at }, 'controller.log');
  }
  return [...(maker.end(undefined) as TraceLog).passes()];
}

/** What does not depend on when the lines were written. The deletions that end a file are not known of a log that goes on. */
function summary(passes: readonly PassEvent[]): unknown[] {
  return passes
    .filter(({ trigger, requests = [] }) => trigger !== 'ephemeralrunner-deleted' || requests.length > 0)
    .map(({ object, worker, result, requests = [] }) => [
      object,
      worker,
      result,
      requests.map(({ verb, resource, status }) => `${verb} ${resource} ${status}`).join(),
    ])
    .sort((a, b) => String(a).localeCompare(String(b)));
}

/** Microseconds since 1970 of a stamp with nanoseconds. */
function usOf(stamp: string): number {
  return Date.parse(`${stamp.slice(0, 19)}Z`) * 1000 + Number(stamp.slice(20, 26));
}
