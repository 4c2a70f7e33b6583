import { Effect } from '../base/effect.ts';
import { SourceFiles, type SourcePlace } from './source-files.ts';

/** Number of a creation site; 0 where it is not known. */
export type Site = number;

/** Most stacks have fewer frames up to the pass, and each costs; those that have more are captured again, whole. */
const USUAL_DEPTH = 10;
const MOST_DEPTH = 60;
/** A pass is run by this file: what is further out on the stack is no longer the reconciler. */
const RUNTIME = 'runtime/pass.ts';
/** Effects are made by functions of these files, which say nothing about where. */
const MAKERS: ReadonlySet<string> = new Set(['runtime/effects.ts', 'base/effect.ts']);

/**
 * Where effects are made. A generator keeps its frames on V8's stack while it runs, so that the stack at an effect's
 * creation is the pass's own call stack. Each distinct stack is kept once.
 */
export class CallSites {
  readonly sources: SourceFiles;
  readonly #siteOf = new WeakMap<Effect<unknown>, Site>();
  readonly #sites = new Map<string, Site>();
  readonly #frames: (readonly SourcePlace[])[] = [[]];
  readonly #places = new Map<string, Map<number, Place | typeof PASS | undefined>>();
  #lastPlace = 0;

  constructor(sources = new SourceFiles()) {
    this.sources = sources;
  }

  /** Looks at every effect that is made while `work` runs. */
  during<T>(work: () => T): T {
    const { onCreated } = Effect;
    const { stackTraceLimit } = Error;
    const prepare = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
    // Once for all: to change it for each effect costs more than the stack.
    Error.prepareStackTrace = (_, calls) => calls;
    Effect.onCreated = (effect) => this.#siteOf.set(effect, this.#capture());
    try {
      return work();
    } finally {
      Effect.onCreated = onCreated;
      Error.stackTraceLimit = stackTraceLimit;
      if (prepare === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace');
      else Object.defineProperty(Error, 'prepareStackTrace', prepare);
    }
  }

  of(effect: Effect<unknown>): Site {
    return this.#siteOf.get(effect) ?? 0;
  }

  /** The call stack at a site, innermost first; empty where it is not known. */
  frames(site: Site): readonly SourcePlace[] {
    return this.#frames[site] ?? [];
  }

  /** Frames further out than the pass are left out: who runs it differs from run to run. */
  #capture(): Site {
    const places = this.#passPlaces(callSites(USUAL_DEPTH)) ?? this.#passPlaces(callSites(MOST_DEPTH)) ?? [];
    let key = '';
    for (const { number } of places) key += `${number},`;
    let site = this.#sites.get(key);
    if (site === undefined) {
      site = this.#frames.length;
      this.#sites.set(key, site);
      this.#frames.push(places.map(({ at }) => at));
    }
    return site;
  }

  /** The frames of the pass; undefined when they end before the pass does. */
  #passPlaces(calls: readonly NodeJS.CallSite[]): readonly Place[] | undefined {
    const places: Place[] = [];
    for (const call of calls) {
      const place = this.#placeOf(call);
      if (place === PASS) return places;
      if (place !== undefined) places.push(place);
    }
    return undefined;
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

/** The stack as V8 knows it, without making text of it; only while effects are looked at. */
function callSites(depth: number): readonly NodeJS.CallSite[] {
  Error.stackTraceLimit = depth;
  const holder: { stack?: unknown } = {};
  Error.captureStackTrace(holder, callSites);
  return holder.stack as readonly NodeJS.CallSite[];
}
