import { DisposableList, type Disposable } from '../base/disposable.ts';
import { Listeners } from '../base/listeners.ts';
import type { LogEffect } from './effects.ts';
import type { Hearing } from './hearing.ts';
import type { AnsweredRequest, Outcome, PassRecord, RequestRecord } from './pass-record.ts';

/** What passes do, as it happens, with what is said about it; times are the clock's microseconds. */
interface PassEvents {
  passStarted: [pass: PassRecord];
  phaseStarted: [pass: PassRecord, phase: string, atUs: number];
  requestStarted: [pass: PassRecord, request: RequestRecord];
  /** The request has been answered; it is the same object as when it started. */
  requestEnded: [pass: PassRecord, request: AnsweredRequest];
  logged: [pass: PassRecord, line: LogEffect, atUs: number];
  passEnded: [pass: PassRecord, outcome: Outcome, atUs: number];
  /** The pass was cut short: it has no outcome, and its last request may still be answered to nobody. */
  passAborted: [pass: PassRecord, atUs: number];
}

/** Hears of what it has a method for. All events of a pass come with the same object, on which state can hang. */
export type PassObserver = { readonly [E in keyof PassEvents]?: (...about: PassEvents[E]) => void };

type PassListeners = { readonly [E in keyof PassEvents]: Listeners<PassEvents[E]> };

/** The observers of all passes of a process. */
export class PassObservers implements PassListeners {
  readonly passStarted: PassListeners['passStarted'];
  readonly phaseStarted: PassListeners['phaseStarted'];
  readonly requestStarted: PassListeners['requestStarted'];
  readonly requestEnded: PassListeners['requestEnded'];
  readonly logged: PassListeners['logged'];
  readonly passEnded: PassListeners['passEnded'];
  readonly passAborted: PassListeners['passAborted'];
  /** What passes say that somebody hears at present. */
  readonly hearing: Hearing;

  /** @param onError hears of every error that an observer throws */
  constructor(onError?: (error: unknown) => void) {
    this.passStarted = new Listeners(onError);
    this.phaseStarted = new Listeners(onError);
    this.requestStarted = new Listeners(onError);
    this.requestEnded = new Listeners(onError);
    this.logged = new Listeners(onError);
    this.passEnded = new Listeners(onError);
    this.passAborted = new Listeners(onError);
    const { phaseStarted, logged } = this;
    this.hearing = {
      get phases() {
        return phaseStarted.isAny;
      },
      get lines() {
        return logged.isAny;
      },
    };
  }

  /** @returns ends the observing */
  add(observer: PassObserver): Disposable {
    const list = new DisposableList();
    const subscribe = <E extends keyof PassEvents>(event: E): void => {
      const listeners: PassListeners[E] = this[event];
      const listener = observer[event]?.bind(observer);
      if (listener !== undefined) list.add((listeners as Listeners<PassEvents[E]>).add(listener));
    };
    subscribe('passStarted');
    subscribe('phaseStarted');
    subscribe('requestStarted');
    subscribe('requestEnded');
    subscribe('logged');
    subscribe('passEnded');
    subscribe('passAborted');
    return list;
  }
}
