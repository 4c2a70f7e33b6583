import assert from 'node:assert/strict';
import type { ActionsClientCache } from '../../src/actions/client-cache.ts';
import { EmbeddedActionsService } from '../../src/actions/embedded-service.ts';
import { EmbeddedActionsTransport } from '../../src/actions/embedded-transport.ts';
import { Random } from '../../src/base/random.ts';
import { WallClock } from '../../src/base/wall-clock.ts';
import { Kubelet } from '../../src/kubernetes/embedded/kubelet.ts';
import { RemoteCluster } from '../../src/kubernetes/remote/remote-cluster.ts';
import { ApiTransport } from '../../src/kubernetes/remote/transport.ts';
import { createRequest, deleteRequest } from '../../src/kubernetes/request.ts';
import { listObjects, sendRequest } from '../builders/requests.ts';
import { EphemeralRunners, Namespaces, Pods, Secrets, type Resource } from '../../src/kubernetes/resource.ts';
import type { ApiObject, PodSpec } from '../../src/kubernetes/types.ts';
import { podPlan } from '../../src/run/pod-plan.ts';
import { RELEASES } from '../../src/reconciler/releases/releases.ts';
import { EPHEMERAL_RUNNER, ephemeralRunnerController } from '../../src/reconciler/controller.ts';
import type { Release } from '../../src/reconciler/releases/release.ts';
import type { ControllerSpec } from '../../src/runtime/controller-spec.ts';
import type { Controllers } from '../../src/runtime/controllers.ts';
import type { ReconcileEffect } from '../../src/runtime/effects.ts';
import { Informer } from '../../src/runtime/informer.ts';
import type { PassInProgress, Reply } from '../../src/runtime/pass.ts';
import type { RealApiServer } from '../apiserver/api-server.ts';
import { CONTROLLER } from '../apiserver/api-server.ts';
import { aRunner, aSecret } from '../builders/objects.ts';
import { FaultProxy } from './fault-proxy.ts';
import { FaultyService } from './faulty-service.ts';
import { Process, type ProcessHost } from './process.ts';
import { SERVICE_STRATEGIES } from './strategies.ts';
import { Witness, type Watched } from './witness.ts';

export interface RealOutcome {
  readonly violations: readonly string[];
  readonly faults: ReadonlyMap<string, number>;
  readonly flaws: ReadonlyMap<string, number>;
  readonly crashes: number;
}

const RUNNERS = 3;
const TROUBLE_MS = 3_000;
/** A request without an answer is given up after 60 s, a runner with a job is asked about again after 30: one may follow the other. */
const SETTLE_MS = 180_000;
const SECOND = 1_000_000;

/** The objects of a namespace as an undisturbed client sees them. */
class RealWatch implements Watched {
  readonly #informers = new Map<Resource, Informer<ApiObject>>();
  readonly #listeners: Parameters<Watched['listen']>[0][] = [];

  constructor(cluster: RemoteCluster, namespace: string) {
    for (const resource of [EphemeralRunners, Pods, Secrets] as readonly Resource[]) {
      const informer = new Informer(cluster, resource, { namespace });
      const types = { added: 'added', updated: 'modified', deleted: 'deleted' } as const;
      informer.listen((event, _key, object, before) => {
        const previous = event === 'added' ? undefined : before;
        for (const listener of this.#listeners) listener(resource, types[event], object, previous);
      });
      this.#informers.set(resource, informer);
    }
  }

  listen(listener: Parameters<Watched['listen']>[0]): void {
    this.#listeners.push(listener);
  }

  find(resource: Resource, namespace: string, name: string): ApiObject | undefined {
    return this.#informers.get(resource)?.get(`${namespace}/${name}`);
  }

  dispose(): void {
    for (const informer of this.#informers.values()) informer.dispose();
  }
}

/** One run against a real API server behind a proxy that fails it, in a namespace of its own. */
class RealRun implements ProcessHost {
  readonly clock = new WallClock();
  readonly epochMs = Date.now();
  readonly namespace: string;
  readonly scenario: { readonly mode: string; readonly workers: number };
  readonly cluster: RemoteCluster;
  readonly service: FaultyService;
  readonly witness: Witness;
  readonly #actions: EmbeddedActionsService;
  readonly #direct: RemoteCluster;
  readonly #watch: RealWatch;
  readonly #proxy: FaultProxy;
  readonly #random: Random;
  readonly #seed: number;
  #process: Process;
  #calm = false;
  #crashes = 0;

  constructor(seed: number, proxy: FaultProxy, through: ApiTransport, direct: ApiTransport) {
    this.#seed = seed;
    this.#proxy = proxy;
    this.#random = new Random(seed, 'real');
    this.namespace = `fault-${seed}`;
    this.scenario = { mode: RELEASES.ids[seed % RELEASES.ids.length] as string, workers: 1 + this.#random.below(3) };
    const { clock } = this;
    this.cluster = new RemoteCluster(through, clock);
    this.#direct = new RemoteCluster(direct, clock);
    const nowMs = (): number => this.epochMs + clock.nowUs() / 1000;
    this.#actions = new EmbeddedActionsService({ seed, baseUrl: 'http://actions.lab.invalid', nowMs });
    const latency = { jitUs: 50_000, otherUs: 5_000, jitter: 0.5 };
    const transport = new EmbeddedActionsTransport(clock, this.#actions, latency, seed);
    // Its slow answers would outlast the run; they are played in virtual time.
    const strategies = new Set(
      SERVICE_STRATEGIES.filter((one) => one !== 'service-slow' && this.#random.below(2) === 0),
    );
    this.service = new FaultyService(transport, { clock, random: new Random(seed, 'service'), strategies, oneIn: 6 });
    this.#watch = new RealWatch(this.#direct, this.namespace);
    this.witness = new Witness(this.#watch, this.#actions, RELEASES.get(this.scenario.mode));
    this.#process = new Process(this);
  }

  specs(release: Release, clients: ActionsClientCache): readonly ControllerSpec[] {
    return [ephemeralRunnerController({ release, clients, workers: this.scenario.workers })];
  }

  observe(controllers: Controllers): void {
    this.witness.observe(controllers);
  }

  crashes(effect: ReconcileEffect): 'before' | 'after' | undefined {
    if (this.#calm || (effect.kind !== 'kubernetes' && effect.kind !== 'http')) return undefined;
    const draw = this.#random.below(60);
    return draw === 0 ? 'before' : draw === 1 ? 'after' : undefined;
  }

  crash(process: Process): void {
    this.#crashes++;
    process.kill();
    this.clock.schedule(this.#random.below(SECOND / 2), () => (this.#process = new Process(this)), undefined);
  }

  watched(effect: ReconcileEffect, pass: PassInProgress, reply: Reply): Reply {
    return this.witness.watch(effect, pass, reply);
  }

  async play(): Promise<RealOutcome> {
    const { namespace, clock, witness } = this;
    const data = { github_token: Buffer.from('campaign-token').toString('base64') };
    await sendRequest(this.#direct, createRequest(Secrets, aSecret({ name: 'gh', namespace }, data)));
    const jobDurationUs = 500_000 + this.#random.below(3 * SECOND);
    const plan = podPlan({ pods: 'jobs', podStartUs: 100_000, jobDurationUs });
    assert.ok(plan !== undefined);
    const kubelet = new Kubelet(clock, this.#direct, {
      namespace,
      seed: this.#seed,
      plan,
      nowMs: Date.now,
      observer: {
        changed: ({ metadata, status }) => {
          if (status?.phase === 'Succeeded') this.#actions.forget(metadata.name);
        },
        gone: () => undefined,
      },
    });
    const names = Array.from({ length: RUNNERS }, (_, index) => `runner-${index}`);
    const spec: PodSpec = { restartPolicy: 'Never', containers: [{ name: 'runner', image: 'runner:1' }] };
    for (const name of names) {
      await sendRequest(this.#direct, createRequest(EphemeralRunners, aRunner({ name, namespace }, { spec })));
      const isDeletedEarly = this.#random.below(3) === 0;
      if (isDeletedEarly) clock.schedule(this.#random.below(TROUBLE_MS * 1000), () => this.#delete(name), undefined);
    }
    await wait(TROUBLE_MS);
    this.#calm = true;
    this.#proxy.calm();
    this.service.calm = true;
    await this.#settled('every runner to be done', async () => {
      const { items } = await listObjects(this.#direct, EphemeralRunners, namespace);
      return items.every((runner) => runner.status?.phase === 'Succeeded');
    });
    for (const name of names) this.#delete(name);
    await this.#settled('every runner to be gone', async () => {
      return (await listObjects(this.#direct, EphemeralRunners, namespace)).items.length === 0;
    });
    for (const resource of [Pods, Secrets] as readonly Resource[]) {
      await this.#settled(`${resource.plural} to be gone, and the cache to be as the API server is`, async () => {
        const { items } = await listObjects(this.#direct, resource, namespace);
        const left = items.filter(({ metadata }) => metadata.name !== 'gh' && !witness.orphans.has(metadata.name));
        const held = [...this.#process.controllers.caches.of(Pods).entries()].map(([, object]) => object);
        const isSame = resource !== (Pods as Resource) || versionsOf(held) === versionsOf(items);
        return left.length === 0 && isSame;
      });
    }
    witness.checkRegistrations();
    kubelet.dispose();
    this.#process.kill();
    this.#watch.dispose();
    clock.close();
    return { violations: witness.violations, faults: this.#proxy.faults, flaws: witness.flaws, crashes: this.#crashes };
  }

  #delete(name: string): void {
    this.#direct.send(deleteRequest(EphemeralRunners, this.namespace, name), () => undefined);
  }

  async #settled(what: string, holds: () => Promise<boolean>): Promise<void> {
    const limitMs = Date.now() + SETTLE_MS;
    while (!(await holds())) {
      if (Date.now() > limitMs) {
        this.witness.violations.push(`waited ${SETTLE_MS / 1000} s for ${what}: ${await this.#left()}`);
        return;
      }
      await wait(100);
    }
  }

  /** The objects that exist, and what the controller knows of them, for finding out why they are still there. */
  async #left(): Promise<string> {
    const { caches } = this.#process.controllers;
    const { queue: work } = this.#process.controllers.named(EPHEMERAL_RUNNER);
    const told: string[] = [];
    for (const resource of [EphemeralRunners, Pods] as readonly Resource[]) {
      const { items } = await listObjects<ApiObject & { status?: object }>(this.#direct, resource, this.namespace);
      for (const { metadata, status } of items) {
        const { name, resourceVersion, deletionTimestamp, finalizers } = metadata;
        const key = `${this.namespace}/${name}`;
        const cached = caches.of(resource).get(key)?.metadata.resourceVersion;
        const queue = work.stateOf(key);
        const known = { resourceVersion, cached, deletionTimestamp, finalizers, queue };
        const shown = { ...known, status: { ...status, runnerJITConfig: undefined } };
        told.push(`${resource.kind} ${name} ${JSON.stringify(shown)}`);
      }
    }
    return told.join('; ');
  }
}

/** Plays one seed against the server; other seeds may play beside it. */
export async function playReal(server: RealApiServer, seed: number): Promise<RealOutcome> {
  const proxy = await FaultProxy.start({ url: server.url, random: new Random(seed, 'proxy'), oneIn: 5 });
  const direct = await server.transport(CONTROLLER);
  const through = new ApiTransport({
    contextName: 'faults',
    userName: CONTROLLER,
    namespace: 'default',
    server: new URL(proxy.url),
    requestOptions: async () => ({
      ca: proxy.certificate,
      headers: { Authorization: `Bearer ${server.tokens[CONTROLLER]}` },
    }),
  });
  try {
    const metadata = { name: `fault-${seed}` };
    const cluster = new RemoteCluster(direct);
    await sendRequest(cluster, createRequest(Namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata }));
    return await new RealRun(seed, proxy, through, direct).play();
  } finally {
    through.close();
    direct.close();
    proxy.close();
  }
}

function versionsOf(objects: readonly ApiObject[]): string {
  return objects
    .map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`)
    .sort()
    .join();
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
