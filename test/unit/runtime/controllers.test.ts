import assert from 'node:assert/strict';
import { LockEffect, UnlockEffect } from '../../../src/base/effect.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import type { Cluster } from '../../../src/kubernetes/cluster.ts';
import { EmbeddedCluster } from '../../../src/kubernetes/embedded/embedded-cluster.ts';
import { createRequest, patchRequest } from '../../../src/kubernetes/request.ts';
import { ConfigMaps, Pods, Secrets, type Resource } from '../../../src/kubernetes/resource.ts';
import type { ApiObject } from '../../../src/kubernetes/types.ts';
import { controller, type ControllerSpec } from '../../../src/runtime/controller-spec.ts';
import { Controllers, type ControllersOptions } from '../../../src/runtime/controllers.ts';
import {
  cached,
  cachedWithLabel,
  create,
  done,
  find,
  list,
  patch,
  type Reconcile,
} from '../../../src/runtime/effects.ts';
import type { PassObserver } from '../../../src/runtime/observer.ts';
import type { PassInProgress } from '../../../src/runtime/pass.ts';
import type { RequestRecord } from '../../../src/runtime/pass-record.ts';
import { aPod, aSecret } from '../../builders/objects.ts';

const NAMESPACE = 'arc';

/** Controllers in virtual time on an embedded cluster, with what they watched and asked. */
class Process {
  readonly clock = new VirtualClock();
  readonly cluster = new EmbeddedCluster(this.clock, {
    seed: 1,
    apiLatencyUs: 1_000,
    jitter: 0,
    epochMs: 0,
    controllers: false,
    namespaces: [NAMESPACE],
  });
  readonly watched: string[] = [];
  readonly requests: (RequestRecord & { readonly controller: string })[] = [];
  readonly controllers: Controllers;

  constructor(specs: readonly ControllerSpec[], options: Partial<ControllersOptions> = {}) {
    const { clock, cluster, watched } = this;
    const port: Cluster = {
      send: (request, answered) => cluster.send(request, answered),
      watch: (resource, namespace, handler) => {
        watched.push(resource.plural);
        return cluster.watch(resource, namespace, handler);
      },
    };
    this.controllers = new Controllers(specs, {
      ...{ clock, cluster: port, namespace: NAMESPACE, qps: 20, burst: 30, epochMs: 0 },
      http: { send: () => assert.fail('no pass asks the Actions service') },
      ...options,
    });
    this.observe({
      requestStarted: ({ controller }, request) => this.requests.push({ ...request, controller }),
    });
  }

  observe(observer: PassObserver): void {
    this.controllers.observers.add(observer);
  }

  create(resource: Resource, object: ApiObject): void {
    this.cluster.api.handle(createRequest(resource, object));
  }

  find(resource: Resource, name: string): ApiObject | undefined {
    return this.cluster.api.store.of(resource).find(NAMESPACE, name)?.object;
  }
}

/** Writes to each pod how many secrets have its label. */
function counter(): ControllerSpec {
  return controller({
    name: 'counter',
    for: Pods,
    watches: [
      {
        resource: Secrets,
        keysOf: (_key, { metadata }) => {
          const pod = metadata.labels?.['pod'];
          return pod === undefined ? undefined : [`${NAMESPACE}/${pod}`];
        },
      },
    ],
    workers: 2,
    *reconcile(key): Reconcile {
      const pod = yield* cached(Pods, key);
      if (pod === undefined) return done;
      const secrets = yield* cachedWithLabel(Secrets, NAMESPACE, 'pod', pod.metadata.name);
      const annotations = { secrets: String(secrets.length) };
      if (pod.metadata.annotations?.['secrets'] === annotations.secrets) return done;
      yield* patch(Pods, pod, { metadata: { annotations } });
      return done;
    },
  });
}

/** Makes a config map for each secret. */
function copier(): ControllerSpec {
  return controller({
    name: 'copier',
    for: Secrets,
    owns: [ConfigMaps],
    workers: 1,
    *reconcile(key): Reconcile {
      const secret = yield* cached(Secrets, key);
      if (secret === undefined || (yield* cached(ConfigMaps, key)) !== undefined) return done;
      const { name, uid = '' } = secret.metadata;
      const owner = { apiVersion: 'v1', kind: 'Secret', name, uid, controller: true };
      const metadata = { name, namespace: NAMESPACE, ownerReferences: [owner] };
      yield* create(ConfigMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata });
      return done;
    },
  });
}

describe('two controllers of one process', () => {
  it('each do their work, on one watch for each kind', () => {
    const process = new Process([counter(), copier()]);
    process.create(Pods, aPod({ name: 'a', namespace: NAMESPACE }));
    process.create(Secrets, aSecret({ name: 's1', namespace: NAMESPACE, labels: { pod: 'a' } }));
    process.controllers.start();
    process.clock.run();
    process.create(Secrets, aSecret({ name: 's2', namespace: NAMESPACE, labels: { pod: 'a' } }));
    process.clock.run();
    assert.deepEqual(process.watched.sort(), ['configmaps', 'pods', 'secrets']);
    assert.equal(process.find(Pods, 'a')?.metadata.annotations?.['secrets'], '2');
    assert.ok(process.find(ConfigMaps, 's1') !== undefined && process.find(ConfigMaps, 's2') !== undefined);
  });

  it('share the bucket of a kind: what one has spent the other waits for', () => {
    const asks = (name: string, ...[wakes]: [Resource]): ControllerSpec =>
      controller({
        name,
        for: wakes,
        workers: 1,
        *reconcile(): Reconcile {
          yield* find(ConfigMaps, NAMESPACE, 'none');
          // Another type upstream, whose bucket it is.
          yield* list(ConfigMaps, NAMESPACE, '');
          return done;
        },
      });
    const process = new Process([asks('one', Pods), asks('other', Secrets)], { qps: 1, burst: 1 });
    process.create(Pods, aPod({ name: 'a', namespace: NAMESPACE }));
    process.create(Secrets, aSecret({ name: 's', namespace: NAMESPACE }));
    process.controllers.start();
    process.clock.run();
    assert.deepEqual(
      process.requests.map(({ controller, verb, throttledUs }) => [controller, verb, throttledUs]).sort(),
      [
        ['one', 'get', 0],
        ['one', 'list', 0],
        ['other', 'get', 1_000_000],
        ['other', 'list', 0],
      ],
    );
  });

  it('name what woke a key by the kind and the event', () => {
    const process = new Process([counter()]);
    const triggers: string[] = [];
    process.observe({ passStarted: ({ trigger }) => triggers.push(trigger) });
    process.controllers.start();
    process.clock.run();
    process.create(Pods, aPod({ name: 'a', namespace: NAMESPACE }));
    process.clock.run();
    process.create(Secrets, aSecret({ name: 's', namespace: NAMESPACE, labels: { pod: 'a' } }));
    process.clock.run();
    process.cluster.api.handle(patchRequest(Pods, NAMESPACE, 'a', { metadata: { labels: { x: 'y' } } }));
    process.clock.run();
    assert.deepEqual([...new Set(triggers)], ['pod-added', 'pod-updated', 'secret-added']);
  });

  it('begin no pass before both have been woken by the event', () => {
    const waiting: number[][] = [];
    const spec = (name: string): ControllerSpec =>
      controller({
        name,
        for: Pods,
        workers: 1,
        *reconcile(): Reconcile {
          waiting.push(process.controllers.all.map(({ queue, activeWorkers }) => queue.length + activeWorkers));
          return done;
        },
      });
    const process: Process = new Process([spec('one'), spec('other')]);
    process.controllers.start();
    process.clock.run();
    process.create(Pods, aPod({ name: 'a', namespace: NAMESPACE }));
    process.clock.run();
    assert.deepEqual(waiting, [
      [1, 1],
      [0, 1],
    ]);
  });

  it('reconcile nothing before they are started, and then what the caches hold', () => {
    const process = new Process([counter(), copier()]);
    process.create(Pods, aPod({ name: 'a', namespace: NAMESPACE }));
    process.clock.run();
    assert.equal(process.controllers.held, true);
    assert.equal(process.controllers.caches.of(Pods).get(`${NAMESPACE}/a`)?.metadata.name, 'a');
    assert.deepEqual(process.requests, []);
    process.controllers.start();
    process.clock.run();
    assert.equal(process.controllers.held, false);
    assert.equal(process.find(Pods, 'a')?.metadata.annotations?.['secrets'], '0');
  });

  it('fail a pass that reads a kind which no controller has declared', () => {
    const process = new Process([
      controller({
        name: 'undeclared',
        for: Pods,
        workers: 1,
        *reconcile(key): Reconcile {
          yield* cached(Secrets, key);
          return done;
        },
      }),
    ]);
    const errors: string[] = [];
    process.observe({
      passEnded: (_pass, outcome) => errors.push(outcome.kind === 'error' ? String(outcome.error) : outcome.kind),
    });
    process.create(Pods, aPod({ name: 'a', namespace: NAMESPACE }));
    process.controllers.start();
    process.clock.run(500_000);
    assert.equal(errors[0], 'Error: secrets are not cached: a controller that reads them has to declare them.');
  });
});

describe('a pass that is aborted while it waits for a lock', () => {
  it('passes the lock on when its turn comes', () => {
    const passes = new Map<string, PassInProgress>();
    const ended: string[] = [];
    const process = new Process(
      [
        controller({
          name: 'locks',
          for: Pods,
          workers: 3,
          *reconcile(key): Reconcile {
            yield* new LockEffect('token');
            try {
              yield* list(ConfigMaps, NAMESPACE, '');
            } finally {
              yield* new UnlockEffect('token');
            }
            ended.push(key);
            return done;
          },
        }),
      ],
      {
        wrapDriver: (inner) => ({
          begin: (pass) => void passes.set(pass.key, pass),
          perform: (...about) => inner.perform(...about),
        }),
      },
    );
    for (const name of ['a', 'b', 'c']) process.create(Pods, aPod({ name, namespace: NAMESPACE }));
    process.controllers.start();
    process.clock.run(1_500);
    assert.equal(passes.size, 3, 'all three passes have begun');
    passes.get(`${NAMESPACE}/b`)?.abort();
    process.clock.run(4_500);
    assert.deepEqual(ended, [`${NAMESPACE}/a`, `${NAMESPACE}/c`]);
    process.clock.run();
    assert.equal(ended[2], `${NAMESPACE}/b`, 'the aborted one comes again');
  });
});
