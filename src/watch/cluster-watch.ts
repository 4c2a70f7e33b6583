import { t } from '@vscode/l10n';
import type { Disposable } from '../base/disposable.ts';
import { DisposableList } from '../base/disposable.ts';
import type { SecretRegistry } from '../base/redact.ts';
import { WallClock } from '../base/wall-clock.ts';
import type { Explanation } from '../evidence/explain.ts';
import { LiveReading } from '../evidence/live-reading.ts';
import { TraceMaker } from '../evidence/passes/trace-maker.ts';
import type { ConnectionStatus } from '../kubernetes/remote/connection-monitor.ts';
import { RemoteCluster } from '../kubernetes/remote/remote-cluster.ts';
import { EphemeralRunners, Pods, type Resource } from '../kubernetes/resource.ts';
import type { ApiObject, EphemeralRunner } from '../kubernetes/types.ts';
import { RunnerRecorder } from '../model/runner-recorder.ts';
import { RunnerTable } from '../model/runner-table.ts';
import { RUNNER_POD_LABEL } from '../reconciler/names.ts';
import { Caches } from '../runtime/caches.ts';
import type { Informer } from '../runtime/informer.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { heldForLong, heldWorkers, type HeldWorker } from './held-workers.ts';
import { LogReaders } from './log-readers.ts';
import { withoutController } from './no-controller.ts';
import { runnerWait, type RunnerWait } from './runner-waits.ts';
import type { Reach } from './reach.ts';

export interface ClusterWatchOptions {
  readonly reach: Reach;
  readonly secrets: SecretRegistry;
  /** How far back logs are read, in seconds. */
  readonly sinceS: number;
  /** The trace goes on in a new one when it has this many passes. */
  readonly mostPasses?: number;
  readonly onConnection?: (status: ConnectionStatus) => void;
  /** The trace is full, and grows until the watch is disposed of. Without this callback another trace takes its place. */
  readonly onFull?: () => void;
  /** The trace has been replaced by one that goes on. */
  readonly onStartOver?: (trace: TraceLog, before: TraceLog) => void;
  readonly onTraceEvent?: () => void;
}

/** What a watch knows at a moment. All times in microseconds since its trace's start. */
export interface WatchState {
  readonly atUs: number;
  readonly explanation: Explanation;
  /** Workers that wait for an answer, the longest first. */
  readonly held: readonly HeldWorker[];
  /** Of these the ones that have waited for too long. */
  readonly heldForLong: readonly HeldWorker[];
  /** Runners that wait for a worker or an answer: not in a pass, and without a pod. */
  readonly waiting: number;
  /** How many runners are in each phase; empty where they may not be listed. */
  readonly phases: ReadonlyMap<string, number>;
  readonly connection: ConnectionStatus;
  /** What is read: controllers and listeners by the names of their pods. */
  readonly logs: readonly string[];
  /** What is not seen, and why: sentences. */
  readonly unseen: readonly string[];
}

const TICK_US = 1_000_000;
/** The timeline draws twice as many bars within a frame. */
const MOST_PASSES = 500_000;

/**
 * Watches what ARC's controller does on a cluster: its log and those of listeners, runners, pods, sets and events. Nothing is
 * reconciled, and nothing but reads is sent.
 */
export class ClusterWatch implements Disposable {
  readonly caches: Caches;
  readonly clock = new WallClock();
  /** The runners and what each waits for; empty where they may not be listed. */
  readonly table: RunnerTable;
  readonly #options: ClusterWatchOptions;
  readonly #cluster: RemoteCluster;
  readonly #maker = new TraceMaker();
  readonly #live = new LiveReading((...line) => this.#maker.take(...line));
  readonly #logs: LogReaders;
  readonly #runners: RunnerRecorder | undefined;
  readonly #disposables = new DisposableList();
  /** Wall-clock time of the trace's microsecond 0, in microseconds since 1970. */
  readonly #startUs: number;
  readonly #sinceUs: number;
  #trace: TraceLog;
  #held: readonly HeldWorker[] = [];
  #heldBy = new Map<string, HeldWorker>();
  #lostUs: number | undefined;
  #endedUs: number | undefined;

  constructor(options: ClusterWatchOptions) {
    this.#options = options;
    const { reach, secrets, sinceS } = options;
    const { transport, namespace, kinds } = reach;
    this.#sinceUs = sinceS * 1e6;
    this.#startUs = Math.round(serverNowMs(transport.serverTimeMs) * 1000) - this.#sinceUs;
    this.#trace = this.#maker.begin(this.#startUs);
    this.#cluster = new RemoteCluster(transport, this.clock, (status) => this.#connectionChanged(status));
    this.caches = new Caches({ cluster: this.#cluster, namespace });
    for (const kind of kinds) this.caches.inform(kind);
    const ofRunners = [EphemeralRunners, Pods].filter((kind) => !this.#has(kind));
    this.#live.reading.hidden = new Set(ofRunners.map(({ kind }) => kind));
    const redact = (text: string): string => secrets.redact(text);
    this.table = new RunnerTable(() => this.nowUs(), redact);
    if (this.#has(EphemeralRunners)) {
      this.#maker.statesUntilUs = this.#startUs + this.#sinceUs;
      const { caches } = this;
      const createdUs = (runner: EphemeralRunner): number => this.#createdUs(runner);
      this.table.follow({ caches, createdUs, waitOf: (key) => this.#waitOf(key) }, this.#trace);
      const { onTraceEvent: onEvent } = options;
      this.#runners = new RunnerRecorder({
        ...{ log: this.#trace, nowUs: () => this.nowUs(), redact, basis: 'seen', detail: 'all', onEvent },
      });
      this.#runners.follow(this.caches.of(EphemeralRunners), this.cacheOf(Pods));
    }
    this.#logs = new LogReaders({
      ...{ reach, sinceS, live: this.#live, clock: this.clock, nowUs: () => this.#startUs + this.nowUs() },
      onWorkers: (count) => this.#maker.expectWorkers(count),
      onHole: () => this.#noteHole(),
    });
    this.#disposables.add(this.#logs);
    this.#disposables.add(this.clock.every(TICK_US, () => this.#tick()));
  }

  /** The trace of what the controller does; another one goes on in its place when it is full. */
  get trace(): TraceLog {
    return this.#trace;
  }

  /** Time since the trace's start. */
  nowUs(): number {
    return this.#endedUs ?? this.clock.nowUs() + this.#sinceUs;
  }

  get connection(): ConnectionStatus {
    return this.#cluster.connection;
  }

  /** Since when the cluster cannot be reached, in the trace's time; undefined while it can. */
  get blindSinceUs(): number | undefined {
    return this.#lostUs;
  }

  /** Tries at once to reach the cluster. */
  reconnect(): void {
    this.#cluster.reconnect();
    this.#logs.reconnect();
  }

  /** What is known of a kind; undefined where the user may not watch it. */
  cacheOf<T extends ApiObject>(kind: Resource<T>): Informer<T> | undefined {
    return this.#has(kind) ? this.caches.of(kind) : undefined;
  }

  /** Resolves when every kind and every log that is there has been read up to now. */
  whenRead(): Promise<void> {
    const synced = new Promise<void>((resolve) => this.caches.whenSynced(this.caches.kinds, resolve));
    return Promise.all([synced, this.#logs.whenRead()]).then(() => undefined);
  }

  state(): WatchState {
    const atUs = this.#seenUntilUs();
    this.#look(atUs);
    const said = this.#live.explain(this.#objects(), this.#startUs + atUs);
    const places = this.#logs.withoutController;
    const explanation = places === undefined ? said : withoutController(said, places, this.#logs.labs);
    return {
      ...{ atUs, explanation, held: this.#held, heldForLong: heldForLong(this.#held, atUs) },
      waiting: this.#waiting(),
      phases: this.#phases(),
      connection: this.connection,
      logs: this.#logs.names,
      unseen: [...this.#options.reach.unseen, ...this.#logs.unseen],
    };
  }

  dispose(): void {
    if (this.#endedUs !== undefined) return;
    this.#look(this.#seenUntilUs());
    this.#connectionChanged({ state: 'connected' });
    this.#endedUs = this.nowUs();
    this.#trace.end(this.#endedUs);
    this.#disposables.dispose();
    this.caches.dispose();
    this.#cluster.dispose();
    this.clock.close();
    this.#options.reach.transport.close();
  }

  /** What a runner waits for by the controller's log; undefined where the log does not say. */
  #waitOf(key: string): RunnerWait | undefined {
    const hasPod = this.cacheOf(Pods)?.get(key) !== undefined;
    return runnerWait(this.#maker.nextOf(key), this.#heldBy.get(key), hasPod, this.nowUs());
  }

  #createdUs({ metadata }: EphemeralRunner): number {
    const ms = Date.parse(metadata.creationTimestamp ?? '');
    return Number.isNaN(ms) ? this.nowUs() : Math.min(this.nowUs(), ms * 1000 - this.#startUs);
  }

  #tick(): void {
    this.#look(this.#seenUntilUs());
    if (this.#trace.passCount < (this.#options.mostPasses ?? MOST_PASSES)) return;
    if (this.#options.onFull !== undefined) {
      this.#options.onFull();
      return;
    }
    const before = this.#trace;
    const runners = this.cacheOf(EphemeralRunners);
    this.#trace = this.#maker.startOver((key) => runners === undefined || runners.get(key) !== undefined);
    this.#runners?.goOnIn(this.#trace);
    this.table.goOnIn(this.#trace);
    this.#options.onStartOver?.(this.#trace, before);
  }

  /** Brings up to date what goes on. */
  #look(untilUs: number): void {
    this.#maker.showOpen(this.#startUs + untilUs);
    this.#held = heldWorkers(this.#maker.openPasses(), this.#live.reading, this.#startUs);
    this.#heldBy = new Map(this.#held.map((held) => [held.runner, held]));
  }

  /** Until when nothing that was written is missing. */
  #seenUntilUs(): number {
    return this.#lostUs ?? this.nowUs();
  }

  #connectionChanged(status: ConnectionStatus): void {
    const sinceUs = this.#lostUs;
    if (status.state === 'lost') {
      this.#lostUs = Math.max(0, this.nowUs() - (Date.now() - status.sinceMs) * 1000);
    } else {
      this.#lostUs = undefined;
      if (sinceUs !== undefined) {
        const until = this.nowUs();
        this.#trace.addMark({ at: sinceUs, until, what: 'gap', text: t('no connection'), basis: 'run' });
        this.#logs.reconnect();
      }
    }
    this.#options.onConnection?.(status);
  }

  #noteHole(): void {
    const atUs = this.nowUs();
    this.#live.hole(this.#startUs + atUs);
    this.#trace.addMark({ at: atUs, what: 'gap', text: t('lines are missing'), basis: 'inferred' });
  }

  /** Of pods those of runners, controllers and listeners: others say nothing. */
  *#objects(): IterableIterator<ApiObject> {
    for (const kind of this.caches.kinds) {
      for (const [, object] of this.caches.of(kind).entries()) {
        if (kind !== (Pods as Resource) || object.metadata.labels?.[RUNNER_POD_LABEL] !== undefined) yield object;
      }
    }
    yield* this.#logs.objects;
  }

  #waiting(): number {
    const pods = this.cacheOf(Pods);
    let count = 0;
    for (const [key, runner] of this.cacheOf(EphemeralRunners)?.entries() ?? []) {
      if (!this.#heldBy.has(key) && isOnItsWay(runner) && pods !== undefined && pods.get(key) === undefined) count++;
    }
    return count;
  }

  #phases(): Map<string, number> {
    const phases = new Map<string, number>();
    for (const [, { metadata, status }] of this.cacheOf(EphemeralRunners)?.entries() ?? []) {
      const phase = metadata.deletionTimestamp === undefined ? (status?.phase ?? '') || 'Pending' : 'Deleting';
      phases.set(phase, (phases.get(phase) ?? 0) + 1);
    }
    return phases;
  }

  #has(kind: Resource): boolean {
    return this.#options.reach.kinds.includes(kind);
  }
}

/** Not yet at its pod: it has neither ended nor failed, and nobody has asked for its end. */
function isOnItsWay({ metadata, status }: EphemeralRunner): boolean {
  const phase = status?.phase ?? '';
  return metadata.deletionTimestamp === undefined && (phase === '' || phase === 'Pending');
}

/** The server's clock, where it differs from that of this machine by more than its header tells; milliseconds since 1970. */
function serverNowMs(serverTimeMs: number): number {
  const nowMs = Date.now();
  const skewMs = serverTimeMs + 500 - nowMs;
  return Math.abs(skewMs) > 2_000 ? nowMs + skewMs : nowMs;
}
