import { t } from '@vscode/l10n';
import { BreakpointEvent, StoppedEvent, TerminatedEvent, type Event } from '@vscode/debugadapter';
import { formatDuration } from '../base/duration.ts';
import { messageOf } from '../base/message.ts';
import { describe, type Stop } from '../debug/breakpoints.ts';
import { Debugger, type Arrival } from '../debug/debugger.ts';
import { LiveRun } from '../debug/live-run.ts';
import type { Moment } from '../debug/moments.ts';
import { momentAt } from '../debug/navigation.ts';
import type { Recording } from '../debug/recording.ts';
import type { SourcePlace } from '../debug/source-files.ts';
import type { DebugTarget } from '../run/debug-target.ts';
import { endText } from '../run/run-end.ts';
import type { Begun } from './begin.ts';
import type { BreakpointList, SetBreakpoint } from './breakpoint-list.ts';
import { keyOfRunner, noSuchRunnerText } from './commands.ts';
import type { Progress } from './progress.ts';
import { RequestError } from './requests.ts';
import type { Threads } from './threads.ts';

const STOP_REASONS: Readonly<Record<Arrival['reason'], string>> = {
  start: 'entry',
  end: 'pause',
  entry: 'entry',
  step: 'step',
  goto: 'goto',
  breakpoint: 'breakpoint',
};

interface WalkOptions {
  readonly progress: Progress;
  readonly breakpoints: BreakpointList;
  readonly threads: Threads;
  readonly send: (event: Event) => void;
  readonly say: (text: string, category?: 'stdout' | 'stderr', place?: SourcePlace) => void;
  /** Called before an editor hears that the run stands somewhere; it does so when what is returned is over. */
  readonly onArrival: (debugging: Debugger, isHit: boolean) => Promise<void> | undefined;
}

/** How a debug session goes through its run, from stop to stop; the editor hears of each. */
export class Walk {
  readonly #options: WalkOptions;
  #debugger: Debugger | undefined;
  readonly #ending = new AbortController();
  /** The run that it is attached to. */
  #live: LiveRun | undefined;
  /** The breakpoints that the run was last let go on with. */
  #awaited: readonly SetBreakpoint[] = [];
  #arrival: Arrival | undefined;
  #hit: SetBreakpoint | undefined;
  #hasEnded = false;
  /** Where the last step began; undefined once it has arrived. */
  #steppedFrom: Moment | undefined;

  constructor(options: WalkOptions) {
    this.#options = options;
  }

  /** Undefined before the run has begun. */
  get debugger(): Debugger | undefined {
    return this.#debugger;
  }

  /** The same. @throws RequestError where it has not begun */
  begun(): Debugger {
    this.checkOpen();
    if (this.#debugger === undefined) throw new RequestError(t('The run has not begun.'));
    return this.#debugger;
  }

  /** @throws RequestError where the session was given up */
  checkOpen(): void {
    if (this.signal.aborted) throw new RequestError(t('The session is over: begin another.'));
  }

  /** Comes when the session is given up. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** Whether a breakpoint has stopped it. */
  get isHit(): boolean {
    return this.#hit !== undefined;
  }

  /** Begins with a run that is simulated or was read. */
  async start({ entry, make, text }: Begun): Promise<void> {
    const { say, progress } = this.#options;
    try {
      const made = await progress.during(this.signal, make);
      if (this.signal.aborted) return;
      this.#debugger = made;
      if (this.#debugger === undefined) {
        this.end();
        return;
      }
    } catch (error) {
      say(t('The run could not be simulated: {0}', messageOf(error)), 'stderr');
      this.end();
      return;
    }
    const { recording } = this.#debugger;
    const { breakpoints, send } = this.#options;
    for (const each of breakpoints.judge(recording)) send(new BreakpointEvent('changed', each));
    say(text(recording));
    const end = endOf(recording);
    if (end !== '') say(end);
    say(t('Type help for what can be done here.'));
    const { stopOnEntry, runner, atUs } = entry;
    if (recording.moments.length === 0) {
      say(t('No pass is in it, so that there is nothing to step through.'), 'stderr');
      this.end();
    } else if (runner !== undefined || atUs !== undefined) this.#enter(this.#debugger, runner, atUs);
    else if (stopOnEntry) this.arrive({ ...this.#debugger.goTo(0), reason: 'entry' });
    // The first moment of all may be one to stop at.
    else this.run(1, -1);
  }

  /** Begins with a run that goes on. */
  attach(target: DebugTarget): void {
    const { say } = this.#options;
    const live = new LiveRun(target);
    this.#live = live;
    const debugging = Debugger.attach(live);
    this.#debugger = debugging;
    debugging.onArrival = (arrival) => this.arrive(arrival, this.#hitBy(arrival));
    live.onSay = say;
    live.onEnd = () => {
      say(t('The session that this was attached to is over.'));
      this.end();
    };
    say(
      t(
        'Attached: passes stop at breakpoints, or with Pause, before what they do next; the cluster goes on meanwhile.',
      ),
    );
    this.run(1);
  }

  /** @param from where to search from; where the debugger stands without it */
  run(direction: 1 | -1, from?: Moment): void {
    const debugging = this.#debugger;
    if (debugging === undefined) return;
    if (direction === 1 && this.#isAtEnd) {
      this.end();
      return;
    }
    this.#steppedFrom = undefined;
    this.#awaited = this.#options.breakpoints.all;
    const arrival = debugging.run(direction, this.#stopsOf(this.#awaited), from);
    if (arrival === undefined) return;
    if (arrival.reason !== 'breakpoint') this.#sayUnclear();
    this.arrive(arrival, this.#hitBy(arrival));
  }

  step(go: (debugging: Debugger) => Arrival | undefined): void {
    const debugging = this.#debugger;
    if (debugging === undefined) return;
    const wasAtEnd = this.#isAtEnd;
    this.#steppedFrom = debugging.at;
    const arrival = go(debugging);
    if (arrival === undefined) return;
    if (wasAtEnd && arrival.reason === 'end') this.end();
    else this.arrive(arrival);
  }

  /** Goes to the last moment of an object's passes at a time. @param atUs in the trace's time */
  goToTime(key: string, atUs: number): void {
    const debugging = this.#debugger;
    const moment = debugging === undefined ? undefined : momentAt(debugging.recording, atUs, key);
    if (debugging !== undefined && moment !== undefined) this.arrive(debugging.goTo(moment));
  }

  /** Any other run than an attached one is never between stops for longer than a search takes. */
  pause(): void {
    this.#live?.pause();
  }

  /** A run that is on its way stops at the breakpoints that there are now. */
  breakpointsChanged(): void {
    if (this.#live?.isStopped === false) this.run(1);
  }

  /** Gives up a run that is simulated; lets one that it is attached to go on by itself. Nothing can be asked afterwards. */
  release(): void {
    this.#ending.abort();
    this.#live?.dispose();
    this.#live = undefined;
    // A recording may be larger than all else that an editor keeps.
    this.#debugger = undefined;
  }

  arrive(arrival: Arrival, hit?: SetBreakpoint): void {
    const debugging = this.#debugger;
    if (debugging === undefined) return;
    this.#sayPassed(debugging, arrival);
    this.#arrival = arrival;
    this.#hit = hit;
    const ready = this.#options.onArrival(debugging, hit !== undefined);
    const { recording, at } = debugging;
    const event = new StoppedEvent(
      hit?.isException === true ? 'exception' : STOP_REASONS[arrival.reason],
      this.#options.threads.idAt(recording, at),
    );
    const where = describe(recording, at);
    Object.assign(event.body, {
      allThreadsStopped: true,
      description: this.#isAtEnd ? t('End of the run') : where,
      text: (this.#isAtEnd && endOf(recording)) || where,
      ...(hit === undefined || hit.isException ? {} : { hitBreakpointIds: [hit.id] }),
    });
    const send = (): void => this.#options.send(event);
    if (ready === undefined) send();
    else void ready.then(send, send);
  }

  /** Log points that a step has passed, or come to, say so as they do when a run goes on. */
  #sayPassed({ recording }: Debugger, { moment: to, reason }: Arrival): void {
    const from = this.#steppedFrom;
    this.#steppedFrom = undefined;
    if (from === undefined || (reason !== 'step' && reason !== 'end')) return;
    const stops = this.#stopsOf(this.#options.breakpoints.all.filter(({ isLogPoint }) => isLogPoint));
    for (let moment = from + 1; moment <= to; moment++) for (const stop of stops) stop(recording, moment);
  }

  #stopsOf(breakpoints: readonly SetBreakpoint[]): readonly Stop[] {
    const { say } = this.#options;
    return breakpoints.map((each) => each.stopping((text, place) => say(text, 'stdout', place)));
  }

  /** Of conditions that could not be answered anywhere: nothing has stopped at them. */
  #sayUnclear(): void {
    for (const breakpoint of this.#awaited) {
      const why = breakpoint.whyUnclear();
      if (why !== undefined) this.#options.say(why, 'stderr');
    }
  }

  /** @param atUs after the run's beginning */
  #enter(debugging: Debugger, runner: string | undefined, atUs = 0): void {
    const { recording } = debugging;
    const key = runner === undefined ? undefined : keyOfRunner(recording, runner);
    const moment = momentAt(recording, atUs + recording.finished.originUs, key);
    if (moment === undefined) this.#options.say(noSuchRunnerText(recording, runner ?? ''), 'stderr');
    const { moments, finished } = recording;
    const lengthUs = moments.timeUs(moments.length - 1) - finished.originUs;
    if (atUs > lengthUs)
      this.#options.say(t('The last pass ends after {0}: it stops there.', formatDuration(lengthUs)));
    this.arrive({ ...debugging.goTo(moment ?? 0), reason: 'entry' });
  }

  /** Whether it has said that the run is over: to go on again ends the session. */
  get #isAtEnd(): boolean {
    return this.#arrival?.reason === 'end';
  }

  #hitBy({ stop }: Arrival): SetBreakpoint | undefined {
    return stop === undefined ? undefined : this.#awaited[stop];
  }

  /** Says once that the session is over. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#options.send(new TerminatedEvent());
  }
}

/** Why a run is not over where its recording ends, in a sentence; empty where it is. */
function endOf({ moments, finished: { end } }: Recording): string {
  if (end.kind !== 'interrupted') return endText(end);
  return t(
    'The first {0} moments are kept, which are {1} of the run: what comes later is not in the recording.',
    moments.length,
    formatDuration(end.afterUs),
  );
}
