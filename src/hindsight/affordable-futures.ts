import { availableParallelism } from 'node:os';
import { RELEASES } from '../reconciler/releases/releases.ts';
import type { RunSpec } from '../run/run-spec.ts';
import { simulateSpecInSlices } from '../run/simulate-spec.ts';

/** Moments along a run that are looked at where nobody says how many. */
export const MOMENTS = 50;
const FUTURES = 200;
const FEWEST_FUTURES = 20;
/** What people wait for. */
const BUDGET_MS = 20_000;

/** How many futures a moment can have in the time for all. */
export async function affordableFutures(spec: RunSpec, moments: number, signal: AbortSignal): Promise<number> {
  // The first runs are slow: code is compiled while they go on.
  let shortestMs = Infinity;
  for (let run = 0; run < 5; run++) {
    const beganMs = performance.now();
    await simulateSpecInSlices(spec, RELEASES, signal);
    shortestMs = Math.min(shortestMs, performance.now() - beganMs);
  }
  const runsInTime = (BUDGET_MS * availableParallelism()) / Math.max(1, shortestMs);
  return Math.min(FUTURES, Math.max(FEWEST_FUTURES, Math.floor(runsInTime / moments)));
}
