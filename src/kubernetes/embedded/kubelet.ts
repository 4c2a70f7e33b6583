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

const IMAGE = 'ghcr.io/actions/actions-runner:latest';

/** What the kubelet reports of a runner's pod that starts, runs for a while and ends with an exit code. */
export function podStages(startUs: number, durationUs: number | undefined, exitCode = 0): PodStage[] {
  const container = { name: 'runner', image: IMAGE, imageID: '', restartCount: 0 };
  const pullUs = Math.floor(startUs / 2);
  const stages: PodStage[] = [
    {
      name: 'pending',
      delayUs: startUs - pullUs,
      status: {
        phase: 'Pending',
        containerStatuses: [{ ...container, ready: false, state: { waiting: { reason: 'ContainerCreating' } } }],
      },
    },
    {
      name: 'running',
      delayUs: pullUs,
      status: {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: [{ ...container, ready: true, state: { running: {} } }],
      },
    },
  ];
  if (durationUs === undefined) return stages;
  const reason = exitCode === 0 ? 'Completed' : 'Error';
  stages.push({
    name: 'exited',
    delayUs: durationUs,
    status: {
      phase: exitCode === 0 ? 'Succeeded' : 'Failed',
      conditions: [{ type: 'Ready', status: 'False' }],
      containerStatuses: [{ ...container, ready: false, state: { terminated: { exitCode, reason } } }],
    },
  });
  return stages;
}

export interface KubeletOptions {
  readonly namespace: string;
  readonly seed: number;
  readonly stages: readonly PodStage[];
  /** Pods to run; all without it. */
  readonly includes?: (key: string, pod: Pod) => boolean;
  /** Fraction by which a stage may come sooner or later. */
  readonly jitter?: number;
  /** How long a pod with a node takes to stop after its deletion was asked for. */
  readonly terminationUs?: number;
  /** Called just before a stage is reported. */
  readonly onStage?: (pod: Pod, stage: PodStage) => void;
}

/** A kubelet without containers: it watches pods and reports the stages of their lives through the cluster port. */
export class Kubelet implements Disposable {
  readonly #clock: Clock;
  readonly #cluster: Cluster;
  readonly #options: KubeletOptions;
  readonly #random: Random;
  readonly #lives = new Map<string, PodLife>();
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
      onDeleted: (key) => this.#lives.delete(key),
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
      this.#stopIfAsked(known);
      return;
    }
    const life: PodLife = { key, pod, nextStage: 0, stopping: false };
    this.#lives.set(key, life);
    this.#stopIfAsked(life);
    if (!life.stopping) this.#scheduleNext(life);
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
    life.nextStage++;
    this.#options.onStage?.(life.pod, stage);
    const { namespace = '', name } = life.pod.metadata;
    this.#cluster.send(patchRequest(Pods, namespace, name, { status: stage.status }, 'status'), ignore);
    this.#scheduleNext(life);
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
}

function ignore(): void {
  // A pod that is gone by now needs no status.
}
