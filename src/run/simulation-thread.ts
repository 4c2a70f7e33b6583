import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { t } from '@vscode/l10n';
import { messageOf } from '../base/message.ts';
import type { Disposable } from '../base/disposable.ts';
import type { RunSpec } from './run-spec.ts';
import type { Job, JobDone, WorkerStart } from './simulation-worker.ts';

type Answer = (done: JobDone) => void;

/** A worker thread that does one run at a time. It keeps the process alive while it has one. */
export class SimulationThread implements Disposable {
  readonly #worker: Worker;
  readonly #cancelled = new Int32Array(new SharedArrayBuffer(4));
  #job: { readonly id: number; readonly answer: Answer } | undefined;
  #jobs = 0;

  /** @param onDeath the thread is gone and does no more; a run that it had has failed */
  constructor(onDeath: () => void) {
    const workerData: WorkerStart = { cancelled: this.#cancelled };
    // What the process itself was started with may be no option for a thread.
    this.#worker = new Worker(workerFile(), { workerData, execArgv: [] });
    this.#worker.unref();
    this.#worker.on('message', (done: JobDone) => this.#done(done));
    this.#worker.on('error', (error) => {
      onDeath();
      const message = t('The thread of a simulation ended: {0}; fewer runners take less memory', messageOf(error));
      this.#done({ kind: 'failed', id: this.#job?.id ?? 0, message });
    });
  }

  get isIdle(): boolean {
    return this.#job === undefined;
  }

  /** Does a run; the thread has to be idle. @returns its number, for cancel() */
  start(spec: RunSpec, answer: Answer): number {
    const id = ++this.#jobs;
    this.#job = { id, answer };
    this.#worker.ref();
    const job: Job = { id, spec };
    this.#worker.postMessage(job);
    return id;
  }

  /** Ends a run within a few hundred events; one that is over already stays so. */
  cancel(id: number): void {
    Atomics.store(this.#cancelled, 0, id);
  }

  dispose(): void {
    void this.#worker.terminate();
  }

  #done(done: JobDone): void {
    const job = this.#job;
    if (job === undefined) return;
    this.#job = undefined;
    this.#worker.unref();
    job.answer(done);
  }
}

const NAME = 'simulation-worker';

/** Beside this file, or in a build below the folder that all of it is in. */
function workerFile(): URL {
  if (import.meta.url.endsWith('.ts')) return new URL(`./${NAME}.ts`, import.meta.url);
  const places = ['./', '../', '../../', '../../../'].map(
    (folder) => new URL(`${folder}engine/run/${NAME}.js`, import.meta.url),
  );
  return places.find((place) => existsSync(place)) ?? (places[0] as URL);
}
