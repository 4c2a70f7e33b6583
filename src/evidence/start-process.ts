import { newProcess } from './process.ts';
import type { Reading } from './reading.ts';
import type { Seen } from './seen.ts';

/** A line that a controller writes as it starts: where the one before has worked, another one begins, and its passes are over. */
export function startProcess(reading: Reading, seen: Seen): void {
  const { process } = reading;
  if (process.lastRunnerLine === undefined) return;
  reading.runners.loseAll();
  reading.process = newProcess(seen, { last: reading.lastControllerLine, isStopping: process.isStopping });
  reading.processes.push(reading.process);
}
