import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { Random } from '../../base/random.ts';
import { ApiError } from '../api-error.ts';
import type { Cluster } from '../cluster.ts';
import { bindRequest, deleteRequest, patchRequest } from '../request.ts';
import { Pods } from '../resource.ts';
import type { Pod } from '../types.ts';
import { pickStage } from './pods/match.ts';
import { nodeAddress, podAddress } from './pods/nodes.ts';
import { KILLED, perform, stop, STOPPED, type Performance } from './pods/perform.ts';
import { PodEvents } from './pods/pod-events.ts';
import { isEndedByStatus, type Due, type PodInProgress } from './pods/pod-in-progress.ts';
import { KeptPods } from './pods/kept-pods.ts';
import type { LifeAction } from './pods/pod-life.ts';
import type { PodPlan } from './pods/pod-plan.ts';
import { statusOf } from './pods/pod-status.ts';
import { Scheduler } from './pods/scheduler.ts';
import { PodPrograms, type ProgramEvents, type StartProgram } from './pods/program.ts';
import { hasEnded, runningContainers, type SimulatedContainer } from './pods/simulated-pod.ts';

/** Hears of each change of the pods that a kubelet runs. */
export interface PodObserver {
  /** The pod's status is, or is about to be, as given. */
  changed(pod: Pod): void;
  /** The pod is gone from the cluster. */
  gone(pod: Pod): void;
}

export interface KubeletOptions {
  readonly namespace: string;
  readonly seed: number;
  readonly plan: PodPlan;
  /** Wall-clock time in milliseconds since 1970. */
  readonly nowMs: () => number;
  /** Pods to run; all without it. */
  readonly includes?: (key: string, pod: Pod) => boolean;
  /** Fraction by which a stage may come sooner or later; default 0.1. */
  readonly jitter?: number;
  /**
   * Whether pods are bound to the plan's nodes, as a scheduler does; default true. On a cluster with controllers of its own
   * pods on nodes that it does not have would be collected.
   */
  readonly binds?: boolean;
  /** Whether Kubernetes events are written; default false: they are requests that nobody but people reads. */
  readonly events?: boolean;
  readonly observer?: PodObserver;
  /** What runs in containers; without it, and where it starts nothing, containers run as long as the plan says. */
  readonly programs?: StartProgram | undefined;
}

/** How long containers take to stop when they are asked to. */
const STOP_US = 1_000_000;

/**
 * Kubelets without containers, and the scheduler before them: watches pods, takes each through the life that the plan says,
 * and reports through the cluster port what real ones report.
 */
export class Kubelet implements Disposable {
  readonly #clock: Clock;
  readonly #cluster: Cluster;
  readonly #options: KubeletOptions;
  readonly #events: PodEvents | undefined;
  readonly #scheduler: Scheduler;
  readonly #pods: KeptPods;
  readonly #watch: Disposable;
  readonly #heard: ProgramEvents<PodInProgress> = {
    exited: (life, container, code) => this.#exited(life, container, code),
    jobEnds: (life) => this.#jobEnds(life),
  };
  #plan: PodPlan;
  #addresses = 0;
  #nowSeconds = -1;
  #nowText = '';

  constructor(clock: Clock, cluster: Cluster, options: KubeletOptions) {
    this.#clock = clock;
    this.#cluster = cluster;
    this.#options = options;
    this.#plan = options.plan;
    this.#pods = new KeptPods(options.seed, options.plan.stages.length);
    this.#events = options.events === true ? new PodEvents(cluster, options.nowMs) : undefined;
    this.#scheduler = new Scheduler(options.plan);
    this.#watch = cluster.watch(Pods, options.namespace, {
      onList: (pods) => pods.forEach((pod, key) => this.#see(key, pod)),
      onAdded: (key, pod) => this.#see(key, pod),
      onModified: (key, pod) => this.#see(key, pod),
      onDeleted: (key) => this.#forget(key),
    });
  }

  dispose(): void {
    this.#watch.dispose();
    for (const { programs } of this.#pods.values()) programs?.kill();
    this.#pods.clear();
  }

  /**
   * Does to a pod what its life does not say: `exit` as a signal ends a container, or `evict`.
   * @param key namespace and name
   * @returns whether anything is other than before
   */
  act(key: string, action: Extract<LifeAction, { do: 'exit' | 'evict' }>): boolean {
    const life = this.#pods.get(key);
    if (life === undefined || life.isOver || !this.#act(life, action, this.#performance(life))) return false;
    this.#report(life);
    this.#next(life);
    return true;
  }

  /** From now on pods live by another plan, by which there is room for all of them, and draw by another seed. */
  changePlan(plan: PodPlan, seed: number): void {
    this.#plan = plan;
    for (const key of this.#scheduler.makeRoom()) {
      const life = this.#pods.get(key);
      if (life !== undefined && !life.pod.isDeleting) this.#place(life, undefined);
    }
    this.#pods.startOver(seed, plan.stages.length);
    for (const life of this.#pods.values()) this.#next(life);
  }

  #see(key: string, pod: Pod): void {
    if (this.#options.includes?.(key, pod) === false) return;
    const known = this.#pods.wake(key);
    if (known !== undefined && known.pod.pod.metadata.uid === pod.metadata.uid) this.#follow(known, pod);
    else {
      if (known !== undefined) this.#forget(key);
      const life = this.#pods.begin(key, pod);
      const { programs } = this.#options;
      if (programs !== undefined && !life.isOver) life.programs = new PodPrograms(life, programs, this.#heard);
      this.#options.observer?.changed(pod);
      life.programs?.follow(life.pod);
      if (life.pod.node !== undefined && !life.isOver) this.#scheduler.occupy(life.pod.key, life.pod.node);
      this.#next(life);
    }
  }

  /** Somebody else changed the pod, or it is the echo of what was reported. */
  #follow(life: PodInProgress, pod: Pod): void {
    const { pod: simulated } = life;
    const grace = simulated.pod.metadata.deletionGracePeriodSeconds;
    simulated.pod = pod;
    if (!life.isOver && isEndedByStatus(pod)) {
      // An eviction, say: an ended pod never comes back.
      this.#options.observer?.changed(pod);
      this.#end(life);
      if (simulated.isDeleting) this.#next(life);
    }
    const { nodeName = '' } = pod.spec;
    if (simulated.node === undefined && nodeName !== '' && !life.isOver) {
      this.#scheduler.occupy(simulated.key, nodeName);
      this.#accept(life, nodeName);
    }
    const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
    if (deletionTimestamp === undefined) {
      this.#pods.rest(life);
      return;
    }
    if (simulated.isDeleting && deletionGracePeriodSeconds === grace) return;
    if (!simulated.isDeleting) {
      simulated.isDeleting = true;
      for (const container of runningContainers(simulated)) {
        this.#events?.tell(simulated, 'Normal', 'Killing', `Stopping container ${container.spec.name}`, container);
      }
    }
    this.#next(life);
    life.programs?.terminate();
  }

  #forget(key: string): void {
    const programs = this.#pods.get(key)?.programs;
    const pod = this.#pods.delete(key);
    if (pod === undefined) return;
    programs?.kill();
    this.#options.observer?.gone(pod);
    this.#leave(key);
  }

  /** Nothing of it runs any more; its room is free. */
  #end(life: PodInProgress): void {
    life.isOver = true;
    life.turn++;
    life.programs?.kill();
    life.programs = undefined;
    this.#leave(life.pod.key);
  }

  #leave(key: string): void {
    for (const waiting of this.#scheduler.leave(key)) {
      const next = this.#pods.get(waiting);
      if (next !== undefined && !next.pod.isDeleting) this.#place(next, undefined);
    }
  }

  /** Decides by the pod's state what comes next, and when. */
  #next(life: PodInProgress): void {
    life.turn++;
    life.atJobEnd = undefined;
    const { pod, random } = life;
    if (pod.isDeleting) {
      this.#nextStop(life);
      return;
    }
    if (life.isOver) return;
    const picked = pickStage(this.#plan.stages, pod, life.times, random);
    if (picked === undefined || picked.stage.actions.some((action) => action.do === 'never')) return;
    const { stage, index } = picked;
    const due = { life, turn: life.turn, index, actions: stage.actions };
    if (stage.isAtJobEnd && this.#hasJobOfItsOwn(life)) {
      life.atJobEnd = due;
      return;
    }
    const delayUs = this.#delay(stage.after, random);
    if (delayUs !== Infinity) this.#clock.schedule(delayUs, this.#due, due);
  }

  /** What the life says of pods that are asked to go, for as long as their grace lasts. */
  #nextStop(life: PodInProgress): void {
    const { pod, random } = life;
    const graceUs = (pod.pod.metadata.deletionGracePeriodSeconds ?? 0) * 1_000_000;
    const picked = pickStage(this.#plan.stages, pod, life.times, random);
    if (picked === undefined && life.programs?.isAny === true) {
      // It exits in its own time, which the grace limits.
      this.#clock.schedule(graceUs, this.#kill, { life, turn: life.turn, index: undefined, actions: undefined });
      return;
    }
    const isStuck = picked?.stage.actions.some((action) => action.do === 'never') === true;
    const delayUs = isStuck ? Infinity : this.#delay(picked?.stage.after ?? { minUs: STOP_US, maxUs: STOP_US }, random);
    const due = { life, turn: life.turn, index: picked?.index, actions: picked?.stage.actions };
    if (delayUs <= graceUs) this.#clock.schedule(delayUs, this.#due, due);
    else this.#clock.schedule(graceUs, this.#kill, due);
  }

  /** Whether a program decides when the job is over. */
  #hasJobOfItsOwn({ programs }: PodInProgress): boolean {
    return programs?.isAny === true && this.#plan.job !== 'none';
  }

  /** The program's job is over. That it exits with 0 then is its own business, as it is in the usual life. */
  #jobEnds({ atJobEnd: due }: PodInProgress): void {
    const isUsual = due?.actions?.every((action) => action.do === 'exit' && action.exitCode === 0) === true;
    if (due !== undefined && !isUsual) this.#due(due);
  }

  /** A program has ended by itself. */
  #exited(life: PodInProgress, container: SimulatedContainer, exitCode: number): void {
    if (!this.#pods.isCurrent(life) || container.state.running === undefined) return;
    const on = this.#performance(life);
    const { name } = container.spec;
    perform({ do: 'exit', container: name, exitCode, reason: undefined, message: undefined }, life.pod, on);
    if (life.pod.isDeleting) {
      stop(life.pod, on, STOPPED);
      this.#finish(life);
      return;
    }
    this.#report(life);
    this.#next(life);
  }

  #delay({ minUs, maxUs }: { readonly minUs: number; readonly maxUs: number }, random: Random): number {
    if (minUs === Infinity) return Infinity;
    if (minUs === maxUs) return random.jitter(minUs, this.#options.jitter ?? 0.1);
    return minUs + random.below(maxUs - minUs + 1);
  }

  readonly #kill = ({ life, turn }: Due): void => {
    if (!this.#isCurrent(life, turn)) return;
    stop(life.pod, this.#performance(life), KILLED);
    this.#finish(life);
  };

  readonly #due = ({ life, turn, index, actions }: Due): void => {
    if (!this.#isCurrent(life, turn)) return;
    if (index !== undefined) life.times[index] = (life.times[index] ?? 0) + 1;
    const { pod } = life;
    const on = this.#performance(life);
    let isChanged = actions === undefined && stop(pod, on, STOPPED);
    for (const action of actions ?? []) isChanged = this.#act(life, action, on) || isChanged;
    if (pod.isDeleting && (runningContainers(pod).length === 0 || !isChanged)) {
      this.#finish(life);
      return;
    }
    // An action that changes nothing would be repeated for ever: the pod waits for somebody else's change.
    if (!isChanged) return;
    this.#report(life);
    this.#next(life);
  };

  #isCurrent(life: PodInProgress, turn: number): boolean {
    return life.turn === turn && this.#pods.isCurrent(life);
  }

  #act(life: PodInProgress, action: LifeAction, on: Performance): boolean {
    if (action.do === 'schedule') {
      this.#place(life, action.node);
      return false;
    }
    if (action.do === 'unschedulable') return this.#refuse(life, action.message);
    return perform(action, life.pod, on);
  }

  /** Finds the pod a node; where there is no room, it waits for it. */
  #place(life: PodInProgress, wanted: string | undefined): void {
    const { pod } = life;
    const node = this.#scheduler.place(pod.key, wanted);
    if (node === undefined) {
      if (this.#refuse(life, undefined)) this.#report(life);
      return;
    }
    if (this.#options.binds === false) {
      this.#accept(life, node);
      return;
    }
    this.#cluster.send(bindRequest(pod.pod, node), (reply) => {
      if (reply instanceof ApiError || !this.#pods.isCurrent(life)) return;
      this.#events?.tell(pod, 'Normal', 'Scheduled', `Successfully assigned ${pod.key} to ${node}`);
      // The pod may have been seen on its node before the answer was there.
      if (pod.node === undefined && !life.isOver) this.#accept(life, node);
    });
  }

  #refuse({ pod }: PodInProgress, message: string | undefined): boolean {
    const words = message ?? this.#scheduler.refusal();
    if (pod.unschedulable === words || pod.node !== undefined) return false;
    pod.unschedulable = words;
    this.#events?.tell(pod, 'Warning', 'FailedScheduling', words);
    return true;
  }

  /** The node has got the pod. */
  #accept(life: PodInProgress, node: string): void {
    const { pod } = life;
    pod.node = node;
    pod.podIP = podAddress(this.#scheduler.indexOf(node), ++this.#addresses);
    pod.startTime = this.#now();
    this.#report(life);
    if (!pod.isDeleting) this.#next(life);
  }

  #performance({ random }: PodInProgress): Performance {
    return { now: this.#now(), random, events: this.#events?.tell };
  }

  #report(life: PodInProgress): void {
    const { pod } = life;
    const hostIP = nodeAddress(this.#scheduler.indexOf(pod.node ?? ''));
    const status = statusOf(pod, hostIP, this.#now());
    pod.conditions = status.conditions ?? [];
    const { apiVersion, kind, metadata, spec } = pod.pod;
    this.#options.observer?.changed({ apiVersion, kind, metadata, spec, status });
    life.unsent = status;
    if (!life.isSending) this.#send(life);
    if (!hasEnded(pod)) life.programs?.follow(pod);
    if (hasEnded(pod) && !life.isOver) this.#end(life);
  }

  /** Sends what was reported last; one status of a pod is on its way at a time, so that none overtakes another. */
  #send(life: PodInProgress): void {
    const { namespace = '', name, uid } = life.pod.pod.metadata;
    const { unsent: status } = life;
    life.unsent = undefined;
    life.isSending = true;
    this.#cluster.send(patchRequest(Pods, namespace, name, { status }, 'status'), () => {
      life.isSending = false;
      if (life.unsent !== undefined) this.#send(life);
      else if (life.isFinished) {
        const options = { gracePeriodSeconds: 0, preconditions: { uid } };
        this.#cluster.send(deleteRequest(Pods, namespace, name, options), ignore);
      } else this.#pods.rest(life);
    });
  }

  /** Says how the containers ended, and lets the pod go. */
  #finish(life: PodInProgress): void {
    life.isFinished = true;
    this.#report(life);
  }

  /** RFC 3339 with whole seconds; the text is made once a second. */
  #now(): string {
    const seconds = Math.floor(this.#options.nowMs() / 1000);
    if (seconds !== this.#nowSeconds) {
      this.#nowSeconds = seconds;
      this.#nowText = new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
    }
    return this.#nowText;
  }
}

function ignore(): void {
  // A pod that is gone by now needs no status.
}
