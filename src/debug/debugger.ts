import { t } from '@vscode/l10n';
import { getHeapStatistics } from 'node:v8';
import { PlainError } from '../base/plain-error.ts';
import type { RunOptions } from '../run/embedded-run.ts';
import type { RunSettings } from '../run/settings.ts';
import type { Stop } from './breakpoints.ts';
import { CallSites } from './call-sites.ts';
import type { Edit } from './edits.ts';
import type { LiveRun, Meets } from './live-run.ts';
import type { Moment, SeenPass } from './moments.ts';
import { back, into, out, over, search } from './navigation.ts';
import { record, recordInSlices, wordFor, type Recording, type Waiter } from './recording.ts';

/** Where a debugger went and why. */
export interface Arrival {
  readonly moment: Moment;
  readonly reason: 'entry' | 'step' | 'breakpoint' | 'start' | 'end' | 'goto';
  /** Index of the stop that was met. */
  readonly stop?: number;
}

/** What a moment takes in memory at most, in bytes, and the part of the heap that recordings may take. */
const [BYTES_A_MOMENT, PART_OF_HEAP] = [1_000, 0.6];

/** How a run is recorded again, with changes; undefined where nobody knows enough of it for that. */
type Again = ((edits: readonly Edit[], waiter: Waiter) => Promise<Recording | undefined>) | undefined;

/** What asks for answers that nobody knows; the message is a sentence for people. */
export class UnansweredError extends PlainError {
  override readonly name = 'UnansweredError';
}

const REPLAYED = (word: string): string =>
  t('This {0} shows what happened, not what was answered: stepping works, editing needs a simulated run.', word);
const ATTACHED = (): string =>
  t('A running session cannot be run again with a change: stepping works, editing needs a simulated run.');

/**
 * Walks through a run, both ways. The run has been recorded whole, so that going anywhere is looking something up; what is
 * changed makes a second future of it, recorded like the first.
 */
export class Debugger {
  readonly #again: Again;
  /** Undefined where there was no memory for it any more. */
  readonly #futures: (Recording | undefined)[];
  /** Moments of all futures together. */
  readonly #mostKept: number;
  #current = 0;
  #at: Moment = 0;

  /** Of an attached debugger: called when the run has stopped that it has let go on. */
  onArrival: ((arrival: Arrival) => void) | undefined;
  readonly #live: LiveRun | undefined;

  private constructor(first: Recording, again: Again, live?: LiveRun, mostKept = momentsThatFit()) {
    this.#again = again;
    this.#mostKept = mostKept;
    this.#futures = [first];
    this.#live = live;
    if (live === undefined) return;
    this.#at = Math.max(0, first.moments.length - 1);
    live.onStop = (moment, { reason, stop }) => this.onArrival?.(this.#to(moment, reason, stop));
  }

  /** Runs in virtual time. @param mostKept moments of all futures together that are kept where there are more futures than two */
  static simulate(
    settings: RunSettings,
    options: Pick<RunOptions, 'load' | 'horizonUs'> = {},
    mostKept?: number,
  ): Debugger {
    const sites = new CallSites();
    const first = record(settings, options, [], sites);
    const again: Again = (edits, waiter) => recordInSlices(settings, options, edits, sites, waiter);
    return new Debugger(first, again, undefined, mostKept);
  }

  /** The same with turns of the event loop in between; undefined where it was given up. */
  static async simulateInSlices(
    settings: RunSettings,
    options: Pick<RunOptions, 'load' | 'horizonUs'>,
    waiter: Waiter,
  ): Promise<Debugger | undefined> {
    const sites = new CallSites();
    const again: NonNullable<Again> = (edits, waits) => recordInSlices(settings, options, edits, sites, waits);
    const first = await again([], waiter);
    return first && new Debugger(first, again);
  }

  /** Walks through what is known of a run that nobody can run again. */
  static replay(recording: Recording): Debugger {
    return new Debugger(recording, undefined);
  }

  /** Stops a run that goes on. Ways that lead beyond what has happened arrive later: they give undefined, and onArrival is called. */
  static attach(live: LiveRun): Debugger {
    return new Debugger(live.recording, undefined, live);
  }

  get recording(): Recording {
    return this.#futures[this.#current] as Recording;
  }

  get at(): Moment {
    return this.#at;
  }

  /** Every future that has been recorded, undefined where it had to make room; the first is the one without changes. */
  get futures(): readonly (Recording | undefined)[] {
    return this.#futures;
  }

  /** Which of the futures this is. */
  get current(): number {
    return this.#current;
  }

  /**
   * Runs to the next stop in a direction; to the end or the start of the run where none is met.
   * @param from the moment from which on it searches, itself left out
   */
  run(direction: 1 | -1, stops: readonly Stop[], from: Moment = this.#at): Arrival | undefined {
    // One that is on its way only learns what else to stop at.
    const isOnItsWay = this.#live?.isStopped === false && direction === 1;
    const found = isOnItsWay ? undefined : search(this.recording, from, direction, stops);
    if (found !== undefined) return this.#to(found.moment, 'breakpoint', found.stop);
    if (direction === -1) return this.#to(0, 'start');
    return this.#await(this.#last, (recording, moment, isAnswered) => {
      const stop = stops.findIndex((each) => (each.needsAnswer === true) === isAnswered && each(recording, moment));
      return stop < 0 ? undefined : { reason: 'breakpoint', stop };
    });
  }

  stepOver(): Arrival | undefined {
    const { moments } = this.recording;
    const from = moments.pass(this.#at);
    const isEnd = moments.isEnd(this.#at);
    const isNext = ({ id, controller, worker }: SeenPass): boolean =>
      isEnd ? controller === from.controller && worker === from.worker : id === from.id;
    return this.#step(over(this.recording, this.#at), (recording, moment) => isNext(recording.moments.pass(moment)));
  }

  stepInto(): Arrival | undefined {
    const woken = into(this.recording, this.#at);
    return woken === undefined ? this.stepOver() : this.#to(woken, 'step');
  }

  stepOut(): Arrival | undefined {
    const { moments } = this.recording;
    if (moments.isEnd(this.#at)) return this.stepOver();
    const { id } = moments.pass(this.#at);
    const end = out(this.recording, this.#at);
    const isEnd = (moment: Moment): boolean => moments.pass(moment).id === id && moments.isEnd(moment);
    return this.#step(end !== undefined && isEnd(end) ? end : undefined, (_, moment) => isEnd(moment));
  }

  stepBack(): Arrival {
    const to = back(this.recording, this.#at);
    return to === undefined ? this.#to(0, 'start') : this.#to(to, 'step');
  }

  goTo(moment: Moment): Arrival {
    return this.#to(Math.max(0, Math.min(moment, this.#last)), 'goto');
  }

  /**
   * Changes what happens at the moment where it stands. Edits of later moments are dropped: they belong to the other
   * future; so is an earlier answer to the same effect. Meanwhile it must not go anywhere.
   * @returns whether there is one more future, in which it stands then; there is none where nobody waits for it any more
   * @throws UnansweredError for a run that is read from a trace
   */
  async edit(edit: Edit, waiter: Waiter): Promise<boolean> {
    const again = this.#runAgain();
    const kept = this.recording.edits.filter((each) => each.moment < edit.moment || isBeside(each, edit));
    const future = await again([...kept, edit], waiter);
    if (future === undefined) return false;
    this.#current = this.#futures.push(future) - 1;
    this.#makeRoom();
    return true;
  }

  /** The oldest futures go; those stay that this one came of: they show what its answers were before they were changed. */
  #makeRoom(): void {
    const { edits } = this.recording;
    let kept = this.#futures.reduce((sum, each) => sum + (each?.moments.length ?? 0), 0);
    for (const [number, each] of this.#futures.entries()) {
      if (kept <= this.#mostKept) return;
      if (each === undefined || each.edits.every((edit) => edits.includes(edit))) continue;
      kept -= each.moments.length;
      this.#futures[number] = undefined;
    }
  }

  /** The future that is the same up to here, and in which nobody has changed the answer that comes here. */
  get unchanged(): Recording {
    const before = ({ edits }: Recording): readonly Edit[] =>
      edits.filter((each) => each.moment < this.#at || (each.moment === this.#at && each.kind !== 'answer'));
    const upToHere = ({ edits }: Recording): number => edits.filter(({ moment }) => moment <= this.#at).length;
    const own = before(this.recording);
    const isSame = (other: Recording): boolean =>
      upToHere(other) === own.length && before(other).every((edit, index) => edit === own[index]);
    return this.#futures.find((each) => each !== undefined && isSame(each)) ?? this.recording;
  }

  /** Whether the pass goes no further, as it waits for an answer that does not come before the run is over. */
  get isStuck(): boolean {
    const { moments } = this.recording;
    const waits = !moments.isEnd(this.#at) && moments.nextOfPass(this.#at) === undefined;
    return this.isEditable && waits && moments.answerOf(this.#at).kind === 'none';
  }

  /** Whether something can be changed in the run. */
  get isEditable(): boolean {
    return this.#live === undefined && this.#again !== undefined;
  }

  /** @throws UnansweredError where nothing can be changed */
  checkEditable(): void {
    this.#runAgain();
  }

  /** Goes over to another future that is kept, to the same moment in it as far as both have one. */
  take(future: number): Arrival {
    if (this.#futures[future] !== undefined) this.#current = future;
    return this.goTo(this.#at);
  }

  #runAgain(): NonNullable<Again> {
    if (this.#live !== undefined) throw new UnansweredError(ATTACHED());
    if (this.#again === undefined) throw new UnansweredError(REPLAYED(wordFor(this.recording)));
    return this.#again;
  }

  get #last(): Moment {
    return Math.max(0, this.recording.moments.length - 1);
  }

  #step(to: Moment | undefined, isThere: (recording: Recording, moment: Moment) => boolean): Arrival | undefined {
    // Of a run that goes on the next moment of any pass need not be that of this one.
    const isKnown = to !== undefined && (this.#live === undefined || isThere(this.recording, to));
    if (isKnown) return this.#to(to, 'step');
    return this.#await(this.#last, (recording, moment, isAnswered) =>
      !isAnswered && isThere(recording, moment) ? { reason: 'step' } : undefined,
    );
  }

  /** Lets the run go on until it meets something; one that is over is at its end. */
  #await(end: Moment, meets: Meets): Arrival | undefined {
    if (this.#live === undefined) return this.#to(end, 'end');
    this.#live.goOn(meets);
    return undefined;
  }

  #to(moment: Moment, reason: Arrival['reason'], stop?: number): Arrival {
    this.#at = moment;
    return { moment, reason, ...(stop === undefined ? {} : { stop }) };
  }
}

/** How many moments memory has room for, besides all else. */
function momentsThatFit(): number {
  return (getHeapStatistics().heap_size_limit * PART_OF_HEAP) / BYTES_A_MOMENT;
}

function isBeside(one: Edit, other: Edit): boolean {
  return one.moment === other.moment && !(one.kind === 'answer' && other.kind === 'answer');
}
