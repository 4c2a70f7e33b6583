import { isRealDifference } from '../explain/real-difference.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../run/settings.ts';
import type { RunFigures } from '../run/run-spec.ts';
import { fitting, hasClientLimitFlags, hasWorkersFlag } from '../run/fitting-settings.ts';
import { hasTime, meets, rateRatio, timeRatio, type Objective } from './objective.ts';
import { isRaised, limitOf } from './limit.ts';
import { lastUsOf, outcomeOf, type Outcome } from './outcome.ts';
import type { Simulator } from './simulator.ts';

/** What the search found. */
export interface Found {
  /** The cheapest settings that meet the objective; undefined where none do. */
  readonly best: Outcome | undefined;
  /** The one that came nearest: what there is now, where nothing came really nearer. */
  readonly nearest: Outcome;
  /**
   * What holds this back is why nothing comes nearer: the nearest, or where more workers or a higher rate would help it, the
   * settings with the most of both that were tried.
   */
  readonly heldBack: Outcome;
  /** What the settings that were looked at fail at: all at the times, all at the rate of requests, or each at one of them. */
  readonly lacks: 'time' | 'rate' | 'both' | undefined;
  /** What was looked for: without a time to meet, one that is worth its price. */
  readonly objective: Objective;
  /** Runs that it took. */
  readonly runs: number;
}

/** Values that are tried of the two flags, each about twice the one before. */
const WORKERS = [1, 2, 4, 8, 16, 32, 64];
/** Rates for those who want fewer requests than controllers usually send. */
const LOW_QPS = [1, 2, 5];
const QPS = [10, 20, 40, 80, 160, 320];
/** Burst for a rate, as ARC's own defaults have it. */
const BURST_PER_QPS = DEFAULT_SETTINGS.burst / DEFAULT_SETTINGS.qps;

/** No search takes more runs. */
export const MOST_RUNS = 40;
/**
 * One seed alone may be this far from the median of several, with latencies that are always the same and with others: what is
 * so near is looked at again with all seeds.
 */
const NEAR = { steady: 1.05, varied: 1.25 };
/** At least this number of settings is looked at with all seeds. */
const TRIES = 2;
/** Where no time is asked for: this part of what can be won may be given away, as the last of it costs most. */
const GIVEN_AWAY = 0.1;
/** So near to the fastest is as fast. */
const AS_FAST = 1.03;

/** What settings cost: workers and rate in units of what ARC has without flags. */
export function costOf({ workers, qps }: RunSettings): number {
  return workers / DEFAULT_SETTINGS.workers + qps / DEFAULT_SETTINGS.qps;
}

/**
 * All settings that the search may find, in rows of as many workers, each from the lowest rate to the highest. Less than there
 * is now costs as much to have as what there is: it is looked at only where requests are to be fewer.
 */
export function gridOf(settings: RunSettings, { mostRequestsASecond }: Objective = {}): RunSettings[][] {
  const hasLess = mostRequestsASecond !== undefined;
  const from = (now: number, values: readonly number[]): number[] =>
    [...new Set([...values, now])].filter((value) => hasLess || value >= now).sort((a, b) => a - b);
  const workers = hasWorkersFlag(settings.mode) ? from(settings.workers, WORKERS) : [settings.workers];
  const hasLimit = hasClientLimitFlags(settings.mode) && settings.qps > 0;
  const rates = hasLimit ? from(settings.qps, [...(hasLess ? LOW_QPS : []), ...QPS]) : [settings.qps];
  return workers.map((count) =>
    rates.map((qps) => ({
      ...settings,
      workers: count,
      qps,
      burst: qps === settings.qps ? settings.burst : Math.max(1, Math.round(BURST_PER_QPS * qps)),
    })),
  );
}

/**
 * Looks for the cheapest settings that meet an objective. More workers and a higher rate make no burst later, but for chance,
 * and send requests faster: what meets a time lies above a staircase through the grid, which is followed with one run a
 * setting; the cheapest of what it found is confirmed with all seeds.
 */
export async function search(simulator: Simulator, asked: RunSettings, wanted: Objective): Promise<Found> {
  const settings = fitting(asked);
  const before = simulator.runs;
  const left = (): number => MOST_RUNS - (simulator.runs - before);
  const grid = gridOf(settings, wanted);
  const now = await simulator.outcome(settings);
  const typical = placeOfMiddle(now);
  const seen: Outcome[] = [now];
  const look = async (at: RunSettings): Promise<Outcome> => {
    const outcome = await simulator.replication(at, typical);
    seen.push(outcome);
    return outcome;
  };
  const nearBy = settings.jitShape === undefined && settings.apiShape === undefined ? NEAR.steady : NEAR.varied;
  const isTimed = hasTime(wanted);
  const isRateOnly = !isTimed && wanted.mostRequestsASecond !== undefined;
  const rows = isRateOnly ? await allowedRows(grid, wanted, look, nearBy) : grid;
  if (!isTimed) await Promise.all(rows.map((row) => look(row.at(-1) as RunSettings)));
  const objective = isTimed ? wanted : { ...wanted, lastUs: worthwhile(now, seen, wanted) };
  const again = simulator.seeds - 1;
  // Where nothing is found, it takes these runs to say what comes nearest.
  const reserved = again + 2;
  const hasMore = (): boolean => left() > reserved + TRIES * again;
  const isRated = isTimed && wanted.mostRequestsASecond !== undefined;
  await followTimes(rows, objective, look, { nearBy, isRated, hasMore });
  const near = (outcome: Outcome): boolean =>
    timeRatio(objective, outcome) <= nearBy && rateRatio(objective, outcome) <= nearBy;
  const candidates = seen.filter(near).sort((a, b) => costOf(a.settings) - costOf(b.settings));
  let best: Outcome | undefined;
  const doesInFirst = (outcome: Outcome): boolean => meets(objective, outcome);
  // First what does with its first seed, then what is cheaper and only came near.
  for (const candidate of [...candidates.filter(doesInFirst), ...candidates.filter((one) => !doesInFirst(one))]) {
    if (best !== undefined && costOf(candidate.settings) >= costOf(best.settings)) continue;
    if (left() < again + (best === undefined ? reserved : 0)) break;
    const confirmed = await confirm(simulator, candidate.settings, objective);
    if (meets(objective, confirmed)) best = confirmed;
    else seen.push(confirmed);
  }
  const found = (nearest: Outcome, lacks?: Found['lacks']): Found => ({
    ...{ best, nearest, heldBack: nearest, lacks, objective, runs: simulator.runs - before },
  });
  if (best !== undefined) {
    // What nobody would notice is not worth its price.
    const isWorth = isTimed || !meets(wanted, now) || isRealDifference(now.lastUs.median, best.lastUs.median);
    best = isWorth ? await withOneFlag(best, settings, objective, simulator, left) : now;
    return found(best);
  }
  // Nothing is faster than the first, and nothing sends fewer requests than the second.
  const most = await look(grid.at(-1)?.at(-1) as RunSettings);
  if (wanted.mostRequestsASecond !== undefined) await look(grid[0]?.[0] as RunSettings);
  const allowed = isRateOnly ? seen.filter((outcome) => rateRatio(wanted, outcome) <= 1 / nearBy) : [];
  const nearest = allowed.length === 0 ? nearestOf(seen, wanted) : fastestOf(allowed);
  const isMissed = (ratio: typeof timeRatio): boolean => seen.every((outcome) => ratio(wanted, outcome) > 1);
  const lacks = isMissed(rateRatio) ? 'rate' : isMissed(timeRatio) ? 'time' : 'both';
  const held = await simulator.outcome(nearest.settings);
  if (meets(wanted, held)) {
    best = held;
    return found(held);
  }
  return { ...found(held, lacks), heldBack: isRaised(limitOf(held).kind) ? most : held };
}

/** The seed whose burst is the middle one: what others do with it is most like what they do at the median. */
function placeOfMiddle({ runs }: Outcome): number {
  const places = [...runs.keys()].sort((a, b) => lastUsOf(runs[a] as RunFigures) - lastUsOf(runs[b] as RunFigures));
  return places[places.length >> 1] ?? 0;
}

/** The outcome with all seeds; with more than half of them where none of these does, as the others hardly make up for that. */
async function confirm(simulator: Simulator, settings: RunSettings, objective: Objective): Promise<Outcome> {
  const most = await simulator.outcome(settings, Math.floor(simulator.seeds / 2) + 1);
  const isMissed = most.runs.every((run) => !meets(objective, outcomeOf(settings, [run])));
  return isMissed ? most : simulator.outcome(settings);
}

/** The cheapest of those that come about as near as any; the first of them where they cost the same. */
function nearestOf(outcomes: readonly Outcome[], wanted: Objective): Outcome {
  const leastMiss = Math.min(...outcomes.map((outcome) => missOf(wanted, outcome)));
  return outcomes
    .filter((outcome) => missOf(wanted, outcome) <= NEAR.steady * leastMiss)
    .reduce((a, b) => (costOf(b.settings) < costOf(a.settings) ? b : a));
}

function fastestOf(outcomes: readonly Outcome[]): Outcome {
  return outcomes.reduce((a, b) => (b.lastUs.median < a.lastUs.median ? b : a));
}

/** Rate and burst go together in the grid: where one of them alone meets the objective, the other stays as it is. */
async function withOneFlag(
  best: Outcome,
  { qps, burst }: RunSettings,
  objective: Objective,
  simulator: Simulator,
  left: () => number,
): Promise<Outcome> {
  if (best.settings.qps === qps || best.settings.burst === burst) return best;
  for (const one of [{ burst }, { qps }]) {
    if (left() < simulator.seeds || costOf({ ...best.settings, ...one }) > costOf(best.settings)) continue;
    const outcome = await simulator.outcome({ ...best.settings, ...one });
    if (meets(objective, outcome)) return outcome;
  }
  return best;
}

type Look = (settings: RunSettings) => Promise<Outcome>;

/**
 * The lowest rate of each row that meets the times; with more workers it is never higher. Where it only comes near, so does
 * the lowest that is sure to.
 * @param how with `isRated` the rate of requests counts too, and that is no staircase: more workers may send fewer within a
 *   second, so that all rows are looked at. It ends when there are no more runs for it
 */
async function followTimes(
  grid: readonly (readonly RunSettings[])[],
  objective: Objective,
  look: Look,
  how: { readonly nearBy: number; readonly isRated: boolean; readonly hasMore: () => boolean },
): Promise<void> {
  const { nearBy, isRated, hasMore } = how;
  const ratios = new Map<RunSettings | undefined, number>();
  const ratioOf = async (cell: RunSettings | undefined): Promise<number> => {
    const ratio = ratios.get(cell) ?? timeRatio(objective, await look(cell as RunSettings));
    ratios.set(cell, ratio);
    return ratio;
  };
  let highest: number | undefined;
  let isSure = false;
  for (const row of grid) {
    if (highest === undefined) {
      if ((await ratioOf(row.at(-1))) > nearBy) continue;
      highest = await firstThat(row.length - 1, async (place) => (await ratioOf(row[place])) <= nearBy);
    }
    highest = Math.min(highest, row.length - 1);
    for (; highest > 0 && (await ratioOf(row[highest - 1])) <= nearBy; highest--) isSure = false;
    // The cell of this row at the rate of the row before is dearer than that one, which perhaps only came near.
    isSure ||= (await ratioOf(row[highest])) <= 1 / nearBy;
    // Up to what is sure to do, or to where more does not help either.
    for (let [place, before] = [highest, Infinity]; hasMore() && place < row.length; place++) {
      const ratio = await ratioOf(row[place]);
      if (ratio <= 1 / nearBy || ratio >= before) break;
      before = ratio;
    }
    if (!hasMore() || (!isRated && highest === 0 && isSure)) break;
  }
}

/**
 * Each row up to the highest rate that sends no more requests than may be; with more workers it is never higher. Rows without
 * such a rate are left out.
 */
async function allowedRows(
  grid: readonly (readonly RunSettings[])[],
  objective: Objective,
  look: Look,
  nearBy: number,
): Promise<(readonly RunSettings[])[]> {
  const isOver = async (cell: RunSettings | undefined): Promise<boolean> =>
    rateRatio(objective, await look(cell as RunSettings)) > nearBy;
  const rows: (readonly RunSettings[])[] = [];
  let highest: number | undefined;
  for (const row of grid) {
    highest ??= await firstThat(row.length - 1, (place) => isOver(row[place]));
    while (highest >= 0 && (await isOver(row[highest]))) highest--;
    if (highest < 0) break;
    rows.push(row.slice(0, highest + 1));
  }
  return rows;
}

/** The first place of 0 to `last` where something is so, taking it to be so at `last`, and from where it is so on. */
async function firstThat(last: number, isSo: (place: number) => Promise<boolean>): Promise<number> {
  let [low, high] = [0, last];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (await isSo(middle)) high = middle;
    else low = middle + 1;
  }
  return high;
}

/** The time that is worth its price: nearly what the fastest settings reach. */
function worthwhile(now: Outcome, seen: readonly Outcome[], objective: Objective): number {
  const within = seen.filter((outcome) => rateRatio(objective, outcome) <= 1);
  if (within.length === 0) return Infinity;
  const leastUs = Math.min(...within.map(({ lastUs }) => lastUs.median));
  return Math.max(AS_FAST * leastUs, leastUs + GIVEN_AWAY * (now.lastUs.median - leastUs));
}

function missOf(objective: Objective, outcome: Outcome): number {
  return Math.max(timeRatio(objective, outcome), rateRatio(objective, outcome));
}
