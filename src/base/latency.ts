import { formatDuration, parseDurationUs } from './duration.ts';

/**
 * How latencies lie around their median: as a log-normal distribution with this standard deviation of the logarithm, or as
 * values that were seen, sorted, in parts of their median.
 */
export type LatencyShape =
  | { readonly kind: 'lognormal'; readonly sigma: number }
  | { readonly kind: 'empirical'; readonly factors: readonly number[] };

export interface Latency {
  readonly medianUs: number;
  readonly shape: LatencyShape;
}

/** More would make settings long, and change no figure. */
const MOST_VALUES = 101;
/** With this the 95th of 100 is five times the median; wider ones are mistakes. */
const WIDEST = 3;

/** The part of the median below which a probability's latencies lie. @param probability in [0, 1) */
export function factorAt(shape: LatencyShape, probability: number): number {
  if (shape.kind === 'lognormal') return Math.exp(shape.sigma * normalQuantile(probability));
  const { factors } = shape;
  const place = probability * (factors.length - 1);
  const [below, above] = [factors[Math.floor(place)] as number, factors[Math.ceil(place)] as number];
  return below + (place - Math.floor(place)) * (above - below);
}

/** The mean in parts of the median. */
export function meanFactor(shape: LatencyShape): number {
  if (shape.kind === 'lognormal') return Math.exp(shape.sigma ** 2 / 2);
  const { factors } = shape;
  // Between the values it goes in straight lines.
  const between = factors.slice(1).map((factor, index) => (factor + (factors[index] as number)) / 2);
  return between.length === 0 ? 1 : between.reduce((sum, factor) => sum + factor, 0) / between.length;
}

/**
 * Reads `lognormal(400ms,0.3)`, `p50=400ms,p95=900ms` (log-normal, through any two or more of its quantiles) or
 * `empirical(300ms,400ms,1.2s)`.
 * @returns a part of a sentence where it cannot be used: what it must be; undefined for what is none of these
 */
export function parseLatency(text: string): Latency | string | undefined {
  const [, kind, inside = ''] = /^(\w+)\(([^()]*)\)$/.exec(text.trim()) ?? [];
  const parts = (kind === undefined ? text : inside).split(',').map((part) => part.trim());
  if (kind === 'empirical') {
    return empirical(parts.map((part) => parseDurationUs(part) ?? NaN)) ?? 'takes two durations or more, all above 0';
  }
  if (kind === 'lognormal') {
    const found = parts.length === 2 ? lognormal(parseDurationUs(parts[0] ?? ''), Number(parts[1])) : undefined;
    return found ?? `takes a median above 0 and a standard deviation of the logarithm, from 0 to ${WIDEST}`;
  }
  return kind === undefined && /^p\d/.test(text.trim()) ? ofQuantiles(parts) : undefined;
}

/** Times that were seen, as a distribution; undefined for fewer than two, and where one is not above 0. */
export function empirical(seenUs: readonly number[]): Latency | undefined {
  const sorted = [...seenUs].sort((a, b) => a - b);
  if (sorted.length < 2 || !sorted.every((us) => us > 0)) return undefined;
  const all: LatencyShape = { kind: 'empirical', factors: sorted };
  const medianUs = Math.round(factorAt(all, 0.5));
  const count = Math.min(MOST_VALUES, sorted.length);
  const factors = Array.from({ length: count }, (_, index) => factorAt(all, index / (count - 1)) / medianUs);
  return { medianUs, shape: { kind: 'empirical', factors } };
}

function lognormal(medianUs: number | undefined, sigma: number): Latency | undefined {
  if (medianUs === undefined || medianUs === 0 || !(sigma >= 0 && sigma <= WIDEST)) return undefined;
  return { medianUs, shape: { kind: 'lognormal', sigma } };
}

/** The log-normal distribution whose quantiles come nearest to those that are given, or what they must be. */
function ofQuantiles(parts: readonly string[]): Latency | string {
  const points = parts
    .map((part) => {
      const [, percent = '', value = ''] = /^p(\d{1,2}(?:\.\d+)?)=(\S+)$/.exec(part) ?? [];
      return {
        percent: Number(percent),
        z: normalQuantile(Number(percent || NaN) / 100),
        log: Math.log(parseDurationUs(value) ?? NaN),
      };
    })
    .sort((a, b) => a.percent - b.percent);
  if (points.length < 2) return 'takes two quantiles or more';
  if (!points.every(({ percent, z, log }) => percent > 0 && Number.isFinite(z) && Number.isFinite(log))) {
    return 'takes durations above 0 for quantiles between p0 and p100';
  }
  for (const [index, { percent, log }] of points.entries()) {
    const below = points[index - 1];
    if (below?.percent === percent) return `takes p${percent} once`;
    if (below !== undefined && below.log > log) return `cannot have p${percent} below p${below.percent}`;
  }
  const mean = (of: (point: { z: number; log: number }) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [meanZ, meanLog] = [mean(({ z }) => z), mean(({ log }) => log)];
  const sigma = mean(({ z, log }) => (z - meanZ) * (log - meanLog)) / mean(({ z }) => (z - meanZ) ** 2);
  const found = lognormal(Math.round(Math.exp(meanLog - sigma * meanZ)), Number(sigma.toPrecision(6)));
  return (
    found ??
    `has quantiles too far apart: p95 is at most ${Math.round(Math.exp(WIDEST * normalQuantile(0.95)))} times p50`
  );
}

/** As options have it; parseLatency() reads it again. */
export function latencyArgument(medianUs: number, shape: LatencyShape | undefined): string {
  const ms = (us: number): string => `${Math.round(us) / 1000}ms`;
  if (shape === undefined) return ms(medianUs);
  if (shape.kind === 'lognormal') return `lognormal(${ms(medianUs)},${shape.sigma})`;
  return `empirical(${shape.factors.map((factor) => ms(factor * medianUs)).join(',')})`;
}

/** For people: `400 ms`, or of a distribution `400 ms (p95 655 ms)`. */
export function latencyText(medianUs: number, shape: LatencyShape | undefined): string {
  const median = formatDuration(medianUs);
  return shape === undefined
    ? median
    : `${median} (p95 ${formatDuration(Math.round(medianUs * factorAt(shape, 0.95)))})`;
}

/** The standard normal distribution's quantile, to 1.2e-9: Peter Acklam's rational approximations. */
export function normalQuantile(probability: number): number {
  if (probability <= 0) return probability === 0 ? -LARGEST_Z : NaN;
  if (probability > 0.5) return probability < 1 ? -normalQuantile(1 - probability) : NaN;
  if (probability < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(probability));
    return polynomial(TAIL_ABOVE, q) / (polynomial(TAIL_BELOW, q) * q + 1);
  }
  const [q, r] = [probability - 0.5, (probability - 0.5) ** 2];
  return (polynomial(MIDDLE_ABOVE, r) * q) / (polynomial(MIDDLE_BELOW, r) * r + 1);
}

/** What stands for the value that has no finite quantile: uniform draws have 32 bits. */
const LARGEST_Z = 6.3;
const MIDDLE_ABOVE = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
];
const MIDDLE_BELOW = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572];
const TAIL_ABOVE = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const TAIL_BELOW = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416];

/** Highest power first. */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}
