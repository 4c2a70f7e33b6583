import { isRealDifference } from '../explain/real-difference.ts';
import type { RunSettings } from '../run/settings.ts';
import { limitOf, type Limit } from './limit.ts';
import type { Outcome } from './outcome.ts';
import type { Simulator } from './simulator.ts';
import type { Bar } from './tornado.ts';

/** The flags that curves are drawn for; the burst goes with the rate. */
export type CurveKnob = 'workers' | 'qps';

export interface Curve {
  readonly knob: CurveKnob;
  /** From the least value to the most. */
  readonly points: readonly Outcome[];
  /** Place of the first point after which no more really helps. */
  readonly knee: number;
  /** Why more does not help. */
  readonly limit: Limit;
  /** Place of the point that it is the limit of. */
  readonly limitAt: number;
}

/** What more of each flag helps against. */
const TURNED: Readonly<Record<CurveKnob, readonly Limit['kind'][]>> = {
  workers: ['workers'],
  qps: ['bucket', 'limiter'],
};
const FACTORS = [0.5, 1, 2, 4, 8, 16];

/** The flag that matters: whose doubling, or halving, does the most; undefined where the release has neither. */
export function curveKnob(bars: readonly Bar[]): CurveKnob | undefined {
  return bars.flatMap(({ id }) => (id === 'workers' || id === 'qps' ? [id] : []))[0];
}

export async function curveOf(simulator: Simulator, settings: RunSettings, knob: CurveKnob): Promise<Curve> {
  const values = [...new Set(FACTORS.map((factor) => Math.max(1, Math.round(settings[knob] * factor))))];
  const points = await Promise.all(
    values.map((value) => {
      const burst = Math.max(1, Math.round((settings.burst * value) / settings.qps));
      return simulator.outcome({ ...settings, [knob]: value, ...(knob === 'qps' ? { burst } : {}) });
    }),
  );
  const knee = kneeOf(points.map(({ lastUs }) => lastUs.median));
  const atKnee = limitOf(points[knee] as Outcome);
  // What more of the same would help against is no reason why it does not.
  const limitAt = TURNED[knob].includes(atKnee.kind) ? points.length - 1 : knee;
  return { knob, points, knee, limit: limitOf(points[limitAt] as Outcome), limitAt };
}

/** The first place after which no value is really lower. */
export function kneeOf(values: readonly number[]): number {
  return values.findIndex((value, index) =>
    values.slice(index + 1).every((later) => later >= value || !isRealDifference(value, later)),
  );
}
