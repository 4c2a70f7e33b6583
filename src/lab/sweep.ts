import { simulate } from './embedded-run.ts';
import type { LabSettings } from './settings.ts';
import type { RunStatistics } from './statistics.ts';

export interface SweepRow {
  readonly settings: LabSettings;
  readonly statistics: RunStatistics;
}

/** Values to combine; each setting that is not named keeps its base value. */
export type SweepAxes = { readonly [K in keyof LabSettings]?: readonly LabSettings[K][] };

/** Runs every combination of the axes in virtual time, the last axis varying fastest. */
export function* sweep(base: LabSettings, axes: SweepAxes): Generator<SweepRow> {
  for (const settings of combinations(base, axes)) {
    yield { settings, statistics: simulate(settings).statistics };
  }
}

export function combinations(base: LabSettings, axes: SweepAxes): LabSettings[] {
  let all: LabSettings[] = [base];
  for (const [setting, values] of Object.entries(axes) as [keyof LabSettings, readonly unknown[]][]) {
    all = all.flatMap((settings) => values.map((value) => ({ ...settings, [setting]: value })));
  }
  return all;
}
