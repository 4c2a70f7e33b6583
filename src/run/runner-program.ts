import type { EmbeddedActionsService } from '../actions/embedded-service.ts';
import type { Clock } from '../base/clock.ts';
import { STOPPED } from '../kubernetes/embedded/pods/perform.ts';
import type { ContainerProgram, ProgramHost } from '../kubernetes/embedded/pods/program.ts';
import type { RunnerJobs } from './runner-jobs.ts';

/** As in the recordings: from the start of the container until the runner waits for a job, and from the job's end to 0. */
const CONNECT_US = 250_000;
const EXIT_US = 150_000;
/** From being asked to stop to the end. */
const STOP_US = 400_000;

interface RunnerStart {
  readonly clock: Clock;
  readonly service: EmbeddedActionsService;
  readonly name: string;
  /** Whether it gets a job, and whether the service ever hears of the job's end. */
  readonly jobs: Pick<RunnerJobs, 'rule' | 'fallSilent'>;
}

/**
 * The runner of a scale set: connects to the service, runs the one job that it is given there, and exits with 0. So it does
 * when its registration is gone: Runner.Listener then ends with 1, for which run.sh of actions/runner exits with 0.
 */
export class RunnerProgram implements ContainerProgram {
  readonly #runner: RunnerStart;
  readonly #host: ProgramHost;
  #state: 'starting' | 'idle' | 'busy' | 'ending' = 'starting';

  constructor(runner: RunnerStart, host: ProgramHost) {
    this.#runner = runner;
    this.#host = host;
    if (runner.jobs.rule !== 'none') runner.clock.schedule(CONNECT_US, () => this.#connect(), undefined);
  }

  /** A job that it has is cancelled, which it still reports. */
  terminate(): void {
    if (this.#state === 'ending') return;
    const { clock, service, name, jobs } = this.#runner;
    const isReported = this.#state === 'busy' && jobs.rule === 'runs';
    this.#fallSilent();
    clock.schedule(
      STOP_US,
      () => {
        if (isReported) service.forget(name);
        this.#host.exit(STOPPED);
      },
      undefined,
    );
  }

  /** Nobody hears of it: the service goes on waiting for it. */
  kill(): void {
    if (this.#state !== 'ending') this.#fallSilent();
  }

  #connect(): void {
    if (this.#state !== 'starting') return;
    const { service, name, jobs } = this.#runner;
    this.#state = 'idle';
    service.connect(name, {
      started: () => {
        this.#state = 'busy';
      },
      ends: () => {
        this.#host.jobEnds();
        if (jobs.rule === 'runs' || this.#state !== 'busy') return;
        this.#fallSilent();
        this.#exit();
      },
      finished: () => this.#end(),
      gone: () => this.#end(),
    });
  }

  #end(): void {
    this.#state = 'ending';
    this.#exit();
  }

  #exit(): void {
    this.#runner.clock.schedule(EXIT_US, () => this.#host.exit(0), undefined);
  }

  #fallSilent(): void {
    this.#state = 'ending';
    this.#runner.jobs.fallSilent(this.#runner.name);
  }
}
