import type { Clock } from '../../src/base/clock.ts';
import { ApiError } from '../../src/kubernetes/api-error.ts';
import type { ApiRequest, Cluster } from '../../src/kubernetes/cluster.ts';
import { bindRequest, deleteRequest, patchRequest } from '../../src/kubernetes/request.ts';
import { Pods } from '../../src/kubernetes/resource.ts';
import { keyOf, type ContainerState, type Pod } from '../../src/kubernetes/types.ts';
import type { KubeletTimes } from './chain-recording.ts';

/** What runs in the containers of pods; ended() is called once for each start. */
export interface Programs {
  /** @param exit ends the container with a code */
  started(pod: Pod, exit: (code: number) => void): void;
  /** The container was asked to end; false where it does not heed that. */
  terminated(pod: Pod): boolean;
  /** The container has ended, by itself or not. */
  ended(pod: Pod): void;
}

interface Life {
  readonly pod: Pod;
  state: 'waiting' | 'running' | 'ended' | 'gone';
}

const SEEN_MS = 5;
const GONE_MS = 70;

/** The kubelet of the recordings: takes every pod through the same life, at the recorded times. */
export class ChainKubelet {
  readonly #clock: Clock;
  readonly #cluster: Cluster;
  readonly #times: KubeletTimes;
  readonly #programs: Programs;
  readonly #lives = new Map<string, Life>();

  constructor(clock: Clock, cluster: Cluster, times: KubeletTimes, programs: Programs) {
    this.#clock = clock;
    this.#cluster = cluster;
    this.#times = times;
    this.#programs = programs;
    cluster.watch(Pods, '', {
      onList: (pods) => pods.forEach((pod) => this.#added(pod)),
      onAdded: (_key, pod) => this.#added(pod),
      onModified: (_key, pod) => this.#modified(pod),
      onDeleted: (_key, pod) => this.#gone(pod),
    });
  }

  /** Ends a container as a signal does that cannot be caught. */
  end(name: string, code: number): void {
    const life = [...this.#lives.values()].find(({ pod, state }) => pod.metadata.name === name && state === 'running');
    if (life === undefined) throw new Error(`no container of ${name} runs`);
    this.#exit(life, code);
  }

  #added(pod: Pod): void {
    const life: Life = { pod, state: 'waiting' };
    this.#lives.set(uidOf(pod), life);
    const { bindMs, creatingMs } = this.#times;
    this.#after(SEEN_MS + bindMs, life, () => this.#send(bindRequest(pod, 'node-1')));
    this.#after(SEEN_MS + bindMs + creatingMs, life, () => {
      this.#report(life, 'Pending', { waiting: { reason: 'ContainerCreating' } });
    });
    this.#after(SEEN_MS + bindMs + creatingMs + this.#startMs(pod), life, () => this.#run(life));
  }

  #startMs({ spec }: Pod): number {
    const isListener = spec.containers[0]?.name === 'listener';
    return isListener ? this.#times.listenerStartMs : this.#times.startMs;
  }

  #run(life: Life): void {
    life.state = 'running';
    this.#report(life, 'Running', { running: { startedAt: this.#now() } });
    this.#programs.started(life.pod, (code) => this.#exit(life, code));
  }

  #exit(life: Life, code: number): void {
    if (life.state !== 'running') return;
    life.state = 'ended';
    this.#programs.ended(life.pod);
    const terminated = { exitCode: code, reason: code === 0 ? 'Completed' : 'Error', finishedAt: this.#now() };
    this.#report(life, code === 0 ? 'Succeeded' : 'Failed', { terminated });
  }

  #modified(pod: Pod): void {
    const life = this.#lives.get(uidOf(pod));
    if (life === undefined || pod.metadata.deletionTimestamp === undefined) return;
    if (life.state !== 'running') this.#after(2, life, () => this.#remove(life));
    else if (this.#programs.terminated(pod)) this.#after(GONE_MS + 20, life, () => this.#remove(life));
    else {
      this.#after(this.#times.termMs, life, () => {
        this.#exit(life, 143);
        this.#after(15, life, () => this.#remove(life));
      });
    }
  }

  #gone(pod: Pod): void {
    const life = this.#lives.get(uidOf(pod));
    if (life === undefined) return;
    if (life.state === 'running') this.#programs.ended(life.pod);
    life.state = 'gone';
    this.#lives.delete(uidOf(pod));
  }

  #remove({ pod }: Life): void {
    const { namespace = '', name } = pod.metadata;
    this.#send(deleteRequest(Pods, namespace, name, { gracePeriodSeconds: 0 }));
  }

  #report({ pod }: Life, phase: string, state: ContainerState): void {
    const { namespace = '', name } = pod.metadata;
    const ready = state.running !== undefined;
    const status = {
      phase,
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: this.#now() }],
      containerStatuses: pod.spec.containers.map((container) => ({
        ...{ name: container.name, image: container.image ?? '', imageID: '', ready, restartCount: 0, state },
      })),
    };
    this.#send(patchRequest(Pods, namespace, name, { status }, 'status'));
  }

  #after(ms: number, life: Life, act: () => void): void {
    this.#clock.schedule(ms * 1000, () => life.state !== 'gone' && act(), undefined);
  }

  #send(request: ApiRequest): void {
    this.#cluster.send(request, (reply) => {
      if (reply instanceof ApiError && reply.code !== 404 && reply.code !== 409) throw reply;
    });
  }

  #now(): string {
    return new Date(Math.floor(this.#clock.nowUs() / 1000)).toISOString();
  }
}

function uidOf(pod: Pod): string {
  return pod.metadata.uid ?? keyOf(pod.metadata);
}
