import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { ApiError } from '../../../src/kubernetes/api-error.ts';
import type { ApiReply, ApiRequest, Cluster } from '../../../src/kubernetes/cluster.ts';
import { EmbeddedCluster } from '../../../src/kubernetes/embedded/embedded-cluster.ts';
import { ShadowCluster } from '../../../src/kubernetes/embedded/shadow-cluster.ts';
import { createRequest, deleteRequest, getRequest, patchRequest } from '../../../src/kubernetes/request.ts';
import { EphemeralRunners, Pods, ResourceQuotas, Secrets, type Resource } from '../../../src/kubernetes/resource.ts';
import type { ApiObject, ResourceQuota } from '../../../src/kubernetes/types.ts';
import { aPod, aRunner, aSecret } from '../../builders/objects.ts';

const EPOCH_MS = Date.UTC(2026, 0, 1);

/** A cluster that is looked at, and the overlay over it; requests that reach the cluster are written down. */
class Shadowed {
  readonly clock = new VirtualClock();
  readonly base = new EmbeddedCluster(this.clock, {
    seed: 1,
    apiLatencyUs: 1_000,
    epochMs: EPOCH_MS,
    controllers: false,
    namespaces: ['arc'],
  });
  readonly reached: string[] = [];
  readonly shadow: ShadowCluster;

  constructor() {
    const recorded: Cluster = {
      send: (request, done) => {
        this.reached.push(request.verb);
        this.base.send(request, done);
      },
      watch: (resource, namespace, handler) => this.base.watch(resource, namespace, handler),
    };
    this.shadow = new ShadowCluster(recorded, { clock: this.clock, seed: 2, epochMs: EPOCH_MS, writeLatencyUs: 1_000 });
  }

  ask(request: ApiRequest): ApiReply {
    let reply: ApiReply | undefined;
    this.shadow.send(request, (answer) => (reply = answer));
    this.clock.run();
    return reply ?? assert.fail('no answer came');
  }

  given(resource: Resource, object: ApiObject): void {
    assert.ok(!(this.base.api.handle(createRequest(resource, object)) instanceof ApiError));
  }
}

function reason(reply: ApiReply): string {
  return reply instanceof ApiError ? `${reply.code} ${reply.reason}: ${reply.message}` : 'no error';
}

describe('a shadow over a cluster', () => {
  it('takes writes as the API server would and sends the cluster nothing but reads', () => {
    const world = new Shadowed();
    world.given(EphemeralRunners, aRunner());
    const finalizers = { metadata: { finalizers: ['a.b/c'] } };
    assert.equal(reason(world.ask(patchRequest(EphemeralRunners, 'arc', 'job1', finalizers))), 'no error');
    assert.equal(reason(world.ask(createRequest(Secrets, aSecret()))), 'no error');
    assert.match(reason(world.ask(createRequest(Secrets, aSecret()))), /^409 AlreadyExists/);
    world.ask(deleteRequest(EphemeralRunners, 'arc', 'job1'));
    const runner = world.ask(getRequest(EphemeralRunners, 'arc', 'job1')) as ApiObject;
    assert.ok(runner.metadata.deletionTimestamp !== undefined, 'a finalizer holds it');
    world.ask(patchRequest(EphemeralRunners, 'arc', 'job1', { metadata: { finalizers: null } }));
    assert.match(reason(world.ask(getRequest(EphemeralRunners, 'arc', 'job1'))), /^404 NotFound/);
    const stale = patchRequest(Secrets, 'arc', 'job1', { metadata: { resourceVersion: '1' } });
    assert.match(reason(world.ask(stale)), /^409 Conflict/);
    assert.match(reason(world.ask(createRequest(Pods, aPod({}, { containers: [] })))), /^422 Invalid/);

    assert.deepEqual([...new Set(world.reached)].sort(), ['get', 'list']);
    const { store } = world.base.api;
    assert.equal(store.of(EphemeralRunners).find('arc', 'job1')?.object.metadata.finalizers, undefined);
    assert.equal(store.of(Secrets).size + store.of(Pods).size, 0);
  });

  it('knows what the cluster has: a name that is taken there is taken here', () => {
    const world = new Shadowed();
    world.given(Pods, aPod());
    assert.match(reason(world.ask(createRequest(Pods, aPod()))), /^409 AlreadyExists/);
  });

  it('forbids the pod that a quota of the cluster would forbid, counting those that are there', () => {
    const world = new Shadowed();
    const metadata = { name: 'tight', namespace: 'arc' };
    const hard = { pods: '3' };
    world.given(ResourceQuotas, { apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard } } as ResourceQuota);
    const status = { hard, used: { pods: '1' } };
    world.base.api.handle(patchRequest(ResourceQuotas, 'arc', 'tight', { status }, 'status'));
    const create = (name: string): string => reason(world.ask(createRequest(Pods, aPod({ name }))));
    assert.equal(create('one'), 'no error');
    assert.equal(create('two'), 'no error');
    assert.match(
      create('three'),
      /^403 Forbidden: .*exceeded quota: tight, requested: pods=1, used: pods=3, limited: pods=3/,
    );
  });
});
