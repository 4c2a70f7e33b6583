import { meanBetween, placesOf, type Curves } from './curves.ts';
import type { Observed } from './observed.ts';

/** Stages that are compared by what they take on average. */
const STAGES = [
  ['asked', 'registered'],
  ['registered', 'secret'],
  ['secret', 'pod'],
] as const;
/** Events that are compared by when this share of the runners had them behind them. */
const SHARES = { created: [0.33, 0.66, 1], registered: [0.5, 1], pod: [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1] } as const;

/** What chance, and what our engine leaves out, make of a time: a part of it, and this much more. */
const [PART, MORE_US] = [0.015, 50e3];
/** The same for a stage. */
const [STAGE_PART, STAGE_MORE_US] = [0.03, 3e3];
/** The same for a stage by places in the order of events. Which of two workers is first within milliseconds is chance. */
const [PLACES_PART, PLACES_MORE] = [0.05, 0.7];
/** A finer clock tells the order by itself. */
const COARSE_US = 100e3;
/** The standard deviation of a stamp, and of the difference of two, in steps of its clock. */
const [STAMP, DIFFERENCE] = [0.29, 0.41];
/** A coarse clock's first stamp may be up to a step too early, and what comes before the first line takes time as well. */
const [EARLIEST, LATEST] = [-0.25, 1.25];
/** Of a fine clock the beginning is off by no more than this. */
const OFF_US = 200e3;

/** How a run differs from a log, at the shift of its clock that suits best. */
export interface Difference {
  /** In units of what chance makes. */
  readonly residuals: readonly number[];
  /** Microseconds from the burst's first stamp to the beginning of the run. */
  readonly shiftUs: number;
}

interface Measured {
  readonly us: number;
  readonly sigmaUs: number;
}

interface Stage {
  readonly from: keyof Curves;
  readonly until: keyof Curves;
  readonly value: number;
  readonly sigma: number;
}

/** Compares when runners have come how far, and what each stage takes. */
export class Comparison {
  readonly #observed: Observed;
  readonly #ranks: readonly (Measured & { readonly event: keyof Curves; readonly rank: number })[];
  readonly #stages: readonly Stage[];
  readonly #places: readonly Stage[];

  constructor(observed: Observed) {
    this.#observed = observed;
    const { curves, clockUs } = observed;
    this.#ranks = (Object.keys(SHARES) as (keyof typeof SHARES)[]).flatMap((event) => {
      const times = curves[event];
      // Runners that no set makes are made by somebody whose requests a run does not show.
      return times.length === 0 || (event === 'created' && !observed.isThroughSet)
        ? []
        : SHARES[event].map((share) => {
            const rank = Math.max(0, Math.ceil(share * times.length) - 1);
            const us = times[rank] ?? 0;
            return { event, rank, us, sigmaUs: Math.hypot(STAMP * clockUs, PART * us, MORE_US) };
          });
    });
    const { complete, places } = observed;
    this.#stages = stagesOf(complete, (us) =>
      Math.hypot((DIFFERENCE * clockUs) / Math.sqrt(complete.pod.length), STAGE_PART * us, STAGE_MORE_US),
    );
    this.#places =
      places === undefined || clockUs < COARSE_US
        ? []
        : stagesOf(places, (value) => Math.hypot(PLACES_PART * value, PLACES_MORE));
  }

  with(curves: Curves): Difference {
    const late = this.#ranks.map(({ event, rank, us, sigmaUs }) => ({
      us: us - (curves[event][rank] ?? 2 * this.#observed.endUs),
      sigmaUs,
    }));
    const shiftUs = this.#shiftOf(late);
    return {
      residuals: [
        ...late.map(({ us, sigmaUs }) => (shiftUs - us) / sigmaUs),
        ...differences(this.#stages, curves),
        ...(this.#places.length === 0 ? [] : differences(this.#places, placesOf(curves))),
      ],
      shiftUs,
    };
  }

  #shiftOf(late: readonly Measured[]): number {
    const weights = late.reduce((sum, { sigmaUs }) => sum + sigmaUs ** -2, 0);
    const shiftUs = late.reduce((sum, { us, sigmaUs }) => sum + us * sigmaUs ** -2, 0) / weights;
    const stepUs = Math.max(this.#observed.clockUs, OFF_US);
    return Math.min(LATEST * stepUs, Math.max(EARLIEST * stepUs, shiftUs));
  }
}

function stagesOf(curves: Curves, sigma: (value: number) => number): Stage[] {
  if (curves.pod.length === 0) return [];
  return STAGES.map(([from, until]) => {
    const value = meanBetween(curves, from, until);
    return { from, until, value, sigma: sigma(value) };
  });
}

function differences(stages: readonly Stage[], curves: Curves): number[] {
  return stages.map(({ from, until, value, sigma }) => (meanBetween(curves, from, until) - value) / sigma);
}
