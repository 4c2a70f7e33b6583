import { t } from '@vscode/l10n';
import { PlainError } from '../base/plain-error.ts';
import type { RunOptions } from '../run/embedded-run.ts';
import type { RunSettings } from '../run/settings.ts';
import type { Stop } from './breakpoints.ts';
import { CallSites } from './call-sites.ts';
import type { Edit } from './edits.ts';
import type { Moment } from './moments.ts';
import { back, into, out, over, search } from './navigation.ts';
import { record, type Recording } from './recording.ts';

/** Where a debugger went and why. */
export interface Arrival {
  readonly moment: Moment;
  readonly reason: 'entry' | 'step' | 'breakpoint' | 'start' | 'end' | 'goto';
  /** Index of the stop that was met. */
  readonly stop?: number;
}

/** How a run is recorded again, with changes; undefined where nobody knows enough of it for that. */
type Again = ((edits: readonly Edit[]) => Recording) | undefined;

/** What asks for answers that nobody knows; the message is a sentence for people. */
export class UnansweredError extends PlainError {
  override readonly name = 'UnansweredError';

  constructor() {
    super(t('This log shows what happened, not what was answered: stepping works, editing needs a simulated run.'));
  }
}

/**
 * Walks through a run, both ways. The run has been recorded whole, so that going anywhere is looking something up; what is
 * changed makes a second future of it, recorded like the first.
 */
export class Debugger {
  readonly #again: Again;
  readonly #futures: Recording[];
  #current = 0;
  #at: Moment = 0;

  private constructor(first: Recording, again: Again) {
    this.#again = again;
    this.#futures = [first];
  }

  /** Runs in virtual time. */
  static simulate(settings: RunSettings, options: Pick<RunOptions, 'load' | 'horizonUs'> = {}): Debugger {
    const sites = new CallSites();
    const again = (edits: readonly Edit[]): Recording => record(settings, options, edits, sites);
    return new Debugger(again([]), again);
  }

  /** Walks through what is known of a run that nobody can run again. */
  static replay(recording: Recording): Debugger {
    return new Debugger(recording, undefined);
  }

  get recording(): Recording {
    return this.#futures[this.#current] as Recording;
  }

  get at(): Moment {
    return this.#at;
  }

  /** Every future that has been recorded; the first is the one without changes. */
  get futures(): readonly Recording[] {
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
  run(direction: 1 | -1, stops: readonly Stop[], from: Moment = this.#at): Arrival {
    const found = search(this.recording, from, direction, stops);
    if (found !== undefined) return this.#to(found.moment, 'breakpoint', found.stop);
    return direction === 1 ? this.#to(this.#last, 'end') : this.#to(0, 'start');
  }

  stepOver(): Arrival {
    return this.#step(over(this.recording, this.#at), this.#last, 'end');
  }

  stepInto(): Arrival {
    return this.#step(into(this.recording, this.#at) ?? over(this.recording, this.#at), this.#last, 'end');
  }

  stepOut(): Arrival {
    return this.#step(out(this.recording, this.#at), this.#last, 'end');
  }

  stepBack(): Arrival {
    return this.#step(back(this.recording, this.#at), 0, 'start');
  }

  goTo(moment: Moment): Arrival {
    return this.#to(Math.max(0, Math.min(moment, this.#last)), 'goto');
  }

  /**
   * Changes what happens at the moment where it stands. Edits of later moments are dropped: they belong to the other
   * future; so is an earlier answer to the same effect.
   * @throws UnansweredError for a run that is read from a trace
   */
  edit(edit: Edit): void {
    if (this.#again === undefined) throw new UnansweredError();
    const kept = this.recording.edits.filter((each) => each.moment < edit.moment || isBeside(each, edit));
    this.#futures.push(this.#again([...kept, edit]));
    this.#current = this.#futures.length - 1;
  }

  /** Goes over to another future, to the same moment in it as far as both have one. */
  take(future: number): Arrival {
    this.#current = Math.max(0, Math.min(future, this.#futures.length - 1));
    return this.goTo(this.#at);
  }

  get #last(): Moment {
    return Math.max(0, this.recording.moments.length - 1);
  }

  #step(to: Moment | undefined, otherwise: Moment, end: 'start' | 'end'): Arrival {
    return to === undefined ? this.#to(otherwise, end) : this.#to(to, 'step');
  }

  #to(moment: Moment, reason: Arrival['reason'], stop?: number): Arrival {
    this.#at = moment;
    return { moment, reason, ...(stop === undefined ? {} : { stop }) };
  }
}

function isBeside(one: Edit, other: Edit): boolean {
  return one.moment === other.moment && !(one.kind === 'answer' && other.kind === 'answer');
}
