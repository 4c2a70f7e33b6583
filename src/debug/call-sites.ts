import type { Disposable } from '../base/disposable.ts';
import { Effect } from '../base/effect.ts';
import { SourceFiles, type SourcePlace } from './source-files.ts';

/** Number of a creation site; 0 where it is not known. */
export type Site = number;

/** Call stacks by the number of their site. */
export interface Stacks {
  /** Innermost first; empty where it is not known. */
  frames(site: Site): readonly SourcePlace[];
}

/**
 * Each frame costs a microsecond. The place before in the same pass and this many innermost frames tell which stack it is,
 * once it has been captured whole.
 */
const SHORT_DEPTH = 4;
const WHOLE_DEPTH = 60;
/** A pass is run by this file: what is further out on the stack is no longer the reconciler. */
const RUNTIME = 'runtime/pass.ts';
/** Effects are made by functions of these files, which say nothing about where. */
const MAKERS: ReadonlySet<string> = new Set(['runtime/effects.ts', 'base/effect.ts']);

/**
 * Where effects are made. A generator keeps its frames on V8's stack while it runs, so that the stack at an effect's
 * creation is the pass's own call stack. Each distinct stack is kept once, and captured whole only where it is new. Effects
 * are looked at between enter() and leave(): others are none of a pass that is recorded.
 */
export class CallSites implements Stacks {
  readonly sources: SourceFiles;
  /** Of effects that have not been performed yet. */
  readonly #siteOf = new WeakMap<Effect<unknown>, Site>();
  readonly #sites = new Map<string, Site>();
  readonly #frames: (readonly SourcePlace[])[] = [[]];
  readonly #places = new Map<string, Map<number, Place | typeof PASS | undefined>>();
  /** Sites by the one before and the innermost frames. */
  readonly #known = new Map<string, Site>();
  readonly #depth: number;
  /** Where the pass that runs was before; undefined while none does. */
  #before: Site | undefined;
  #lastPlace = 0;

  /** @param depth how many frames of a stack are looked at where it may be known */
  constructor(sources = new SourceFiles(), depth = SHORT_DEPTH) {
    this.sources = sources;
    this.#depth = depth;
  }

  /** A pass goes on from a site, or begins with 0. */
  enter(site: Site): void {
    this.#before = site;
  }

  /** The pass has made an effect and waits for its answer, or is over. */
  leave(): void {
    this.#before = undefined;
  }

  /** Looks at every effect that is made while `work` runs. */
  during<T>(work: () => T): T {
    const { onCreated } = Effect;
    Effect.onCreated = (effect) => {
      if (this.#before !== undefined) this.#siteOf.set(effect, this.#capture(this.#before));
    };
    try {
      // Once for all: to change it for each effect costs more than the stack.
      return withCallSites(work);
    } finally {
      Effect.onCreated = onCreated;
    }
  }

  /** Looks at every effect that is made from now on. How other code sees its stacks is left as it is. */
  watch(): Disposable {
    const { onCreated } = Effect;
    Effect.onCreated = (effect) => {
      onCreated?.(effect);
      const before = this.#before;
      if (before !== undefined) withCallSites(() => this.#siteOf.set(effect, this.#capture(before)));
    };
    return { dispose: () => (Effect.onCreated = onCreated) };
  }

  /** Where an effect was made, which is asked once, when it is performed. To know it of all that are kept costs time and memory. */
  take(effect: Effect<unknown>): Site {
    const site = this.#siteOf.get(effect) ?? 0;
    this.#siteOf.delete(effect);
    return site;
  }

  /** The call stack at a site, innermost first; empty where it is not known. */
  frames(site: Site): readonly SourcePlace[] {
    return this.#frames[site] ?? [];
  }

  #capture(before: Site): Site {
    let short = `${before}`;
    for (const call of callSites(this.#depth)) short += `,${call.getPosition()}`;
    let site = this.#known.get(short);
    if (site === undefined) this.#known.set(short, (site = this.#captureWhole()));
    return site;
  }

  /** Frames further out than the pass are left out: who runs it differs from run to run. */
  #captureWhole(): Site {
    const places = this.#passPlaces(callSites(WHOLE_DEPTH));
    const key = places.map(({ number }) => number).join();
    let site = this.#sites.get(key);
    if (site === undefined) {
      site = this.#frames.length;
      this.#sites.set(key, site);
      this.#frames.push(places.map(({ at }) => at));
    }
    return site;
  }

  /** The frames of the pass; none when they end before the pass does. */
  #passPlaces(calls: readonly NodeJS.CallSite[]): readonly Place[] {
    const places: Place[] = [];
    for (const call of calls) {
      const place = this.#placeOf(call);
      if (place === PASS) return places;
      if (place !== undefined) places.push(place);
    }
    return [];
  }

  /** Lines and columns are dear: V8 counts them from offsets in the script, which are cheap. */
  #placeOf(call: NodeJS.CallSite): Place | typeof PASS | undefined {
    const script = call.getScriptNameOrSourceURL() ?? '';
    let ofScript = this.#places.get(script);
    if (ofScript === undefined)
      this.#places.set(script, (ofScript = new Map<number, Place | typeof PASS | undefined>()));
    const offset = call.getPosition();
    let place = ofScript.get(offset);
    if (place === undefined && !ofScript.has(offset)) {
      const at = this.sources.placeOf(script, call.getLineNumber() ?? 0, call.getColumnNumber() ?? 0);
      const isMaker = at === undefined || MAKERS.has(at.file) || at.file.startsWith('debug/');
      place = at?.file === RUNTIME ? PASS : isMaker ? undefined : { number: ++this.#lastPlace, at };
      ofScript.set(offset, place);
    }
    return place;
  }
}

/** A place in the sources with a short name. */
interface Place {
  readonly number: number;
  readonly at: SourcePlace;
}

/** Where a pass is run: the end of its own frames. */
const PASS = 'pass';

/** Stacks are call sites while `work` runs, and text again after it. */
function withCallSites<T>(work: () => T): T {
  const { stackTraceLimit } = Error;
  const prepare = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  Error.prepareStackTrace = (_, calls) => calls;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    if (prepare === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace');
    else Object.defineProperty(Error, 'prepareStackTrace', prepare);
  }
}

/** The stack as V8 knows it, without making text of it; only while effects are looked at. */
function callSites(depth: number): readonly NodeJS.CallSite[] {
  Error.stackTraceLimit = depth;
  const holder: { stack?: unknown } = {};
  Error.captureStackTrace(holder, Effect);
  return holder.stack as readonly NodeJS.CallSite[];
}
