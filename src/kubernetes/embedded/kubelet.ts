import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/events.ts';
import { Random } from '../../base/random.ts';
import type { Cluster } from '../cluster.ts';
import { deleteRequest, patchRequest } from '../request.ts';
import { Pods } from '../resource.ts';
import type { Pod, PodStatus } from '../types.ts';

/** One step of a simulated pod's life. */
export interface PodStage {
  readonly name: string;
  /** Time since the previous stage, or since the pod was created. */
  readonly delayUs: number;
  /** Pod status to patch in. */
  readonly status: PodStatus;
}

/** Is told what becomes of the pods that a kubelet runs. */
export interface PodObserver {
  /** The pod's status is, or is about to be, as given. */
  changed(pod: Pod): void;
  /** The pod is gone from the cluster. */
  gone(pod: Pod): void;
}

export interface KubeletOptions {
  readonly namespace: string;
  readonly seed: number;
  readonly stages: readonly PodStage[];
  /** Pods to run; all without it. */
  readonly includes?: (key: string, pod: Pod) => boolean;
  /** How many pods there is room for; the others wait until one has ended. */
  readonly capacity?: number;
  /** Fraction by which a stage may come sooner or later. */
  readonly jitter?: number;
  /** How long a pod with a node takes to stop after its deletion was asked for. */
  readonly terminationUs?: number;
  readonly observer?: PodObserver;
}

/** A kubelet without containers: it watches pods and reports the stages of their lives through the cluster port. */
export class Kubelet implements Disposable {
  readonly #clock: Clock;
  readonly #cluster: Cluster;
  readonly #options: KubeletOptions;
  readonly #random: Random;
  readonly #lives = new Map<string, PodLife>();
  readonly #unplaced: PodLife[] = [];
  #placed = 0;
  readonly #watch: Disposable;

  constructor(clock: Clock, cluster: Cluster, options: KubeletOptions) {
    this.#clock = clock;
    this.#cluster = cluster;
    this.#options = options;
    this.#random = new Random(options.seed, 'kubelet');
    this.#watch = cluster.watch(Pods, options.namespace, {
      onList: (pods) => pods.forEach((pod, key) => this.#see(key, pod)),
      onAdded: (key, pod) => this.#see(key, pod),
      onModified: (key, pod) => this.#see(key, pod),
      onDeleted: (key) => {
        const life = this.#lives.get(key);
        if (life !== undefined) this.#options.observer?.gone(life.pod);
        this.#lives.delete(key);
        if (life?.placed === true) this.#leave(life);
      },
    });
  }

  dispose(): void {
    this.#watch.dispose();
    this.#lives.clear();
  }

  #see(key: string, pod: Pod): void {
    if (this.#options.includes?.(key, pod) === false) return;
    const known = this.#lives.get(key);
    if (known !== undefined && known.pod.metadata.uid === pod.metadata.uid) {
      known.pod = pod;
      if (hasEnded(pod)) this.#options.observer?.changed(pod);
      this.#stopIfAsked(known);
      return;
    }
    if (known !== undefined) this.#options.observer?.gone(known.pod);
    const life: PodLife = { key, pod, nextStage: 0, stopping: false, placed: false };
    this.#lives.set(key, life);
    this.#stopIfAsked(life);
    if (!life.stopping) this.#place(life);
  }

  /** Lets the pod's life begin if there is room; what has to wait says so, as the scheduler would. */
  #place(life: PodLife): void {
    if (this.#placed >= (this.#options.capacity ?? Infinity)) {
      this.#unplaced.push(life);
      this.#sendStatus(life, UNSCHEDULABLE);
      return;
    }
    life.placed = true;
    this.#placed++;
    this.#scheduleNext(life);
  }

  /** The pod needs no room any more: the next one has its turn. */
  #leave(life: PodLife): void {
    life.placed = false;
    this.#placed--;
    let next = this.#unplaced.shift();
    while (next !== undefined && (next.stopping || this.#lives.get(next.key) !== next)) next = this.#unplaced.shift();
    if (next !== undefined) this.#place(next);
  }

  #scheduleNext(life: PodLife): void {
    const stage = this.#options.stages[life.nextStage];
    if (stage === undefined) return;
    const delayUs = this.#random.jitter(stage.delayUs, this.#options.jitter ?? 0.1);
    this.#clock.schedule(delayUs, (due) => this.#report(due), life);
  }

  #report(life: PodLife): void {
    const stage = this.#options.stages[life.nextStage];
    if (stage === undefined || life.stopping || this.#lives.get(life.key) !== life) return;
    // Somebody else ended it, an eviction say: an ended pod never comes back.
    if (hasEnded(life.pod)) return;
    life.nextStage++;
    this.#options.observer?.changed({ ...life.pod, status: stage.status });
    this.#sendStatus(life, stage.status);
    const { phase } = stage.status;
    if (phase === 'Succeeded' || phase === 'Failed') this.#leave(life);
    this.#scheduleNext(life);
  }

  #sendStatus(life: PodLife, status: PodStatus): void {
    const { namespace = '', name } = life.pod.metadata;
    this.#cluster.send(patchRequest(Pods, namespace, name, { status }, 'status'), ignore);
  }

  #stopIfAsked(life: PodLife): void {
    if (life.stopping || life.pod.metadata.deletionTimestamp === undefined) return;
    life.stopping = true;
    const { namespace = '', name } = life.pod.metadata;
    const request = deleteRequest(Pods, namespace, name, {
      gracePeriodSeconds: 0,
      preconditions: { uid: life.pod.metadata.uid },
    });
    const delayUs = this.#options.terminationUs ?? 1_000_000;
    this.#clock.schedule(delayUs, () => this.#cluster.send(request, ignore), undefined);
  }
}

interface PodLife {
  readonly key: string;
  pod: Pod;
  nextStage: number;
  stopping: boolean;
  /** Whether it takes room on a node. */
  placed: boolean;
}

const UNSCHEDULABLE: PodStatus = {
  conditions: [
    {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message: '0/1 nodes are available: too many pods',
    },
  ],
};

function hasEnded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

function ignore(): void {
  // A pod that is gone by now needs no status.
}
