import type { EmbeddedActionsService } from '../actions/embedded-service.ts';
import type { PodObserver } from '../kubernetes/embedded/kubelet.ts';
import type { JobRule } from '../kubernetes/embedded/pods/pod-life.ts';
import type { Pod } from '../kubernetes/types.ts';
import { RUNNER_CONTAINER } from '../reconciler/names.ts';

/** Exit codes of a runner that could say how its job ended: it was done, or it was asked to stop. */
const REPORTED = new Set([0, 128 + 15]);

/**
 * The jobs of simulated runners that bring their own, as the Actions service comes to know of them: a job starts when the container called
 * `runner` starts, and is over when that has ended, however it ended.
 */
export class RunnerJobs implements PodObserver {
  readonly #service: EmbeddedActionsService;
  #rule: JobRule;
  /** Names of runners that are gone and whose jobs the service still counts as running. */
  readonly #neverOver = new Set<string>();
  /** By uid of the pod; what is over stays so, also when an older state of the pod is seen after it. */
  readonly #jobs = new Map<string, 'running' | 'over'>();

  constructor(service: EmbeddedActionsService, rule: JobRule) {
    this.#service = service;
    this.#rule = rule;
  }

  get rule(): JobRule {
    return this.#rule;
  }

  /** A runner that the service gave its job to stops without a word. */
  fallSilent(name: string): void {
    const isNeverOver = this.#rule === 'never-over';
    if (isNeverOver) this.#neverOver.add(name);
    this.#service.loseContact(name, !isNeverOver);
  }

  /** Jobs end as usual from now on, also those that should have ended before. */
  endAsUsual(): void {
    if (this.#rule === 'never-over') this.#rule = 'runs';
    for (const name of this.#neverOver) this.#service.loseContact(name);
    this.#neverOver.clear();
  }

  changed(pod: Pod): void {
    const { metadata, status } = pod;
    const state = status?.containerStatuses?.find(({ name }) => name === RUNNER_CONTAINER)?.state;
    const isOver = state?.terminated !== undefined || status?.phase === 'Failed' || status?.phase === 'Succeeded';
    if (isOver) this.#end(pod, state?.terminated?.exitCode);
    else if (state?.running !== undefined && !this.#jobs.has(metadata.uid ?? '')) {
      // Such a runner says itself when it waits for a job.
      if (this.#service.givesJobTo(metadata.name)) return;
      this.#jobs.set(metadata.uid ?? '', 'running');
      if (this.#rule !== 'none') this.#service.setBusy(metadata.name, true);
    }
  }

  gone(pod: Pod): void {
    this.#end(pod, undefined);
    this.#jobs.delete(pod.metadata.uid ?? '');
  }

  #end({ metadata }: Pod, exitCode: number | undefined): void {
    const { uid = '', name } = metadata;
    const hadJob = this.#jobs.get(uid) === 'running' && this.#rule !== 'none';
    this.#jobs.set(uid, 'over');
    if (!hadJob) return;
    if (this.#rule === 'never-over') {
      this.#neverOver.add(name);
      return;
    }
    if (exitCode !== undefined && REPORTED.has(exitCode)) this.#service.forget(name);
    else this.#service.loseContact(name);
  }
}
