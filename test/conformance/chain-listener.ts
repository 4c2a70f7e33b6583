import type { Clock } from '../../src/base/clock.ts';
import type { Cluster } from '../../src/kubernetes/cluster.ts';
import { getRequest, patchRequest } from '../../src/kubernetes/request.ts';
import { EphemeralRunnerSets, Secrets } from '../../src/kubernetes/resource.ts';
import type { Pod, Secret } from '../../src/kubernetes/types.ts';
import type { Programs } from './chain-kubelet.ts';

/** From the start of a listener to its first decision. */
const START_MS = 80;

/** What listeners decide while there are no jobs: the minimum, again after every poll. Runners do nothing. */
export class ChainListener implements Programs {
  readonly #clock: Clock;
  readonly #cluster: Cluster;
  readonly #pollMs: number;
  readonly #running = new Set<Pod>();

  constructor(clock: Clock, cluster: Cluster, pollMs: number) {
    this.#clock = clock;
    this.#cluster = cluster;
    this.#pollMs = pollMs;
  }

  started(pod: Pod): void {
    if (!isListener(pod)) return;
    this.#running.add(pod);
    const { namespace = '', name } = pod.metadata;
    this.#cluster.send(getRequest(Secrets, namespace, `${name}-config`), (reply) => {
      const text = Buffer.from((reply as Secret).data?.['config.json'] ?? '', 'base64').toString('utf8');
      this.#clock.schedule(START_MS * 1000, () => this.#decide(pod, JSON.parse(text) as Config), undefined);
    });
  }

  terminated(pod: Pod): boolean {
    return isListener(pod);
  }

  ended(pod: Pod): void {
    this.#running.delete(pod);
  }

  #decide(pod: Pod, config: Config): void {
    if (!this.#running.has(pod)) return;
    const field = (snake: string, camel: string): unknown => config[snake] ?? config[camel];
    const namespace = String(field('ephemeral_runner_set_namespace', 'ephemeralRunnerSetNamespace'));
    const name = String(field('ephemeral_runner_set_name', 'ephemeralRunnerSetName'));
    const replicas = Number(field('min_runners', 'minRunners'));
    const spec = { replicas: replicas === 0 ? null : replicas, patchID: 0 };
    this.#cluster.send(patchRequest(EphemeralRunnerSets, namespace, name, { spec }), () => undefined);
    this.#clock.schedule(this.#pollMs * 1000, () => this.#decide(pod, config), undefined);
  }
}

type Config = Readonly<Record<string, unknown>>;

function isListener({ spec }: Pod): boolean {
  return spec.containers[0]?.name === 'listener';
}
