import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import type { ExtraContainers } from '../kubernetes/embedded/pods/pod-life.ts';
import type { ApiReply, Cluster } from '../kubernetes/cluster.ts';
import { createRequest, deleteRequest, patchRequest } from '../kubernetes/request.ts';
import { EphemeralRunners, EphemeralRunnerSets } from '../kubernetes/resource.ts';
import type { EphemeralRunner, EphemeralRunnerSet, EphemeralRunnerSpec } from '../kubernetes/types.ts';

export const DEFAULT_SPEC: Omit<EphemeralRunnerSpec, 'githubConfigUrl'> = {
  githubConfigSecret: 'github-config',
  runnerScaleSetId: 1,
  spec: {
    restartPolicy: 'Never',
    containers: [
      {
        name: 'runner',
        image: 'ghcr.io/actions/actions-runner:latest',
        command: ['/home/runner/run.sh'],
      },
    ],
  },
};

const LABELS = { 'actions.github.com/scale-set-name': 'lab', 'app.kubernetes.io/component': 'runner' };

const SET = 'lab';

/** Time between two requests of a burst. */
const SEND_INTERVAL_US = 500;
const MAX_UNANSWERED = 10;

/** Runners that are being created. */
export interface Creation {
  /** How many are wanted; fewer once it has been cancelled. */
  readonly count: number;
  /** How many creations the API server has answered. */
  readonly answered: number;
  /** Asks for no more. */
  cancel(): void;
}

/** What a runner set does for its runners: makes them back to back and deletes those that have finished. */
export class RunnerSet {
  readonly #clock: Clock;
  readonly #cluster: Cluster;
  readonly #namespace: string;
  readonly #spec: EphemeralRunnerSpec;
  #created = 0;
  #hasSet = false;
  #creation: Creation | undefined;

  /** @param extra what the runners have in their pods besides the runner */
  constructor(clock: Clock, cluster: Cluster, namespace: string, githubConfigUrl: string, extra: ExtraContainers = {}) {
    this.#clock = clock;
    this.#cluster = cluster;
    this.#namespace = namespace;
    const { initContainers, containers = [] } = extra;
    const { spec } = DEFAULT_SPEC;
    this.#spec = {
      ...DEFAULT_SPEC,
      githubConfigUrl,
      spec: {
        ...spec,
        ...(initContainers === undefined ? {} : { initContainers }),
        containers: [...spec.containers, ...containers],
      },
    };
  }

  /** What the runners are made of. */
  get spec(): EphemeralRunnerSpec {
    return this.#spec;
  }

  /** The last burst. */
  get creation(): Creation | undefined {
    return this.#creation;
  }

  /**
   * Creates runners one after the other, at most ten of them unanswered. Those that an earlier run left are left as they
   * are.
   * @param everyUs time between two requests; without it they come in one burst
   */
  create(count: number, done: (error: ApiError | undefined) => void, everyUs = SEND_INTERVAL_US): void {
    let wanted = count;
    let sent = 0;
    let answered = 0;
    let failure: ApiError | undefined;
    /** When the next request would have its turn, where one waits for an answer; times are a multiple of the interval. */
    let waitsSinceUs: number | undefined;
    const answer = (reply: ApiReply): void => {
      answered++;
      if (reply instanceof ApiError && reply.reason !== 'AlreadyExists') failure ??= reply;
      if (answered === wanted) done(failure);
      if (waitsSinceUs === undefined || sent >= wanted) return;
      const waitedUs = this.#clock.nowUs() - waitsSinceUs;
      waitsSinceUs = undefined;
      this.#clock.schedule(everyUs - (waitedUs % everyUs), tick, undefined);
    };
    const tick = (): void => {
      if (sent >= wanted) return;
      if (sent - answered >= MAX_UNANSWERED) {
        waitsSinceUs = this.#clock.nowUs();
        return;
      }
      sent++;
      this.#cluster.send(createRequest(EphemeralRunners, this.#runner(`runner-${++this.#created}`)), answer);
      if (sent < wanted) this.#clock.schedule(everyUs, tick, undefined);
    };
    this.#creation = {
      get count() {
        return wanted;
      },
      get answered() {
        return answered;
      },
      cancel: () => {
        if (sent >= wanted) return;
        wanted = sent;
        if (answered === sent) done(failure);
      },
    };
    if (count > 0) tick();
    else done(undefined);
  }

  /** Wants this number of runners at any time, through an EphemeralRunnerSet, which is created by the first call. */
  wantThroughSet(replicas: number, done: (error: ApiError | undefined) => void): void {
    const namespace = this.#namespace;
    const set: EphemeralRunnerSet = {
      apiVersion: EphemeralRunnerSets.apiVersion,
      kind: EphemeralRunnerSets.kind,
      metadata: { name: SET, namespace, labels: LABELS },
      spec: { replicas, ephemeralRunnerSpec: this.#spec },
    };
    const request = this.#hasSet
      ? patchRequest(EphemeralRunnerSets, namespace, SET, { spec: { replicas } })
      : createRequest(EphemeralRunnerSets, set);
    this.#hasSet = true;
    this.#cluster.send(request, (reply) => done(reply instanceof ApiError ? reply : undefined));
  }

  /** Deletes runners that succeeded or failed, until disposed. */
  deleteFinished(): Disposable {
    const isFinished = ({ metadata, status }: EphemeralRunner): boolean => {
      const { phase } = status ?? {};
      return (phase === 'Succeeded' || phase === 'Failed') && metadata.deletionTimestamp === undefined;
    };
    const see = (_key: string, runner: EphemeralRunner): void => {
      if (!isFinished(runner)) return;
      const { namespace = '', name } = runner.metadata;
      this.#cluster.send(deleteRequest(EphemeralRunners, namespace, name), () => undefined);
    };
    return this.#cluster.watch(EphemeralRunners, this.#namespace, {
      onList: (runners) => runners.forEach((runner, key) => see(key, runner)),
      onAdded: see,
      onModified: see,
      onDeleted: () => undefined,
      hearsOf: isFinished,
    });
  }

  #runner(name: string): EphemeralRunner {
    return {
      apiVersion: EphemeralRunners.apiVersion,
      kind: EphemeralRunners.kind,
      metadata: {
        name,
        namespace: this.#namespace,
        labels: LABELS,
      },
      spec: this.#spec,
    };
  }
}
