import { mostRequestsASecond } from '../analysis/request-rate.ts';
import { statisticsInParts, type RunStatistics } from '../analysis/statistics.ts';
import { inOneGo, type InParts } from '../base/in-parts.ts';
import { VirtualClock } from '../base/virtual-clock.ts';
import { WallClock } from '../base/wall-clock.ts';
import type { ReleaseList } from '../reconciler/releases/release-list.ts';
import type { TraceDetail } from '../model/runner-recorder.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { ChainEnd, type Unchanged } from './chain-end.ts';
import { FateWatch, type Fate, type Subject } from './fate.ts';
import type { Future } from './run-spec.ts';
import { embeddedRun, LoopWatch } from './loop-watch.ts';
import type { ControllerHooks } from './manage-runners.ts';
import type { Loop, RunEnd } from './run-end.ts';
import type { Load } from './run-target.ts';
import type { RunSettings } from './settings.ts';
import type { CreationError } from './creation-error.ts';
import { START_UP_US, startEmbedded, type EmbeddedHooks, type EmbeddedRun } from './start-embedded.ts';

/** A run that has ended. */
export interface FinishedRun {
  readonly settings: RunSettings;
  readonly trace: TraceLog;
  /** Time in the trace at which the first runner's creation was requested. */
  readonly originUs: number;
  readonly statistics: RunStatistics;
  /** The most requests to Kubernetes that were sent within one second. */
  readonly mostRequestsASecond: number;
  readonly end: RunEnd;
  /** Events of the virtual clock; 0 in real time. */
  readonly events: number;
  /** How that ended which was asked about. */
  readonly fate: Fate | undefined;
  /** When the other future began; undefined where none was asked for. */
  readonly calmUs: number | undefined;
}

export interface RunOptions {
  /** The run is ended this long after the first runner's creation, whatever is left to do. */
  readonly horizonUs?: number;
  /** Ends the run early; it then has the figures so far. */
  readonly signal?: AbortSignal;
  /** In real time: called with what keeps repeating while something may still end it. */
  readonly onWaiting?: (loops: readonly Loop[]) => void;
  /** What the Actions service does in place of its usual answers. */
  readonly actions?: EmbeddedHooks['actions'];
  /** How runners come, and what they meet. */
  readonly load?: Load;
  /** How much of what happens the trace keeps; everything without it. */
  readonly detail?: TraceDetail | undefined;
  /** Those that settings may name. */
  readonly releases?: ReleaseList;
  /** Whose end is to be looked at. */
  readonly subject?: Subject | undefined;
  /** From here on another future goes on than the settings say. */
  readonly future?: Future | undefined;
  /** What observes the controllers, and what is put between passes and their driver. */
  readonly hooks?: Pick<ControllerHooks, 'observers' | 'wrapDriver' | 'wrapListener'>;
  /** Called when the run is put together, before anything happens in it. */
  readonly onStarted?: (run: EmbeddedRun) => void;
}

export const DEFAULT_HORIZON_US = 24 * 3600 * 1_000_000;

/** How long nothing but loops must be seen before it is believed: virtual time costs nothing, real time does. */
export const PATIENCE_US = { virtual: 20 * 60 * 1_000_000, real: 60_000_000 };
/** Between looks at how many passes there are. */
const EVENTS_A_SLICE = 5_000;
/** Between looks at the time, where somebody waits for a turn. */
const EVENTS_A_LOOK = 100;
/** After this signals and timers are heard. It is real time, and what happens in a run does not depend on it. */
const TURN_MS = 20;

/** Runs the lab on the embedded cluster in virtual time, in one go, until nothing changes any more. */
export function simulate(settings: RunSettings, options: RunOptions = {}): FinishedRun {
  return inOneGo(simulation(settings, options));
}

/**
 * The same, given up as soon as somebody says so.
 * @param isCancelled asked every few events, and every few rows of the trace that figures are made of
 * @returns undefined where it was cancelled
 */
export function simulateUnless(
  settings: RunSettings,
  options: RunOptions,
  isCancelled: () => boolean,
): FinishedRun | undefined {
  const slices = simulation(settings, options, () => true);
  for (;;) {
    if (isCancelled()) return undefined;
    const slice = slices.next();
    if (slice.done === true) return slice.value;
  }
}

/**
 * The same, with turns of the event loop in between: signals and timers are heard while it runs.
 * @param inSlice what each slice runs in
 */
export async function simulateInSlices(
  settings: RunSettings,
  options: RunOptions = {},
  inSlice = <T>(work: () => T): T => work(),
): Promise<FinishedRun> {
  let beganMs = performance.now();
  const slices = simulation(settings, options, () => performance.now() - beganMs > TURN_MS);
  for (;;) {
    beganMs = performance.now();
    const slice = inSlice(() => slices.next());
    if (slice.done === true) return slice.value;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** @param isTurnOver asked every few events and every few rows of the trace; without it turns are slices */
function* simulation(settings: RunSettings, options: RunOptions, isTurnOver?: () => boolean): InParts<FinishedRun> {
  const clock = new VirtualClock();
  let failure: CreationError | undefined;
  const run = begin(clock, settings, options, (error) => {
    failure = error;
    clock.stop();
  });
  let end: RunEnd | undefined;
  const watch = new LoopWatch(clock, embeddedRun(clock, run), PATIENCE_US.virtual, (loops, isForEver) => {
    if (!isForEver) return;
    end = { kind: 'not-quiet', loops };
    clock.stop();
  });
  const chainEnd = chainEndOf(run, PATIENCE_US.virtual, (unchanged) => {
    end ??= endOfChain(unchanged, watch);
    clock.stop();
  });
  const horizonUs = START_UP_US + (options.horizonUs ?? DEFAULT_HORIZON_US);
  const mostPasses = mostPassesOf(settings);
  const afterUs = (): number => clock.nowUs() - START_UP_US;
  let sliceEnd = 0;
  const fates = options.subject === undefined ? undefined : new FateWatch(run, options.subject);
  let calmAt = options.future?.afterEvents;
  let calmUs: number | undefined;
  while (end === undefined) {
    if (clock.eventsRun >= sliceEnd) sliceEnd = clock.eventsRun + EVENTS_A_SLICE;
    const left = Math.min(sliceEnd, calmAt ?? Infinity) - clock.eventsRun;
    if (left <= 0) {
      run.environment.calmDown(options.future?.seed ?? settings.seed);
      calmUs = clock.nowUs();
      calmAt = undefined;
      continue;
    }
    const isAtHorizon = clock.runSome(horizonUs, isTurnOver === undefined ? left : Math.min(left, EVENTS_A_LOOK));
    if (failure !== undefined) {
      run.end();
      throw failure;
    }
    if (end === undefined && clock.eventsRun === calmAt) continue;
    if (clock.pending === 0) end ??= { kind: 'quiet' };
    else if (isAtHorizon) {
      end ??= { kind: 'cut-off', by: 'horizon', afterUs: afterUs(), loops: watch.loops() };
    } else if (options.signal?.aborted === true) end = { kind: 'interrupted', afterUs: afterUs() };
    else if (clock.eventsRun >= sliceEnd && run.trace.passCount > mostPasses) {
      end ??= { kind: 'cut-off', by: 'passes', afterUs: afterUs(), loops: watch.loops() };
    } else if (isTurnOver?.() !== false) yield;
  }
  watch.dispose();
  chainEnd?.dispose();
  const fate = fates?.fate(end);
  const finishing = finish(run, settings, end, clock.eventsRun);
  for (;;) {
    const part = finishing.next();
    if (part.done === true) return { ...part.value, fate, calmUs };
    if (isTurnOver?.() !== false) yield;
  }
}

/** A trace of more than this is no burst of runners: it keeps memory bounded where objects change for ever. */
function mostPassesOf({ runners }: RunSettings): number {
  return 1_000_000 + 100 * runners;
}

/** Runs the lab for several settings side by side in real time until nothing changes any more. */
export async function runLive(allSettings: readonly RunSettings[], options: RunOptions = {}): Promise<FinishedRun[]> {
  return Promise.all(
    allSettings.map(async (settings) => {
      let fail: (error: CreationError) => void = () => undefined;
      const failed = new Promise<never>((_resolve, reject) => (fail = reject));
      const run = begin(new WallClock(), settings, options, (error) => fail(error));
      try {
        return inOneGo(finish(run, settings, await Promise.race([endOf(run, options), failed]), 0));
      } finally {
        run.end();
      }
    }),
  );
}

/** Waits until a lab in real time has nothing left to do, or nothing but loops, or has to be ended. */
export function endOf(run: EmbeddedRun, options: RunOptions = {}): Promise<RunEnd> {
  const { clock } = run;
  if (!(clock instanceof WallClock)) throw new Error('virtual time does not end by itself');
  const { signal, horizonUs = DEFAULT_HORIZON_US, onWaiting } = options;
  return new Promise<RunEnd>((resolve) => {
    const watch = new LoopWatch(clock, embeddedRun(clock, run), PATIENCE_US.real, (loops, isForEver) => {
      if (isForEver) finished({ kind: 'not-quiet', loops });
      else onWaiting?.(loops);
    });
    const afterUs = (): number => clock.nowUs() - START_UP_US;
    const horizon = setTimeout(
      () => finished({ kind: 'cut-off', by: 'horizon', afterUs: horizonUs, loops: watch.loops() }),
      Math.min((START_UP_US + horizonUs) / 1000, 2 ** 31 - 1),
    );
    const onAbort = (): void => finished({ kind: 'interrupted', afterUs: afterUs() });
    signal?.addEventListener('abort', onAbort, { once: true });
    const chainEnd = chainEndOf(run, PATIENCE_US.real, (unchanged) => finished(endOfChain(unchanged, watch)));
    const finished = (end: RunEnd): void => {
      watch.dispose();
      chainEnd?.dispose();
      clearTimeout(horizon);
      signal?.removeEventListener('abort', onAbort);
      resolve(end);
    };
    if (signal?.aborted === true) onAbort();
    else void clock.idle().then(() => finished({ kind: 'quiet' }));
  });
}

/** Where the whole chain runs, the clock never says that nothing is left. */
function chainEndOf(
  run: EmbeddedRun,
  patienceUs: number,
  onOver: (unchanged: Unchanged | undefined) => void,
): ChainEnd | undefined {
  if (run.environment.chain === undefined) return undefined;
  return new ChainEnd(run.clock, run, patienceUs, (isOver, unchanged) => isOver && onOver(unchanged));
}

function endOfChain(unchanged: Unchanged | undefined, watch: LoopWatch): RunEnd {
  if (unchanged === undefined) return { kind: 'quiet' };
  return { kind: 'not-quiet', loops: unchanged.comeAndGo === true ? [] : watch.loops(), ...unchanged };
}

function begin(
  clock: VirtualClock | WallClock,
  settings: RunSettings,
  { actions, load, releases, detail, hooks, onStarted }: RunOptions,
  onCreationFailed: (error: CreationError) => void,
): EmbeddedRun {
  const all = { ...hooks, clock, actions, load, releases, detail, onCreationFailed };
  const run = startEmbedded(settings, all);
  onStarted?.(run);
  return run;
}

/** The figures of a large run take seconds. */
function* finish(run: EmbeddedRun, settings: RunSettings, end: RunEnd, events: number): InParts<FinishedRun> {
  run.end();
  const { trace, originUs = 0 } = run;
  return {
    settings,
    trace,
    originUs,
    statistics: yield* statisticsInParts(trace, originUs),
    mostRequestsASecond: yield* mostRequestsASecond(trace),
    end,
    events,
    fate: undefined,
    calmUs: undefined,
  };
}
