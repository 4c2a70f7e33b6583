import { DEFAULT_SETTINGS, type RunSettings } from '../run/settings.ts';
import type { ClientLine } from './client-lines.ts';
import { climb, draws, type Density, type Point } from './posterior.ts';
import { Replay } from './replay.ts';

export const PARAMETERS = ['qps', 'burst', 'jitLatencyUs', 'apiLatencyUs'] as const;
export type Parameter = (typeof PARAMETERS)[number];
export type Fitted = Pick<RunSettings, Parameter>;

const USUAL_API_US = 5_200;

/**
 * What is believed of a setting that a log does not tell: limits as they are where nobody has changed them; a request as it
 * took real controllers in 39 recordings, with their own part of it: 3.4 to 7.4 ms. JIT calls differ.
 */
export const USUAL: Readonly<Partial<Record<Parameter, number>>> = {
  qps: DEFAULT_SETTINGS.qps,
  burst: DEFAULT_SETTINGS.burst,
  apiLatencyUs: USUAL_API_US,
};

/** A setting with the interval in which it lies, nineteen times of twenty. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  /** Null where the log would look the same with any higher value. */
  readonly high: number | null;
  /** Whether the log tells it; else `value` is the usual one, or as near to it as the log allows. */
  readonly isTold: boolean;
}

/**
 * Logarithms of qps, burst, JIT and API latency in microseconds; in seconds, how long the API server is busy after the first line,
 * and, of a coarse clock, how much later than its stamp that was written.
 */
const BOUNDS: readonly (readonly [number, number])[] = [
  [Math.log(0.5), Math.log(1000)],
  [0, Math.log(1000)],
  [Math.log(5e3), Math.log(60e6)],
  [Math.log(300), Math.log(5e6)],
  [0, 5],
  [0, 0.999],
];
const [QPS, BURST, JIT, API, BUSY, PHASE] = [0, 1, 2, 3, 4, 5];
/** Values beyond which a limit limits nothing. */
const NO_LIMIT = Math.log(400);

/** A clock from here on leaves times to the order of lines. */
const COARSE_US = 50e3;
/** What is believed before a log is read: standard deviations of logarithms. */
const [API_SPREAD, RATIO_SPREAD, USUALLY_BUSY_S] = [0.4, 1.2, 0.5];

/** The least that chance makes of a time: with a fine clock, and with one that leaves times to the order of lines. */
const [FINE_US, ORDER_US] = [300, 4e3];
/** Lines of the latter say the same several times over. */
const ORDER_WEIGHT = 0.3;
/** While the neighbourhood of the peak is looked for, this is near. */
const [NEAR_FINE_US, NEAR_COARSE_US] = [5e3, 30e3];
const DEGREES = 3;

/** The share of draws outside of an interval, to each side. */
const OUTSIDE = 0.02;
/** No model of a controller is better than this. */
const MODEL_ERROR: Readonly<Record<Parameter, number>> = {
  qps: 0.015,
  burst: 0.03,
  jitLatencyUs: 0.05,
  apiLatencyUs: 0.3,
};
/** What a step of the clock adds to it, by its part of the burst. */
const CLOCK_ERROR = 0.4;
/** By so much more may have gone at once where others used a part of it. */
const OTHERS_SHARE = Math.log(1.8);
/** A logarithm known no better than this is not known. */
const UNKNOWN = 0.3;
const LIMITS: ReadonlySet<Parameter> = new Set(['qps', 'burst']);
/** A point counts as likely whose density's logarithm is this far from the highest. */
const LIKELY = 3;
/** How far towards what is usual it is tried to go. */
const TOWARDS_USUAL = [1, 0.8, 0.6, 0.4, 0.2];

/** Stretches in which rates are taken, in requests, which of the rates are tried, and up to where two are the same. */
const STRETCHES = [16, 48, 128];
const SHARES = [0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95];
const SAME = 1.02;
/** No JIT call takes less. */
const LEAST_JIT_US = 6e3;
/** From how many points the search climbs, how far they are from one another, and how many of them it climbs on from. */
const [CLIMBS, APART, FINALISTS] = [7, 0.25, 5];
const [FIRST_ROUNDS, ROUNDS] = [5, 14];
/** Parts of what JIT calls seem to take: the client's limit may be in that. */
const JIT_PARTS = [1, 0.4, 0.15];
const FIRST_BUSY_S = 0.1;
const STEPS = [0.04, 0.15, 0.05, 0.1, 0.2, 0.2];
const FINE_STEPS = [0.02, 0.03, 0.02, 0.05, 0.05, 0.05];

interface Circumstances {
  /** Whether JIT calls are made one at a time. */
  readonly hasLock: boolean;
  /** Whether controllers above those of runners were at work, which share the client: less than the burst was left then. */
  readonly areOthersAtWork: boolean;
}

/** The limits of the client and what calls take, by the times of a burst's lines. Between its steps others may have a turn. */
export function* limitsOf(
  lines: readonly ClientLine[],
  { hasLock, areOthersAtWork }: Circumstances,
): Generator<undefined, Record<Parameter, Interval>> {
  const likeness = new Likeness(lines, hasLock);
  const climbed: Point[] = [];
  for (const { at } of yield* likeness.starts()) {
    climbed.push(climb(at, STEPS, FIRST_ROUNDS, likeness.near));
    yield;
  }
  let best: Point | undefined;
  for (const { at } of climbed.sort((a, b) => b.density - a.density).slice(0, FINALISTS)) {
    const found = climb(at, FINE_STEPS, ROUNDS, likeness.near);
    if (best === undefined || found.density > best.density) best = found;
    yield;
  }
  let peak = best?.at ?? [];
  for (let round = 0; round < 3; round++) {
    likeness.measureChance(peak);
    peak = climb(peak, FINE_STEPS, ROUNDS, likeness.density).at;
    yield;
  }
  const drawn = yield* draws(peak, BOUNDS, likeness.density);
  const part = clockPart(lines);
  const ranges = PARAMETERS.map((parameter, index) => {
    const values = drawn.map(({ at }) => at[index] ?? 0);
    // A JIT call is seen with the read before it.
    const read =
      parameter === 'jitLatencyUs' ? drawn.map(({ at }) => Math.exp((at[API] ?? 0) - (at[JIT] ?? 0)) / 2) : [];
    const error = MODEL_ERROR[parameter] + CLOCK_ERROR * part + (quantile(read, 0.5) ?? 0);
    return rangeOf(parameter, values, error, parameter === 'burst' && areOthersAtWork ? OTHERS_SHARE : 0);
  });
  const chosen = usualOf(ranges, drawn, likeness.density);
  return Object.fromEntries(
    ranges.map(({ parameter, isTold, low, high, middle, usual }, index) => {
      // Hardly anybody changes a limit.
      const isUsual = LIMITS.has(parameter) && low <= usual && usual <= high && (isTold || areOthersAtWork);
      const value = isUsual ? usual : Math.min(high, Math.max(low, isTold ? middle : (chosen[index] ?? middle)));
      const isOpen = high > NO_LIMIT && LIMITS.has(parameter);
      const [least, most] = [Math.exp(low), Math.exp(high)];
      // A burst is a whole number of requests.
      const [from, to] = parameter === 'burst' ? [Math.max(1, Math.floor(least)), Math.ceil(most)] : [least, most];
      return [parameter, { value: Math.exp(value), low: from, high: isOpen ? null : to, isTold }];
    }),
  ) as Record<Parameter, Interval>;
}

/** The part of a burst that a step of its clock is. */
function clockPart(lines: readonly ClientLine[]): number {
  const stepUs = lines.reduce((most, { withinUs }) => Math.max(most, withinUs), 0);
  return stepUs / Math.max(1, stepUs, (lines.at(-1)?.us ?? 0) - (lines[0]?.us ?? 0));
}

/** What is not told is as usual, or as near to it as the log allows: the limits first, what requests take beside them. */
function usualOf(ranges: readonly Range[], drawn: readonly Point[], density: Density): readonly number[] {
  const least = Math.max(...drawn.map((point) => point.density)) - LIKELY;
  const isOpen = (index: number): boolean => {
    const range = ranges[index];
    return range !== undefined && !range.isTold && LIMITS.has(range.parameter);
  };
  const unusual = ({ at }: Point): number =>
    ranges.reduce((sum, { usual }, index) => sum + (isOpen(index) ? ((at[index] ?? 0) - usual) ** 2 : 0), 0);
  const [first, ...others] = drawn.filter((point) => point.density >= least);
  const nearest = others.reduce((a, b) => (unusual(b) < unusual(a) ? b : a), first as Point);
  /** The likeliest point with some settings as they are given. */
  const climbBeside = (start: readonly number[], isGiven: (index: number) => boolean): Point =>
    climb(
      start,
      FINE_STEPS.map((step, index) => (isGiven(index) ? 0 : step)),
      ROUNDS,
      density,
    );
  const withUsualLimits = nearest.at.map((value, index) => (isOpen(index) ? (ranges[index]?.usual ?? value) : value));
  const climbed = climbBeside(withUsualLimits, isOpen);
  const { at } = climbed.density >= least ? climbed : nearest;
  const api = ranges[API];
  if (api === undefined || api.isTold) return at;
  for (const share of TOWARDS_USUAL) {
    const start = at.with(API, (at[API] ?? 0) + share * (api.usual - (at[API] ?? 0)));
    const found = climbBeside(start, (index) => index === API || isOpen(index));
    if (found.density >= least) return found.at;
  }
  return at;
}

/** All in logarithms. */
interface Range {
  readonly parameter: Parameter;
  readonly low: number;
  readonly middle: number;
  readonly high: number;
  readonly isTold: boolean;
  /** Of JIT calls, which differ, the middle. */
  readonly usual: number;
}

function rangeOf(parameter: Parameter, logarithms: readonly number[], error: number, more: number): Range {
  const sorted = [...logarithms].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  const [low, middle, high] = [at(OUTSIDE) - error, at(0.5), at(1 - OUTSIDE) + error + more];
  const isLimit = LIMITS.has(parameter);
  const usual = USUAL[parameter];
  const isTold = high - low <= 2 * UNKNOWN && !(isLimit && high > NO_LIMIT);
  return { parameter, low, middle, high, isTold, usual: usual === undefined ? middle : Math.log(usual) };
}

/** How likely the lines of a burst are with some limits. */
class Likeness {
  readonly #lines: readonly ClientLine[];
  readonly #replay: Replay;
  readonly #isCoarse: boolean;
  /** What chance makes of a time, in microseconds: of a request's, and of a JIT call's. */
  #chanceUs = [FINE_US, FINE_US];

  constructor(lines: readonly ClientLine[], hasLock: boolean) {
    this.#lines = lines;
    this.#replay = new Replay(lines, hasLock);
    this.#isCoarse = lines.some(({ withinUs }) => withinUs > COARSE_US);
  }

  readonly density: Density = (at) => {
    const belief = this.#beliefIn(at);
    if (belief === Number.NEGATIVE_INFINITY) return belief;
    this.#run(at);
    const { residuals, isJit } = this.#replay;
    let sum = 0;
    for (let line = 0; line < residuals.length; line++) {
      const residual = residuals[line] as number;
      if (Number.isNaN(residual)) continue;
      const of = (residual / (this.#chanceUs[isJit[line] as number] as number)) ** 2;
      // A fine clock shows each delay by itself, and some are others' doing; with a coarse one they add up.
      sum += this.#isCoarse ? ORDER_WEIGHT * (Math.sqrt(1 + of) - 1) : ((DEGREES + 1) / 2) * Math.log1p(of / DEGREES);
    }
    return belief - sum;
  };

  /** The same from far: small differences count for little. */
  readonly near: Density = (at) => {
    const belief = this.#beliefIn(at);
    if (belief === Number.NEGATIVE_INFINITY) return belief;
    this.#run(at);
    let sum = 0;
    for (const residual of this.#replay.residuals) {
      if (Number.isNaN(residual)) continue;
      sum += this.#isCoarse
        ? Math.sqrt(1 + (residual / NEAR_COARSE_US) ** 2) - 1
        : Math.log1p(Math.abs(residual) / NEAR_FINE_US);
    }
    return belief - sum;
  };

  /** How far the lines are from what is expected at a point is what chance makes. */
  measureChance(at: readonly number[]): void {
    this.#run(at);
    const { residuals, isJit } = this.#replay;
    const of = (kinds: readonly number[]): number[] =>
      [...residuals]
        .filter((residual, line) => !Number.isNaN(residual) && kinds.includes(isJit[line] ?? 0))
        .map(Math.abs);
    if (this.#isCoarse) {
      // Where the order of the lines leaves room there is no difference at all.
      const all = of([0, 1]).filter((us) => us > 0);
      const us = Math.max(ORDER_US, meanOf(all) ?? 0);
      this.#chanceUs = [us, us];
    } else {
      this.#chanceUs = [0, 1].map((kind) => Math.max(FINE_US, quantile(of([kind]), 0.68) ?? 0));
    }
  }

  /** Where it may be worth climbing from: the likeliest points of each guess of what a JIT call takes. */
  *starts(): Generator<undefined, readonly Point[]> {
    const [apiUs, jitUs] = this.#seemingUs();
    const rates = distinct([...this.#seemingRates(jitUs), ...scale(3, 200, 1.22)]);
    const chosen: Point[] = [];
    for (const part of JIT_PARTS) {
      const points: Point[] = [];
      const adjusted: Point[] = [];
      for (const qps of rates) {
        for (const burst of scale(3, 400, 1.45)) {
          const at = [...[qps, burst, part * jitUs, apiUs].map(Math.log), FIRST_BUSY_S, 0.5];
          points.push({ at, density: this.near(at) });
          if (this.#isCoarse) continue;
          const other = at.with(JIT, Math.log(this.#jitWith(part * jitUs)));
          adjusted.push({ at: other, density: this.near(other) });
        }
        yield;
      }
      chosen.push(...farApart(points), ...farApart(adjusted));
    }
    return chosen;
  }

  /** What JIT calls seem to take after a run with another value. */
  #jitWith(jitUs: number): number {
    const { residuals, isJit } = this.#replay;
    const late = [...residuals].filter((residual, line) => isJit[line] === 1 && !Number.isNaN(residual));
    return Math.max(LEAST_JIT_US, jitUs - (quantile(late, 0.5) ?? 0));
  }

  #run(at: readonly number[]): void {
    const [qps, burst, jitLatencyUs, apiLatencyUs] = at.map(Math.exp) as [number, number, number, number];
    const [phaseUs, forUs] = [PHASE, BUSY].map((index) => 1e6 * (at[index] ?? 0)) as [number, number];
    const busyUs = this.#isCoarse ? phaseUs + forUs : forUs;
    this.#replay.run({ qps, burst, jitLatencyUs, apiLatencyUs, phaseUs, busyUs });
  }

  /** What is believed before the log is read. */
  #beliefIn(at: readonly number[]): number {
    const isWithin = BOUNDS.every(([low, high], index) => low <= (at[index] ?? 0) && (at[index] ?? 0) <= high);
    if (!isWithin) return Number.NEGATIVE_INFINITY;
    const of = (value: number, usual: number, spread: number): number =>
      -(((value - Math.log(usual)) / spread) ** 2) / 2;
    const { burst, qps } = DEFAULT_SETTINGS;
    return (
      -(at[BUSY] ?? 0) / USUALLY_BUSY_S +
      of(at[API] ?? 0, USUAL_API_US, API_SPREAD) +
      of((at[BURST] ?? 0) - (at[QPS] ?? 0), burst / qps, RATIO_SPREAD)
    );
  }

  /** What requests and JIT calls take that are hardly held back. */
  #seemingUs(): readonly [number, number] {
    const took = (of: ClientLine['wait']): number[] =>
      this.#lines.flatMap(({ wait, from, isGuessed, us }) =>
        wait === of && from >= 0 && !isGuessed ? [us - (this.#lines[from]?.us ?? us)] : [],
      );
    const { apiLatencyUs, jitLatencyUs } = DEFAULT_SETTINGS;
    // Of whole seconds only the mean tells anything.
    if (this.#isCoarse) return [apiLatencyUs, Math.max(LEAST_JIT_US, meanOf(took('jit')) ?? jitLatencyUs)];
    const apiUs = Math.max(500, quantile(took('pods'), 0.3) ?? apiLatencyUs);
    return [apiUs, Math.max(LEAST_JIT_US, (quantile(took('jit'), 0.1) ?? jitLatencyUs) - apiUs)];
  }

  /** How many requests of a kind there were a second, in stretches of the burst: where they are held back, that is the limit. */
  #seemingRates(jitUs: number): number[] {
    return (['secrets', 'ephemeralrunners'] as const)
      .flatMap((kind) => {
        const times = this.#lines
          .flatMap(({ wait, us, from }) => {
            if (wait === kind) return [us];
            const isRead = wait === 'jit' && kind === 'secrets';
            return isRead ? [Math.max(this.#lines[from]?.us ?? us, us - jitUs)] : [];
          })
          .sort((a, b) => a - b);
        return STRETCHES.flatMap((count) => {
          const rates = times.slice(count).map((us, index) => (1e6 * count) / Math.max(1, us - (times[index] ?? 0)));
          return SHARES.flatMap((share) => quantile(rates, share) ?? []);
        });
      })
      .filter((rate) => rate > 1 && rate < 500);
  }
}

/** The likeliest points, without those that are next to a likelier one. */
function farApart(points: readonly Point[]): Point[] {
  const chosen: Point[] = [];
  for (const point of [...points].sort((a, b) => b.density - a.density)) {
    if (chosen.length === CLIMBS) break;
    const isFar = chosen.every(
      ({ at }) => Math.hypot(...at.map((value, index) => value - (point.at[index] ?? 0))) > APART,
    );
    if (isFar) chosen.push(point);
  }
  return chosen;
}

/** Without those that are nearly the same as one before. */
function distinct(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.filter((value, index) => index === 0 || value > SAME * (sorted[index - 1] ?? 0));
}

/** Values from one to another, each larger than the one before by a factor. */
function scale(from: number, to: number, factor: number): number[] {
  return Array.from(
    { length: 1 + Math.floor(Math.log(to / from) / Math.log(factor)) },
    (_, step) => from * factor ** step,
  );
}

function meanOf(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function quantile(values: readonly number[], share: number): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))];
}
