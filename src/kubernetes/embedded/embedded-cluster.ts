import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import { factorAt, type LatencyShape } from '../../base/latency.ts';
import { Random } from '../../base/random.ts';
import type { ApiReply, ApiRequest, Cluster, WatchHandler } from '../cluster.ts';
import { createRequest } from '../request.ts';
import { Namespaces, type Resource } from '../resource.ts';
import type { ApiObject } from '../types.ts';
import { ApiServer } from './api-server.ts';
import type { ClusterState } from './cluster-state.ts';
import { Conditions } from './conditions.ts';
import { GarbageCollector } from './garbage-collector.ts';
import { NamespaceController } from './namespace-controller.ts';
import { QuotaController } from './quota-controller.ts';
import type { ChangeType, Entry } from './store.ts';
import { WorkloadController } from './workload-controller.ts';

interface EmbeddedClusterOptions {
  readonly seed: number;
  /** Mean time from sending a request to having its answer. */
  readonly apiLatencyUs: number;
  /** How requests vary around it, which is their median then, in place of the jitter. */
  readonly apiShape?: LatencyShape | undefined;
  /** Requests and watch events take up to this fraction more or less; default 0.25. */
  readonly jitter?: number;
  /** Wall-clock time at which the cluster's clock is 0, in milliseconds since 1970. */
  readonly epochMs: number;
  /**
   * Whether the controllers run that a whole cluster has: garbage collection, emptying of namespaces, counting of quotas,
   * the status of deployments.
   * A bare API server has none.
   */
  readonly controllers?: boolean;
  readonly namespaces: readonly string[];
  /** What an earlier cluster held. */
  readonly restore?: ClusterState | undefined;
}

/**
 * Part of a request's time during which it occupies the server, which serves one at a time: with the default latency of
 * 4 ms that allows 690 requests a second, which is what a kube-apiserver with etcd on two cores was measured at.
 */
const OCCUPANCY = 0.36;

/**
 * Creating a custom resource occupies the server for longer than its own latency: 30 runners created at once took a
 * kube-apiserver 114 to 273 ms, during which a controller's requests took 40 ms each.
 */
const CREATE_OCCUPANCY = 1.25;

/** Reads are answered from memory, writes go to disk: their latencies in parts of the given mean. */
export const READ_FACTOR = 0.6;
export const WRITE_FACTOR = 1.1;

/** Where in a request's time the write happens; its watch event and its answer leave together from there. */
const COMMIT_FRACTION = 0.75;

/**
 * The embedded cluster behind the cluster port: an API server in memory, with time. A write's watch event and its answer
 * travel apart, each with its own jitter, so that a reconciler may see a stale cache as it does on a real cluster.
 */
export class EmbeddedCluster implements Cluster {
  readonly api: ApiServer;
  /** Its latency and faults, which may change while it runs. */
  readonly conditions: Conditions;
  /** Looks at each request before it is sent; returns whether it answers the request itself. */
  intercept: ((request: ApiRequest, done: (reply: ApiReply) => void) => boolean) | undefined;
  readonly #clock: Clock;
  #random: Random;
  readonly #jitter: number;
  readonly #shape: LatencyShape | undefined;
  /** When the server will have finished what it was given so far. */
  #freeUs = 0;

  constructor(clock: Clock, options: EmbeddedClusterOptions) {
    this.#clock = clock;
    this.#random = new Random(options.seed, 'api-latency');
    this.conditions = new Conditions(options.apiLatencyUs);
    this.#jitter = options.jitter ?? 0.25;
    this.#shape = options.apiShape;
    const { restore } = options;
    // What is made now must get other uids than what an earlier cluster made.
    const seed = options.seed + (restore?.resourceVersion ?? 0);
    const nowMs = (): number => options.epochMs + clock.nowUs() / 1000;
    this.api = new ApiServer(seed, nowMs);
    if (restore !== undefined) {
      this.api.store.restore(restore.resourceVersion, restore.objects);
      for (const uid of restore.foreign.owners) this.api.foreign.owners.add(uid);
      for (const uid of restore.foreign.pods) this.api.foreign.pods.add(uid);
    }
    if (options.controllers !== false) {
      new GarbageCollector(clock, this.api);
      new NamespaceController(clock, this.api);
      new QuotaController(clock, this.api);
      new WorkloadController(clock, this.api, nowMs);
    }
    for (const name of ['default', ...options.namespaces]) {
      this.api.handle(createRequest(Namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
    }
  }

  /** Draws what follows by another seed. */
  reseed(seed: number): void {
    this.#random = new Random(seed, 'api-latency');
  }

  send(request: ApiRequest, done: (reply: ApiReply) => void): void {
    if (this.intercept?.(request, done) === true) return;
    const isRead = request.verb === 'get' || request.verb === 'list';
    const meanUs = this.conditions.latencyUs * (isRead ? READ_FACTOR : WRITE_FACTOR);
    const serviceUs =
      this.#shape === undefined
        ? this.#random.jitter(meanUs, this.#jitter)
        : Math.round(meanUs * factorAt(this.#shape, this.#random.next()));
    const waitUs = this.#waitForServer(request, serviceUs);
    const totalUs = waitUs + serviceUs;
    // Faults for the creation of pods are not meant for the scheduler's bindings.
    const refusal =
      request.subresource === 'binding' ? undefined : this.conditions.refusal(request.verb, request.resource);
    if (refusal !== undefined) {
      this.#clock.schedule(totalUs, done, refusal);
      return;
    }
    const exchange = new Exchange(this.#clock, this.api, request, done);
    if (isRead) {
      this.#clock.schedule(totalUs, Exchange.answerRead, exchange);
    } else {
      exchange.returnUs = Math.round(serviceUs * (1 - COMMIT_FRACTION));
      this.#clock.schedule(totalUs - exchange.returnUs, Exchange.commit, exchange);
    }
  }

  watch<T extends ApiObject>(resource: Resource<T>, namespace: string, handler: WatchHandler<T>): Disposable {
    const stream = new WatchStream(this.#clock, resource.namespaced ? namespace : '', handler);
    const listUs = this.#random.jitter(this.conditions.latencyUs, this.#jitter);
    const delayUs = (): number => this.#random.jitter(this.conditions.latencyUs * (1 - COMMIT_FRACTION), this.#jitter);
    this.#clock.schedule(
      listUs,
      () => {
        if (stream.disposed) return;
        const collection = this.api.store.of(resource);
        const items = new Map<string, T>();
        for (const { key, object } of collection.entries()) {
          if (stream.includes(object)) items.set(key, object as T);
        }
        stream.listening = collection.listen((type, entry, object) => stream.push(type, entry, object, delayUs()));
        handler.onList(items);
      },
      undefined,
    );
    return stream;
  }

  /** Puts the request in line and returns how long it has to wait for its turn. */
  #waitForServer({ verb, resource }: ApiRequest, serviceUs: number): number {
    const isHeavy = verb === 'create' && resource.group !== '';
    const nowUs = this.#clock.nowUs();
    const startUs = Math.max(nowUs, this.#freeUs);
    this.#freeUs = startUs + Math.round(serviceUs * (isHeavy ? CREATE_OCCUPANCY : OCCUPANCY));
    return startUs - nowUs;
  }
}

class Exchange {
  readonly clock: Clock;
  readonly api: ApiServer;
  readonly request: ApiRequest;
  readonly done: (reply: ApiReply) => void;
  returnUs = 0;
  reply: ApiReply | undefined;

  constructor(clock: Clock, api: ApiServer, request: ApiRequest, done: (reply: ApiReply) => void) {
    this.clock = clock;
    this.api = api;
    this.request = request;
    this.done = done;
  }

  static answerRead(this: void, exchange: Exchange): void {
    exchange.done(exchange.api.handle(exchange.request));
  }

  static commit(this: void, exchange: Exchange): void {
    exchange.reply = exchange.api.handle(exchange.request);
    exchange.clock.schedule(exchange.returnUs, Exchange.answer, exchange);
  }

  static answer(this: void, exchange: Exchange): void {
    exchange.done(exchange.reply as ApiReply);
  }
}

interface EventOnItsWay {
  type: ChangeType;
  readonly key: string;
  object: ApiObject;
  next: EventOnItsWay | undefined;
}

/** One watcher's stream: events arrive in the order of the changes, however their delays fall. */
class WatchStream implements Disposable {
  listening: Disposable | undefined;
  disposed = false;
  readonly #clock: Clock;
  readonly #namespace: string;
  readonly #handler: WatchHandler;
  /** Events on their way, each with the one after it. */
  #first: EventOnItsWay | undefined;
  #last: EventOnItsWay | undefined;
  #lastDueUs = 0;

  constructor(clock: Clock, namespace: string, handler: WatchHandler) {
    this.#clock = clock;
    this.#namespace = namespace;
    this.#handler = handler;
  }

  includes(object: ApiObject): boolean {
    return this.#namespace === '' || object.metadata.namespace === this.#namespace;
  }

  push(type: ChangeType, entry: Entry, object: ApiObject, delayUs: number): void {
    if (!this.includes(object)) return;
    const last = this.#last;
    if (type === 'deleted' && last?.key === entry.key && last.type === 'modified' && object.kind === 'Pod') {
      // A pod that is marked for deletion and removed at once: both events arrive so close to one another on a real
      // cluster that no recorded pass came between them. What is under way becomes the end.
      last.type = type;
      last.object = object;
      return;
    }
    const nowUs = this.#clock.nowUs();
    this.#lastDueUs = Math.max(this.#lastDueUs, nowUs + delayUs);
    if (this.#handler.hearsOf?.(object) === false) return;
    this.#last = { type, key: entry.key, object, next: undefined };
    if (last === undefined) this.#first = this.#last;
    else last.next = this.#last;
    this.#clock.schedule(this.#lastDueUs - nowUs, WatchStream.deliver, this);
  }

  static deliver(this: void, stream: WatchStream): void {
    const { type, key, object, next } = stream.#first as EventOnItsWay;
    stream.#first = next;
    if (next === undefined) stream.#last = undefined;
    if (stream.disposed) return;
    if (type === 'modified') stream.#handler.onModified(key, object);
    else if (type === 'added') stream.#handler.onAdded(key, object);
    else stream.#handler.onDeleted(key, object);
  }

  dispose(): void {
    this.disposed = true;
    this.listening?.dispose();
  }
}
