import { Random } from '../base/random.ts';

/** The logarithm of how likely a point is, but for a constant. */
export type Density = (at: readonly number[]) => number;

export interface Point {
  readonly at: readonly number[];
  readonly density: number;
}

/** What a step grows by where it led up, and shrinks by where not. */
const [LONGER, SHORTER] = [1.2, 0.5];
const LONGEST_LEAP = 8;

/** Climbs by steps along one coordinate at a time, and leaps where all went together (Hooke and Jeeves). */
export function climb(
  start: readonly number[],
  firstSteps: readonly number[],
  rounds: number,
  density: Density,
): Point {
  let best: Point = { at: start, density: density(start) };
  const steps = [...firstSteps];
  const goTo = (at: readonly number[]): boolean => {
    const next = { at, density: density(at) };
    const isHigher = next.density > best.density;
    if (isHigher) best = next;
    return isHigher;
  };
  for (let round = 0; round < rounds; round++) {
    const before = best;
    for (const [index, step] of steps.entries()) {
      const goBy = (by: number): boolean => goTo(best.at.map((value, other) => (other === index ? value + by : value)));
      const sign = goBy(step) ? 1 : goBy(-step) ? -1 : 0;
      while (sign !== 0 && goBy(sign * step));
      steps[index] = step * (sign === 0 ? SHORTER : LONGER);
    }
    const way = best.at.map((value, index) => value - (before.at[index] ?? 0));
    for (let leap = 1; leap <= LONGEST_LEAP; leap *= 2)
      if (!goTo(best.at.map((value, index) => value + leap * (way[index] ?? 0)))) break;
  }
  return best;
}

const [CHAINS, SETTLING, KEPT] = [16, 60, 90];
/** Chains begin where the logarithm of the density has fallen by less than this, along one coordinate. */
const FALL = 3;
const [FIRST_REACH, FARTHER] = [1e-3, 1.6];
/** One move in eight may lead from one peak to another; of the others this share goes along one coordinate. */
const [LEAPS, ALONG_ONE] = [8, 0.4];
const DITHER = 0.002;

/**
 * Draws from a density, by chains around its peak that move along each other's differences (differential evolution Markov
 * chains, ter Braak 2006).
 * @param bounds lowest and highest value of each coordinate
 */
export function* draws(
  peak: readonly number[],
  bounds: readonly (readonly [number, number])[],
  density: Density,
): Generator<undefined, Point[]> {
  const random = new Random(1, 'posterior');
  const reaches = peak.map((_, index) => reachesOf(peak, index, bounds[index] ?? [0, 0], density));
  const anyOf = ([low, high]: readonly [number, number]): number => low + (high - low) * random.next();
  const chains: Point[] = Array.from({ length: CHAINS }, (_, chain) => {
    const at = peak.map((value, index) => {
      const [low, high] = reaches[index] ?? [value, value];
      return chain % peak.length === index ? anyOf([low, high]) : value + (anyOf([-1, 1]) * (high - low)) / 20;
    });
    return { at, density: density(at) };
  });
  const kept: Point[] = [];
  for (let generation = 0; generation < SETTLING + KEPT; generation++) {
    const usual = (2.38 / Math.sqrt(2 * peak.length)) * (0.4 + random.next());
    const scale = generation % LEAPS === LEAPS - 1 ? 1 : usual;
    for (let chain = 0; chain < CHAINS; chain++) {
      const [one, other] = twoOthers(random, chain).map((each) => (chains[each] as Point).at);
      const along = random.next() < ALONG_ONE ? random.below(peak.length) : undefined;
      const from = chains[chain] as Point;
      const at = from.at.map((value, index) => {
        if (along !== undefined && along !== index) return value;
        const [low, high] = reaches[index] ?? [0, 0];
        return (
          value + scale * ((one?.[index] ?? 0) - (other?.[index] ?? 0)) + DITHER * (random.next() - 0.5) * (high - low)
        );
      });
      const next = density(at);
      if (Math.log(random.next()) < next - from.density) chains[chain] = { at, density: next };
    }
    if (generation >= SETTLING) kept.push(...chains);
    yield;
  }
  return kept;
}

function twoOthers(random: Random, chain: number): readonly [number, number] {
  const other = (): number => (chain + 1 + random.below(CHAINS - 1)) % CHAINS;
  return [other(), other()];
}

/** Between which values of one coordinate the density is near that of the peak. */
function reachesOf(
  peak: readonly number[],
  index: number,
  [lowest, highest]: readonly [number, number],
  density: Density,
): readonly [number, number] {
  const least = density(peak) - FALL;
  const value = peak[index] ?? 0;
  const reach = (edge: number): number => {
    const far = Math.abs(edge - value);
    let step = Math.min(far, FIRST_REACH);
    const at = (): readonly number[] =>
      peak.map((each, other) => (other === index ? value + Math.sign(edge - value) * step : each));
    while (step < far && density(at()) >= least) step = Math.min(far, FARTHER * step);
    return step;
  };
  return [value - reach(lowest), value + reach(highest)];
}
