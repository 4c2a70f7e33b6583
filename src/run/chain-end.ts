import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { EphemeralRunners, Pods } from '../kubernetes/resource.ts';
import { listenerPhase } from '../model/scale-set-recorder.ts';
import type { EmbeddedRun } from './start-run.ts';

const CHECK_EVERY_US = 1_000_000;
/** A listener hears of the last job, and says how many runners there are to be, with a poll or the one after it. */
const TWO_POLLS_US = 101_000_000;

/**
 * Watches a run of the whole chain for its end. It is never idle: a listener polls for ever. It is over when all jobs are
 * done, no more runners are there than the minimum, none of these changes and no other release is to take over; or when no job runs
 * and no runner has changed for very long.
 */
export class ChainEnd implements Disposable {
  readonly #clock: Clock;
  readonly #run: EmbeddedRun;
  readonly #patienceUs: number;
  readonly #onChange: (isOver: boolean) => void;
  readonly #checks: Disposable;
  #isOver = false;
  #version = '';
  #sameSinceUs = 0;

  /**
   * @param patienceUs how long nothing may change while jobs are left
   * @param onChange told when it is over, and when it goes on after that
   */
  constructor(clock: Clock, run: EmbeddedRun, patienceUs: number, onChange: (isOver: boolean) => void) {
    this.#clock = clock;
    this.#run = run;
    this.#patienceUs = patienceUs;
    this.#onChange = onChange;
    this.#checks = clock.every(CHECK_EVERY_US, () => this.#check());
  }

  /** Something was asked of the run from outside: it goes on until nothing changes any more. */
  woken(): void {
    this.#sameSinceUs = this.#clock.nowUs();
    this.#tell(false);
  }

  dispose(): void {
    this.#checks.dispose();
  }

  #check(): void {
    const { environment, controllers } = this.#run;
    const nowUs = this.#clock.nowUs();
    const version = this.#state();
    const isBusy = environment.service.runningJobs > 0;
    if (
      environment.awaitsTakeover ||
      isBusy ||
      version !== this.#version ||
      controllers.all.some(({ activeWorkers }) => activeWorkers > 0)
    ) {
      this.#version = version;
      this.#sameSinceUs = nowUs;
      this.#tell(false);
      return;
    }
    const sameUs = nowUs - this.#sameSinceUs;
    const isDone = environment.chain?.isDone === true;
    const isIdle = this.#areRunnersIdle() && this.#doesListenerRun();
    const patienceUs = !isDone ? this.#patienceUs : isIdle ? CHECK_EVERY_US : TWO_POLLS_US;
    this.#tell(sameUs >= patienceUs);
  }

  #tell(isOver: boolean): void {
    if (isOver === this.#isOver) return;
    this.#isOver = isOver;
    this.#onChange(isOver);
  }

  /** Of the runners only: pods whose image cannot be pulled change for ever, and a listener patches its set with each poll. */
  #state(): string {
    let newest = 0;
    let count = 0;
    for (const { object } of this.#run.environment.cluster.api.store.of(EphemeralRunners).entries()) {
      count++;
      newest = Math.max(newest, Number(object.metadata.resourceVersion));
    }
    return `${count}@${newest}`;
  }

  #areRunnersIdle(): boolean {
    const { environment, controllers } = this.#run;
    const runners = [...controllers.caches.of(EphemeralRunners).entries()].map(([, runner]) => runner);
    const isIdle = runners.every(({ metadata, status }) => {
      return metadata.deletionTimestamp === undefined && status?.phase === 'Running';
    });
    return isIdle && runners.length <= (environment.chain?.minRunners ?? 0);
  }

  #doesListenerRun(): boolean {
    const { environment, controllers } = this.#run;
    for (const [, pod] of controllers.caches.of(Pods).entries()) {
      if (pod.metadata.namespace === environment.process?.namespace && listenerPhase(pod) === 'Running') return true;
    }
    return false;
  }
}
