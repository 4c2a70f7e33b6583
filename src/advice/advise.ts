import { NO_LOCK_UNTIL } from '../reconciler/releases/actions-lock.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { fitting } from '../run/fitting-settings.ts';
import type { RunSettings } from '../run/settings.ts';
import { curveKnob, curveOf, type Curve } from './curve.ts';
import { limitOf, type Limit } from './limit.ts';
import { isAsked, meets, rateRatio, timeRatio, type Objective } from './objective.ts';
import type { Outcome } from './outcome.ts';
import { flagChanges, type FlagChange } from './patch.ts';
import { search, type Found } from './search.ts';
import type { Simulator } from './simulator.ts';
import { firstLook, tornado, type Bar } from './tornado.ts';

/** All that is said of a load and its settings. */
export interface Advice {
  /** As the load runs now. */
  readonly now: Outcome;
  readonly limitNow: Limit;
  readonly bars: readonly Bar[];
  /** Undefined where the release has no such flag. */
  readonly curve: Curve | undefined;
  readonly found: Found;
  /** Where no settings do: the newest published release that does with those that came nearest; undefined where none does. */
  readonly otherRelease: Outcome | undefined;
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
  /** What was looked for where they do not. */
  readonly found: Found | undefined;
}

/** Hears of each part of an advice as soon as it is known. */
export interface AdviceListener {
  now?(now: Outcome, limit: Limit): void;
  /** @param isFirstLook it is of one run for each setting, perhaps of one of its ends, and comes again with all of them */
  bar?(bar: Bar, isFirstLook: boolean): void;
  /** All bars, of all runs, what does the most first. */
  tornado?(bars: readonly Bar[], now: Outcome): void;
  curve?(curve: Curve | undefined): void;
  /** All that is said of the load as it is. */
  found?(advice: Omit<Advice, 'growth'>): void;
  growth?(growth: Growth): void;
}

const FACTORS = [2, 5];

/**
 * @param named the release as it was named, which may be a version that a release stands for
 * @param heard with a `bar` the tornado comes twice: of one run for each setting first
 */
export async function advise(
  simulator: Simulator,
  asked: RunSettings,
  wanted: Objective,
  named: string,
  heard: AdviceListener = {},
): Promise<Advice> {
  const settings = fitting(asked);
  if (heard.bar !== undefined && simulator.seeds > 1) {
    await firstLook(simulator, settings, (bar) => heard.bar?.(bar, true));
  }
  const now = await simulator.outcome(settings);
  heard.now?.(now, limitOf(now));
  const bars = await tornado(simulator, settings, (bar) => heard.bar?.(bar, false));
  heard.tornado?.(bars, now);
  const knob = curveKnob(bars);
  const curve = knob === undefined ? undefined : await curveOf(simulator, settings, knob);
  heard.curve?.(curve);
  const isMetNow = isAsked(wanted) && meets(wanted, now);
  const found: Found = isMetNow
    ? { best: now, nearest: now, heldBack: now, lacks: undefined, objective: wanted, runs: 0 }
    : await search(simulator, settings, wanted);
  const version = versionOf(named);
  const changes = found.best === undefined ? [] : flagChanges(settings, found.best.settings, version ?? '');
  const limit = limitOf(found.heldBack);
  const otherRelease =
    found.best === undefined ? await releaseThatMeets(simulator, found.nearest, limit, wanted) : undefined;
  const advice = { now, limitNow: limitOf(now), bars, curve, found, otherRelease, limit, changes, version };
  heard.found?.(advice);
  const growth: Growth[] = [];
  for (const factor of FACTORS) {
    const one = await grown(simulator, factor, found.nearest, wanted);
    heard.growth?.(one);
    growth.push(one);
  }
  return { ...advice, growth };
}

/** Tried with one run each first: what misses by far need not be tried again. */
const FAR_OFF = 1.25;

/**
 * The newest published release that meets an objective with settings that miss it. Where the lock of the Actions client is the
 * limit, the last one without it is searched for settings that do.
 */
async function releaseThatMeets(
  simulator: Simulator,
  { settings }: Outcome,
  limit: Limit,
  objective: Objective,
): Promise<Outcome | undefined> {
  if (!isAsked(objective)) return undefined;
  const own = RELEASES.listedOf(settings.mode);
  const others = RELEASES.all.filter(({ id, versions }) => id !== own && versions.length > 0).reverse();
  for (const { id } of others) {
    const other = { ...settings, mode: id };
    const once = await simulator.outcome(other, 1);
    if (Math.max(timeRatio(objective, once), rateRatio(objective, once)) > FAR_OFF) continue;
    const outcome = await simulator.outcome(other);
    if (meets(objective, outcome)) return outcome;
  }
  if (limit.kind !== 'lock') return undefined;
  return (await search(simulator, fitting({ ...settings, mode: NO_LOCK_UNTIL }), objective)).best;
}

/** Whether what was found still does under more load, and what would. */
async function grown(simulator: Simulator, factor: number, nearest: Outcome, objective: Objective): Promise<Growth> {
  const larger = simulator.times(factor);
  const settings = { ...nearest.settings, runners: factor * nearest.settings.runners };
  const outcome = await larger.outcome(settings);
  const isMet = isAsked(objective) ? meets(objective, outcome) : undefined;
  if (isMet !== false) return { factor, outcome, isMet, needed: undefined, limit: limitOf(outcome), found: undefined };
  const found = await search(larger, settings, objective);
  return { factor, outcome, isMet, needed: found.best, limit: limitOf(found.heldBack), found };
}

/** Version of the chart for a release as it was named; undefined for one that was never published. */
export function versionOf(named: string): string | undefined {
  const version = named.replace(/^v/, '');
  const { versions, variation } = RELEASES.get(named);
  const all = variation === undefined ? versions : RELEASES.get(variation.of).versions;
  return /^\d+\.\d+\.\d+$/.test(version) ? version : all.at(-1);
}
