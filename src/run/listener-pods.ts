import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import { Kubelet } from '../kubernetes/embedded/kubelet.ts';
import { parseLife } from '../kubernetes/embedded/pods/parse-life.ts';
import { KILLED } from '../kubernetes/embedded/pods/perform.ts';
import { planOf } from '../kubernetes/embedded/pods/pod-plan.ts';
import { keyOf, type Pod } from '../kubernetes/types.ts';
import type { ListenerObserver } from '../listener/observer.ts';
import type { ListenerHost } from '../listener/process.ts';
import { LISTENER_CONTAINER } from '../reconciler/autoscaling-listener/names.ts';
import type { Release } from '../reconciler/releases/release.ts';
import { listenerPrograms } from './arc-programs.ts';

interface ListenerPodsOptions {
  readonly clock: Clock;
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly seed: number;
  /** From a pod's creation to its running; undefined for the usual time. */
  readonly podStartUs: number | undefined;
  readonly host: Omit<ListenerHost, 'pauseUs' | 'release'>;
  /** What a listener's pod runs, as its image says. */
  readonly releaseOf: (pod: Pod) => Release;
  readonly observerOf: (pod: Pod) => ListenerObserver;
}

const EVICTION = 'The node was low on resource: memory.';

/**
 * The pods of listeners, which have a kubelet of their own: what a run's settings make of pods is for those of runners. What
 * else happens to listeners can be done to them here.
 */
export class ListenerPods implements Disposable {
  /** How much later than it comes each answer reaches a listener, as on a node that is short of CPU; microseconds. */
  pauseUs = 0;
  readonly #kubelet: Kubelet;
  /** Keys of those that were started, the last one last. */
  readonly #started = new Set<string>();

  constructor({ clock, cluster, namespace, seed, podStartUs, host, releaseOf, observerOf }: ListenerPodsOptions) {
    const pauseUs = (): number => this.pauseUs;
    const start = listenerPrograms((pod) => ({ ...host, pauseUs, release: releaseOf(pod) }), observerOf);
    this.#kubelet = new Kubelet(clock, cluster, {
      ...{ namespace, seed, plan: planOf(parseLife({}), { podStartUs, jobDurationUs: undefined }) },
      nowMs: () => host.epochMs + clock.nowUs() / 1000,
      programs: (pod, container, own) => {
        this.#started.add(keyOf(pod.metadata));
        return start(pod, container, own);
      },
    });
  }

  /**
   * Ends every listener that runs, as SIGKILL does: its session stays.
   * @returns how many there were
   */
  kill(): number {
    const end = { do: 'exit', container: LISTENER_CONTAINER, exitCode: KILLED } as const;
    return this.#act({ ...end, reason: undefined, message: undefined });
  }

  /**
   * Puts the pod of every listener that runs out of its node.
   * @returns how many there were
   */
  evict(): number {
    return this.#act({ do: 'evict', message: EVICTION });
  }

  dispose(): void {
    this.#kubelet.dispose();
  }

  #act(action: Parameters<Kubelet['act']>[1]): number {
    return [...this.#started].filter((key) => this.#kubelet.act(key, action)).length;
  }
}
