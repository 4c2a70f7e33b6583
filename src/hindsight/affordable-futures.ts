import { availableParallelism } from 'node:os';
import { RELEASES } from '../reconciler/releases/releases.ts';
import type { RunSpec } from '../run/run-spec.ts';
import { simulateSpecInSlices } from '../run/simulate-spec.ts';

/** Moments along a run that are looked at where there is time for them. */
const MOMENTS = 50;
const FEWEST_MOMENTS = 4;
const FUTURES = 200;
/** With fewer a moment's figure says little: rather fewer moments are looked at. */
const ENOUGH_FUTURES = 20;
const FEWEST_FUTURES = 2;
/** Looks that bisection takes in a long run, besides the moments. */
const BISECTIONS = 14;
/** What people wait for. */
const BUDGET_MS = 20_000;
/** Runs that are measured, and after how long no other is begun. */
const [MEASURED, MEASURE_MS] = [5, 2_000];

/** How closely a run is looked at. */
export interface Closeness {
  readonly moments: number;
  /** At each moment. */
  readonly futures: number;
  /** After this nothing more is looked at that the answer can do without; milliseconds. Undefined where both are given. */
  readonly withinMs: number | undefined;
  /** Whether runs take so long that less is looked at than usual. */
  readonly isCoarse: boolean;
}

/** How many moments there is time for, and futures at each; those that are given are kept. */
export async function affordable(
  spec: RunSpec,
  given: { readonly moments?: number | undefined; readonly futures?: number | undefined },
  signal: AbortSignal,
): Promise<Closeness> {
  const { moments: asked, futures: each } = given;
  if (asked !== undefined && each !== undefined)
    return { moments: asked, futures: each, withinMs: undefined, isCoarse: false };
  const closeness = closenessFor(await shortestRunMs(spec, signal), given, availableParallelism());
  return { ...closeness, withinMs: 2 * BUDGET_MS };
}

/** @param runMs what one run takes */
export function closenessFor(
  runMs: number,
  given: { readonly moments?: number | undefined; readonly futures?: number | undefined },
  cores: number,
): Omit<Closeness, 'withinMs'> {
  const runs = (BUDGET_MS * cores) / Math.max(1, runMs);
  const looks = Math.floor(runs / (given.futures ?? ENOUGH_FUTURES));
  const moments = given.moments ?? within(looks - BISECTIONS, FEWEST_MOMENTS, MOMENTS);
  const futures = given.futures ?? within(Math.floor(runs / (moments + BISECTIONS)), FEWEST_FUTURES, FUTURES);
  const isCoarse = (given.moments === undefined && moments < MOMENTS) || futures < ENOUGH_FUTURES;
  return { moments, futures, isCoarse };
}

async function shortestRunMs(spec: RunSpec, signal: AbortSignal): Promise<number> {
  // The first runs are slow: code is compiled while they go on.
  let shortestMs = Infinity;
  const sinceMs = performance.now();
  for (let run = 0; run < MEASURED && performance.now() - sinceMs < MEASURE_MS; run++) {
    const beganMs = performance.now();
    await simulateSpecInSlices(spec, RELEASES, signal);
    shortestMs = Math.min(shortestMs, performance.now() - beganMs);
  }
  return shortestMs;
}

function within(number: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, number));
}
