import assert from 'node:assert/strict';
import type { Cluster, WatchHandler } from '../../../src/kubernetes/cluster.ts';
import { EphemeralRunners, EphemeralRunnerSets, Pods } from '../../../src/kubernetes/resource.ts';
import type { Pod } from '../../../src/kubernetes/types.ts';
import { Informer } from '../../../src/runtime/informer.ts';
import { byController, byLabel } from '../../../src/runtime/object-index.ts';
import { aPod } from '../../builders/objects.ts';

const LABEL = 'runner-pod';

/** An informer whose watch is played by the test. */
function anInformer(onListenerError?: (error: unknown) => void) {
  const played: { handler?: WatchHandler<Pod> } = {};
  const cluster: Cluster = {
    send: () => assert.fail('a cache sends no requests of its own'),
    watch: (_resource, _namespace, handler) => {
      played.handler = handler as unknown as WatchHandler<Pod>;
      return { dispose: () => undefined };
    },
  };
  const informer = new Informer(cluster, Pods, { namespace: 'arc', onListenerError });
  const told: string[] = [];
  informer.listen((event, key) => told.push(`${event} ${key}`));
  return { informer, told, watch: played.handler as WatchHandler<Pod> };
}

function listed(...pods: Pod[]): ReadonlyMap<string, Pod> {
  return new Map(pods.map((pod) => [`arc/${pod.metadata.name}`, pod]));
}

const named = (name: string, resourceVersion: string, owner?: string): Pod =>
  aPod({ name, resourceVersion, ...(owner === undefined ? {} : { labels: { [LABEL]: owner } }) });

describe('the informer cache', () => {
  it('is synced by the first list, and reports what a later list shows to have changed meanwhile', () => {
    const { informer, told, watch } = anInformer();
    let synced = 0;
    informer.whenSynced(() => synced++);
    assert.equal(synced, 0);
    watch.onList(listed(named('a', '1'), named('b', '2')));
    assert.equal(synced, 1);
    told.length = 0;
    watch.onList(listed(named('b', '3'), named('c', '4')));
    assert.deepEqual(told, ['deleted arc/a', 'updated arc/b', 'added arc/c']);
    assert.equal(informer.get('arc/b')?.metadata.resourceVersion, '3');
    assert.equal(synced, 1, 'synced is reported once');
  });

  it('holds what the last event said when its listeners are called', () => {
    const { informer, watch } = anInformer();
    const seen: (string | undefined)[] = [];
    informer.listen((_event, key) => seen.push(informer.get(key)?.metadata.resourceVersion));
    watch.onList(listed());
    watch.onAdded('arc/a', named('a', '1'));
    watch.onModified('arc/a', named('a', '2'));
    watch.onDeleted('arc/a', named('a', '3'));
    assert.deepEqual(seen, ['1', '2', undefined]);
  });

  it('tells those that show a change before those that act on it, in whatever order they came', () => {
    const { informer, told, watch } = anInformer();
    const order: string[] = [];
    informer.handle((event, key) => order.push(`${event} ${key} is acted on, ${told.length} shown`));
    informer.listen((event, key) => order.push(`${event} ${key} is shown`));
    watch.onList(listed(named('a', '1')));
    watch.onModified('arc/a', named('a', '2'));
    watch.onDeleted('arc/a', named('a', '3'));
    assert.deepEqual(order, [
      'added arc/a is shown',
      'added arc/a is acted on, 1 shown',
      'updated arc/a is shown',
      'updated arc/a is acted on, 2 shown',
      'deleted arc/a is shown',
      'deleted arc/a is acted on, 3 shown',
    ]);
  });

  it('tells the others, and its handlers, when a listener throws, and goes on with its watch', () => {
    const errors: string[] = [];
    const { informer, told, watch } = anInformer((error) => errors.push(String(error)));
    informer.listen(() => {
      throw new Error('cannot show it');
    });
    const handled: string[] = [];
    informer.handle((event, key) => handled.push(`${event} ${key}`));
    watch.onList(listed(named('a', '1'), named('b', '2')));
    watch.onDeleted('arc/a', named('a', '3'));
    assert.deepEqual(told, ['added arc/a', 'added arc/b', 'deleted arc/a']);
    assert.deepEqual(handled, told);
    assert.equal(errors.length, 3);
  });

  it('tells a handler that comes later what it holds, and nobody anything who has gone', () => {
    const { informer, told, watch } = anInformer();
    watch.onList(listed(named('a', '1')));
    const handled: string[] = [];
    const handler = informer.handle((event, key) => handled.push(`${event} ${key}`));
    assert.deepEqual(handled, ['added arc/a']);
    watch.onAdded('arc/b', named('b', '2'));
    handler.dispose();
    watch.onAdded('arc/c', named('c', '3'));
    assert.deepEqual(handled, ['added arc/a', 'added arc/b']);
    assert.equal(told.length, 3);
  });

  it('finds objects by their label as it is now, in their namespace only', () => {
    const { informer, watch } = anInformer();
    const names = (owner: string, namespace = 'arc'): string[] =>
      informer.inGroup(byLabel(LABEL), owner, namespace).map(({ metadata }) => metadata.name);
    watch.onList(listed(named('a', '1', 'x'), named('b', '2', 'x'), named('c', '3')));
    assert.deepEqual(names('x'), ['a', 'b']);
    assert.deepEqual(names('x', 'elsewhere'), []);
    watch.onModified('arc/a', named('a', '4', 'y'));
    watch.onDeleted('arc/b', named('b', '5', 'x'));
    assert.deepEqual([names('x'), names('y')], [[], ['a']]);
  });

  it('finds what an object of a kind owns as its controller, in the order in which it came', () => {
    const { informer, watch } = anInformer();
    const owned = (name: string, kind: string, controller = true): Pod => {
      const owner = { apiVersion: 'actions.github.com/v1alpha1', kind, name: 'owner', uid: 'u', controller };
      return aPod({ name, ownerReferences: [owner] });
    };
    const [first, second] = [owned('a', 'EphemeralRunner'), owned('b', 'EphemeralRunner')];
    watch.onList(listed(first, second, owned('c', 'EphemeralRunnerSet'), owned('d', 'EphemeralRunner', false)));
    watch.onModified('arc/a', { ...first, metadata: { ...first.metadata, resourceVersion: '9' } });
    const names = (kind: typeof EphemeralRunners | typeof EphemeralRunnerSets): string[] =>
      informer.inGroup(byController(kind), 'owner', 'arc').map(({ metadata }) => metadata.name);
    assert.deepEqual([names(EphemeralRunners), names(EphemeralRunnerSets)], [['a', 'b'], ['c']]);
  });
});
