import type { EphemeralRunner, Pod } from '../kubernetes/types.ts';
import { figuresNote, runnerNote, type RunnerNote } from '../problems/runner-note.ts';
import type { Informer } from '../runtime/informer.ts';
import { RUNNER_KIND, type Basis } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { isSameWhy } from '../trace/why.ts';

/** What a trace keeps: everything, or without phases, waits, pods' troubles and what requests are about what statistics are made of. */
export type TraceDetail = 'all' | 'figures';

interface RunnerRecorderOptions {
  readonly log: TraceLog;
  /** The trace's time. */
  readonly nowUs: () => number;
  readonly redact: (text: string) => string;
  readonly basis: Basis;
  readonly detail: TraceDetail;
  /** Called when the log has one more completed event. */
  readonly onEvent?: (() => void) | undefined;
}

/** What was noted of a runner, and of what: whatever changes of a runner or its pod, this is all that is looked up. */
interface Noted {
  note: RunnerNote;
  status: EphemeralRunner['status'];
  pod: Pod | undefined;
  /** As the caches that are followed have it; undefined until they report it. */
  runner: EphemeralRunner | undefined;
}

/** Writes the states of runners and their pods, as caches show them, to a trace that has not ended. */
export class RunnerRecorder {
  readonly #options: RunnerRecorderOptions;
  #log: TraceLog;
  /** Wall-clock time of the trace's microsecond 0. */
  readonly #epochMs: number;
  /** What was last noted of each runner. */
  readonly #notes = new Map<string, Noted>();

  constructor(options: RunnerRecorderOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#epochMs = Date.parse(options.log.header.start);
  }

  /**
   * Of caches that follow others, only what has changed between them is noted.
   * @param pods undefined where they are not known
   */
  follow(runners: Informer<EphemeralRunner>, pods: Informer<Pod> | undefined): void {
    for (const noted of this.#notes.values()) noted.runner = undefined;
    runners.listen((event, key, runner) => {
      const noted = this.#notes.get(key);
      const pod = noted?.runner === undefined ? pods?.get(key) : noted.pod;
      this.#note(key, runner, pod, noted, event === 'deleted');
    });
    pods?.listen((event, key, pod) => {
      const noted = this.#notes.get(key);
      // Pods of others are many, and looking into them costs.
      if (noted?.runner === undefined) return;
      this.#note(key, noted.runner, event === 'deleted' ? undefined : pod, noted, false);
    });
    runners.whenSynced(() => {
      for (const [key, { note }] of this.#notes) {
        if (runners.get(key) !== undefined || this.#log.endedUs !== undefined) continue;
        this.#notes.delete(key);
        this.#add(key, note, true);
      }
    });
  }

  /** Goes on in another trace with the same start, which begins with what is known of each runner. */
  goOnIn(log: TraceLog): void {
    this.#log = log;
    for (const [key, { note }] of this.#notes) this.#add(key, note, false);
  }

  #note(key: string, runner: EphemeralRunner, pod: Pod | undefined, noted: Noted | undefined, deleted: boolean): void {
    if (this.#log.endedUs !== undefined) return;
    const last = noted?.note;
    const { status } = runner;
    // Most changes of a runner are of its metadata; what is noted of it is in its status and its pod.
    if (!deleted && noted !== undefined && noted.status === status && noted.pod === pod) {
      noted.runner = runner;
      return;
    }
    const { nowUs, redact, detail } = this.#options;
    const note =
      detail === 'all'
        ? runnerNote(runner, pod, last, { nowUs: nowUs(), epochMs: this.#epochMs, redact })
        : figuresNote(runner, pod, last);
    if (deleted) this.#notes.delete(key);
    else if (noted === undefined) this.#notes.set(key, { note, status, pod, runner });
    else Object.assign(noted, { note, status, pod, runner });
    if (!deleted && last !== undefined && isSame(last, note)) return;
    this.#add(key, note, deleted);
  }

  #add(key: string, note: RunnerNote, deleted: boolean): void {
    const { phase, runnerId, pod, reason, message, trouble, failures } = note;
    const { nowUs, basis, onEvent } = this.#options;
    const at = nowUs();
    this.#log.addObject(
      { kind: RUNNER_KIND, object: key, at, phase, runnerId, pod, reason, message, trouble, failures, deleted, basis },
      true,
    );
    onEvent?.();
  }
}

function isSame(one: RunnerNote, other: RunnerNote): boolean {
  return one.phase === other.phase && one.runnerId === other.runnerId && one.pod === other.pod && isSameWhy(one, other);
}
