import { parentPort, workerData } from 'node:worker_threads';
import { toTransferable } from '../trace/transferable.ts';
import type { TraceParts } from '../trace/trace-parts.ts';
import type { RunFigures, RunSpec } from './run-spec.ts';
import { sentenceOf, simulateSpec } from './simulate-spec.ts';

/** What a thread of the pool is given when it starts: a cell that holds the number of the job that is cancelled. */
export interface WorkerStart {
  readonly cancelled: Int32Array<SharedArrayBuffer>;
}

export interface Job {
  readonly id: number;
  readonly spec: RunSpec;
}

/** What comes back of a job; nothing of one that was cancelled but that it is over. */
export type JobDone =
  | { readonly kind: 'done'; readonly id: number; readonly figures: RunFigures; readonly trace: TraceParts | undefined }
  | { readonly kind: 'cancelled'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

const { cancelled } = workerData as WorkerStart;

parentPort?.on('message', ({ id, spec }: Job) => {
  try {
    const run = simulateSpec(spec, () => Atomics.load(cancelled, 0) === id);
    if (run === undefined) {
      answer({ kind: 'cancelled', id });
      return;
    }
    const { trace, ...figures } = run;
    if (trace === undefined) answer({ kind: 'done', id, figures, trace: undefined });
    else {
      const parts = toTransferable(trace);
      answer({ kind: 'done', id, figures, trace: parts.trace }, parts.buffers);
    }
  } catch (error) {
    answer({ kind: 'failed', id, message: sentenceOf(error) });
  }
});

function answer(message: JobDone, buffers: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, buffers);
}
