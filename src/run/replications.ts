import type { RunFigures, RunSpec } from './run-spec.ts';
import type { RunSettings } from './settings.ts';
import type { SimulationPool } from './simulation-pool.ts';

/** Runs with settings that differ in their seeds alone; the first has the seed of the settings. */
export interface ReplicatedRuns {
  readonly mode: string;
  readonly runs: readonly RunFigures[];
}

/** Settings that differ in their seeds alone, which follow on that of the first. */
export function withSeeds(settings: RunSettings, seeds: number): RunSettings[] {
  return Array.from({ length: seeds }, (_, more) => ({ ...settings, seed: settings.seed + more }));
}

/**
 * Each spec with some seeds that follow on its own, in virtual time.
 * @returns those that were whole when the signal came
 */
export async function replicate(
  pool: SimulationPool,
  specs: readonly RunSpec[],
  seeds: number,
  signal: AbortSignal | undefined,
): Promise<ReplicatedRuns[]> {
  const all = specs.flatMap((spec) =>
    withSeeds(spec.settings, seeds).map((settings): RunSpec => ({ ...spec, settings })),
  );
  const done: RunFigures[] = [];
  for await (const run of pool.inOrder(all, signal)) done.push(run);
  return specs.flatMap(({ settings: { mode } }, index) => {
    const runs = done.slice(index * seeds, (index + 1) * seeds);
    return runs.length < seeds ? [] : [{ mode, runs }];
  });
}
