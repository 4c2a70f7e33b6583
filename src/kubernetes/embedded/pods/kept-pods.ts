import { Random } from '../../../base/random.ts';
import type { Pod } from '../../types.ts';
import { Recent } from '../recent.ts';
import { endedPodOf, isEndedByStatus, type EndedPod, type PodInProgress } from './pod-in-progress.ts';
import { takeUp } from './simulated-pod.ts';

/**
 * The pods of a kubelet by key. When one has ended and the cluster shows all that is known of it, little is kept of it until
 * somebody deletes it: in large runs most pods are such.
 */
export class KeptPods {
  readonly #lives = new Map<string, PodInProgress>();
  readonly #ended = new Map<string, EndedPod>();
  /** How many pods there have been of each name that none has now. */
  readonly #attempts = new Map<string, number>();
  /** How often pods that have ended went through each stage: nearly all of them alike. */
  readonly #times = new Recent();
  #seed: number;
  #stages: number;

  /** @param stages of the plan that pods live by */
  constructor(seed: number, stages: number) {
    this.#seed = seed;
    this.#stages = stages;
  }

  /** Undefined also for a pod that has ended: nothing happens to it. */
  get(key: string): PodInProgress | undefined {
    return this.#lives.get(key);
  }

  isCurrent(life: PodInProgress): boolean {
    return this.#lives.get(life.pod.key) === life;
  }

  /** Those that have not ended. */
  values(): Iterable<PodInProgress> {
    return this.#lives.values();
  }

  begin(key: string, pod: Pod): PodInProgress {
    const attempt = (this.#attempts.get(key) ?? 0) + 1;
    const random = new Random(this.#seed, `pod ${key} ${attempt}`);
    return this.#add(key, { pod, attempt, random, times: this.#timesOfStages() });
  }

  /** Keeps less of a pod to which nothing more happens. */
  rest(life: PodInProgress): void {
    const ended = this.isCurrent(life) ? endedPodOf(life) : undefined;
    if (ended === undefined) return;
    this.#lives.delete(life.pod.key);
    this.#ended.set(life.pod.key, { ...ended, times: this.#times.one(ended.times) });
  }

  /** The pod, which is changed, goes on if it had ended. */
  wake(key: string): PodInProgress | undefined {
    const ended = this.#ended.get(key);
    if (ended === undefined) return this.#lives.get(key);
    this.#ended.delete(key);
    return this.#add(key, { ...ended, times: [...ended.times] });
  }

  /** @returns the pod as it was last seen */
  delete(key: string): Pod | undefined {
    const pod = this.#lives.get(key)?.pod ?? this.#ended.get(key);
    if (pod === undefined) return undefined;
    this.#attempts.set(key, pod.attempt);
    this.#lives.delete(key);
    this.#ended.delete(key);
    return pod.pod;
  }

  /** Pods draw by another seed from now on, and have been through none of the stages of another plan. */
  startOver(seed: number, stages: number): void {
    this.#seed = seed;
    this.#stages = stages;
    for (const pods of [this.#lives, this.#ended]) {
      for (const [key, pod] of pods) {
        pod.random = new Random(seed, `pod ${key}`);
        pod.times = this.#timesOfStages();
      }
    }
  }

  clear(): void {
    this.#lives.clear();
    this.#ended.clear();
  }

  #add(key: string, { pod, attempt, random, times }: EndedPod): PodInProgress {
    const life: PodInProgress = {
      pod: takeUp(key, pod, attempt),
      random,
      times,
      turn: 0,
      isOver: isEndedByStatus(pod),
      unsent: undefined,
      isSending: false,
      isFinished: false,
      programs: undefined,
      atJobEnd: undefined,
    };
    this.#lives.set(key, life);
    return life;
  }

  /** With room for each stage and no more: an array that grows by itself has room for many. */
  #timesOfStages(): number[] {
    return Array.from({ length: this.#stages }, () => 0);
  }
}
