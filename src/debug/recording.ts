import { t } from '@vscode/l10n';
import type { SecretRegistry } from '../base/redact.ts';
import { keyOf, type ApiObject } from '../kubernetes/types.ts';
import type { Resource } from '../kubernetes/resource.ts';
import { simulate, simulateInSlices, type FinishedRun, type RunOptions } from '../run/embedded-run.ts';
import type { RunSettings } from '../run/settings.ts';
import { START_UP_US, type EmbeddedRun } from '../run/start-embedded.ts';
import type { ReconcileEffect } from '../runtime/effects.ts';
import { LISTENER } from '../reconciler/autoscaling-listener/names.ts';
import type { PassObserver } from '../runtime/observer.ts';
import type { Driver } from '../runtime/pass.ts';
import type { PassRecord } from '../runtime/pass-record.ts';
import type { Wait } from '../runtime/work-queue.ts';
import { isRead } from '../trace/header.ts';
import { CallSites, type Stacks } from './call-sites.ts';
import { Editor, type Edit } from './edits.ts';
import { History } from './history.ts';
import { Moments, type Moment, type SeenPass } from './moments.ts';
import { RecordingDriver } from './recording-driver.ts';

/** A log may tell of a wait without its trigger. */
type SeenWait = Omit<Wait, 'trigger'> & { readonly trigger: string };

/** Tokens of a client's bucket after a request took one; they grow with time up to the burst. Less than 0 is owed. */
export interface BucketLevel {
  readonly tokens: number;
  readonly atUs: number;
}

/**
 * A run with all that its passes did, saw and heard: what was true at any moment is found without running anything again.
 * One that is read from a trace has what the trace tells.
 */
export interface Recording {
  /** Whether it is known what requests were answered, and all that the run saw: it can then be run again with a change. */
  readonly hasAnswers: boolean;
  /** Whether the run goes on: what has no answer may still get one. */
  readonly goesOn?: true;
  readonly settings: RunSettings;
  readonly finished: Pick<FinishedRun, 'trace' | 'originUs' | 'end'>;
  readonly moments: Moments;
  readonly sites: Stacks;
  /** What the API server held, by `kind namespace/name`. */
  readonly truth: History<ApiObject>;
  /** What the controllers' caches held, by `kind namespace/name`. */
  readonly cache: History<ApiObject>;
  /** Kinds that the controllers have caches of; what they hold of others they have asked the API server for. */
  readonly cachedKinds: ReadonlySet<string>;
  /** What keys wait for, by `controller key`. */
  readonly waits: History<SeenWait>;
  /** Which pass holds a lock, by its name. */
  readonly locks: History<number>;
  /** The client's bucket for each kind of object, by plural name. */
  readonly buckets: History<BucketLevel>;
  /** For how many microseconds the client held a moment's request back, where it did. */
  readonly throttled: ReadonlyMap<Moment, number>;
  /** The moment whose request made a version of an object, by that resource version. */
  readonly writers: ReadonlyMap<string, Moment>;
  readonly epochMs: number;
  /** For what is shown of it. */
  readonly secrets: SecretRegistry;
  readonly edits: readonly Edit[];
}

/** Whether nothing can be added to a recording, nor changed in it: what is not in it never comes. */
export function isReplay({ hasAnswers, goesOn }: Recording): boolean {
  return !hasAnswers && goesOn !== true;
}

/** What a replay was read from, in a word. */
export function wordFor({ finished: { trace } }: Recording): string {
  return isRead(trace.header) ? t('log') : t('trace');
}

/** How `kind` and key of an object become one key of a history. */
export function objectKey(kind: string, key: string): string {
  return `${kind} ${key}`;
}

/**
 * Runs the lab on the embedded cluster in virtual time and keeps everything. The same settings give the same moments; edits
 * change nothing before the first of theirs.
 * @param sites of an earlier recording, whose numbers then mean the same
 */
export function record(
  settings: RunSettings,
  options: Omit<RunOptions, 'hooks' | 'onStarted'> = {},
  edits: readonly Edit[] = [],
  sites = new CallSites(),
): Recording {
  const recorder = new Recorder(settings, edits, sites);
  const finished = sites.during(() => simulate(settings, { ...options, ...recorder.hooks }));
  return recorder.end(finished);
}

/** Who waits for a recording. */
export interface Waiter {
  /** Comes when nobody wants it any more. */
  readonly signal: AbortSignal;
  /** Told now and then how far it has come, in the run's own time. */
  readonly onSlice?: (moments: number, sinceBeginningUs: number) => void;
}

/** All that a run does is kept in memory: about a kilobyte for each moment. */
const MOST_MOMENTS = 2_000_000;

/**
 * The same, with turns of the event loop in between.
 * @param most it is ended after about this many moments
 * @returns undefined where it was given up
 */
export async function recordInSlices(
  settings: RunSettings,
  options: Omit<RunOptions, 'hooks' | 'onStarted' | 'signal'>,
  edits: readonly Edit[],
  sites: CallSites,
  { signal, onSlice }: Waiter,
  most = MOST_MOMENTS,
): Promise<Recording | undefined> {
  const recorder = new Recorder(settings, edits, sites, most);
  const asked = { ...options, ...recorder.hooks, signal: AbortSignal.any([signal, recorder.isFull]) };
  const finished = await simulateInSlices(settings, asked, (work) => {
    onSlice?.(...recorder.soFar);
    return sites.during(work);
  });
  return signal.aborted ? undefined : recorder.end(finished);
}

class Recorder {
  readonly hooks: Pick<RunOptions, 'hooks' | 'onStarted'>;
  readonly #settings: RunSettings;
  readonly #edits: readonly Edit[];
  readonly #editor: Editor;
  readonly #sites: CallSites;
  readonly #moments = new Moments();
  readonly #truth = new History<ApiObject>();
  readonly #cache = new History<ApiObject>();
  readonly #waits = new History<Wait>();
  readonly #locks = new History<number>();
  readonly #buckets = new History<BucketLevel>();
  readonly #throttled = new Map<Moment, number>();
  readonly #writers = new Map<string, Moment>();
  /** Processes of listeners count their passes from 0 again: here they have numbers below 0. */
  readonly #ofListeners = new Map<PassRecord, SeenPass>();
  readonly #full = new AbortController();
  #failure: { readonly error: unknown } | undefined;
  #run: EmbeddedRun | undefined;

  constructor(settings: RunSettings, edits: readonly Edit[], sites: CallSites, most = Infinity) {
    this.#settings = settings;
    this.#edits = edits;
    this.#editor = new Editor(edits);
    this.#sites = sites;
    const wrapDriver = (inner: Driver): Driver =>
      new RecordingDriver({
        ...{ inner, moments: this.#moments, sites, clock: () => this.#started.clock },
        keptAs: (pass) => this.#keptAs(pass),
        onEffect: (moment, effect) => {
          if (moment >= most) this.#full.abort();
          return this.#edit(moment, effect);
        },
        onAnswer: (moment, effect, value) => this.#answered(moment, effect, value),
      });
    this.hooks = {
      hooks: { observers: [this.#observer()], wrapDriver, wrapListener: wrapDriver },
      onStarted: (run) => this.#follow(run),
    };
  }

  /** Comes when nothing more can be kept. */
  get isFull(): AbortSignal {
    return this.#full.signal;
  }

  /** Moments, and how far it has come in the run's own time. */
  get soFar(): readonly [moments: number, sinceBeginningUs: number] {
    return [this.#moments.length, Math.max(0, (this.#run?.clock.nowUs() ?? 0) - START_UP_US)];
  }

  /** @throws Error where an edit could not be made */
  end(finished: FinishedRun): Recording {
    if (this.#failure !== undefined) throw this.#failure.error;
    const { environment, controllers } = this.#started;
    const { epochMs, secrets } = environment;
    return {
      cachedKinds: new Set(controllers.caches.kinds.map(({ kind }) => kind)),
      hasAnswers: true,
      ...{ settings: this.#settings, finished, moments: this.#moments, sites: this.#sites, edits: this.#edits },
      ...{ truth: this.#truth, cache: this.#cache, waits: this.#waits, locks: this.#locks, buckets: this.#buckets },
      ...{ throttled: this.#throttled, writers: this.#writers, epochMs, secrets },
    };
  }

  /** An edit that cannot be made is no failure of the pass in which it is: the recording is none. */
  #edit(moment: Moment, effect?: ReconcileEffect): ReturnType<Editor['before']> {
    try {
      return this.#editor.before(moment, effect, this.#started);
    } catch (error) {
      this.#failure ??= { error };
      this.#full.abort();
      return undefined;
    }
  }

  get #started(): EmbeddedRun {
    if (this.#run === undefined) throw new Error('the run has not been put together yet');
    return this.#run;
  }

  #follow(run: EmbeddedRun): void {
    this.#run = run;
    this.#editor.attach(run);
    const { controllers, environment } = run;
    const { store } = environment.cluster.api;
    store.listen((resource, type, object) => {
      this.#note(this.#truth, resource, keyOf(object.metadata), type === 'deleted' ? undefined : object);
    });
    for (const kind of controllers.caches.kinds) {
      controllers.caches.of(kind).listen((event, key, object) => {
        this.#note(this.#cache, kind, key, event === 'deleted' ? undefined : object);
      });
    }
    for (const { name, queue } of controllers.all) {
      queue.listen((key, wait) => this.#waits.change(`${name} ${key}`, this.#moments.length, wait));
    }
  }

  /** A listener's gets the number that it has here. */
  #keptAs(pass: PassRecord): SeenPass {
    if (pass.controller !== LISTENER) return pass;
    let kept = this.#ofListeners.get(pass);
    if (kept === undefined) {
      const { controller, key, worker, attempt, trigger, priority, queuedUs, readyUs, startedUs } = pass;
      const times = { queuedUs, readyUs, startedUs };
      kept = { id: -1 - this.#ofListeners.size, controller, key, worker, attempt, trigger, priority, ...times };
      this.#ofListeners.set(pass, kept);
    }
    return kept;
  }

  #note(history: History<ApiObject>, { kind }: Resource, key: string, object: ApiObject | undefined): void {
    history.change(objectKey(kind, key), this.#moments.length, object);
  }

  #observer(): PassObserver {
    const { qps, burst } = this.#settings;
    return {
      requestStarted: (pass, { to, verb, resource, startedUs, throttledUs }) => {
        const moment = this.#moments.ofPass(this.#keptAs(pass).id).at(-1);
        if (moment !== undefined && throttledUs > 0) this.#throttled.set(moment, throttledUs);
        // A listener has a client of its own, and lists have buckets of theirs.
        if (pass.controller === LISTENER || verb === 'list') return;
        if (to !== 'kubernetes' || qps <= 0) return;
        const kind = resource.split('/', 1)[0] ?? resource;
        const tokens = tokensAt(this.#buckets.at(kind, this.#moments.length), startedUs, qps, burst) - 1;
        // The client's own figure is exact where it had to wait.
        const exact = throttledUs > 0 ? (-throttledUs * qps) / 1e6 : tokens;
        this.#buckets.change(kind, this.#moments.length, { tokens: exact, atUs: startedUs });
      },
      passEnded: (pass, outcome, atUs) => {
        this.#sites.leave();
        this.#edit(this.#moments.addEnd(this.#keptAs(pass), outcome, atUs));
      },
    };
  }

  #answered(moment: Moment, effect: ReconcileEffect, value: unknown): void {
    const at = this.#moments.length;
    if (effect.kind === 'kubernetes') {
      const version = (value as Partial<ApiObject> | undefined)?.metadata?.resourceVersion;
      const { verb } = effect.request;
      if (version !== undefined && verb !== 'get' && verb !== 'list') this.#writers.set(version, moment);
    } else if (effect.kind === 'lock') this.#locks.change(effect.name, at, this.#moments.pass(moment).id);
    else if (effect.kind === 'unlock') {
      // The lock may have gone to the next pass by now, whose answer came first.
      if (this.#locks.at(effect.name, at) === this.#moments.pass(moment).id)
        this.#locks.change(effect.name, at, undefined);
    } else if (effect.kind === 'cached-get') {
      const newest = this.#truth.at(objectKey(effect.resource.kind, effect.key), at);
      const seen = value as ApiObject | undefined;
      if (newest?.metadata.resourceVersion !== seen?.metadata.resourceVersion) this.#moments.markStale(moment);
    }
  }
}

/** Tokens that a bucket has at a time; it starts full. */
export function tokensAt(level: BucketLevel | undefined, atUs: number, qps: number, burst: number): number {
  return level === undefined ? burst : Math.min(burst, level.tokens + ((atUs - level.atUs) * qps) / 1e6);
}
