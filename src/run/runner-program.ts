import type { EmbeddedActionsService } from '../actions/embedded-service.ts';
import type { Clock } from '../base/clock.ts';
import { STOPPED } from '../kubernetes/embedded/pods/perform.ts';
import type { ContainerProgram } from '../kubernetes/embedded/pods/program.ts';

/** As in the recordings: from the start of the container until the runner waits for a job, and from the job's end to 0. */
const CONNECT_US = 250_000;
const EXIT_US = 150_000;
/** From being asked to stop to the end. */
const STOP_US = 400_000;

/** Hears when the job of a runner begins and ends. */
export interface JobObserver {
  started(runner: string): void;
  finished(runner: string): void;
}

/**
 * The runner of a scale set: connects to the service, runs the one job that it is given there, and exits with 0. So it does
 * when its registration is gone: Runner.Listener then ends with 1, for which run.sh of actions/runner exits with 0.
 */
export class RunnerProgram implements ContainerProgram {
  readonly #clock: Clock;
  readonly #service: EmbeddedActionsService;
  readonly #name: string;
  readonly #exit: (code: number) => void;
  readonly #jobs: JobObserver | undefined;
  #state: 'starting' | 'idle' | 'busy' | 'ending' = 'starting';

  constructor(
    clock: Clock,
    service: EmbeddedActionsService,
    name: string,
    exit: (code: number) => void,
    jobs?: JobObserver,
  ) {
    this.#clock = clock;
    this.#service = service;
    this.#name = name;
    this.#exit = exit;
    this.#jobs = jobs;
    clock.schedule(CONNECT_US, () => this.#connect(), undefined);
  }

  /** A job that it has is cancelled, which it still reports. */
  terminate(): void {
    if (this.#state === 'ending') return;
    const isBusy = this.#state === 'busy';
    this.#state = 'ending';
    this.#service.loseContact(this.#name);
    this.#clock.schedule(
      STOP_US,
      () => {
        if (isBusy) this.#service.forget(this.#name);
        this.#exit(STOPPED);
      },
      undefined,
    );
  }

  /** Nobody hears of it: the service goes on waiting for it. */
  kill(): void {
    if (this.#state !== 'ending') this.#service.loseContact(this.#name);
    this.#state = 'ending';
  }

  #connect(): void {
    if (this.#state !== 'starting') return;
    this.#state = 'idle';
    this.#service.connect(this.#name, {
      started: () => {
        this.#state = 'busy';
        this.#jobs?.started(this.#name);
      },
      finished: () => this.#end(),
      gone: () => this.#end(),
    });
  }

  #end(): void {
    if (this.#state === 'busy') this.#jobs?.finished(this.#name);
    this.#state = 'ending';
    this.#clock.schedule(EXIT_US, this.#exit, 0);
  }
}
