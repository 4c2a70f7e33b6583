import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { playPart, type Played, type Task } from './tasks.ts';

interface Part {
  readonly task: Task;
  readonly part: number;
  readonly parts: number;
}

/** Plays a task in as many threads as there are cores. Each run is the same whatever thread plays it. */
export async function playSideBySide(task: Task): Promise<Played> {
  const parts = availableParallelism();
  const all = await Promise.all(Array.from({ length: parts }, (_, part) => playInThread({ task, part, parts })));
  const flaws = new Map<string, number>();
  for (const one of all) for (const [flaw, count] of one.flaws) flaws.set(flaw, (flaws.get(flaw) ?? 0) + count);
  return {
    played: all.reduce((sum, { played }) => sum + played, 0),
    crashes: all.reduce((sum, { crashes }) => sum + crashes, 0),
    strategies: new Set(all.flatMap(({ strategies }) => [...strategies])),
    flaws,
    wrong: all.find(({ wrong }) => wrong !== undefined)?.wrong,
  };
}

async function playInThread(data: Part): Promise<Played> {
  const worker = new Worker(new URL(import.meta.url), { workerData: data });
  const [played] = (await once(worker, 'message')) as [Played];
  await worker.terminate();
  return played;
}

if (!isMainThread) {
  const { task, part, parts } = workerData as Part;
  parentPort?.postMessage(playPart(task, part, parts));
}
