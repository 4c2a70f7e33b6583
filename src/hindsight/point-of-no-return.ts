import { endsWell, type Fate, type Subject } from '../run/fate.ts';
import type { RunSpec } from '../run/run-spec.ts';
import type { SpecRun } from '../run/simulate-spec.ts';
import { chronicle, type Chronicle } from './chronicle.ts';
import { isCutShort } from './cut-short.ts';
import { horizonOf } from './spec-of-trace.ts';
import { metIn } from './unmet.ts';

/** How many of the futures that begin at a moment end well. */
export interface Estimate {
  /** Events of the virtual clock before the moment. */
  readonly event: number;
  /** Microseconds of the run's clock. */
  readonly atUs: number;
  readonly well: number;
  readonly of: number;
}

/** What can be said afterwards of a run that ended badly. */
export interface Hindsight {
  readonly spec: RunSpec & { readonly subject: Subject };
  readonly chronicle: Chronicle;
  readonly fate: Fate;
  /** By time. */
  readonly estimates: readonly Estimate[];
  /**
   * `ended well`: the run itself did. `cut short`: it was ended before that could be told. `never`: from the very beginning no future ends well. `not yet`: at its end one still
   * does. `event`: after this event none does, and before it one did. The two are next to each other unless the time was over.
   */
  readonly verdict:
    | { readonly kind: 'ended well' | 'cut short' | 'never' | 'not yet' }
    | { readonly kind: 'event'; readonly last: Estimate; readonly first: Estimate };
}

export interface HindsightOptions {
  /** How many moments along the run are looked at first. */
  readonly moments: number;
  /** Futures at each moment. */
  readonly futures: number;
  /** After this nothing more is looked at than its ends, and the answer is as close as it has come; milliseconds. */
  readonly withinMs?: number | undefined;
  /** Does runs; given up when the signal comes. */
  readonly run: (spec: RunSpec) => Promise<SpecRun>;
  /** Hears of each estimate that is made. */
  readonly onEstimate?: (made: number, of: number) => void;
}

/**
 * Looks for the event after which no future of a run ends well. A future is the run up to a moment, and from there on a
 * friendly world that draws by another seed: faults end, pods live as usual, nobody interferes. Moments over the whole run
 * are looked at, and those around what was planned to happen; between the last with a good future and the next, bisection
 * finds the event.
 */
export async function pointOfNoReturn(
  spec: RunSpec & { readonly subject: Subject },
  { moments, futures, withinMs = Infinity, run, onEstimate }: HindsightOptions,
): Promise<Hindsight> {
  const beganMs = performance.now();
  const isTimeOver = (): boolean => performance.now() - beganMs > withinMs;
  const told = chronicle(spec);
  const { fate } = told.finished;
  if (fate === undefined) throw new Error('a run that is asked for its subject says how it ended');
  const estimates = new Map<number, Estimate>();
  // The run may have been ended early; its futures have the time that such runs take.
  const future = { ...spec, horizonUs: horizonOf(spec, spec.horizonUs ?? 0) };
  const planned = metIn(spec, told).flatMap(({ event }) => [event - 1, event]);
  const inRun = planned.filter((event) => event > 0 && event < told.lastChange);
  const bisections = Math.ceil(Math.log2(Math.max(2, told.lastChange / moments)));
  const estimate = async (event: number): Promise<Estimate> => {
    const known = estimates.get(event);
    if (known !== undefined) return known;
    const seeds = Array.from({ length: futures }, (_, index) => index + 1);
    const runs = await Promise.all(seeds.map((seed) => run({ ...future, future: { afterEvents: event, seed } })));
    const well = runs.filter(({ fate: end }) => end !== undefined && endsWell(end)).length;
    const made = { event, atUs: runs[0]?.calmUs ?? 0, well, of: futures };
    estimates.set(event, made);
    onEstimate?.(estimates.size, moments + inRun.length + bisections);
    return made;
  };
  const result = (verdict: Hindsight['verdict']): Hindsight => {
    const byTime = [...estimates.values()].sort((a, b) => a.event - b.event);
    return { spec, chronicle: told, fate, estimates: byTime, verdict };
  };
  if (endsWell(fate)) return result({ kind: 'ended well' });
  if (isCutShort(told, fate)) return result({ kind: 'cut short' });
  // Its ends come first: without them nothing can be said. Then what is most likely to have led there.
  const events = new Set([told.lastChange, 0, ...inRun, ...spread(told.lastChange, moments)]);
  for (const event of events) {
    if (event === 0 || estimates.size === 0 || !isTimeOver()) await estimate(event);
  }
  const grid = [...estimates.values()].sort((a, b) => a.event - b.event);
  const lastGood = grid.findLastIndex(({ well }) => well > 0);
  if (lastGood < 0) return result({ kind: 'never' });
  if (lastGood === grid.length - 1) return result({ kind: 'not yet' });
  let last = grid[lastGood] as Estimate;
  let first = grid[lastGood + 1] as Estimate;
  while (first.event - last.event > 1 && !isTimeOver()) {
    const middle = await estimate((first.event + last.event) >> 1);
    if (middle.well > 0) last = middle;
    else first = middle;
  }
  return result({ kind: 'event', last, first });
}

/** This many whole numbers from 0 to `last`, as evenly as they can be; fewer where there are no more. */
function spread(last: number, count: number): readonly number[] {
  const all = Array.from({ length: count }, (_, index) => Math.round((index * last) / Math.max(1, count - 1)));
  return [...new Set(all)];
}
