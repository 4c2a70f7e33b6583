import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/events.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import type { ApiReply, Cluster } from '../kubernetes/cluster.ts';
import { createRequest, deleteRequest } from '../kubernetes/request.ts';
import { EphemeralRunners } from '../kubernetes/resource.ts';
import type { EphemeralRunner, EphemeralRunnerSpec } from '../kubernetes/types.ts';

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

const SEND_INTERVAL_US = 500;
const MAX_UNANSWERED = 10;

/** What a runner set does for its runners: makes them back to back and deletes those that have finished. */
export class RunnerSet {
  readonly #clock: Clock;
  readonly #cluster: Cluster;
  readonly #namespace: string;
  readonly #spec: EphemeralRunnerSpec;
  #created = 0;

  constructor(clock: Clock, cluster: Cluster, namespace: string, githubConfigUrl: string) {
    this.#clock = clock;
    this.#cluster = cluster;
    this.#namespace = namespace;
    this.#spec = { ...DEFAULT_SPEC, githubConfigUrl };
  }

  /**
   * Creates runners in one burst: a request every half millisecond, at most ten of them unanswered. Those that an earlier
   * run left are left as they are.
   */
  create(count: number, done: (error: ApiError | undefined) => void): void {
    let sent = 0;
    let answered = 0;
    let failure: ApiError | undefined;
    const answer = (reply: ApiReply): void => {
      answered++;
      if (reply instanceof ApiError && reply.reason !== 'AlreadyExists') failure ??= reply;
      if (answered === count) done(failure);
    };
    const tick = (): void => {
      if (sent - answered < MAX_UNANSWERED) {
        sent++;
        this.#cluster.send(createRequest(EphemeralRunners, this.#runner(`runner-${++this.#created}`)), answer);
      }
      if (sent < count) this.#clock.schedule(SEND_INTERVAL_US, tick, undefined);
    };
    if (count > 0) tick();
    else done(undefined);
  }

  /** Deletes runners that succeeded or failed, until disposed. */
  deleteFinished(): Disposable {
    const see = (_key: string, runner: EphemeralRunner): void => {
      const { phase } = runner.status ?? {};
      const finished = phase === 'Succeeded' || phase === 'Failed';
      if (!finished || runner.metadata.deletionTimestamp !== undefined) return;
      const { namespace = '', name } = runner.metadata;
      this.#cluster.send(deleteRequest(EphemeralRunners, namespace, name), () => undefined);
    };
    return this.#cluster.watch(EphemeralRunners, this.#namespace, {
      onList: (runners) => runners.forEach((runner, key) => see(key, runner)),
      onAdded: see,
      onModified: see,
      onDeleted: () => undefined,
    });
  }

  #runner(name: string): EphemeralRunner {
    return {
      apiVersion: EphemeralRunners.apiVersion,
      kind: EphemeralRunners.kind,
      metadata: {
        name,
        namespace: this.#namespace,
        labels: { 'actions.github.com/scale-set-name': 'lab', 'app.kubernetes.io/component': 'runner' },
      },
      spec: this.#spec,
    };
  }
}
