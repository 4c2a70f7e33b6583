import { t } from '@vscode/l10n';
import { DisposableList } from '../base/disposable.ts';
import { formatDuration } from '../base/duration.ts';
import { messageOf } from '../base/message.ts';
import type { DebugTarget } from '../run/debug-target.ts';
import type { ReconcileEffect } from '../runtime/effects.ts';
import type { Driver, PassInProgress, Reply } from '../runtime/pass.ts';
import { CallSites } from './call-sites.ts';
import type { Moment } from './moments.ts';
import { RecordingDriver } from './recording-driver.ts';
import { objectKey, type Recording } from './recording.ts';
import { replayOf } from './replay.ts';
import { UnseenWrites } from './unseen-writes.ts';

/** Why a run is to stop at a moment: it was stepped to, or a breakpoint is met, by its place among those there are. */
export interface Meeting {
  readonly reason: 'step' | 'breakpoint';
  readonly stop?: number;
}

/**
 * Whether it goes on. One that writes to a cluster takes a while to stop, until its writes are answered and its lease is
 * free, and a while to go on again, until it has the lease.
 */
type State = 'goes' | 'stopping' | 'stopped' | 'resuming';

interface Stopped {
  readonly moment: Moment;
  readonly meeting: Meeting;
  readonly sinceUs: number;
}

/** @param isAnswered whether the moment is asked about again, because its answer has come */
export type Meets = (recording: Recording, moment: Moment, isAnswered: boolean) => Meeting | undefined;

/**
 * A run in real time whose passes can be stopped before any effect. What it did before is what its trace has; from here on
 * everything is recorded. While it is stopped all passes stand still, and the cluster goes on; others may then write to it,
 * since a run that stands still holds no lease.
 */
export class LiveRun {
  readonly recording: Recording;
  /** Called when it has stopped. */
  onStop: ((moment: Moment, meeting: Meeting) => void) | undefined;
  /** Called with what happened while it stood still, and what happens to its lease, in sentences. */
  onSay: ((sentence: string) => void) | undefined;
  /** Called when the run is stopped: nothing of the debugger is left in it then. */
  onEnd: (() => void) | undefined;
  readonly #target: DebugTarget;
  readonly #sites = new CallSites();
  readonly #disposables = new DisposableList();
  /** What waits to be performed, in order. */
  #held: (() => void)[] = [];
  #meets: Meets = () => undefined;
  #state: State = 'goes';
  /** Where it stands, or stood last. */
  #stopped: Stopped | undefined;
  /** Whether it is to stop as soon as it goes on. */
  #isPauseWanted = false;
  #isDisposed = false;
  readonly #throttled: Map<Moment, number>;
  readonly #unseen = new UnseenWrites((object) => this.recording.cache.at(object, this.recording.moments.length));
  /** Changes in the cluster while it stands still, by plural name of their kind. */
  readonly #changes = new Map<string, number>();

  constructor(target: DebugTarget) {
    this.#target = target;
    const before = replayOf(target.trace);
    const sites = { frames: (site: number) => this.#sites.frames(site) };
    this.#throttled = new Map(before.throttled);
    this.recording = { ...before, sites, secrets: target.secrets, throttled: this.#throttled, goesOn: true };
    this.#follow();
  }

  /** Whether it stands still until goOn(). */
  get isStopped(): boolean {
    return this.#state === 'stopping' || this.#state === 'stopped';
  }

  /** Goes on until a moment meets what is asked for. */
  goOn(meets: Meets): void {
    this.#meets = meets;
    if (this.#state === 'stopped') this.#resume();
  }

  /** Stops before the next effect of each pass. */
  pause(): void {
    const last = this.recording.moments.length - 1;
    if (this.#state === 'resuming') this.#isPauseWanted = true;
    else if (this.#state === 'goes' && last >= 0) this.#stop(last, { reason: 'step' });
  }

  /** Lets the run go on as if nobody had been there. */
  dispose(): void {
    this.#isDisposed = true;
    this.#disposables.dispose();
    this.goOn(() => undefined);
  }

  #ends(): void {
    this.dispose();
    this.onEnd?.();
  }

  #follow(): void {
    const { controllers, clock, driver } = this.#target;
    const { moments, cache, waits } = this.recording;
    this.#disposables.add(this.#target.onStop(() => this.#ends()));
    this.#disposables.add(this.#sites.watch());
    for (const kind of controllers.caches.kinds) {
      const note = (key: string, object: Parameters<typeof cache.change>[2]): void =>
        cache.change(objectKey(kind.kind, key), moments.length, object);
      const informer = controllers.caches.of(kind);
      for (const [key, object] of informer.entries()) note(key, object);
      const changed = informer.listen((event, key, object) => {
        note(key, event === 'deleted' ? undefined : object);
        this.#unseen.cacheHas(objectKey(kind.kind, key), event === 'deleted' ? undefined : object);
        if (this.#state !== 'goes') this.#changes.set(kind.plural, (this.#changes.get(kind.plural) ?? 0) + 1);
      });
      this.#disposables.add(changed);
    }
    for (const { name, queue } of controllers.all) {
      this.#disposables.add(queue.listen((key, wait) => waits.change(`${name} ${key}`, moments.length, wait)));
    }
    const ended = controllers.observers.add({
      requestStarted: ({ id }, { throttledUs }) => {
        const moment = moments.ofPass(id).at(-1);
        if (moment !== undefined && throttledUs > 0) this.#throttled.set(moment, throttledUs);
      },
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
          onAnswer: (moment, effect, value) => {
            if (this.#unseen.answered(effect, value)) moments.markStale(moment);
          },
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
        if (this.#state !== 'goes') this.#held.push(perform);
        else perform();
      },
    };
  }

  #look(moment: Moment, isAnswered: boolean): void {
    const meeting = this.#state === 'goes' ? this.#meets(this.recording, moment, isAnswered) : undefined;
    if (meeting !== undefined) this.#stop(moment, meeting);
  }

  #stop(moment: Moment, meeting: Meeting): void {
    const { clock, right } = this.#target;
    const stopped = { moment, meeting, sinceUs: clock.nowUs() };
    this.#stopped = stopped;
    this.#changes.clear();
    if (right === undefined) {
      this.#stands(stopped);
      return;
    }
    this.#state = 'stopping';
    void right.letGo().then(() => {
      this.onSay?.(t('The lease is free while the passes stand still: others may write to the cluster.'));
      this.#stands(stopped);
    });
  }

  #stands({ moment, meeting }: Stopped): void {
    this.#state = 'stopped';
    if (this.#isDisposed) this.#resume();
    else this.onStop?.(moment, meeting);
  }

  #resume(): void {
    const { right } = this.#target;
    if (right === undefined) {
      this.#goes();
      return;
    }
    this.#state = 'resuming';
    const onWait = (text: string): void => this.onSay?.(t('The lease is not free yet: {0}.', text));
    right.takeAgain(onWait).then(
      (wasHeld) => this.#goes(wasHeld),
      (error: unknown) => this.#cannotResume(messageOf(error), right),
    );
  }

  #cannotResume(why: string, right: NonNullable<DebugTarget['right']>): void {
    if (this.#isDisposed) {
      // Nobody is there any more who could try again.
      right.giveUp(why);
      this.#goes();
      return;
    }
    this.onSay?.(t('The passes still stand still, as the session may not write now: {0}. Then continue again.', why));
    this.#isPauseWanted = false;
    if (this.#stopped !== undefined) this.#stands({ ...this.#stopped, meeting: { reason: 'step' } });
  }

  /** @param wasHeld whether somebody else has held the lease meanwhile */
  #goes(wasHeld = false): void {
    this.#state = 'goes';
    if (this.#stopped !== undefined) this.#tell(this.#stopped.sinceUs, wasHeld);
    if (this.#isPauseWanted) {
      this.#isPauseWanted = false;
      this.pause();
    }
    this.#release();
  }

  /** One of them may stop it again. */
  #release(): void {
    this.#target.clock.enter(() => {
      while (this.#state === 'goes') {
        const perform = this.#held.shift();
        if (perform === undefined) return;
        perform();
      }
    });
  }

  /** What went on meanwhile is said, and kept in the trace. */
  #tell(since: number, wasHeld: boolean): void {
    const { trace, clock, blindSinceUs } = this.#target;
    const until = clock.nowUs();
    const sentences = [this.#meanwhile(formatDuration(Math.round(until - since)))];
    if (wasHeld) sentences.push(t('Another lab held the lease meanwhile, and may have written.'));
    const blindUs = blindSinceUs();
    if (blindUs !== undefined) {
      const blind = formatDuration(Math.round(until - blindUs));
      sentences.push(t('The cluster has been out of reach for {0}: what changed in it since is not known.', blind));
    }
    const text = sentences.join(' ');
    if (trace.endedUs === undefined) trace.addMark({ at: since, until, text, basis: 'run' });
    this.onSay?.(text);
  }

  #meanwhile(stood: string): string {
    const changes = [...this.#changes].map(([kind, count]) => `${kind} ${count}`);
    return changes.length === 0
      ? t('The passes stood still in the debugger for {0}; nothing changed in the cluster meanwhile.', stood)
      : t(
          'The passes stood still in the debugger for {0}; the cluster went on meanwhile, with changes of {1}.',
          stood,
          changes.join(', '),
        );
  }
}
