import { t } from '@vscode/l10n';
import { DisposableList } from '../base/disposable.ts';
import { formatDuration } from '../base/duration.ts';
import type { DebugTarget } from '../run/debug-target.ts';
import type { ReconcileEffect } from '../runtime/effects.ts';
import type { Driver, PassInProgress, Reply } from '../runtime/pass.ts';
import { CallSites } from './call-sites.ts';
import type { Moment } from './moments.ts';
import { RecordingDriver } from './recording-driver.ts';
import { objectKey, type Recording } from './recording.ts';
import { replayOf } from './replay.ts';

/** Why a run is to stop at a moment: it was stepped to, or a breakpoint is met, by its place among those there are. */
export interface Meeting {
  readonly reason: 'step' | 'breakpoint';
  readonly stop?: number;
}

/** @param isAnswered whether the moment is asked about again, because its answer has come */
export type Meets = (recording: Recording, moment: Moment, isAnswered: boolean) => Meeting | undefined;

/**
 * A run in real time whose passes can be stopped before any effect. What it did before is what its trace has; from here on
 * everything is recorded. While it is stopped all passes stand still, and the cluster goes on.
 */
export class LiveRun {
  readonly recording: Recording;
  /** Called when it has stopped. */
  onStop: ((moment: Moment, meeting: Meeting) => void) | undefined;
  /** Called when it goes on, with what happened while it stood still. */
  onGoOn: ((sentence: string) => void) | undefined;
  readonly #target: DebugTarget;
  readonly #sites = new CallSites();
  readonly #disposables = new DisposableList();
  /** What waits to be performed, in order. */
  #held: (() => void)[] = [];
  #meets: Meets = () => undefined;
  #stoppedUs: number | undefined;
  /** Changes in the cluster while it stands still, by plural name of their kind. */
  readonly #changes = new Map<string, number>();

  constructor(target: DebugTarget) {
    this.#target = target;
    const before = replayOf(target.trace);
    const sites = { frames: (site: number) => this.#sites.frames(site) };
    this.recording = { ...before, sites, secrets: target.secrets, goesOn: true };
    this.#follow();
  }

  get isStopped(): boolean {
    return this.#stoppedUs !== undefined;
  }

  /** Goes on until a moment meets what is asked for. */
  goOn(meets: Meets): void {
    this.#meets = meets;
    const since = this.#stoppedUs;
    this.#stoppedUs = undefined;
    if (since !== undefined) this.#tell(since);
    this.#release();
  }

  /** Stops before the next effect of each pass. */
  pause(): void {
    const last = this.recording.moments.length - 1;
    if (!this.isStopped && last >= 0) this.#stop(last, { reason: 'step' });
  }

  /** Lets the run go on as if nobody had been there. */
  dispose(): void {
    this.#disposables.dispose();
    if (this.isStopped) this.goOn(() => undefined);
  }

  #follow(): void {
    const { controllers, clock, driver } = this.#target;
    const { moments, cache, waits } = this.recording;
    this.#disposables.add(this.#sites.watch());
    for (const kind of controllers.caches.kinds) {
      const note = (key: string, object: Parameters<typeof cache.change>[2]): void =>
        cache.change(objectKey(kind.kind, key), moments.length, object);
      const informer = controllers.caches.of(kind);
      for (const [key, object] of informer.entries()) note(key, object);
      const changed = informer.listen((event, key, object) => {
        note(key, event === 'deleted' ? undefined : object);
        if (this.isStopped) this.#changes.set(kind.plural, (this.#changes.get(kind.plural) ?? 0) + 1);
      });
      this.#disposables.add(changed);
    }
    for (const { name, queue } of controllers.all) {
      this.#disposables.add(queue.listen((key, wait) => waits.change(`${name} ${key}`, moments.length, wait)));
    }
    const ended = controllers.observers.add({
      passEnded: (pass, outcome, atUs) => {
        this.#sites.leave();
        this.#look(moments.addEnd(pass, outcome, atUs), false);
      },
    });
    this.#disposables.add(ended);
    const opened = driver.open(
      (inner) =>
        new RecordingDriver({
          inner: this.#holding(inner),
          moments,
          sites: this.#sites,
          clock: () => clock,
          onEffect: (moment) => {
            this.#look(moment, false);
            return undefined;
          },
          onAnswer: () => undefined,
          onAnswered: (moment) => this.#look(moment, true),
        }),
    );
    this.#disposables.add(opened);
  }

  /** Keeps what is to be performed while the run is stopped. */
  #holding(inner: Driver): Driver {
    return {
      begin: (pass) => inner.begin?.(pass),
      perform: (effect: ReconcileEffect, pass: PassInProgress, reply: Reply) => {
        const perform = (): void => {
          if (!pass.over) inner.perform(effect, pass, reply);
        };
        if (this.isStopped) this.#held.push(perform);
        else perform();
      },
    };
  }

  #look(moment: Moment, isAnswered: boolean): void {
    const meeting = this.isStopped ? undefined : this.#meets(this.recording, moment, isAnswered);
    if (meeting !== undefined) this.#stop(moment, meeting);
  }

  #stop(moment: Moment, meeting: Meeting): void {
    this.#stoppedUs = this.#target.clock.nowUs();
    this.#changes.clear();
    this.onStop?.(moment, meeting);
  }

  /** One of them may stop it again. */
  #release(): void {
    this.#target.clock.enter(() => {
      while (!this.isStopped) {
        const perform = this.#held.shift();
        if (perform === undefined) return;
        perform();
      }
    });
  }

  /** What went on meanwhile is said, and kept in the trace. */
  #tell(since: number): void {
    const { trace, clock } = this.#target;
    const until = clock.nowUs();
    const changes = [...this.#changes].map(([kind, count]) => `${kind} ${count}`);
    const stood = formatDuration(Math.round(until - since));
    const sentence =
      changes.length === 0
        ? t('The passes stood still in the debugger for {0}; nothing changed in the cluster meanwhile.', stood)
        : t(
            'The passes stood still in the debugger for {0}; the cluster went on meanwhile, with changes of {1}.',
            stood,
            changes.join(', '),
          );
    if (trace.endedUs === undefined) trace.addMark({ at: since, until, text: sentence, basis: 'run' });
    this.onGoOn?.(sentence);
  }
}
