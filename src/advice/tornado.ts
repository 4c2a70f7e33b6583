import { rankTest } from '../analysis/rank-test.ts';
import type { RunSettings } from '../run/settings.ts';
import { knobsOf, type Knob, type KnobId } from './knobs.ts';
import { lastUsOf, type Outcome } from './outcome.ts';
import type { Simulator } from './simulator.ts';

/** What one knob alone does to the last pod. */
export interface Bar {
  readonly id: KnobId;
  readonly isFlag: boolean;
  readonly ends: readonly BarEnd[];
  /** The largest change to either side, in microseconds; what the chart is sorted by. */
  readonly mostUs: number;
}

export interface BarEnd {
  readonly outcome: Outcome;
  /** How much sooner the last pod comes, median against median; negative for later. */
  readonly soonerUs: number;
  /** How likely the seeds alone make such a difference. */
  readonly p: number;
}

/**
 * Turns each knob alone, down and up, and gives what that does, the most first.
 * @param onBar hears of each bar as soon as it is known
 * @param seeds how many runs there are of a setting
 */
export async function tornado(
  simulator: Simulator,
  settings: RunSettings,
  onBar: (bar: Bar) => void = () => undefined,
  seeds = simulator.seeds,
): Promise<Bar[]> {
  const base = simulator.outcome(settings, seeds);
  const bars = knobsOf(settings).map(async (knob) => {
    const bar = barOf(knob, await base, await Promise.all(knob.ends.map((end) => simulator.outcome(end, seeds))));
    onBar(bar);
    return bar;
  });
  return (await Promise.all(bars)).sort((a, b) => b.mostUs - a.mostUs);
}

function barOf({ id, isFlag }: Knob, base: Outcome, outcomes: readonly Outcome[]): Bar {
  const ends = outcomes.map((outcome): BarEnd => {
    const soonerUs = differenceOf(base.lastUs.median, outcome.lastUs.median);
    return { outcome, soonerUs, p: rankTest(base.runs.map(lastUsOf), outcome.runs.map(lastUsOf)) };
  });
  return { id, isFlag, ends, mostUs: Math.max(...ends.map(({ soonerUs }) => Math.abs(soonerUs))) };
}

/** Of two that never end there is no difference. */
function differenceOf(one: number, other: number): number {
  return one === other ? 0 : one - other;
}
