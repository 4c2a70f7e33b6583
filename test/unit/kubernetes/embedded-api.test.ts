import assert from 'node:assert/strict';
import fc from 'fast-check';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { ApiError } from '../../../src/kubernetes/api-error.ts';
import type { ApiReply, ObjectList } from '../../../src/kubernetes/cluster.ts';
import type { ApiServer } from '../../../src/kubernetes/embedded/api-server.ts';
import { EmbeddedCluster } from '../../../src/kubernetes/embedded/embedded-cluster.ts';
import {
  createRequest,
  deleteRequest,
  getRequest,
  listRequest,
  patchRequest,
} from '../../../src/kubernetes/request.ts';
import { EphemeralRunners, Pods, ResourceQuotas, Secrets } from '../../../src/kubernetes/resource.ts';
import type { ApiObject, EphemeralRunner, Pod, Secret } from '../../../src/kubernetes/types.ts';
import { anApiServer, aPod, aRunner, aSecret } from '../../builders/objects.ts';

describe('the embedded API server', () => {
  let api: ApiServer;
  beforeEach(() => (api = anApiServer()));

  it('stamps what it creates with uid, resource version, generation and time, and ignores status', () => {
    const runner = ok<EphemeralRunner>(
      api.handle(createRequest(EphemeralRunners, { ...aRunner(), status: { runnerId: 7 } } as ApiObject)),
    );
    assert.match(runner.metadata.uid ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(runner.metadata.generation, 1);
    assert.equal(runner.metadata.creationTimestamp, '2026-01-01T00:00:00Z');
    assert.match(runner.metadata.resourceVersion ?? '', /^\d+$/);
    assert.equal(runner.status, undefined, 'status is written through its subresource only');
  });

  it('keeps status and the rest apart: each is written through its own path', () => {
    api.handle(createRequest(EphemeralRunners, aRunner()));
    const viaStatus = ok<EphemeralRunner>(
      api.handle(
        patchRequest(
          EphemeralRunners,
          'arc',
          'job1',
          { status: { runnerId: 1 }, spec: { runnerScaleSetId: 9 } },
          'status',
        ),
      ),
    );
    assert.deepEqual([viaStatus.status?.runnerId, viaStatus.spec.runnerScaleSetId], [1, 1]);
    const viaMain = ok<EphemeralRunner>(
      api.handle(
        patchRequest(EphemeralRunners, 'arc', 'job1', { status: { runnerId: 2 }, spec: { runnerScaleSetId: 9 } }),
      ),
    );
    assert.deepEqual([viaMain.status?.runnerId, viaMain.spec.runnerScaleSetId], [1, 9]);
    assert.deepEqual([viaStatus.metadata.generation, viaMain.metadata.generation], [1, 2]);
  });

  it('answers a patch that changes nothing without a new resource version', () => {
    const before = ok<ApiObject>(api.handle(createRequest(EphemeralRunners, aRunner({ finalizers: ['a/b'] }))));
    const after = ok<ApiObject>(
      api.handle(patchRequest(EphemeralRunners, 'arc', 'job1', { metadata: { finalizers: ['a/b'] } })),
    );
    assert.equal(after.metadata.resourceVersion, before.metadata.resourceVersion);
  });

  it('refuses a patch with an old resource version', () => {
    const { metadata } = ok<ApiObject>(api.handle(createRequest(EphemeralRunners, aRunner())));
    const body = { metadata: { resourceVersion: metadata.resourceVersion, labels: { a: 'b' } } };
    ok(api.handle(patchRequest(EphemeralRunners, 'arc', 'job1', body)));
    refused(api.handle(patchRequest(EphemeralRunners, 'arc', 'job1', body)), 409, 'Conflict');
  });

  it('keeps an object with finalizers until the last one is gone', () => {
    api.handle(createRequest(EphemeralRunners, aRunner({ finalizers: ['a/b', 'c/d'] })));
    const deleting = ok<ApiObject>(api.handle(deleteRequest(EphemeralRunners, 'arc', 'job1')));
    assert.equal(deleting.metadata.deletionTimestamp, '2026-01-01T00:00:00Z');
    assert.equal(deleting.metadata.deletionGracePeriodSeconds, 0);
    ok(api.handle(patchRequest(EphemeralRunners, 'arc', 'job1', { metadata: { finalizers: ['a/b'] } })));
    ok(api.handle(getRequest(EphemeralRunners, 'arc', 'job1')));
    ok(api.handle(patchRequest(EphemeralRunners, 'arc', 'job1', { metadata: { finalizers: null } })));
    refused(api.handle(getRequest(EphemeralRunners, 'arc', 'job1')), 404, 'NotFound');
  });

  it('adds no finalizer to an object that is being deleted', () => {
    api.handle(createRequest(EphemeralRunners, aRunner({ finalizers: ['a/b'] })));
    api.handle(deleteRequest(EphemeralRunners, 'arc', 'job1'));
    const error = refused(
      api.handle(patchRequest(EphemeralRunners, 'arc', 'job1', { metadata: { finalizers: ['a/b', 'c/d'] } })),
      422,
      'Invalid',
    );
    assert.match(error.message, /no new finalizers can be added if the object is being deleted/);
  });

  it('deletes a pod without a node at once and waits for the kubelet of one with a node', () => {
    api.handle(createRequest(Pods, aPod({ name: 'unscheduled' })));
    api.handle(deleteRequest(Pods, 'arc', 'unscheduled'));
    refused(api.handle(getRequest(Pods, 'arc', 'unscheduled')), 404, 'NotFound');

    api.handle(createRequest(Pods, aPod({ name: 'scheduled' }, { nodeName: 'node1' })));
    const deleting = ok<Pod>(api.handle(deleteRequest(Pods, 'arc', 'scheduled')));
    assert.equal(deleting.metadata.deletionGracePeriodSeconds, 30);
    assert.equal(deleting.metadata.deletionTimestamp, '2026-01-01T00:00:30Z');
    ok(api.handle(patchRequest(Pods, 'arc', 'scheduled', { metadata: { labels: { a: 'b' } } })));
    ok(api.handle(deleteRequest(Pods, 'arc', 'scheduled', { gracePeriodSeconds: 0 })));
    refused(api.handle(getRequest(Pods, 'arc', 'scheduled')), 404, 'NotFound');
  });

  it('honours the preconditions of a deletion', () => {
    api.handle(createRequest(Pods, aPod()));
    const preconditions = { uid: 'another' };
    refused(api.handle(deleteRequest(Pods, 'arc', 'job1', { preconditions })), 409, 'Conflict');
    ok(api.handle(getRequest(Pods, 'arc', 'job1')));
  });

  it('fills in what the real server fills in', () => {
    const pod = ok<Pod>(api.handle(createRequest(Pods, aPod())));
    assert.equal(pod.spec.restartPolicy, 'Always');
    assert.equal(pod.spec.containers[0]?.['imagePullPolicy'], 'IfNotPresent');
    assert.equal(pod.status?.phase, 'Pending');
    const secret = ok<Secret>(api.handle(createRequest(Secrets, aSecret())));
    assert.equal(secret.type, 'Opaque');
  });

  it('refuses what is invalid, taken, forbidden by quota, or in no namespace, each with its Status', () => {
    const invalid = refused(
      api.handle(createRequest(Pods, aPod({}, { containers: [{ name: 'Bad_Name', image: 'x' }, { name: 'b' }] }))),
      422,
      'Invalid',
    );
    assert.match(invalid.message, /^Pod "job1" is invalid: \[spec\.containers\[0\]\.name: Invalid value: "Bad_Name"/);
    assert.deepEqual(
      invalid.details?.causes?.map(({ field }) => field),
      ['spec.containers[0].name', 'spec.containers[1].image'],
    );
    ok(api.handle(createRequest(Pods, aPod())));
    refused(api.handle(createRequest(Pods, aPod())), 409, 'AlreadyExists');
    const metadata = { name: 'nopods', namespace: 'arc' };
    const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard: { pods: '1' } } };
    ok(api.handle(createRequest(ResourceQuotas, quota)));
    const over = refused(api.handle(createRequest(Pods, aPod({ name: 'job2' }))), 403, 'Forbidden');
    assert.equal(
      over.message,
      'pods "job2" is forbidden: exceeded quota: nopods, requested: pods=1, used: pods=1, limited: pods=1',
    );
    refused(api.handle(createRequest(Pods, aPod({ namespace: 'nowhere' }))), 404, 'NotFound');
  });

  it('lists by namespace and label, also through the index that the first such list builds', () => {
    const labels = { 'runner-pod': 'job1' };
    api.handle(createRequest(Secrets, aSecret({ name: 'hook', labels })));
    const names = (selector: string): string[] =>
      ok<ObjectList>(api.handle(listRequest(Secrets, 'arc', selector))).items.map(({ metadata }) => metadata.name);
    assert.deepEqual(names('runner-pod=job1'), ['hook']);
    api.handle(createRequest(Secrets, aSecret({ name: 'later', labels })));
    api.handle(createRequest(Secrets, aSecret({ name: 'other' })));
    assert.deepEqual(names('runner-pod=job1'), ['hook', 'later']);
    api.handle(patchRequest(Secrets, 'arc', 'hook', { metadata: { labels: { 'runner-pod': 'job2' } } }));
    assert.deepEqual(names('runner-pod=job1'), ['later']);
    assert.deepEqual(names('runner-pod in (job1, job2)'), ['hook', 'later']);
    api.handle(deleteRequest(Secrets, 'arc', 'later'));
    assert.deepEqual(names('runner-pod=job1'), []);
  });
});

describe('the embedded cluster', () => {
  it('gives every change a higher resource version and shows a watcher exactly what the store went through', () => {
    const action = fc.oneof(
      fc.record({ kind: fc.constant('create' as const), name: fc.nat(3) }),
      fc.record({ kind: fc.constant('patch' as const), name: fc.nat(3), value: fc.nat(2) }),
      fc.record({ kind: fc.constant('delete' as const), name: fc.nat(3) }),
      fc.record({ kind: fc.constant('wait' as const), us: fc.nat(6_000) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), fc.nat(1000), (actions, seed) => {
        const clock = new VirtualClock();
        const cluster = new EmbeddedCluster(clock, { seed, apiLatencyUs: 4_000, epochMs: 0, namespaces: ['arc'] });
        const seen = new Map<string, ApiObject>();
        let lastVersion = 0;
        const put = (key: string, object: ApiObject): void => {
          const version = Number(object.metadata.resourceVersion);
          assert.ok(version > lastVersion, `resource version ${version} came after ${lastVersion}`);
          lastVersion = version;
          seen.set(key, object);
        };
        cluster.watch(Secrets, 'arc', {
          onList: (items) => items.forEach((object, key) => seen.set(key, object)),
          onAdded: put,
          onModified: put,
          onDeleted: (key, lastState) => {
            put(key, lastState);
            seen.delete(key);
          },
        });
        for (const step of actions) {
          const name = 'name' in step ? `s${step.name}` : '';
          if (step.kind === 'create') cluster.send(createRequest(Secrets, aSecret({ name })), () => undefined);
          if (step.kind === 'delete') cluster.send(deleteRequest(Secrets, 'arc', name), () => undefined);
          if (step.kind === 'patch') {
            const labels = { value: String(step.value) };
            cluster.send(patchRequest(Secrets, 'arc', name, { metadata: { labels } }), () => undefined);
          }
          if (step.kind === 'wait') clock.run(clock.nowUs() + step.us);
        }
        clock.run();
        const stored = [...cluster.api.store.of(Secrets).entries()].map(({ key, object }) => [key, object] as const);
        assert.deepEqual(new Map([...seen].sort()), new Map([...stored].sort()));
      }),
      { numRuns: 200 },
    );
  });

  it('deletes what a deleted object owned, also what is made for it afterwards', () => {
    const clock = new VirtualClock();
    const cluster = new EmbeddedCluster(clock, { seed: 1, apiLatencyUs: 4_000, epochMs: 0, namespaces: ['arc'] });
    const owner = ok<ApiObject>(cluster.api.handle(createRequest(EphemeralRunners, aRunner())));
    const ownerReferences = [
      { apiVersion: owner.apiVersion, kind: owner.kind, name: 'job1', uid: owner.metadata.uid ?? '', controller: true },
    ];
    cluster.api.handle(createRequest(Pods, aPod({ ownerReferences })));
    cluster.api.handle(deleteRequest(EphemeralRunners, 'arc', 'job1'));
    cluster.api.handle(createRequest(Secrets, aSecret({ ownerReferences })));
    cluster.api.handle(createRequest(Secrets, aSecret({ name: 'unowned' })));
    clock.run();
    assert.equal(cluster.api.store.of(Pods).size, 0);
    assert.deepEqual(
      [...cluster.api.store.of(Secrets).entries()].map(({ key }) => key),
      ['arc/unowned'],
    );
  });
});

function ok<T>(reply: ApiReply): T {
  if (reply instanceof ApiError) assert.fail(`refused with ${reply.code}: ${reply.message}`);
  return reply as unknown as T;
}

function refused(reply: ApiReply, code: number, reason: string): ApiError {
  assert.ok(reply instanceof ApiError, 'the request was not refused');
  assert.deepEqual([reply.code, reply.reason], [code, reason], reply.message);
  return reply;
}
