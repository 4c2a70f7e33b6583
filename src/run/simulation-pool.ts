import { availableParallelism } from 'node:os';
import type { Disposable } from '../base/disposable.ts';
import type { ReleaseList } from '../reconciler/releases/release-list.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { fromTransferable } from '../trace/transferable.ts';
import type { RunSpec } from './run-spec.ts';
import { SimulationCancelled, SimulationError } from './simulation-errors.ts';
import { sentenceOf, simulateSpecInSlices, type SpecRun } from './simulate-spec.ts';
import { SimulationThread } from './simulation-thread.ts';
import type { JobDone } from './simulation-worker.ts';

interface Waiting {
  readonly spec: RunSpec;
  readonly resolve: (run: SpecRun) => void;
  readonly reject: (error: Error) => void;
  isOver: boolean;
  /** Ends it where it runs; undefined while it waits. */
  stop: (() => void) | undefined;
}

/** Runs of fewer runners than these in all are done before threads have started. */
const FEW_RUNNERS = 1_500;

/** How many threads are worth starting for some runs; 0 where they are done sooner without any. */
export function threadsFor(specs: readonly RunSpec[]): number {
  const runners = specs.reduce((sum, { settings }) => sum + settings.runners, 0);
  return runners < FEW_RUNNERS || specs.length < 2 ? 0 : Math.min(availableParallelism(), specs.length);
}

/**
 * Does runs in virtual time, one a thread, in the order in which they are asked for. A run is the same whichever thread does
 * it, and every run ends: when nothing is left to do or only the same passes repeat, or at its horizon.
 */
export class SimulationPool implements Disposable {
  readonly #size: number;
  readonly #startsHere: boolean;
  readonly #releases: ReleaseList;
  readonly #threads: SimulationThread[] = [];
  #waiting: Waiting[] = [];
  /** Whether a run is under way in this thread. */
  #isBusyHere = false;
  /** Whether a run has been done in this thread, and whether in another, which has loaded what it needs then. */
  #isBegun = false;
  #isWarm = false;
  #isDisposed = false;

  /**
   * @param threads how many there are, one a core without it; with 0 runs take turns with the caller's event loop
   * @param releases those that settings may name; threads know the usual ones alone, so that with others there are none
   * @param startsHere the caller's thread, which has loaded what it needs, does runs too until another has done one
   */
  constructor(threads = availableParallelism(), releases: ReleaseList = RELEASES, startsHere = false) {
    this.#size = releases === RELEASES ? threads : 0;
    this.#startsHere = startsHere;
    this.#releases = releases;
  }

  /** Starts the threads, so that they have loaded what they need when the first run comes. */
  warm(): void {
    if (this.#isDisposed) return;
    while (this.#threads.length < this.#size) this.#newThread();
  }

  /**
   * Does a run. When the signal comes it is given up at once, wherever it is.
   * @throws SimulationError, SimulationCancelled
   */
  run(spec: RunSpec, signal?: AbortSignal): Promise<SpecRun> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#waiting = this.#waiting.filter((each) => each !== one);
        one.stop?.();
        settle(() => reject(new SimulationCancelled()));
      };
      const settle = (how: () => void): void => {
        if (one.isOver) return;
        one.isOver = true;
        signal?.removeEventListener('abort', abort);
        how();
      };
      const one: Waiting = {
        spec,
        resolve: (run) => settle(() => resolve(run)),
        reject: (error) => settle(() => reject(error)),
        isOver: false,
        stop: undefined,
      };
      if (signal?.aborted === true || this.#isDisposed) {
        abort();
        return;
      }
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiting.push(one);
      this.#next();
    });
  }

  /**
   * Does many runs, and gives each as soon as it and those before it are done; few are ahead of the one that is waited for, as
   * traces are large. Ends without the rest when the signal comes.
   * @throws SimulationError
   */
  async *inOrder(specs: readonly RunSpec[], signal?: AbortSignal): AsyncGenerator<SpecRun> {
    const own = new AbortController();
    const both = signal === undefined ? own.signal : AbortSignal.any([own.signal, signal]);
    const ahead: Promise<SpecRun>[] = [];
    let begun = 0;
    try {
      for (let index = 0; index < specs.length; index++) {
        for (; begun < specs.length && begun <= index + 2 * this.#size; begun++) {
          const run = this.run(specs[begun] as RunSpec, both);
          // One that is not waited for any more may fail as well.
          run.catch(() => undefined);
          ahead.push(run);
        }
        yield await (ahead.shift() as Promise<SpecRun>);
      }
    } catch (error) {
      if (!(error instanceof SimulationCancelled)) throw error;
    } finally {
      own.abort();
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(new SimulationCancelled());
    for (const thread of this.#threads.splice(0)) thread.dispose();
  }

  #next(): void {
    if (!this.#isBusyHere && this.#hasTurnHere) void this.#runHere();
    // The first is done sooner while no thread that starts takes the processor from it.
    if (this.#size === 0 || (this.#startsHere && !this.#isBegun)) return;
    while (this.#waiting.length > 0) {
      const thread = this.#threads.find(({ isIdle }) => isIdle) ?? this.#newThread();
      if (thread === undefined) return;
      const one = this.#waiting.shift() as Waiting;
      const id = thread.start(one.spec, (done) => {
        this.#isWarm = true;
        this.#settle(one, done);
        this.#next();
      });
      one.stop = () => thread.cancel(id);
    }
  }

  #newThread(): SimulationThread | undefined {
    if (this.#threads.length >= this.#size) return undefined;
    const thread = new SimulationThread(() => {
      const index = this.#threads.indexOf(thread);
      if (index >= 0) this.#threads.splice(index, 1);
    });
    this.#threads.push(thread);
    return thread;
  }

  #settle({ resolve, reject }: Waiting, done: JobDone): void {
    if (done.kind === 'cancelled') reject(new SimulationCancelled());
    else if (done.kind === 'failed') reject(new SimulationError(done.message));
    else resolve({ ...done.figures, trace: done.trace === undefined ? undefined : fromTransferable(done.trace) });
  }

  /** Whether runs are done in this thread too. */
  get #hasTurnHere(): boolean {
    return this.#size === 0 || (this.#startsHere && !this.#isWarm);
  }

  async #runHere(): Promise<void> {
    this.#isBusyHere = true;
    try {
      while (this.#hasTurnHere) {
        const one = this.#waiting.shift();
        if (one === undefined) break;
        const cancel = new AbortController();
        one.stop = () => cancel.abort();
        try {
          one.resolve(await simulateSpecInSlices(one.spec, this.#releases, cancel.signal));
        } catch (error) {
          one.reject(new SimulationError(sentenceOf(error)));
        }
        this.#isBegun = true;
        if (this.#size > 0) this.#next();
      }
    } finally {
      this.#isBusyHere = false;
    }
  }
}
