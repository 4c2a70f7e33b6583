import type { EmbeddedActionsService } from '../../src/actions/embedded-service.ts';
import type { Clock } from '../../src/base/clock.ts';
import type { ContainerProgram } from '../../src/kubernetes/embedded/pods/program.ts';
import type { Pod } from '../../src/kubernetes/types.ts';
import { NOBODY } from '../../src/listener/observer.ts';
import type { ListenerHost } from '../../src/listener/process.ts';
import { ListenerProgram } from '../../src/run/listener-program.ts';
import { RunnerJobs } from '../../src/run/runner-jobs.ts';
import { RunnerProgram } from '../../src/run/runner-program.ts';
import type { Programs } from './chain-kubelet.ts';

/** Listeners and runners in the pods of the recordings' kubelet. */
export class ChainPrograms implements Programs {
  readonly #clock: Clock;
  readonly #service: EmbeddedActionsService;
  readonly #host: ListenerHost;
  readonly #running = new Map<string, ContainerProgram>();
  #held: (() => void)[] | undefined;

  constructor(clock: Clock, service: EmbeddedActionsService, host: ListenerHost) {
    this.#clock = clock;
    this.#service = service;
    this.#host = host;
  }

  /** Runners that start from now on wait before they connect. */
  hold(): void {
    this.#held = [];
  }

  /** Those that have waited connect at once. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const start of held) start();
  }

  started(pod: Pod, exit: (code: number) => void): void {
    const uid = pod.metadata.uid ?? '';
    if (isListener(pod)) {
      this.#running.set(uid, new ListenerProgram(this.#host, pod, NOBODY, exit));
      return;
    }
    const { name } = pod.metadata;
    const start = (): void => {
      const jobs = new RunnerJobs(this.#service, 'runs');
      const runner = { clock: this.#clock, service: this.#service, name, jobs };
      this.#running.set(uid, new RunnerProgram(runner, { exit, jobEnds: () => undefined }));
    };
    if (this.#held === undefined) start();
    else this.#held.push(start);
  }

  /** A listener heeds SIGTERM and ends at once; a runner takes the kubelet's time. */
  terminated(pod: Pod): boolean {
    if (!isListener(pod)) return false;
    this.#running.get(pod.metadata.uid ?? '')?.terminate();
    return true;
  }

  ended(pod: Pod): void {
    const uid = pod.metadata.uid ?? '';
    this.#running.get(uid)?.kill();
    this.#running.delete(uid);
  }
}

function isListener({ spec }: Pod): boolean {
  return spec.containers[0]?.name === 'listener';
}
