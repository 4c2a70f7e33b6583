import type { FinishedRun } from './embedded-run.ts';
import { fitting } from './fitting-settings.ts';
import { withJobDuration } from './job-duration.ts';
import type { RunFigures } from './run-spec.ts';
import type { RunSettings } from './settings.ts';
import { SimulationPool, threadsFor } from './simulation-pool.ts';
import { tracedRuns } from './traced-runs.ts';

export type SweepRow = Pick<RunFigures, 'settings' | 'statistics' | 'end'>;

/** Values to combine; each setting that is not named keeps its base value. */
export type SweepAxes = { readonly [K in keyof RunSettings]?: readonly RunSettings[K][] };

/** Runs every combination of the axes in virtual time, the last axis varying fastest, up to an interruption. */
export async function* sweep(
  base: RunSettings,
  axes: SweepAxes,
  { signal, horizonUs }: { readonly signal?: AbortSignal; readonly horizonUs?: number },
): AsyncGenerator<FinishedRun> {
  const specs = combinations(base, axes).map((settings) => ({ settings, horizonUs }));
  const pool = new SimulationPool(threadsFor(specs));
  try {
    yield* tracedRuns(pool, specs, signal);
  } finally {
    pool.dispose();
  }
}

export function combinations(base: RunSettings, axes: SweepAxes): RunSettings[] {
  let all: RunSettings[] = [base];
  for (const [setting, values] of Object.entries(axes) as [keyof RunSettings, readonly unknown[]][]) {
    all = all.flatMap((settings) => values.map((value) => ({ ...settings, [setting]: value })));
  }
  return all.map((settings) => fitting(withJobDuration(settings)));
}
