import { t } from '@vscode/l10n';
import { jobsName } from '../analysis/chain-links.ts';
import { runnersText } from '../base/count-words.ts';
import { JOB_KIND, LISTENER_KIND, type PodTrouble } from '../trace/model.ts';
import type { Rows } from '../trace/rows.ts';
import { BarKind } from './bars.ts';
import type { BarWriter } from './bar-writer.ts';
import type { FeedNames } from './feed-names.ts';

type PhaseBars = Readonly<Record<string, BarKind>>;

const OF_SETS: PhaseBars = {
  Pending: BarKind.runnerPending,
  Running: BarKind.runnerRunning,
  Failed: BarKind.runnerFailed,
  Outdated: BarKind.runnerFailed,
};

/** By kind: the bar of a phase. A listener's phase is what its pod says. */
const BARS: Readonly<Record<string, PhaseBars>> = {
  AutoscalingRunnerSet: OF_SETS,
  EphemeralRunnerSet: OF_SETS,
  AutoscalingListener: { Pending: BarKind.podPending, Running: BarKind.podRunning, Failed: BarKind.podFailed },
};

/** With which a container ends that SIGKILL ends. */
const KILLED = 137;

/** A bar without an end. */
interface OpenBar {
  readonly kind: BarKind;
  readonly sinceUs: number;
}

/** Jobs of one lane. */
interface Jobs {
  readonly waiting: Set<number>;
  readonly running: Set<number>;
}

/** Makes bars and moments of what lies above runners: jobs, scale sets, what their listeners decide, sets of runners. */
export class ChainBars {
  readonly #rows: Rows;
  readonly #names: FeedNames;
  readonly #writer: BarWriter;
  /** By lane and track, of what is open; `none` where nothing is, and the object has been seen. */
  readonly #open = new Map<string, OpenBar>();
  /** By lane: how many runners its listener wanted last. */
  readonly #wanted = new Map<number, number>();
  readonly #jobs = new Map<number, Jobs>();

  constructor(rows: Rows, names: FeedNames, writer: BarWriter) {
    this.#rows = rows;
    this.#names = names;
    this.#writer = writer;
  }

  /** Makes what a row is shown by; nothing for rows of other kinds. */
  add(row: number): void {
    const { objects, words } = this.#rows;
    const kind = words.textOf(objects.kind.get(row)) ?? '';
    const bars = BARS[kind];
    if (bars !== undefined) this.#object(row, kind, bars);
    else if (kind === LISTENER_KIND) this.#decision(row);
    else if (kind === JOB_KIND) this.#job(row);
  }

  #object(row: number, kind: string, bars: PhaseBars): void {
    const { objects, words, strings } = this.#rows;
    const lane = this.#names.laneOfKind(kind, strings.text(objects.object.get(row)));
    this.#names.belongs(lane, kind, objects.scaleSet.get(row));
    const atUs = objects.span.startedUs(row);
    if (!this.#open.has(`${lane} state`)) this.#mark(lane, BarKind.markRunnerCreated, atUs);
    const isDeleted = objects.deleted.get(row) === 1;
    const phase = isDeleted ? '' : words.textOf(objects.phase.get(row));
    if (phase !== undefined) this.#change(lane, 'state', bars[phase] ?? BarKind.none, atUs);
    const why = this.#rows.whys[objects.why.get(row)];
    if (why?.trouble !== undefined) this.#listenerEnded(strings.text(objects.object.get(row)), atUs, why.trouble);
    if (!isDeleted) return;
    this.#mark(lane, BarKind.markDeleted, atUs);
    // One of the same name is another one.
    this.#open.delete(`${lane} state`);
  }

  /** The moment is one of the process, whose polls end with it. */
  #listenerEnded(listener: string, atUs: number, { code, exitCode }: PodTrouble): void {
    const word = exitCode === KILLED ? t('killed, exit {0}', exitCode) : code;
    this.#mark(
      this.#names.laneOfKind(LISTENER_KIND, listener),
      BarKind.markListenerEnded,
      atUs,
      this.#names.word(word),
    );
  }

  /** Of equal decisions the first one counts. */
  #decision(row: number): void {
    const { objects, strings } = this.#rows;
    const lane = this.#names.laneOfKind(LISTENER_KIND, strings.text(objects.object.get(row)));
    const [runners, assigned] = [objects.replicas.get(row), objects.assigned.get(row)];
    if (Number.isNaN(runners) || this.#wanted.get(lane) === runners) return;
    this.#wanted.set(lane, runners);
    const wanted = runnersText(runners);
    const text = Number.isNaN(assigned) ? wanted : t('{0}, assigned jobs: {1}', wanted, assigned);
    this.#mark(lane, BarKind.markDecision, objects.span.startedUs(row), this.#names.word(text));
  }

  #job(row: number): void {
    const { objects, words, strings } = this.#rows;
    const job = objects.object.get(row);
    const scaleSet = objects.scaleSet.get(row);
    const lane = this.#names.laneOfKind(JOB_KIND, jobsName(strings.text(job), strings.textOf(scaleSet)));
    this.#names.belongs(lane, JOB_KIND, scaleSet);
    let jobs = this.#jobs.get(lane);
    if (jobs === undefined) this.#jobs.set(lane, (jobs = { waiting: new Set(), running: new Set() }));
    const { waiting, running } = jobs;
    const atUs = objects.span.startedUs(row);
    const phase = words.textOf(objects.phase.get(row));
    waiting.delete(job);
    running.delete(job);
    if (phase === 'queued') {
      waiting.add(job);
      this.#mark(lane, BarKind.markJobQueued, atUs);
    } else if (phase === 'running') running.add(job);
    this.#change(lane, 'waiting', waiting.size > 0 ? BarKind.jobsWaiting : BarKind.none, atUs);
    this.#change(lane, 'running', running.size > 0 ? BarKind.podRunning : BarKind.none, atUs);
  }

  /** Ends a bar of a lane and begins the next, where that is another one. */
  #change(lane: number, track: string, kind: BarKind, atUs: number): void {
    const before = this.#open.get(`${lane} ${track}`);
    if (before?.kind === kind) return;
    if (before !== undefined && before.kind !== BarKind.none) {
      this.#writer.add(lane, before.kind, before.sinceUs, atUs - before.sinceUs);
    }
    if (kind !== BarKind.none) this.#writer.add(lane, kind, atUs, Infinity);
    this.#open.set(`${lane} ${track}`, { kind, sinceUs: atUs });
  }

  #mark(lane: number, kind: BarKind, atUs: number, word = 0): void {
    this.#writer.add(lane, kind, atUs, 0, word);
  }
}
