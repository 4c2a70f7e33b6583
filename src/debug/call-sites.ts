import { Effect } from '../base/effect.ts';
import { SourceFiles, type SourcePlace } from './source-files.ts';

/** Number of a creation site; 0 where it is not known. */
export type Site = number;

/** Frames of passes are never deeper. */
const DEPTH = 30;
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
  readonly #places = new Map<string, SourcePlace | undefined>();

  constructor(sources = new SourceFiles()) {
    this.sources = sources;
  }

  /** Looks at every effect that is made while `work` runs. */
  during<T>(work: () => T): T {
    const before = Effect.onCreated;
    Effect.onCreated = (effect) => this.#siteOf.set(effect, this.#capture());
    try {
      return work();
    } finally {
      Effect.onCreated = before;
    }
  }

  of(effect: Effect<unknown>): Site {
    return this.#siteOf.get(effect) ?? 0;
  }

  /** The call stack at a site, innermost first; empty where it is not known. */
  frames(site: Site): readonly SourcePlace[] {
    return this.#frames[site] ?? [];
  }

  get count(): number {
    return this.#frames.length;
  }

  /** Frames further out than the pass are left out: who runs it differs from run to run. */
  #capture(): Site {
    let key = '';
    const frames: SourcePlace[] = [];
    for (const call of callSites()) {
      const place = this.#placeOf(call);
      if (place?.file === RUNTIME) break;
      if (place === undefined || MAKERS.has(place.file) || place.file.startsWith('debug/')) continue;
      key += `${place.file}:${place.line}:${place.column};`;
      frames.push(place);
    }
    let site = this.#sites.get(key);
    if (site === undefined) {
      site = this.#frames.length;
      this.#sites.set(key, site);
      this.#frames.push(frames);
    }
    return site;
  }

  #placeOf({ script, line, column }: Call): SourcePlace | undefined {
    const key = `${script}:${line}:${column}`;
    if (!this.#places.has(key)) this.#places.set(key, this.sources.placeOf(script, line, column));
    return this.#places.get(key);
  }
}

interface Call {
  readonly script: string;
  readonly line: number;
  readonly column: number;
}

/** The stack as V8 knows it, without making text of it. */
function callSites(): readonly Call[] {
  const { stackTraceLimit } = Error;
  const before = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  Error.stackTraceLimit = DEPTH;
  Error.prepareStackTrace = (_, calls) =>
    calls.map((call) => ({
      script: call.getScriptNameOrSourceURL() ?? '',
      line: call.getLineNumber() ?? 0,
      column: call.getColumnNumber() ?? 0,
    }));
  try {
    const holder: { stack?: unknown } = {};
    Error.captureStackTrace(holder, callSites);
    return holder.stack as readonly Call[];
  } finally {
    if (before === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace');
    else Object.defineProperty(Error, 'prepareStackTrace', before);
    Error.stackTraceLimit = stackTraceLimit;
  }
}
