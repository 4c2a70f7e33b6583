import type { TraceLog } from '../trace/trace-log.ts';
import { withJobDuration } from './job-duration.ts';
import type { RunFigures, RunSpec } from './run-spec.ts';
import type { RunSettings } from './settings.ts';
import { SimulationPool, threadsFor } from './simulation-pool.ts';

export type SweepRow = Pick<RunFigures, 'settings' | 'statistics' | 'end'>;

/** A row as it comes, with its trace, which is large. */
export type SweptRun = SweepRow & { readonly trace: TraceLog };

/** Values to combine; each setting that is not named keeps its base value. */
export type SweepAxes = { readonly [K in keyof RunSettings]?: readonly RunSettings[K][] };

/** Runs every combination of the axes in virtual time, the last axis varying fastest, up to an interruption. */
export async function* sweep(
  base: RunSettings,
  axes: SweepAxes,
  { signal, horizonUs }: { readonly signal?: AbortSignal; readonly horizonUs?: number },
): AsyncGenerator<SweptRun> {
  const specs = combinations(base, axes).map((settings): RunSpec => ({ settings, horizonUs, trace: 'all' }));
  const pool = new SimulationPool(threadsFor(specs));
  try {
    for await (const { trace, ...run } of pool.inOrder(specs, signal)) if (trace !== undefined) yield { ...run, trace };
  } finally {
    pool.dispose();
  }
}

export function combinations(base: RunSettings, axes: SweepAxes): RunSettings[] {
  let all: RunSettings[] = [base];
  for (const [setting, values] of Object.entries(axes) as [keyof RunSettings, readonly unknown[]][]) {
    all = all.flatMap((settings) => values.map((value) => ({ ...settings, [setting]: value })));
  }
  return all.map(withJobDuration);
}
