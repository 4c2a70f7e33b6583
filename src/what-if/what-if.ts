import { availableParallelism } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import { t } from '@vscode/l10n';
import { advise, versionOf } from '../advice/advise.ts';
import type { Outcome } from '../advice/outcome.ts';
import { flagChanges } from '../advice/patch.ts';
import { Simulator } from '../advice/simulator.ts';
import type { Disposable } from '../base/disposable.ts';
import { messageOf } from '../base/message.ts';
import { fitting } from '../run/fitting-settings.ts';
import type { RunFigures, RunSpec } from '../run/run-spec.ts';
import type { RunSettings } from '../run/settings.ts';
import { SimulationCancelled } from '../run/simulation-errors.ts';
import { SimulationPool } from '../run/simulation-pool.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import type { FieldId, FieldValues, Patch, WhatIfHostMessage } from '../what-if-protocol.ts';
import { fieldsOf, readValues, type Origins, type Question } from './fields.ts';
import { comparedMessage, curveMessage, effectsOf, foundMessage, growthMessage, nowMessage, patchOf } from './words.ts';

/** What advice is asked about, and where that comes from. */
export interface Subject {
  readonly title: string;
  /** Where the settings come from, in a sentence. */
  readonly source: string;
  /** The release as it was named, which may be a version that a release stands for. */
  readonly named: string;
  readonly question: Question;
  readonly origins: Origins;
}

/** A run of the compared timeline. */
export type ComparedRun = RunFigures & { readonly trace: TraceLog };

/** What hears of results. */
export interface WhatIfListener {
  post(message: WhatIfHostMessage): void;
  /** The compared timeline is to show these: the run with the settings that are there, and with those that are tried. */
  show(now: ComparedRun, tried: ComparedRun | undefined): void;
}

/** How many runs of other seeds a figure is the median of. */
const SEEDS = 5;
/** Runs of as many runners in all are kept for the compared timeline. */
const KEPT_RUNNERS = 3_000;
/** The sliders that people move first: their next stops are simulated before anybody does. */
const LIKELY_FIRST: readonly FieldId[] = ['workers', 'qps'];
/** How often the page hears of progress. */
const PROGRESS_MS = 200;

/**
 * What would be if: advice on settings, computed again whenever they change, and settings that are tried beside them. What was
 * being computed is given up then.
 */
export class WhatIf implements Disposable {
  readonly #subject: Subject;
  readonly #listener: WhatIfListener;
  readonly #pool: SimulationPool;
  /** A thread that the compared timeline need not share. */
  readonly #tryPool: SimulationPool;
  #question: Question;
  #tried: FieldValues = {};
  /** What the fields held when it was last asked; undefined before the first time. */
  #values: FieldValues | undefined;
  /** The last values of the fields that could be used. */
  #usable: FieldValues = {};
  /** What has been said since then. */
  #said: WhatIfHostMessage[] = [];
  #advising = new AbortController();
  #trying = new AbortController();
  /** Runs for the compared timeline, by what they are of: the last ones that were wanted. */
  readonly #runs = new Map<string, ComparedRun>();
  /** The figures with the settings that are there. */
  #before: Promise<Outcome> | undefined;
  #foundPatch: Patch | null = null;
  #triedPatch: Patch | null = null;

  /** @param threads how many compute advice, besides one for the compared timeline; with 0 they take turns with the event loop */
  constructor(subject: Subject, listener: WhatIfListener, threads = Math.max(1, availableParallelism() - 1)) {
    this.#subject = subject;
    this.#listener = listener;
    this.#question = subject.question;
    this.#pool = new SimulationPool(threads);
    this.#tryPool = new SimulationPool(Math.min(1, threads));
    // The first question comes with the page, which takes longer to load.
    for (const pool of [this.#tryPool, this.#pool]) pool.warm();
  }

  /** What the fields say now, and with what is tried. */
  get settings(): { readonly now: RunSettings; readonly tried: RunSettings; readonly load: Question['load'] } {
    const { settings, load } = this.#question;
    return { now: fitting(settings), tried: fitting(this.#triedQuestion().settings), load };
  }

  /** The patch that is shown: of what is tried, or else of what was found. */
  get patch(): Patch | null {
    return this.#triedPatch ?? this.#foundPatch;
  }

  /** Version of the chart that a patch is for. */
  get version(): string | undefined {
    return versionOf(this.#named);
  }

  /**
   * A page has come that knows no more than what was written and tried on it: what has been said of that is said again, and
   * the rest when it is known.
   */
  async start(values: FieldValues, tried: FieldValues): Promise<void> {
    if (isDeepStrictEqual(values, this.#values)) {
      for (const message of this.#said) this.#listener.post(message);
      await this.try(tried);
      return;
    }
    this.#tried = tried;
    await this.ask(values);
  }

  /** The fields hold these values. Resolves when everything has been computed, or something else has been asked. */
  async ask(values: FieldValues): Promise<void> {
    this.#advising.abort();
    const own = (this.#advising = new AbortController());
    const { question, origins, title, source } = { ...this.#subject };
    const read = readValues(question, values);
    const ids = Object.keys(read.problems) as FieldId[];
    // A value that cannot be used leaves the last one that could be in force.
    this.#usable = { ...values, ...Object.fromEntries(ids.map((id) => [id, this.#usable[id]])) };
    this.#question = readValues(question, this.#usable).question;
    this.#values = values;
    this.#said = [];
    this.#before = undefined;
    this.#foundPatch = null;
    const fields = fieldsOf(this.#question, this.#originsFor(origins, this.#question), values, read.problems);
    this.#post({ type: 'fields', title, source, fields });
    this.#post({ type: 'begin' });
    this.#postPatch();
    await Promise.all([
      this.#unlessOver(own.signal, () => this.#advise(this.#question, own.signal)),
      this.try(this.#tried),
    ]);
  }

  /** These values are tried beside those of the fields. Resolves when that is known, or something else is tried. */
  async try(values: FieldValues): Promise<void> {
    this.#trying.abort();
    const own = (this.#trying = new AbortController());
    const moved = Object.entries(values).find(([id, value]) => this.#tried[id as FieldId] !== value);
    this.#tried = values;
    this.#triedPatch = null;
    await this.#unlessOver(own.signal, () => this.#compare(own.signal, moved?.[0] as FieldId | undefined));
  }

  dispose(): void {
    this.#advising.abort();
    this.#trying.abort();
    this.#pool.dispose();
    this.#tryPool.dispose();
  }

  async #advise({ settings, load, objective }: Question, signal: AbortSignal): Promise<void> {
    const post = (message: WhatIfHostMessage): void => this.#post(message);
    const simulator = new Simulator(this.#pool, load, SEEDS, signal);
    const beganMs = performance.now();
    const progress = (isDone: boolean): void => {
      const seconds = ((performance.now() - beganMs) / 1000).toFixed(1);
      const text = isDone ? t('Simulated in {0} s', seconds) : t('Simulating, {0} s', seconds);
      if (!signal.aborted) post({ type: 'progress', text, isDone });
    };
    const timer = setInterval(() => progress(false), PROGRESS_MS);
    try {
      const now = await simulator.outcome(settings, 1);
      let all = now;
      await advise(simulator, settings, objective, this.#named, {
        now: (outcome, limit) => {
          all = outcome;
          post(nowMessage(outcome, limit));
        },
        bar: (bar, isFirstLook) =>
          post({ type: 'effects', effects: effectsOf(bar, isFirstLook ? now : all, isFirstLook) }),
        curve: (curve) => post(curveMessage(curve, all.settings)),
        found: (advice) => {
          post(foundMessage(advice, objective));
          const about = t('For the settings that were found:');
          this.#foundPatch = patchOf(advice.changes, advice.version, advice.now, advice.found.nearest, about);
          this.#postPatch();
        },
        growth: (growth) => post(growthMessage(growth, objective)),
      });
      progress(true);
    } finally {
      clearInterval(timer);
    }
  }

  /** @param moved the field whose value has just been tried: those beside it are simulated in advance */
  async #compare(signal: AbortSignal, moved: FieldId | undefined): Promise<void> {
    const { settings, load, objective } = this.#question;
    const tried = this.#triedQuestion();
    const isTried = Object.keys(this.#tried).length > 0;
    const now = await this.#traced(this.#question, signal);
    const run = isTried ? await this.#traced(tried, signal) : undefined;
    signal.throwIfAborted();
    this.#listener.show(now, run);
    if (!isTried) {
      this.#post({ type: 'compared', text: '', basis: null, rows: [] });
      this.#postPatch();
      // What is tried first is there then, and the thread has done some runs, after which others take a third of the time.
      for (const first of LIKELY_FIRST) await this.#traceBeside(first, signal);
      return;
    }
    if (moved !== undefined) await this.#traceBeside(moved, signal);
    this.#before ??= new Simulator(this.#tryPool, load, SEEDS, this.#advising.signal).outcome(settings);
    const simulator = new Simulator(this.#tryPool, load, SEEDS, signal);
    const [before, after] = await Promise.all([this.#before, simulator.outcome(tried.settings)]);
    signal.throwIfAborted();
    this.#post(comparedMessage(before, after, objective));
    const changes = flagChanges(before.settings, after.settings, this.version ?? '');
    this.#triedPatch = patchOf(changes, this.version, before, after, t('For the settings that are tried:'));
    this.#postPatch();
  }

  async #traced({ settings, load }: Question, signal: AbortSignal): Promise<ComparedRun> {
    const spec: RunSpec = { settings: fitting(settings), load, trace: 'all' };
    const key = JSON.stringify(spec);
    const known = this.#runs.get(key);
    if (known !== undefined) {
      // What was wanted last is kept longest.
      this.#runs.delete(key);
      this.#runs.set(key, known);
      return known;
    }
    const { trace, ...figures } = await this.#tryPool.run(spec, signal);
    if (trace === undefined) throw new Error('a run that was to be traced came without a trace');
    const run = { ...figures, trace };
    this.#runs.set(key, run);
    const most = Math.max(2, Math.floor(KEPT_RUNNERS / settings.runners));
    for (const oldest of [...this.#runs.keys()].slice(0, -most)) this.#runs.delete(oldest);
    return run;
  }

  /** Simulates in advance what is tried with the slider of a field one stop further either way. */
  async #traceBeside(id: FieldId, signal: AbortSignal): Promise<void> {
    const { stops = [], value } = fieldsOf(this.#question, {}, {}, {}).find((field) => field.id === id) ?? {};
    const at = stops.indexOf(Number(this.#tried[id] ?? value));
    const values = at < 0 ? [] : [stops[at + 1], stops[at - 1]].filter((stop) => stop !== undefined);
    for (const beside of values) {
      await this.#traced(readValues(this.#question, { ...this.#tried, [id]: String(beside) }).question, signal);
    }
  }

  #triedQuestion(): Question {
    return readValues(this.#question, this.#tried).question;
  }

  /** A value that somebody has changed comes from nowhere else. */
  #originsFor(origins: Origins, question: Question): Origins {
    const same = fieldsOf(this.#subject.question, origins, {}, {});
    const shown = new Map(same.map(({ id, value }) => [id, value]));
    const kept = fieldsOf(question, origins, {}, {}).filter(({ id, value }) => shown.get(id) === value);
    return Object.fromEntries(kept.map(({ id }) => [id, origins[id]]));
  }

  #post(message: WhatIfHostMessage): void {
    if (message.type !== 'progress' || message.isDone) this.#said.push(message);
    this.#listener.post(message);
  }

  #postPatch(): void {
    this.#post({ type: 'patch', patch: this.patch });
  }

  get #named(): string {
    const { named, question } = this.#subject;
    const { mode } = this.#question.settings;
    return mode === question.settings.mode ? named : mode;
  }

  /** Does something whose results nobody wants once the signal has come; of other failures the page hears. */
  async #unlessOver(signal: AbortSignal, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (error instanceof SimulationCancelled || signal.aborted) return;
      this.#post({ type: 'failed', text: messageOf(error) });
    }
  }
}
