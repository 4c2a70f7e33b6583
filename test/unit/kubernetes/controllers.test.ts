import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { ApiError } from '../../../src/kubernetes/api-error.ts';
import { EmbeddedCluster } from '../../../src/kubernetes/embedded/embedded-cluster.ts';
import { createRequest } from '../../../src/kubernetes/request.ts';
import { ConfigMaps, Namespaces, Pods, ResourceQuotas, type Resource } from '../../../src/kubernetes/resource.ts';
import type { ApiObject } from '../../../src/kubernetes/types.ts';
import { aPod } from '../../builders/objects.ts';

describe('the controllers of the embedded cluster', () => {
  let clock: VirtualClock;
  let cluster: EmbeddedCluster;
  beforeEach(() => {
    clock = new VirtualClock();
    cluster = new EmbeddedCluster(clock, {
      seed: 1,
      apiLatencyUs: 0,
      epochMs: Date.UTC(2026, 0, 1),
      namespaces: ['arc'],
    });
  });

  const make = (resource: Resource, object: object): ApiObject => {
    const reply = cluster.api.handle(createRequest(resource, object as ApiObject));
    if (reply instanceof ApiError) throw reply;
    return reply as ApiObject;
  };
  const configMap = (name: string, owner?: ApiObject): ApiObject =>
    make(ConfigMaps, {
      metadata: {
        name,
        namespace: 'arc',
        ...(owner === undefined
          ? {}
          : {
              ownerReferences: [
                {
                  apiVersion: 'v1',
                  kind: 'ConfigMap',
                  name: owner.metadata.name,
                  uid: owner.metadata.uid,
                  blockOwnerDeletion: true,
                },
              ],
            }),
      },
    });
  const find = (resource: Resource, name: string, namespace = 'arc'): ApiObject | undefined =>
    cluster.api.store.of(resource).find(namespace, name)?.object;
  const remove = (name: string, propagationPolicy: string): void => {
    cluster.api.delete({ resource: ConfigMaps, namespace: 'arc', name, subresource: '' }, { propagationPolicy });
  };

  it('delete in the background: the owner goes first, its dependents after it', () => {
    configMap('child', configMap('owner'));
    remove('owner', 'Background');
    assert.equal(find(ConfigMaps, 'owner'), undefined);
    assert.ok(find(ConfigMaps, 'child') !== undefined, 'the collector takes its time');
    clock.run();
    assert.equal(find(ConfigMaps, 'child'), undefined);
  });

  it('delete in the foreground: the owner waits for its dependents', () => {
    const child = configMap('child', configMap('owner'));
    configMap('grandchild', child);
    remove('owner', 'Foreground');
    assert.deepEqual(find(ConfigMaps, 'owner')?.metadata.finalizers, ['foregroundDeletion']);
    clock.run();
    for (const name of ['owner', 'child', 'grandchild']) assert.equal(find(ConfigMaps, name), undefined, name);
  });

  it('delete an owner that leaves its dependents behind', () => {
    configMap('child', configMap('owner'));
    remove('owner', 'Orphan');
    clock.run();
    assert.equal(find(ConfigMaps, 'owner'), undefined);
    assert.equal(find(ConfigMaps, 'child')?.metadata.ownerReferences, undefined);
    assert.ok(find(ConfigMaps, 'child') !== undefined);
  });

  it('empty a namespace before it goes, and let nothing new into it', () => {
    configMap('one');
    cluster.api.delete({ resource: Namespaces, namespace: '', name: 'arc', subresource: '' }, {});
    assert.throws(() => configMap('late'), /because it is being terminated/);
    clock.run();
    assert.equal(find(ConfigMaps, 'one'), undefined);
    assert.equal(find(Namespaces, 'arc', ''), undefined);
  });

  it('write into quotas how many pods there are', () => {
    make(ResourceQuotas, {
      metadata: { name: 'q', namespace: 'arc' },
      spec: { hard: { pods: '2', 'requests.cpu': '1' } },
    });
    make(Pods, aPod({ name: 'one' }));
    clock.run();
    const { status } = find(ResourceQuotas, 'q') as { status?: unknown };
    assert.deepEqual(status, { hard: { pods: '2', 'requests.cpu': '1' }, used: { pods: '1' } });
  });
});
