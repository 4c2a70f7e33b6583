import type { Load } from '../run/run-target.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../run/settings.ts';
import { Comparison } from './distance.ts';
import type { Point } from './least-squares.ts';
import type { Observed } from './observed.ts';
import { simulated, type Simulated } from './simulated.ts';

/** What is fitted, and how far from it the usual value is believed to be: the standard deviation of its logarithm. */
const PARAMETERS = [
  { setting: 'jitLatencyUs', spread: 3 },
  { setting: 'apiLatencyUs', spread: 0.7 },
  { setting: 'qps', spread: 1.5 },
  { setting: 'burst', spread: 1.5 },
] as const;

/** A burst of this many runners is run once for each point, smaller ones more often, as chance makes more of them. */
const ONE_SEED = 250;
const MOST_SEEDS = 3;

/** Runs that are compared with a burst end when they are this much longer, others later. */
const [NEAR, FAR] = [1.25, 5];
const MORE_US = 3e6;

/** How many parameters there are, and how many of them, from the first on, are latencies. */
export const ALL = PARAMETERS.length;
export const LATENCIES = 2;

export type Parameter = (typeof PARAMETERS)[number]['setting'];
export type Fitted = Pick<RunSettings, Parameter>;

/** What is tried one by one and not searched for. */
export type Fixed = Pick<RunSettings, 'mode' | 'workers'>;

/** Runs with the same settings, each with a seed of its own; times are microseconds since they began. */
export interface Runs {
  readonly settings: RunSettings;
  /** The first of them. */
  readonly first: Simulated;
  /** When the first pod was made, the second, and so on: the mean of all runs. */
  readonly podsUs: readonly number[];
}

/** The same beside a burst: they begin `shiftUs` after its first stamp. */
export interface Run extends Runs {
  readonly shiftUs: number;
}

/** Is called before each run, how many have been made; what it throws ends the search. */
export type BeforeRun = (runs: number) => void;

/** Runs the load of a burst with other settings, and says how far that is from what the log shows. */
export class Search {
  readonly load: Load;
  readonly #base: Omit<RunSettings, 'mode'>;
  readonly #endUs: number;
  readonly #seeds: number;
  readonly #comparison: Comparison;
  readonly #beforeRun: BeforeRun;
  #ran = 0;

  constructor(observed: Observed, beforeRun: BeforeRun = () => undefined) {
    this.#beforeRun = beforeRun;
    this.load = { waves: observed.waves, throughSet: observed.isThroughSet };
    this.#endUs = observed.endUs + observed.clockUs;
    this.#base = {
      ...DEFAULT_SETTINGS,
      runners: observed.waves.reduce((sum, { runners }) => sum + runners, 0),
      podStartUs: observed.podStartUs,
    };
    this.#seeds = Math.min(MOST_SEEDS, Math.max(1, Math.round(ONE_SEED / this.#base.runners)));
    this.#comparison = new Comparison(observed);
  }

  /**
   * @param at logarithms of the parameters
   * @param seeds how many runs the residuals are the mean of: in which order runners come is chance
   */
  async evaluate({ mode, workers }: Fixed, at: readonly number[], seeds = this.#seeds): Promise<Point<Run>> {
    const settings = { ...this.#base, ...fittedAt(at), mode, workers };
    const runs = await this.#runs(settings, seeds, NEAR * this.#endUs + MORE_US);
    const differences = runs.map(({ curves }) => this.#comparison.with(curves));
    const residuals = [...meanOf(differences.map((difference) => difference.residuals)), ...unusual(at)];
    const [shiftUs = 0] = meanOf(differences.map((difference) => [difference.shiftUs]));
    const result = { ...summed(settings, runs), shiftUs };
    return { at, residuals, sum: residuals.reduce((sum, value) => sum + value ** 2, 0), result };
  }

  async run(settings: RunSettings): Promise<Runs> {
    return summed(settings, await this.#runs(settings, this.#seeds, FAR * this.#endUs + MORE_US));
  }

  async #runs(settings: RunSettings, seeds: number, horizonUs: number): Promise<Simulated[]> {
    const runs: Simulated[] = [];
    for (let seed = 1; seed <= seeds; seed++) {
      this.#beforeRun(this.#ran++);
      runs.push(await simulated({ ...settings, seed }, this.load, horizonUs));
    }
    return runs;
  }
}

function summed(settings: RunSettings, runs: readonly Simulated[]): Runs {
  return { settings, first: runs[0] as Simulated, podsUs: meanOf(runs.map(({ curves }) => curves.pod)) };
}

/** Place by place; as long as the shortest. */
function meanOf(all: readonly (readonly number[])[]): number[] {
  const length = Math.min(...all.map((each) => each.length));
  return Array.from({ length }, (_, index) => all.reduce((sum, each) => sum + (each[index] ?? 0), 0) / all.length);
}

export function pointOf(fitted: Fitted): number[] {
  return PARAMETERS.map(({ setting }) => Math.log(fitted[setting]));
}

export function byParameter<T>(each: (index: number) => T): Record<Parameter, T> {
  return Object.fromEntries(PARAMETERS.map(({ setting }, index) => [setting, each(index)])) as Record<Parameter, T>;
}

function fittedAt(at: readonly number[]): Fitted {
  const { jitLatencyUs, apiLatencyUs, qps, burst } = byParameter((index) => Math.exp(at[index] ?? 0));
  return {
    jitLatencyUs: Math.round(jitLatencyUs),
    apiLatencyUs: Math.max(100, Math.round(apiLatencyUs)),
    qps,
    burst: Math.max(1, Math.round(burst)),
  };
}

/** Where a log says nothing of a setting, it stays what it usually is. */
function unusual(at: readonly number[]): number[] {
  return PARAMETERS.map(
    ({ setting, spread }, index) => ((at[index] ?? 0) - Math.log(DEFAULT_SETTINGS[setting])) / spread,
  );
}
