import type { RunnerReference } from './client.ts';

/**
 * For how long GitHub goes on taking a job for running after its runner has fallen silent: a runner renews the lease of
 * its job every minute, each time for ten minutes.
 */
export const JOB_LEASE_MS = 600_000;

const FIRST_RUNNER_ID = 101;

export interface RunnersState {
  /** The id of the next runner; no id is given twice. */
  readonly nextId: number;
  readonly runners: readonly RunnerReference[];
  /** Ids of those that have a job. */
  readonly busy: readonly number[];
}

/** The registrations of the embedded service. */
export class EmbeddedRunners {
  readonly #nowMs: () => number;
  readonly #forgotten: (runner: RunnerReference) => void;
  readonly #byName = new Map<string, RunnerReference>();
  readonly #byId = new Map<number, RunnerReference>();
  readonly #busy = new Set<number>();
  /** When the leases of silent runners' jobs run out, in milliseconds since 1970; the first to run out comes first. */
  readonly #leaseEnds = new Map<RunnerReference, number>();
  #nextId = FIRST_RUNNER_ID;

  /**
   * @param restore what an earlier service knew
   * @param forgotten hears of every registration that is gone
   */
  constructor(nowMs: () => number, restore: RunnersState | undefined, forgotten: (runner: RunnerReference) => void) {
    this.#nowMs = nowMs;
    this.#forgotten = forgotten;
    for (const { id, name, runnerScaleSetId } of restore?.runners ?? []) this.register(name, runnerScaleSetId, id);
    for (const id of restore?.busy ?? []) {
      this.#busy.add(id);
      // While the service was away, runners may have gone. One that is still there says so.
      this.loseContact(this.#byId.get(id)?.name ?? '');
    }
    this.#nextId = Math.max(this.#nextId, restore?.nextId ?? 0);
  }

  get byName(): ReadonlyMap<string, RunnerReference> {
    this.endLeases();
    return this.#byName;
  }

  get state(): RunnersState {
    return { nextId: this.#nextId, runners: [...this.#byName.values()], busy: [...this.#busy] };
  }

  /** Whether no lease runs out from now on. */
  get isSettled(): boolean {
    this.endLeases();
    return this.#leaseEnds.size === 0;
  }

  withId(id: number): RunnerReference | undefined {
    return this.#byId.get(id);
  }

  isBusy(id: number): boolean {
    return this.#busy.has(id);
  }

  register(name: string, runnerScaleSetId: number, id = this.#nextId): RunnerReference {
    const runner: RunnerReference = { id, name, runnerScaleSetId };
    this.#nextId = Math.max(this.#nextId, id + 1);
    this.#byName.set(name, runner);
    this.#byId.set(id, runner);
    return runner;
  }

  /** @returns whether there was one */
  forget(name: string): boolean {
    const runner = this.#byName.get(name);
    if (runner === undefined) return false;
    this.#byName.delete(name);
    this.#byId.delete(runner.id);
    this.#busy.delete(runner.id);
    this.#leaseEnds.delete(runner);
    this.#forgotten(runner);
    return true;
  }

  /**
   * A runner stopped without a word. If it had a job, that counts as running until its lease has run out, and takes the
   * registration of the runner, which is for one job, with it. One without a job stays registered.
   * @returns whether a lease runs
   */
  loseContact(name: string): boolean {
    this.endLeases();
    const runner = this.#byName.get(name);
    if (runner === undefined || !this.#busy.has(runner.id)) return false;
    this.#leaseEnds.delete(runner);
    this.#leaseEnds.set(runner, this.#nowMs() + JOB_LEASE_MS);
    return true;
  }

  /** @returns whether the runner is registered */
  setBusy(name: string, busy: boolean): boolean {
    this.endLeases();
    const runner = this.#byName.get(name);
    if (runner === undefined) return false;
    this.#leaseEnds.delete(runner);
    if (busy) this.#busy.add(runner.id);
    else this.#busy.delete(runner.id);
    return true;
  }

  /** Forgets the runners whose leases have run out. */
  endLeases(): void {
    for (const [runner, endMs] of this.#leaseEnds) {
      if (endMs > this.#nowMs()) return;
      this.forget(runner.name);
    }
  }
}
