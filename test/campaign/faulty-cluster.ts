import type { Clock } from '../../src/base/clock.ts';
import type { Disposable } from '../../src/base/disposable.ts';
import type { Random } from '../../src/base/random.ts';
import { ApiError, type StatusReason } from '../../src/kubernetes/api-error.ts';
import type { ApiReply, ApiRequest, Cluster, WatchHandler } from '../../src/kubernetes/cluster.ts';
import { Pods, type Resource } from '../../src/kubernetes/resource.ts';
import type { ApiObject } from '../../src/kubernetes/types.ts';
import { FaultyView, type ViewFaults } from './faulty-view.ts';
import { API_STRATEGIES } from './strategies.ts';

export interface FaultyClusterOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly strategies: ReadonlySet<string>;
  /** One request or event in this many is disturbed. */
  readonly oneIn: number;
  readonly viewFaults: ViewFaults;
}

type ApiStrategy = (typeof API_STRATEGIES)[number];
type Answer = readonly [code: number, reason: StatusReason, message: string, retryAfterSeconds?: number];

const REQUEST_TIMEOUT_US = 60_000_000;

/** What stands between a controller and its API server: answers go wrong, and watches show what is not so. */
export class FaultyCluster implements Cluster {
  readonly #inner: Cluster;
  readonly #options: FaultyClusterOptions;
  readonly #kinds: readonly ApiStrategy[];
  readonly #views = new Set<FaultyView>();
  /** From now on everything goes well. */
  calm = false;
  /** Answers that were not the API server's own, by status. */
  readonly injected = new Map<number, number>();

  constructor(inner: Cluster, options: FaultyClusterOptions) {
    this.#inner = inner;
    this.#options = options;
    this.#kinds = API_STRATEGIES.filter((strategy) => options.strategies.has(strategy));
  }

  send(request: ApiRequest, done: (reply: ApiReply) => void): void {
    const { random, oneIn, clock } = this.#options;
    if (this.calm || this.#kinds.length === 0 || random.below(oneIn) !== 0) {
      this.#inner.send(request, done);
      return;
    }
    const kind = this.#kinds[random.below(this.#kinds.length)] as ApiStrategy;
    if (kind === 'applied-unanswered') {
      this.#inner.send(request, () => this.#answer(done, [0, 'Unknown', 'injected: connection reset']));
      return;
    }
    if (kind === 'hung-request') {
      const timeout = (): void => this.#answer(done, [0, 'Unknown', 'injected: no answer within 60 s']);
      if (random.below(2) === 0) this.#inner.send(request, () => undefined);
      clock.schedule(REQUEST_TIMEOUT_US, timeout, undefined);
      return;
    }
    const answer = this.#refusal(kind, request);
    if (answer === undefined) this.#inner.send(request, done);
    else clock.schedule(1_000, () => this.#answer(done, answer), undefined);
  }

  watch<T extends ApiObject>(resource: Resource<T>, namespace: string, handler: WatchHandler<T>): Disposable {
    const { clock, random, strategies, oneIn, viewFaults } = this.#options;
    const isCalm = (): boolean => this.calm;
    const view = new FaultyView(handler, {
      clock,
      random,
      strategies,
      oneIn,
      isCalm,
      faults: viewFaults,
    });
    this.#views.add(view);
    const inner = this.#inner.watch(resource, namespace, view);
    return {
      dispose: () => {
        this.#views.delete(view);
        view.dispose();
        inner.dispose();
      },
    };
  }

  #answer(done: (reply: ApiReply) => void, [code, reason, message, retryAfterSeconds]: Answer): void {
    this.injected.set(code, (this.injected.get(code) ?? 0) + 1);
    const details = retryAfterSeconds === undefined ? undefined : { retryAfterSeconds };
    done(new ApiError(code, reason, message, details));
  }

  #refusal(
    kind: Exclude<ApiStrategy, 'applied-unanswered' | 'hung-request'>,
    { verb, resource }: ApiRequest,
  ): Answer | undefined {
    const { random } = this.#options;
    const isWrite = verb !== 'get' && verb !== 'list';
    const isPod = verb === 'create' && resource === (Pods as Resource);
    switch (kind) {
      case 'conflict':
        return isWrite ? [409, 'Conflict', 'injected: the object has been modified'] : undefined;
      case 'too-many-requests':
        return [429, 'TooManyRequests', 'injected: too many requests', 1];
      case 'server-error': {
        const answers: readonly Answer[] = [
          [500, 'InternalError', 'injected: etcdserver: leader changed'],
          [503, 'ServiceUnavailable', 'injected: apiserver is shutting down'],
          [504, 'Timeout', 'injected: request did not complete within the timeout'],
        ];
        return answers[random.below(answers.length)];
      }
      case 'token-expired':
        return [401, 'Unauthorized', 'injected: Unauthorized'];
      case 'already-exists':
        return verb === 'create' ? [409, 'AlreadyExists', 'injected: already exists'] : undefined;
      case 'quota':
        return isPod ? [403, 'Forbidden', 'injected: pods "x" is forbidden: exceeded quota: pods'] : undefined;
      case 'invalid-pod':
        return isPod ? [422, 'Invalid', 'injected: Pod "x" is invalid: spec: Forbidden'] : undefined;
    }
  }
}
