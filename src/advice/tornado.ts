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
 */
export async function tornado(
  simulator: Simulator,
  settings: RunSettings,
  onBar: (bar: Bar) => void = () => undefined,
): Promise<Bar[]> {
  const base = simulator.outcome(settings);
  const bars = knobsOf(settings).map(async (knob) => {
    const bar = barOf(knob, await base, await Promise.all(knob.ends.map((end) => simulator.outcome(end))));
    onBar(bar);
    return bar;
  });
  return (await Promise.all(bars)).sort((a, b) => b.mostUs - a.mostUs);
}

/**
 * The same with one run for each setting, for somebody who waits for it.
 * @param onBar hears of a bar when one of its ends is known, and again with both
 */
export async function firstLook(simulator: Simulator, settings: RunSettings, onBar: (bar: Bar) => void): Promise<void> {
  const base = simulator.outcome(settings, 1);
  const ends = knobsOf(settings).flatMap((knob) => {
    const known: Outcome[] = [];
    return knob.ends.map(async (end, place) => {
      const outcome = await simulator.outcome(end, 1);
      const now = await base;
      known[place] = outcome;
      onBar(barOf(knob, now, known.flat()));
    });
  });
  await Promise.all(ends);
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
