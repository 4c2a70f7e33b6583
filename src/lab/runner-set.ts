import type { Disposable } from '../base/events.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import { createRequest, deleteRequest } from '../kubernetes/request.ts';
import { apiVersionOf, EphemeralRunners } from '../kubernetes/resource.ts';
import { splitKey, type EphemeralRunner, type EphemeralRunnerSpec } from '../kubernetes/types.ts';

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

/** What a runner set does for its runners: makes them back to back and deletes those that have finished. */
export class RunnerSet {
  readonly #cluster: Cluster;
  readonly #namespace: string;
  readonly #spec: EphemeralRunnerSpec;
  #created = 0;

  constructor(cluster: Cluster, namespace: string, githubConfigUrl: string) {
    this.#cluster = cluster;
    this.#namespace = namespace;
    this.#spec = { ...DEFAULT_SPEC, githubConfigUrl };
  }

  /** Creates runners one after the other: each when the one before has been answered. */
  create(count: number, done: (error: ApiError | undefined) => void): void {
    if (count <= 0) {
      done(undefined);
      return;
    }
    const runner = this.#runner(`runner-${++this.#created}`);
    this.#cluster.send(createRequest(EphemeralRunners, runner), (reply) => {
      if (reply instanceof ApiError) done(reply);
      else this.create(count - 1, done);
    });
  }

  /** Deletes runners that succeeded or failed, until disposed. */
  deleteFinished(): Disposable {
    const see = (key: string, runner: EphemeralRunner): void => {
      const { phase } = runner.status ?? {};
      const finished = phase === 'Succeeded' || phase === 'Failed';
      if (!finished || runner.metadata.deletionTimestamp !== undefined) return;
      const { namespace, name } = splitKey(key);
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
      apiVersion: apiVersionOf(EphemeralRunners),
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
