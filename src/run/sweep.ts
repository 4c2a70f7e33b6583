import { simulateInSlices, type FinishedRun, type RunOptions } from './embedded-run.ts';
import { withJobDuration } from './job-duration.ts';
import type { RunSettings } from './settings.ts';

export type SweepRow = Pick<FinishedRun, 'settings' | 'statistics' | 'end'>;

/** Values to combine; each setting that is not named keeps its base value. */
export type SweepAxes = { readonly [K in keyof RunSettings]?: readonly RunSettings[K][] };

/** Runs every combination of the axes in virtual time, the last axis varying fastest, up to an interruption. */
export async function* sweep(base: RunSettings, axes: SweepAxes, options: RunOptions): AsyncGenerator<FinishedRun> {
  for (const each of combinations(base, axes)) {
    const run = await simulateInSlices(each, options);
    if (run.end.kind === 'interrupted') return;
    yield run;
  }
}

export function combinations(base: RunSettings, axes: SweepAxes): RunSettings[] {
  let all: RunSettings[] = [base];
  for (const [setting, values] of Object.entries(axes) as [keyof RunSettings, readonly unknown[]][]) {
    all = all.flatMap((settings) => values.map((value) => ({ ...settings, [setting]: value })));
  }
  return all.map(withJobDuration);
}
