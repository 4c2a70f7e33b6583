import { readFileSync } from 'node:fs';
import { RELEASES } from '../../src/reconciler/releases/releases.ts';
import { DEFAULT_SETTINGS } from '../../src/run/settings.ts';
import { middle, playBurst, speedOf, type RecordedBurst, type ServerSpeed } from '../conformance/played-burst.ts';

const FILE = new URL('../conformance/bursts.json', import.meta.url);
const SEEDS = [1, 2, 3];

export type BurstFigure = 'median' | 'last';

/** A recorded burst and our own with the same settings. Times are milliseconds, errors parts of the recorded time. */
export interface Measured {
  readonly recorded: RecordedBurst;
  /** With the speed of the recording's API server, which is read off the gaps between its requests. */
  readonly ours: Readonly<Record<BurstFigure, number>>;
  readonly errors: Readonly<Record<BurstFigure, number>>;
  /** With the usual latency of the API server: as a prediction for a cluster that nobody has measured. */
  readonly blindErrors: Readonly<Record<BurstFigure, number>>;
}

export function measured(): Measured[] {
  const { results } = JSON.parse(readFileSync(FILE, 'utf8')) as { results: readonly RecordedBurst[] };
  const usual = { creatingUs: DEFAULT_SETTINGS.apiLatencyUs, afterwardsUs: DEFAULT_SETTINGS.apiLatencyUs };
  return [...results]
    .sort((a, b) => positionOf(a) - positionOf(b) || a.n - b.n)
    .map((recorded) => {
      const ours = oursOf(recorded, speedOf(recorded));
      return {
        recorded,
        ours,
        errors: errorsOf(recorded, ours),
        blindErrors: errorsOf(recorded, oursOf(recorded, usual)),
      };
    });
}

function positionOf({ mode }: RecordedBurst): number {
  return RELEASES.position(mode);
}

/** The mean of the absolute errors. */
export function meanAbsolute<Figure extends string>(
  errors: readonly Readonly<Record<Figure, number>>[],
  figure: Figure,
): number {
  return errors.reduce((sum, error) => sum + Math.abs(error[figure]), 0) / errors.length;
}

function oursOf(recorded: RecordedBurst, speed: ServerSpeed): Record<BurstFigure, number> {
  const runs = SEEDS.map((seed) => playBurst(recorded, seed, speed));
  return { median: middle(runs.map(({ median }) => median)), last: middle(runs.map(({ last }) => last)) };
}

function errorsOf(recorded: RecordedBurst, ours: Record<BurstFigure, number>): Record<BurstFigure, number> {
  return { median: ours.median / recorded.median - 1, last: ours.last / recorded.last - 1 };
}
