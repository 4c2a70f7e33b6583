import { endsWell, type Fate, type Subject } from '../run/fate.ts';
import type { RunSpec } from '../run/run-spec.ts';
import type { SpecRun } from '../run/simulate-spec.ts';
import { SimulationCancelled } from '../run/simulation-errors.ts';
import { chronicle, type Chronicle } from './chronicle.ts';
import { isCutShort } from './cut-short.ts';
import { likelyEvents } from './likely-events.ts';
import { horizonOf } from './spec-of-trace.ts';

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
  /** Whether it was given up before it was as close as it was to be. */
  readonly isInterrupted: boolean;
}

export interface HindsightOptions {
  /** How many moments along the run are looked at. */
  readonly moments: number;
  /** Futures at each moment. */
  readonly futures: number;
  /** After this no other moment is looked at than the ends, and fewer futures there; milliseconds. */
  readonly withinMs?: number | undefined;
  /** Does runs. @throws SimulationCancelled where the signal has come, or nobody waits for the answer any more */
  readonly run: (spec: RunSpec, signal: AbortSignal) => Promise<SpecRun>;
  /** Hears of each estimate that is made. */
  readonly onEstimate?: (made: number, of: number) => void;
}

/** With fewer futures a moment's figure says nothing. */
const FEWEST_FUTURES = 2;
/** Of the time for all, what one moment may take. */
const SHARE_OF_A_MOMENT = 1 / 4;

/**
 * Looks for the event after which no future of a run ends well. A future is the run up to a moment, and from there on a
 * friendly world that draws by another seed: faults end, pods live as usual, nobody interferes. First the ends of the run are
 * looked at and what probably led there, then moments over the whole run; between the last with a good future and the next,
 * bisection finds the event.
 * @throws SimulationCancelled where nobody waits for it any more and nothing can be said yet
 */
export async function pointOfNoReturn(
  spec: RunSpec & { readonly subject: Subject },
  options: HindsightOptions,
): Promise<Hindsight> {
  const told = chronicle(spec);
  const { fate } = told.finished;
  if (fate === undefined) throw new Error('a run that is asked for its subject says how it ended');
  const result = (estimates: readonly Estimate[], verdict: Hindsight['verdict'], isInterrupted = false): Hindsight => {
    return { spec, chronicle: told, fate, estimates, verdict, isInterrupted };
  };
  if (endsWell(fate)) return result([], { kind: 'ended well' });
  if (isCutShort(told, fate)) return result([], { kind: 'cut short' });
  const search = new Search(spec, told, options);
  const isInterrupted = await search.run(likelyEvents(spec, told, fate));
  return result(search.estimates, search.verdict, isInterrupted);
}

/** Looks at one moment after another, and keeps what it has found. */
class Search {
  readonly #spec: RunSpec;
  readonly #last: number;
  readonly #options: HindsightOptions;
  readonly #withinMs: number;
  readonly #beganMs = performance.now();
  readonly #estimates = new Map<number, Estimate>();
  #expected = 0;

  constructor(spec: RunSpec, { lastChange }: Chronicle, options: HindsightOptions) {
    // The run may have been ended early; its futures have the time that such runs take.
    this.#spec = { ...spec, horizonUs: horizonOf(spec, spec.horizonUs ?? 0) };
    this.#last = lastChange;
    this.#options = options;
    this.#withinMs = options.withinMs ?? Infinity;
  }

  /** By time. */
  get estimates(): readonly Estimate[] {
    return [...this.#estimates.values()].sort((a, b) => a.event - b.event);
  }

  get verdict(): Hindsight['verdict'] {
    const { estimates } = this;
    const lastGood = estimates.findLastIndex(({ well }) => well > 0);
    const [last, first] = [estimates[lastGood], estimates[lastGood + 1]];
    if (last === undefined) return { kind: 'never' };
    return first === undefined ? { kind: 'not yet' } : { kind: 'event', last, first };
  }

  /** @returns whether it was interrupted @throws SimulationCancelled where that was before anything can be said */
  async run(likely: readonly number[]): Promise<boolean> {
    const { moments } = this.#options;
    const bisections = Math.ceil(Math.log2(Math.max(2, this.#last / moments)));
    this.#expected = moments + 2 * likely.length + bisections;
    // Without its ends nothing can be said.
    for (const event of new Set([this.#last, 0])) await this.#look(event);
    try {
      for (const event of likely.flatMap((each) => [each, each - 1]))
        if (this.#isBetween(event)) await this.#look(event);
      for (const event of spread(this.#last, moments)) if (!this.#isTimeOver) await this.#look(event);
      for (let event = this.#middle; event !== undefined; event = this.#middle) await this.#look(event);
      return false;
    } catch (error) {
      if (error instanceof SimulationCancelled) return true;
      throw error;
    }
  }

  get #isTimeOver(): boolean {
    return performance.now() - this.#beganMs > this.#withinMs;
  }

  /** Whether a moment may tell more of when it was too late, and there is time to look at it. */
  #isBetween(event: number): boolean {
    const { verdict } = this;
    const isInside = verdict.kind === 'event' && verdict.last.event < event && event < verdict.first.event;
    return isInside && !this.#isTimeOver;
  }

  get #middle(): number | undefined {
    const { verdict } = this;
    if (verdict.kind !== 'event') return undefined;
    const event = (verdict.first.event + verdict.last.event) >> 1;
    return this.#isBetween(event) ? event : undefined;
  }

  async #look(event: number): Promise<void> {
    if (this.#estimates.has(event)) return;
    const runs = await this.#futures(event);
    const well = runs.filter(({ fate: end }) => end !== undefined && endsWell(end)).length;
    this.#estimates.set(event, { event, atUs: runs[0]?.calmUs ?? 0, well, of: runs.length });
    this.#options.onEstimate?.(this.#estimates.size, this.#expected);
  }

  /** Some futures of a moment: as many as are asked for, and fewer where they take too long. */
  async #futures(event: number): Promise<readonly SpecRun[]> {
    const { futures, run } = this.#options;
    const beganMs = performance.now();
    const enough = new AbortController();
    const done: SpecRun[] = [];
    const all = Array.from({ length: futures }, async (_, index) => {
      done.push(await run({ ...this.#spec, future: { afterEvents: event, seed: index + 1 } }, enough.signal));
      const isLong = performance.now() - beganMs > this.#withinMs * SHARE_OF_A_MOMENT;
      if (isLong && done.length >= FEWEST_FUTURES) enough.abort();
    });
    const failed = (await Promise.allSettled(all)).find((each) => each.status === 'rejected');
    // That some were given up here is no failure.
    if (failed !== undefined && !enough.signal.aborted) throw failed.reason;
    return done;
  }
}

/** This many whole numbers from 0 to `last`, as evenly as they can be; fewer where there are no more. */
function spread(last: number, count: number): readonly number[] {
  const all = Array.from({ length: count }, (_, index) => Math.round((index * last) / Math.max(1, count - 1)));
  return [...new Set(all)];
}
