import assert from 'node:assert/strict';
import fc from 'fast-check';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import type { Disposable } from '../../../src/base/disposable.ts';
import { ApiError } from '../../../src/kubernetes/api-error.ts';
import type { ApiReply, ApiRequest, Cluster, ObjectList, WatchHandler } from '../../../src/kubernetes/cluster.ts';
import { ApiServer } from '../../../src/kubernetes/embedded/api-server.ts';
import { ShadowCluster } from '../../../src/kubernetes/embedded/shadow-cluster.ts';
import { ObjectStore } from '../../../src/kubernetes/embedded/store.ts';
import {
  createRequest,
  deleteRequest,
  getRequest,
  listRequest,
  patchRequest,
} from '../../../src/kubernetes/request.ts';
import { EphemeralRunners, Namespaces, type Resource } from '../../../src/kubernetes/resource.ts';
import { keyOf, type ApiObject } from '../../../src/kubernetes/types.ts';
import { aRunner } from '../../builders/objects.ts';

const EPOCH_MS = Date.UTC(2026, 0, 1);

/** How API servers write their versions: from 1, about where doubles and 64 bits end, longer still, and no numbers. */
const WRITTEN: Readonly<Record<string, (change: number) => string>> = {
  small: String,
  'beyond 2^53': (change) => String(2n ** 53n + BigInt(change)),
  'up to 2^64': (change) => String(2n ** 64n - 1_000n + BigInt(change)),
  'in leaps': (change) => String(7n ** BigInt(Math.min(22, change))),
  'of 30 digits': (change) => String(10n ** 30n + BigInt(change)),
  opaque: (change) => `v${change}/${(change * 7919) % 101}`,
};

/** An API server whose answers and watch events take a given time. */
class SlowCluster implements Cluster {
  readonly api: ApiServer;
  readonly writes: ApiRequest[] = [];
  readonly #clock: VirtualClock;
  readonly #answerUs: number;
  readonly #eventUs: number;

  constructor(clock: VirtualClock, written: (change: number) => string, answerUs: number, eventUs: number) {
    this.#clock = clock;
    this.#answerUs = answerUs;
    this.#eventUs = eventUs;
    this.api = new ApiServer(1, () => EPOCH_MS + clock.nowUs() / 1000, new ObjectStore(written));
    this.api.handle(createRequest(Namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'arc' } }));
  }

  send(request: ApiRequest, done: (reply: ApiReply) => void): void {
    if (request.verb !== 'get' && request.verb !== 'list') this.writes.push(request);
    this.#clock.schedule(
      this.#answerUs,
      () => {
        const reply = this.api.handle(request);
        this.#clock.schedule(this.#answerUs, () => done(reply), undefined);
      },
      undefined,
    );
  }

  watch<T extends ApiObject>(resource: Resource<T>, _namespace: string, handler: WatchHandler<T>): Disposable {
    const collection = this.api.store.of(resource);
    const list = new Map([...collection.entries()].map(({ key, object }) => [key, object as T]));
    this.#clock.schedule(this.#eventUs, () => handler.onList(list), undefined);
    return collection.listen((type, { key }, object) => {
      const tell = type === 'added' ? 'onAdded' : type === 'modified' ? 'onModified' : 'onDeleted';
      this.#clock.schedule(this.#eventUs, () => handler[tell](key, object as T), undefined);
    });
  }
}

/** A copy that a watch keeps. It drops what an informer's listeners drop: an update under the version that it has. */
class Copy {
  readonly objects = new Map<string, ApiObject>();
  readonly #isOrdered: boolean;

  constructor(cluster: Cluster, isOrdered: boolean) {
    this.#isOrdered = isOrdered;
    cluster.watch(EphemeralRunners, 'arc', {
      onList: (items) => {
        for (const key of [...this.objects.keys()]) if (!items.has(key)) this.objects.delete(key);
        for (const [key, object] of items) this.#put(key, object);
      },
      onAdded: (key, object) => this.#put(key, object),
      onModified: (key, object) => this.#put(key, object),
      onDeleted: (key, lastState) => {
        const before = this.objects.get(key);
        if (before !== undefined) this.#mayFollow(before, lastState);
        this.objects.delete(key);
      },
    });
  }

  #put(key: string, object: ApiObject): void {
    const before = this.objects.get(key);
    if (before !== undefined) this.#mayFollow(before, object);
    if (before?.metadata.resourceVersion !== versionOf(object)) this.objects.set(key, object);
  }

  #mayFollow(before: ApiObject, after: ApiObject): void {
    if (before.metadata.uid !== after.metadata.uid) return;
    const [old, now] = [versionOf(before), versionOf(after)];
    if (old === now) assert.deepEqual(after, before, `two states have the version ${now}`);
    else if (this.#isOrdered) assert.ok(BigInt(now) > BigInt(old), `version ${now} was shown after ${old}`);
  }
}

function versionOf({ metadata }: ApiObject): string {
  return metadata.resourceVersion ?? '';
}

type Step = readonly [who: 'cluster' | 'shadow', what: string, name: string, waitUs: number];

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.tuple(
    fc.constantFrom('cluster' as const, 'shadow' as const),
    fc.constantFrom('create', 'label', 'same', 'status', 'finalizer', 'release', 'delete', 'locked', 'stale', 'watch'),
    fc.constantFrom('a', 'b'),
    fc.constantFrom(0, 500, 1_000, 5_000, 40_000),
  ),
  { maxLength: 40 },
);

function requestOf(what: string, name: string, number: number, current: ApiObject | undefined): ApiRequest {
  const patch = (body: unknown, subresource: '' | 'status' = ''): ApiRequest =>
    patchRequest(EphemeralRunners, 'arc', name, body, subresource);
  switch (what) {
    case 'create':
      return createRequest(EphemeralRunners, aRunner({ name }));
    case 'label':
      return patch({ metadata: { labels: { at: String(number) } } });
    case 'same':
      return patch({ metadata: { name } });
    case 'status':
      return patch({ status: { runnerId: number } }, 'status');
    case 'finalizer':
      return patch({ metadata: { finalizers: ['lab/held'] } });
    case 'release':
      return patch({ metadata: { finalizers: null } });
    case 'locked':
      return patch({
        metadata: { resourceVersion: current?.metadata.resourceVersion, labels: { locked: `${number}` } },
      });
    case 'stale':
      return patch({ metadata: { resourceVersion: '1', labels: { stale: `${number}` } } });
    default:
      return deleteRequest(EphemeralRunners, 'arc', name);
  }
}

describe('versions in shadow', () => {
  for (const [written, versionsOf] of Object.entries(WRITTEN)) {
    it(`equal and precede no version of a server that writes them ${written}: every watch ends at what is there`, () => {
      fc.assert(
        fc.property(
          steps,
          fc.constantFrom(100, 1_000, 7_000),
          fc.constantFrom(100, 1_000, 7_000),
          (given, answerUs, eventUs) => {
            const clock = new VirtualClock();
            const cluster = new SlowCluster(clock, versionsOf, answerUs, eventUs);
            const isNumber = written !== 'opaque';
            const ofServer = new Map<string, Set<string>>();
            cluster.api.store.of(EphemeralRunners).listen((_type, { key }, object) => {
              ofServer.set(key, (ofServer.get(key) ?? new Set()).add(versionOf(object)));
            });
            const shadow = new ShadowCluster(cluster, { clock, seed: 2, epochMs: EPOCH_MS, writeLatencyUs: 1_000 });
            const ofOverlay: ApiObject[] = [];
            const copies = [new Copy(shadow, isNumber)];
            const note = (reply: ApiReply): void => {
              if (reply instanceof ApiError || 'items' in reply) return;
              if (ofServer.get(keyOf(reply.metadata))?.has(versionOf(reply)) !== true) ofOverlay.push(reply);
            };
            given.forEach(([who, what, name, waitUs], number) => {
              if (what === 'watch') copies.push(new Copy(shadow, isNumber));
              else {
                const request = requestOf(what, name, number, copies[0]?.objects.get(`arc/${name}`));
                if (who === 'cluster') cluster.api.handle(request);
                else shadow.send(request, note);
              }
              clock.run(clock.nowUs() + waitUs);
            });
            clock.run();

            assert.deepEqual(cluster.writes, [], 'something was written to the cluster');
            for (const object of ofOverlay) {
              for (const server of ofServer.get(keyOf(object.metadata)) ?? []) {
                assert.notEqual(versionOf(object), server);
                if (isNumber && written !== 'of 30 digits') assert.ok(BigInt(versionOf(object)) > BigInt(server));
              }
            }
            const list = ask(clock, shadow, listRequest(EphemeralRunners, 'arc')) as ObjectList;
            const there = new Map(list.items.map((object) => [keyOf(object.metadata), object]));
            for (const object of there.values()) {
              if (isNumber) assert.ok(BigInt(list.resourceVersion) >= BigInt(versionOf(object)), 'the list is older');
              const { namespace = '', name } = object.metadata;
              assert.deepEqual(ask(clock, shadow, getRequest(EphemeralRunners, namespace, name)), object);
            }
            for (const { objects } of [...copies, late(clock, shadow, isNumber)]) {
              assert.deepEqual(sorted(objects), sorted(there), 'a watch has missed something');
            }
          },
        ),
        { numRuns: 300 },
      );
    });
  }

  /** A cluster with one runner, its shadow, and a watch that has listed it. */
  function oneRunner(answerUs = 100, eventUs = 100, finalizers: readonly string[] = []) {
    const clock = new VirtualClock();
    const cluster = new SlowCluster(clock, String, answerUs, eventUs);
    cluster.api.handle(createRequest(EphemeralRunners, aRunner({ finalizers })));
    const shadow = new ShadowCluster(cluster, { clock, seed: 2, epochMs: EPOCH_MS, writeLatencyUs: 1_000 });
    const copy = new Copy(shadow, true);
    clock.run();
    return {
      clock,
      shadow,
      shown: () => copy.objects.get('arc/job1'),
      onCluster: (request: ApiRequest) => cluster.api.handle(request),
      inShadow: (request: ApiRequest) => ask(clock, shadow, request),
    };
  }
  const patch = (metadata: unknown): ApiRequest => patchRequest(EphemeralRunners, 'arc', 'job1', { metadata });
  const remove = deleteRequest(EphemeralRunners, 'arc', 'job1');
  const create = createRequest(EphemeralRunners, aRunner());

  it('a write that names the version that a get gave is taken, one that names an older version is refused', () => {
    const { inShadow } = oneRunner();
    const locked = (before: ApiObject, at: string): ApiReply =>
      inShadow(patch({ resourceVersion: versionOf(before), labels: { at } }));
    const first = inShadow(getRequest(EphemeralRunners, 'arc', 'job1')) as ApiObject;
    const second = locked(first, 'second') as ApiObject;
    assert.equal(second.metadata.labels?.['at'], 'second');
    assert.match((locked(first, 'third') as ApiError).message, /has been modified/);
    assert.equal((locked(second, 'fourth') as ApiObject).metadata.labels?.['at'], 'fourth');
  });

  it('what nobody changes in shadow stays the cluster’s: a write without a change, and a refused one, hide nothing', () => {
    const { shadow, shown, inShadow, onCluster, clock } = oneRunner();
    inShadow(patch({ name: 'job1' }));
    inShadow(patch({ resourceVersion: '999', labels: { at: 'refused' } }));
    assert.equal(shadow.holds(EphemeralRunners, 'arc/job1'), false);
    onCluster(patch({ labels: { of: 'cluster' } }));
    clock.run();
    assert.equal(shown()?.metadata.labels?.['of'], 'cluster');
  });

  it('a change that a watch shows before the first write has its copy is not undone by that write', () => {
    const { clock, shadow, shown, onCluster } = oneRunner(5_000);
    shadow.send(patch({ labels: { of: 'shadow' } }), () => undefined);
    clock.run(clock.nowUs() + 7_000);
    onCluster(patch({ annotations: { of: 'cluster' } }));
    clock.run();
    assert.equal(shown()?.metadata.annotations?.['of'], 'cluster', 'the cluster’s change was undone');
    assert.equal(shown()?.metadata.labels?.['of'], 'shadow');
  });

  it('a runner that is created in shadow under a deleted one’s name outlives the end of that one on the cluster', () => {
    const { clock, shown, inShadow, onCluster } = oneRunner(100, 100, ['lab/held']);
    inShadow(patch({ finalizers: null }));
    inShadow(remove);
    const { metadata } = inShadow(create) as ApiObject;
    onCluster(remove);
    clock.run();
    assert.equal(shown()?.metadata.deletionTimestamp, undefined, 'it was deleted like the other one');
    onCluster(patch({ finalizers: null }));
    clock.run();
    assert.equal(shown()?.metadata.uid, metadata.uid);
  });

  it('a runner that was deleted in shadow stays deleted when its watch only then delivers the one before it', () => {
    const { clock, shown, inShadow, onCluster } = oneRunner(100, 9_000);
    onCluster(patch({ labels: { old: 'one' } }));
    onCluster(remove);
    onCluster(create);
    inShadow(remove);
    clock.run();
    assert.equal(shown(), undefined, 'the cluster’s runner is shown again');
  });
});

function ask(clock: VirtualClock, cluster: Cluster, request: ApiRequest): ApiReply {
  let reply: ApiReply | undefined;
  cluster.send(request, (answer) => (reply = answer));
  clock.run();
  return reply ?? assert.fail('no answer came');
}

/** A watch that begins when everything has happened. */
function late(clock: VirtualClock, shadow: ShadowCluster, isOrdered: boolean): Copy {
  const copy = new Copy(shadow, isOrdered);
  clock.run();
  return copy;
}

function sorted(objects: ReadonlyMap<string, ApiObject>): (readonly [string, ApiObject])[] {
  return [...objects].sort(([a], [b]) => (a < b ? -1 : 1));
}
