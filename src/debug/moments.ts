import type { ReconcileEffect } from '../runtime/effects.ts';
import type { Outcome, PassRecord } from '../runtime/pass-record.ts';
import type { Site } from './call-sites.ts';
import { MomentIndex } from './moment-index.ts';

/**
 * Number of a moment at which a pass can be stopped, counted from 0 over all passes of a run: an effect is about to be
 * performed, or the pass has ended.
 */
export type Moment = number;

/** How an effect was answered; nothing is known of an answer that has not come by the end of the run. */
export type Answer =
  | { readonly kind: 'none' }
  | { readonly kind: 'value'; readonly value: unknown; readonly atUs: number }
  | { readonly kind: 'error'; readonly error: unknown; readonly atUs: number }
  /** A trace tells that it came, perhaps with which status, and not what it said. Refused: with the server's words. */
  | { readonly kind: 'seen'; readonly status: number | undefined; readonly message: string; readonly atUs: number };

const NONE: Answer = { kind: 'none' };

/** A worker of a controller. */
export interface Worker {
  readonly controller: string;
  /** Counted from 0. */
  readonly worker: number;
}

/** A request that is in a trace: what it asked for, without what it sent. What the trace does not say is empty. */
export interface SeenRequest {
  readonly kind: 'seen-request';
  readonly verb: string;
  /** As traces name it: `ephemeralrunners/status`, or the Actions service's operation. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  /** For how many microseconds it waited for the lock of the Actions client. */
  readonly lockedUs: number;
}

/** A pass; one from a log may have an empty trigger, the worker -1, and NaN for times that are not known. */
export type SeenPass = Omit<PassRecord, 'trigger'> & { readonly trigger: string };

/** What a pass is about to do. */
export type Deed = ReconcileEffect | SeenRequest;

/** How a pass ended; a log need not tell. */
export type Ending = Outcome | { readonly kind: 'unknown' };

/** What all passes of a run did, in the order in which they did it. A moment is a row; rows are in columns. */
export class Moments {
  readonly #timesUs: number[] = [];
  readonly #passIds: number[] = [];
  readonly #sites: Site[] = [];
  /** The effect; at the end of a pass its outcome. */
  readonly #effects: (Deed | Ending)[] = [];
  readonly #answers: Answer[] = [];
  readonly #isEnd: boolean[] = [];
  readonly #isStale: boolean[] = [];
  readonly #passes = new Map<number, SeenPass>();
  readonly #ofPass = new Map<number, Moment[]>();
  /** Place of a moment among those of its pass. */
  readonly #places: number[] = [];
  readonly #ofWorkers = new MomentIndex();
  readonly #ofKeys = new MomentIndex();
  readonly #workers = new Map<string, Worker>();

  get length(): number {
    return this.#timesUs.length;
  }

  addEffect(pass: SeenPass, effect: Deed, site: Site, atUs: number): Moment {
    return this.#add(pass, effect, site, atUs, false);
  }

  addEnd(pass: SeenPass, outcome: Ending, atUs: number): Moment {
    return this.#add(pass, outcome, 0, atUs, true);
  }

  answer(moment: Moment, answer: Answer): void {
    this.#answers[moment] = answer;
  }

  /** The effect read a copy that the API server no longer had. */
  markStale(moment: Moment): void {
    this.#isStale[moment] = true;
  }

  timeUs(moment: Moment): number {
    return this.#timesUs[moment] ?? 0;
  }

  pass(moment: Moment): SeenPass {
    return this.#passes.get(this.#passIds[moment] ?? -1) as SeenPass;
  }

  site(moment: Moment): Site {
    return this.#sites[moment] ?? 0;
  }

  /** Undefined at the end of a pass. */
  effect(moment: Moment): Deed | undefined {
    return this.isEnd(moment) ? undefined : (this.#effects[moment] as Deed);
  }

  /** Undefined but at the end of a pass. */
  outcome(moment: Moment): Ending | undefined {
    return this.isEnd(moment) ? (this.#effects[moment] as Ending) : undefined;
  }

  answerOf(moment: Moment): Answer {
    return this.#answers[moment] ?? NONE;
  }

  isEnd(moment: Moment): boolean {
    return this.#isEnd[moment] === true;
  }

  isStale(moment: Moment): boolean {
    return this.#isStale[moment] === true;
  }

  /** All moments of a pass, in order. */
  ofPass(id: number): readonly Moment[] {
    return this.#ofPass.get(id) ?? [];
  }

  previousOfPass(moment: Moment): Moment | undefined {
    return this.ofPass(this.#passIds[moment] ?? -1)[(this.#places[moment] ?? 0) - 1];
  }

  nextOfPass(moment: Moment): Moment | undefined {
    return this.ofPass(this.#passIds[moment] ?? -1)[(this.#places[moment] ?? 0) + 1];
  }

  passes(): Iterable<SeenPass> {
    return this.#passes.values();
  }

  /** All that had a pass, in the order in which they took their first. */
  workers(): Iterable<Worker> {
    return this.#workers.values();
  }

  /** The last moment of a worker at or before another moment. */
  lastOfWorker(worker: Worker, moment: Moment): Moment | undefined {
    return this.#ofWorkers.lastUpTo(nameOf(worker), moment);
  }

  /** The first moment of a worker after another moment. */
  nextOfWorker(worker: Worker, moment: Moment): Moment | undefined {
    return this.#ofWorkers.from(nameOf(worker), moment + 1).next().value as Moment | undefined;
  }

  /** The last moment of a key's passes at or before another moment. */
  lastOfKey(key: string, moment: Moment): Moment | undefined {
    return this.#ofKeys.lastUpTo(key, moment);
  }

  /** All moments of a key's passes from a moment on, in order. */
  ofKeyFrom(key: string, moment: Moment): IterableIterator<Moment> {
    return this.#ofKeys.from(key, moment);
  }

  #add(pass: SeenPass, what: Deed | Ending, site: Site, atUs: number, isEnd: boolean): Moment {
    const moment = this.length;
    this.#timesUs.push(atUs);
    this.#passIds.push(pass.id);
    this.#sites.push(site);
    this.#effects.push(what);
    this.#answers.push(NONE);
    this.#isEnd.push(isEnd);
    this.#isStale.push(false);
    let ofPass = this.#ofPass.get(pass.id);
    if (ofPass === undefined) {
      this.#passes.set(pass.id, pass);
      this.#ofPass.set(pass.id, (ofPass = []));
      if (!this.#workers.has(nameOf(pass))) this.#workers.set(nameOf(pass), pass);
    }
    this.#places.push(ofPass.length);
    ofPass.push(moment);
    this.#ofWorkers.add(nameOf(pass), moment);
    this.#ofKeys.add(pass.key, moment);
    return moment;
  }
}

function nameOf({ controller, worker }: Worker): string {
  return `${controller} ${worker}`;
}
