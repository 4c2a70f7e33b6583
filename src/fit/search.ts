import { withSeeds } from '../run/replications.ts';
import type { Load } from '../run/run-target.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../run/settings.ts';
import type { SimulationPool } from '../run/simulation-pool.ts';
import { Comparison } from './distance.ts';
import type { Fitted } from './limits.ts';
import type { Observed } from './observed.ts';
import { simulated, type Simulated } from './simulated.ts';

/** A burst of this many runners is run once for each setting, smaller ones more often, as chance makes more of them. */
const ONE_SEED = 1000;
const MOST_SEEDS = 4;

/** Runs that are compared with a burst end when they are this much longer, others later. */
const [NEAR, FAR] = [1.25, 5];
const MORE_US = 3e6;

/** What the times of lines do not tell by themselves, and is tried one by one. */
export type Fixed = Pick<RunSettings, 'mode' | 'workers'>;

/** Runs with the same settings, each with a seed of its own; times are microseconds since they began. */
export interface Runs {
  readonly settings: RunSettings;
  /** One of them; beside a burst the nearest to it. */
  readonly one: Simulated;
  /** When the first pod was made, the second, and so on: the mean of all runs. */
  readonly podsUs: readonly number[];
}

/** The same beside a burst: they begin `shiftUs` after its first stamp. */
export interface Run extends Runs {
  readonly shiftUs: number;
  /** How far the nearest one is from the burst: the sum of squares, in units of what chance makes. */
  readonly distance: number;
}

/** How runs are made. */
export interface Simulating {
  /** Does the runs; which of its threads does one changes nothing in the result. */
  readonly pool: SimulationPool;
  /** Ends the search with a SimulationCancelled. */
  readonly signal?: AbortSignal | undefined;
  /** Is called after each run, with how many have been made. */
  readonly onRun?: ((runs: number) => void) | undefined;
}

/** Runs the load of a burst with other settings, and says how far that is from what the log shows. Runs may be asked for side by side. */
export class Search {
  readonly load: Load;
  readonly #base: Omit<RunSettings, 'mode'>;
  readonly #endUs: number;
  readonly #seeds: number;
  readonly #comparison: Comparison;
  readonly #simulating: Simulating;
  #ran = 0;

  constructor(observed: Observed, simulating: Simulating) {
    this.#simulating = simulating;
    this.load = { waves: observed.waves, throughSet: observed.isThroughSet };
    this.#endUs = observed.endUs + observed.clockUs;
    this.#base = {
      ...DEFAULT_SETTINGS,
      runners: observed.waves.reduce((sum, { runners }) => sum + runners, 0),
      podStartUs: observed.podStartUs,
    };
    this.#seeds = seedsFor(this.#base.runners);
    this.#comparison = new Comparison(observed);
  }

  /** In which order runners come is chance: of some runs the one that is nearest to the log had the same. */
  async near(fixed: Fixed, { qps, burst, jitLatencyUs, apiLatencyUs }: Fitted): Promise<Run> {
    const settings = {
      ...{ ...this.#base, ...fixed, qps, burst: Math.max(1, Math.round(burst)) },
      jitLatencyUs: Math.round(jitLatencyUs),
      apiLatencyUs: Math.round(apiLatencyUs),
    };
    const runs = await this.#runs(settings, NEAR * this.#endUs + MORE_US);
    const compared = runs
      .map((one) => {
        const { residuals, shiftUs } = this.#comparison.with(one.curves);
        return { one, shiftUs, distance: residuals.reduce((sum, value) => sum + value ** 2, 0) };
      })
      .sort((a, b) => a.distance - b.distance);
    const nearest = compared[0] as (typeof compared)[number];
    return { settings, ...nearest, podsUs: nearest.one.curves.pod };
  }

  async run(settings: RunSettings): Promise<Runs> {
    const runs = await this.#runs(settings, FAR * this.#endUs + MORE_US);
    return { settings, one: runs[0] as Simulated, podsUs: meanOf(runs.map(({ curves }) => curves.pod)) };
  }

  #runs(settings: RunSettings, horizonUs: number): Promise<Simulated[]> {
    const { pool, signal, onRun } = this.#simulating;
    const { load } = this;
    return Promise.all(
      withSeeds({ ...settings, seed: 1 }, this.#seeds).map(async (seeded) => {
        const run = await simulated(pool, { settings: seeded, load, horizonUs }, signal);
        onRun?.(++this.#ran);
        return run;
      }),
    );
  }
}

/** How many seeds a burst is run with, by its number of runners. */
export function seedsFor(runners: number): number {
  return Math.min(MOST_SEEDS, Math.max(1, Math.round(ONE_SEED / runners)));
}

/** Place by place; as long as the shortest. */
function meanOf(all: readonly (readonly number[])[]): number[] {
  const length = Math.min(...all.map((each) => each.length));
  return Array.from({ length }, (_, index) => all.reduce((sum, each) => sum + (each[index] ?? 0), 0) / all.length);
}
