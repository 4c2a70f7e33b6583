import type { FinishedRun } from './embedded-run.ts';
import type { RunSpec } from './run-spec.ts';
import type { SimulationPool } from './simulation-pool.ts';

/** Does many runs and gives each with its whole trace, as soon as it and those before it are done; ends early with the signal. */
export async function* tracedRuns(
  pool: SimulationPool,
  specs: readonly Omit<RunSpec, 'trace'>[],
  signal?: AbortSignal,
): AsyncGenerator<FinishedRun> {
  const traced = specs.map((spec): RunSpec => ({ ...spec, trace: 'all' }));
  for await (const { trace, ...run } of pool.inOrder(traced, signal)) if (trace !== undefined) yield { ...run, trace };
}
