import { withSeeds } from '../run/replications.ts';
import type { Load } from '../run/run-target.ts';
import type { RunFigures } from '../run/run-spec.ts';
import type { RunSettings } from '../run/settings.ts';
import type { SimulationPool } from '../run/simulation-pool.ts';
import { fitting } from '../run/fitting-settings.ts';
import { outcomeOf, type Outcome } from './outcome.ts';

/** After this, in microseconds, a burst whose runners still have no pods is given up, unless something else is asked for. */
const HORIZON_US = 2 * 3600 * 1_000_000;

/** Does the runs that advice is made of; each once, however often it is asked for. */
export class Simulator {
  readonly load: Load;
  readonly seeds: number;
  readonly #pool: SimulationPool;
  readonly #signal: AbortSignal | undefined;
  readonly #horizonUs: number;
  readonly #runs = new Map<string, Promise<RunFigures>>();

  /**
   * @param seeds how many replications there are of a setting
   * @param horizonUs after this, in microseconds, a run is ended
   */
  constructor(pool: SimulationPool, load: Load, seeds: number, signal?: AbortSignal, horizonUs = HORIZON_US) {
    this.#pool = pool;
    this.load = load;
    this.seeds = seeds;
    this.#signal = signal;
    this.#horizonUs = horizonUs;
  }

  /** How many runs have been asked for. */
  get runs(): number {
    return this.#runs.size;
  }

  /** What a setting does: the median of its replications, whose seeds follow on that of the settings. */
  async outcome(asked: RunSettings, seeds = this.seeds): Promise<Outcome> {
    const settings = fitting(asked);
    return outcomeOf(settings, await Promise.all(withSeeds(settings, seeds).map((each) => this.#run(each))));
  }

  /** One of those replications. */
  async replication(asked: RunSettings, place: number): Promise<Outcome> {
    const settings = fitting(asked);
    return outcomeOf(settings, [await this.#run({ ...settings, seed: settings.seed + place })]);
  }

  /** The same for a load this many times as large. */
  times(factor: number): Simulator {
    const waves = this.load.waves?.map(({ atUs, runners }) => ({ atUs, runners: factor * runners }));
    const load = waves === undefined ? this.load : { ...this.load, waves };
    return new Simulator(this.#pool, load, this.seeds, this.#signal, this.#horizonUs);
  }

  #run(settings: RunSettings): Promise<RunFigures> {
    const key = JSON.stringify(settings);
    let run = this.#runs.get(key);
    if (run === undefined) {
      run = this.#pool.run({ settings, load: this.load, horizonUs: this.#horizonUs }, this.#signal);
      // Those that wait for it hear of its failure, which may come before somebody waits.
      run.catch(() => undefined);
      this.#runs.set(key, run);
    }
    return run;
  }
}
