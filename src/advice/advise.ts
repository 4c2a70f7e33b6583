import { RELEASES } from '../reconciler/releases/releases.ts';
import { fitting } from '../run/fitting-settings.ts';
import type { RunSettings } from '../run/settings.ts';
import { curveKnob, curveOf, type Curve } from './curve.ts';
import { limitOf, type Limit } from './limit.ts';
import { isAsked, meets, type Objective } from './objective.ts';
import type { Outcome } from './outcome.ts';
import { flagChanges, type FlagChange } from './patch.ts';
import { search, type Found } from './search.ts';
import type { Simulator } from './simulator.ts';
import { tornado, type Bar } from './tornado.ts';

/** All that is said of a load and its settings. */
export interface Advice {
  /** As the load runs now. */
  readonly now: Outcome;
  readonly limitNow: Limit;
  readonly bars: readonly Bar[];
  /** Undefined where the release has no such flag. */
  readonly curve: Curve | undefined;
  readonly found: Found;
  /** What holds back the settings that were found, or those that came nearest. */
  readonly limit: Limit;
  /** From the settings now to those that were found; empty where there is nothing to change. */
  readonly changes: readonly FlagChange[];
  /** The same settings under more load. */
  readonly growth: readonly Growth[];
  /** Version of the chart that the changes are for; undefined for a release that was never published. */
  readonly version: string | undefined;
}

export interface Growth {
  /** How many times as large the load is. */
  readonly factor: number;
  readonly outcome: Outcome;
  /** Whether they meet the objective there too; undefined where none was asked for. */
  readonly isMet: boolean | undefined;
  /** Where they do not: the cheapest settings that do; undefined where none do. */
  readonly needed: Outcome | undefined;
  readonly limit: Limit;
}

const FACTORS = [2, 5];

/**
 * @param named the release as it was named, which may be a version that a release stands for
 * @param onBar hears of each bar of the tornado as soon as it is known
 */
export async function advise(
  simulator: Simulator,
  asked: RunSettings,
  wanted: Objective,
  named: string,
  onBar?: (bar: Bar) => void,
): Promise<Advice> {
  const settings = fitting(asked);
  const now = await simulator.outcome(settings);
  const bars = await tornado(simulator, settings, onBar);
  const knob = curveKnob(bars);
  const curve = knob === undefined ? undefined : await curveOf(simulator, settings, knob);
  const isMetNow = isAsked(wanted) && meets(wanted, now);
  const found: Found = isMetNow
    ? { best: now, nearest: now, objective: wanted, runs: 0 }
    : await search(simulator, settings, wanted);
  const version = versionOf(named);
  const growth: Growth[] = [];
  for (const factor of FACTORS) growth.push(await grown(simulator, factor, found.nearest, wanted));
  return {
    ...{ now, limitNow: limitOf(now), bars, curve, found, limit: limitOf(found.nearest), version, growth },
    changes: found.best === undefined ? [] : flagChanges(settings, found.best.settings, version ?? ''),
  };
}

/** Whether what was found still does under more load, and what would. */
async function grown(simulator: Simulator, factor: number, nearest: Outcome, objective: Objective): Promise<Growth> {
  const larger = simulator.times(factor);
  const settings = { ...nearest.settings, runners: factor * nearest.settings.runners };
  const outcome = await larger.outcome(settings);
  const isMet = isAsked(objective) ? meets(objective, outcome) : undefined;
  if (isMet !== false) return { factor, outcome, isMet, needed: undefined, limit: limitOf(outcome) };
  const found = await search(larger, settings, objective);
  return { factor, outcome, isMet, needed: found.best, limit: limitOf(found.nearest) };
}

function versionOf(named: string): string | undefined {
  const version = named.replace(/^v/, '');
  const { versions, variation } = RELEASES.get(named);
  const all = variation === undefined ? versions : RELEASES.get(variation.of).versions;
  return /^\d+\.\d+\.\d+$/.test(version) ? version : all.at(-1);
}
