import { simulateInSlices, type FinishedRun, type RunOptions } from './embedded-run.ts';
import { withJobDuration } from './job-duration.ts';
import type { LabSettings } from './settings.ts';

export type SweepRow = Pick<FinishedRun, 'settings' | 'statistics' | 'end'>;

/** Values to combine; each setting that is not named keeps its base value. */
export type SweepAxes = { readonly [K in keyof LabSettings]?: readonly LabSettings[K][] };

/** Runs every combination of the axes in virtual time, the last axis varying fastest, up to an interruption. */
export async function* sweep(base: LabSettings, axes: SweepAxes, options: RunOptions): AsyncGenerator<FinishedRun> {
  for (const each of combinations(base, axes)) {
    const run = await simulateInSlices(each, options);
    if (run.end.kind === 'interrupted') return;
    yield run;
  }
}

export function combinations(base: LabSettings, axes: SweepAxes): LabSettings[] {
  let all: LabSettings[] = [base];
  for (const [setting, values] of Object.entries(axes) as [keyof LabSettings, readonly unknown[]][]) {
    all = all.flatMap((settings) => values.map((value) => ({ ...settings, [setting]: value })));
  }
  return all.map(withJobDuration);
}
