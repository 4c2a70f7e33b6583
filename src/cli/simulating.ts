import type { Simulating } from '../fit/search.ts';
import { SimulationCancelled } from '../run/simulation-errors.ts';
import { SimulationPool } from '../run/simulation-pool.ts';
import { InterruptedError } from './usage.ts';

/**
 * Does what takes many runs in threads of their own.
 * @param threads 0 where this one does it sooner
 * @throws InterruptedError when the signal comes
 */
export async function inThreads<T>(
  threads: number,
  signal: AbortSignal,
  work: (simulating: Simulating) => Promise<T>,
): Promise<T> {
  const pool = new SimulationPool(threads);
  try {
    return await work({ pool, signal });
  } catch (error) {
    if (error instanceof SimulationCancelled) throw new InterruptedError('interrupted; there is no answer');
    throw error;
  } finally {
    pool.dispose();
  }
}
