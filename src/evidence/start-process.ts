import { newProcess } from './process.ts';
import type { Reading } from './reading.ts';
import type { Seen } from './seen.ts';

/** A line that a controller writes as it starts: where the one before has worked, another one begins, and its passes are over. */
export function startProcess(reading: Reading, seen: Seen): void {
  const { process } = reading;
  if (process.lastRunnerLine === undefined) return;
  reading.runners.loseAll();
  reading.process = newProcess(seen, { last: reading.lastControllerLine, process });
  reading.processes.push(reading.process);
}

/**
 * A line about a runner while the process that started last waits for the lease: that one is a standby replica, and the one
 * before it goes on.
 */
export function leaveStandby(reading: Reading): void {
  const { process } = reading;
  if (!process.waitsForLease || process.earlier === undefined) return;
  reading.processes.splice(reading.processes.indexOf(process), 1);
  reading.process = process.earlier;
}
