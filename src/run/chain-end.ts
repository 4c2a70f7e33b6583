import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { EphemeralRunners, Pods } from '../kubernetes/resource.ts';
import { hasRunningListener } from '../model/scale-set-recorder.ts';
import type { EmbeddedRun } from './start-embedded.ts';

const CHECK_EVERY_US = 1_000_000;
/** One after the other without a change of a runner: a pod is bound, seen, run and seen again. */
const ANSWERS_IN_A_ROW = 6;
/**
 * A listener that was deciding when something changed hears of it with the poll after that, and of its own doing with the
 * next: then it has decided three times.
 */
const DECISIONS = 3;
/** This many times as long as for runners that do not change jobs are waited for while runners come and go. */
const IN_VAIN = 3;

/** What has not changed of a run whose jobs are not done. */
export interface Unchanged {
  /** For how long no runner has changed. */
  readonly unchangedUs: number;
  /** That is for how long no job has started or ended, while runners came and went. */
  readonly comeAndGo?: true;
}

/**
 * Watches a run of the whole chain for its end. It is never idle: a listener polls for ever. It is over when all jobs are
 * done and no more come, no more runners are there than the minimum, none of these changes and no other release is to take over; or when
 * no job runs and no runner has changed for very long; or when jobs have waited for still longer and runners only come and go.
 */
export class ChainEnd implements Disposable {
  readonly #clock: Clock;
  readonly #run: EmbeddedRun;
  readonly #patienceUs: number;
  readonly #onChange: (isOver: boolean, unchanged?: Unchanged) => void;
  readonly #checks: Disposable;
  #isOver = false;
  #version = '';
  #sameSinceUs = 0;
  /** How often jobs had come, started or ended when they began to wait, and when that was. */
  #jobSteps: number | undefined;
  #waitSinceUs = 0;
  /** The first ones that there were since then. */
  #firstRunners: ReadonlySet<string | undefined> = new Set();
  /** How often listeners had decided when something changed last. */
  #decisions = 0;

  /**
   * @param patienceUs how long nothing may change while jobs are left
   * @param onChange told when it is over, and when it goes on after that; with jobs that are not done also what has not changed
   */
  constructor(
    clock: Clock,
    run: EmbeddedRun,
    patienceUs: number,
    onChange: (isOver: boolean, unchanged?: Unchanged) => void,
  ) {
    this.#clock = clock;
    this.#run = run;
    this.#patienceUs = patienceUs;
    this.#onChange = onChange;
    this.#checks = clock.every(CHECK_EVERY_US, () => this.#check());
  }

  /** Something was asked of the run from outside: it goes on until nothing changes any more. */
  woken(): void {
    this.#changed();
    this.#tell(false);
  }

  dispose(): void {
    this.#checks.dispose();
  }

  #check(): void {
    const { environment, controllers } = this.#run;
    if (this.#isInVain()) return;
    const version = this.#state();
    const isBusy = !environment.service.isAtRest;
    if (
      environment.awaitsTakeover ||
      environment.chain?.awaitsJobs === true ||
      isBusy ||
      version !== this.#version ||
      controllers.all.some(({ activeWorkers }) => activeWorkers > 0)
    ) {
      this.#version = version;
      this.#changed();
      this.#tell(false);
      return;
    }
    const sameUs = this.#clock.nowUs() - this.#sameSinceUs;
    const isPatient = sameUs >= this.#patienceUs + this.#longestWaitUs();
    const isDone = environment.chain?.isDone === true;
    if (!this.#doesListenerRun()) {
      this.#tell(isPatient, isDone ? undefined : { unchangedUs: sameUs });
      return;
    }
    const isIdle = this.#areRunnersIdle() && environment.service.hasToldAll;
    const isHeard = (environment.chain?.decisions ?? 0) - this.#decisions >= DECISIONS;
    if (isDone) this.#tell(isHeard || (isIdle && sameUs >= CHECK_EVERY_US));
    else this.#tell(isPatient && isHeard, { unchangedUs: sameUs });
  }

  /** Runners that all end before they have a job are replaced for ever. */
  #isInVain(): boolean {
    const { chain, awaitsTakeover } = this.#run.environment;
    const steps = awaitsTakeover ? undefined : chain?.waitingSince;
    const nowUs = this.#clock.nowUs();
    if (steps === undefined || steps !== this.#jobSteps) {
      this.#jobSteps = steps;
      this.#waitSinceUs = nowUs;
      this.#firstRunners = this.#runners();
      return false;
    }
    if (this.#firstRunners.size === 0) this.#firstRunners = this.#runners();
    const waitUs = nowUs - this.#waitSinceUs;
    if (waitUs < IN_VAIN * (this.#patienceUs + this.#longestWaitUs())) return false;
    if ([...this.#runners()].some((uid) => this.#firstRunners.has(uid))) return false;
    this.#tell(true, { unchangedUs: waitUs, comeAndGo: true });
    return true;
  }

  #runners(): ReadonlySet<string | undefined> {
    const { store } = this.#run.environment.cluster.api;
    return new Set(Array.from(store.of(EphemeralRunners).entries(), ({ object }) => object.metadata.uid));
  }

  #changed(): void {
    this.#sameSinceUs = this.#clock.nowUs();
    this.#decisions = this.#run.environment.chain?.decisions ?? 0;
  }

  /** Whatever takes long without any change of a runner: pods that wait or start, and slow answers. */
  #longestWaitUs(): number {
    const { longestPodWaitUs, conditions } = this.#run.environment;
    const { apiLatencyUs, jitLatencyUs } = conditions.document;
    return longestPodWaitUs + ANSWERS_IN_A_ROW * (apiLatencyUs + jitLatencyUs);
  }

  #tell(isOver: boolean, unchanged?: Unchanged): void {
    if (isOver === this.#isOver) return;
    this.#isOver = isOver;
    this.#onChange(isOver, unchanged);
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
    const pods = Array.from(controllers.caches.of(Pods).entries(), ([, pod]) => pod);
    return hasRunningListener(pods, environment.process?.namespace);
  }
}
