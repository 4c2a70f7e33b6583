import { jobFigures } from '../analysis/job-figures.ts';
import { lifecycleOf, type Lifecycle } from '../analysis/lifecycle.ts';
import { ratioOf, type Ratio } from '../analysis/ratio.ts';
import { spreadOf, type Spread } from '../analysis/spread.ts';
import { wasteOf } from '../analysis/waste/all.ts';
import type { Waste } from '../analysis/waste/waste.ts';
import { withSeeds } from '../run/replications.ts';
import type { RunEnd } from '../run/run-end.ts';
import type { RunSpec } from '../run/run-spec.ts';
import type { Load } from '../run/run-target.ts';
import type { RunSettings } from '../run/settings.ts';
import type { SimulationPool } from '../run/simulation-pool.ts';
import { undoneReason } from '../run/undone-reason.ts';
import { MEASURES, type MeasureId } from './measures.ts';

/** A load, and how the runs of it are called. */
export interface BenchLoad {
  readonly name: string;
  readonly load: Load;
  /** How many runners are expected of it. */
  readonly runners: number;
}

/** One release under one load, with every seed. */
export interface BenchSide {
  readonly settings: RunSettings;
  /** Of all seeds together: how many jobs came, and how many are done; both 0 for runners without jobs. */
  readonly jobs: { readonly all: number; readonly done: number };
  /** Why jobs of the first seed that did not do all are not done, in a few words. */
  readonly undone: string | undefined;
  /** What each seed makes of it; undefined for a measure that no run shows. */
  readonly measures: Readonly<Partial<Record<MeasureId, Spread>>>;
  /** By how much it differs from the first side; undefined for that side, and where there is no factor. */
  readonly ratios: Readonly<Partial<Record<MeasureId, Ratio>>>;
  /** Of the first seed. */
  readonly waste: readonly Waste[];
  /** How those runs ended that did not come to rest by themselves. */
  readonly unfinished: readonly RunEnd[];
}

/** All releases under one load. */
export interface BenchSection {
  readonly name: string;
  readonly seeds: number;
  readonly sides: readonly BenchSide[];
}

interface Measured {
  readonly figures: Lifecycle;
  readonly jobs: { readonly jobs: number; readonly done: number };
  readonly undone: string | undefined;
  readonly end: RunEnd;
  readonly waste: readonly Waste[];
}

/**
 * Runs every release under every load with every seed, and compares each release with the first. The result is the same
 * whatever the pool's number of threads.
 * @param sides settings of each release; their seed is the first one
 * @param horizonUs after this a run is ended
 * @throws SimulationError
 * @returns the sections that were done when the signal came
 */
export async function bench(
  pool: SimulationPool,
  sides: readonly RunSettings[],
  loads: readonly BenchLoad[],
  seeds: number,
  options: { readonly signal?: AbortSignal; readonly horizonUs?: number | undefined } = {},
): Promise<BenchSection[]> {
  const { signal, horizonUs } = options;
  const specs = loads.flatMap(({ load, runners }) =>
    sides.flatMap((settings) =>
      withSeeds({ ...settings, runners }, seeds).map((each): RunSpec => ({
        settings: each,
        load,
        horizonUs,
        trace: 'all',
      })),
    ),
  );
  const runs: Measured[] = [];
  for await (const { trace, end } of pool.inOrder(specs, signal)) {
    if (trace === undefined) continue;
    const isFirst = runs.length % seeds === 0;
    const jobs = jobFigures(trace);
    const undone = jobs.done < jobs.jobs ? undoneReason(trace) : undefined;
    runs.push({ figures: lifecycleOf(trace), jobs, undone, end, waste: isFirst ? wasteOf(trace) : [] });
  }
  const sections: BenchSection[] = [];
  for (const { name, runners } of loads) {
    const own = runs.splice(0, sides.length * seeds);
    if (own.length < sides.length * seeds) break;
    const of = (index: number): Measured[] => own.slice(index * seeds, (index + 1) * seeds);
    sections.push({
      name,
      seeds,
      sides: sides.map((settings, index) =>
        sideOf({ ...settings, runners }, of(index), index === 0 ? undefined : of(0)),
      ),
    });
  }
  return sections;
}

function sideOf(settings: RunSettings, runs: readonly Measured[], base: readonly Measured[] | undefined): BenchSide {
  const measures: Partial<Record<MeasureId, Spread>> = {};
  const ratios: Partial<Record<MeasureId, Ratio>> = {};
  for (const { id } of MEASURES) {
    const values = valuesOf(runs, id);
    if (values.length > 0) measures[id] = spreadOf(values);
    const ratio = base === undefined ? undefined : ratioOf(valuesOf(base, id), values);
    if (ratio !== undefined) ratios[id] = ratio;
  }
  const unfinished = runs.map(({ end }) => end).filter(({ kind }) => kind !== 'quiet');
  const total = (count: 'jobs' | 'done'): number => runs.reduce((sum, { jobs }) => sum + jobs[count], 0);
  const jobs = { all: total('jobs'), done: total('done') };
  const undone = runs.find((run) => run.undone !== undefined)?.undone;
  return { settings, jobs, undone, measures, ratios, waste: runs[0]?.waste ?? [], unfinished };
}

function valuesOf(runs: readonly Measured[], id: MeasureId): number[] {
  return runs.flatMap(({ figures }) => figures[id] ?? []);
}
