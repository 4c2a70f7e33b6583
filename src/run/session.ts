import { t } from '@vscode/l10n';
import { SecretRegistry } from '../base/redact.ts';
import { Listeners } from '../base/listeners.ts';
import { WallClock } from '../base/wall-clock.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import { deleteRequest } from '../kubernetes/request.ts';
import type { ConnectionStatus } from '../kubernetes/remote/connection-monitor.ts';
import {
  AutoscalingListeners,
  AutoscalingRunnerSets,
  EphemeralRunners,
  EphemeralRunnerSets,
  Pods,
  type Resource,
} from '../kubernetes/resource.ts';
import { splitKey, type ApiObject, type KubernetesEvent } from '../kubernetes/types.ts';
import { eventsOf } from '../problems/pod-event-problem.ts';
import { EPHEMERAL_RUNNER } from '../reconciler/controller.ts';
import type { Controllers } from '../runtime/controllers.ts';
import { OpenDriver } from '../runtime/open-driver.ts';
import type { Driver } from '../runtime/pass.ts';
import type { PassObserver } from '../runtime/observer.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { AboveTrouble } from '../model/above-trouble.ts';
import { AtAttach } from '../model/at-attach.ts';
import { ScaleSets } from '../model/scale-sets.ts';
import { AttachedAbove } from './attached-above.ts';
import type { AttachOptions } from './attached-environment.ts';
import type { DebugTarget } from './debug-target.ts';
import type { ConditionsChange, ConditionsControl } from './conditions-control.ts';
import { conditionsWords } from './conditions-words.ts';
import { ManifestHistory } from '../model/manifest-history.ts';
import type { ControllerHooks } from './manage-runners.ts';
import { restOf, RestWatch, type Rest } from '../model/rest.ts';
import type { Chain } from './chain.ts';
import { ChainEnd } from './chain-end.ts';
import { restOfChain } from './chain-rest.ts';
import { PATIENCE_US } from './embedded-run.ts';
import type { JobLoad } from './job-load.ts';
import type { ListenerTrouble } from './listener-trouble.ts';
import type { Informer } from '../runtime/informer.ts';
import type { Run } from './run.ts';
import type { AttachedTarget } from './run-target.ts';
import type { Creation } from './runner-set.ts';
import { RunnerTable } from '../model/runner-table.ts';
import type { RunSettings } from './settings.ts';
import type { AttachedRun } from './start-attached.ts';
import { disturb, type EmbeddedHooks, type EmbeddedRun } from './start-embedded.ts';
import { startRun } from './start-run.ts';

/** What a session may hear in addition to what it shows. */
export type SessionHooks = Pick<ControllerHooks, 'onLogLine' | 'onWatchError' | 'observers' | 'metrics'> &
  Pick<AttachOptions, 'onConnection' | 'signal' | 'apply'> &
  Pick<EmbeddedHooks, 'clock' | 'load'> & {
    /** Runners could not be created; told in a sentence. */
    readonly onCreationFailed?: (sentence: string) => void;
  };

/** Why nothing is written any more, and since when (milliseconds since 1970). */
export interface LeaseLoss {
  readonly why: string;
  readonly sinceMs: number;
}

/** What is kept of a controller besides its trace, for people to look at. */
interface Watched {
  readonly table: RunnerTable;
  readonly manifests: ManifestHistory;
  readonly scaleSets: ScaleSets;
  readonly aboveTrouble: AboveTrouble;
  readonly observers: readonly PassObserver[];
}

/** A controller that runs, with all that is shown of it. */
export class RunSession {
  /** The settings that were asked for. */
  readonly settings: RunSettings;
  readonly table: RunnerTable;
  readonly manifests: ManifestHistory;
  /** What is above the runners: scale sets, listeners, sets. */
  readonly scaleSets: ScaleSets;
  /** What was there when an attached session began. */
  readonly atAttach: AtAttach | undefined;
  readonly #run: Run;
  readonly #embedded: EmbeddedRun | undefined;
  readonly #attached: AttachedRun | undefined;
  readonly #driver: OpenDriver;
  readonly #leaseLoss: () => LeaseLoss | undefined;
  /** Rejects what waits for creations when the session is stopped. */
  readonly #unsettled = new Set<(error: Error) => void>();
  /** Debuggers, which let go of the passes that they hold. */
  readonly #onStop = new Listeners<[]>();
  readonly #above: AttachedAbove | undefined;
  #rest: RestWatch | undefined;
  #chainEnd: ChainEnd | undefined;

  private constructor(
    settings: RunSettings,
    { table, manifests, scaleSets, aboveTrouble }: Watched,
    run: { readonly embedded: EmbeddedRun } | { readonly attached: AttachedRun },
    driver: OpenDriver,
    leaseLoss: () => LeaseLoss | undefined = () => undefined,
  ) {
    this.settings = settings;
    this.table = table;
    this.manifests = manifests;
    this.scaleSets = scaleSets;
    this.#embedded = 'embedded' in run ? run.embedded : undefined;
    this.#attached = 'attached' in run ? run.attached : undefined;
    this.#run = 'embedded' in run ? run.embedded : run.attached;
    this.#driver = driver;
    this.#leaseLoss = leaseLoss;
    this.table.follow(this.controllers, this.trace);
    if (this.#attached === undefined) {
      this.#followAbove(aboveTrouble);
      this.#run.onReplaced = () => this.#goOn(aboveTrouble);
    } else {
      const { cluster, namespace } = this.#attached.environment;
      this.#above = new AttachedAbove({ cluster, namespace, caches: this.controllers.caches, scaleSets });
    }
    const redact = (text: string): string => this.secrets.redact(text);
    this.atAttach = this.#attached === undefined ? undefined : new AtAttach(this.controllers, Date.now, redact);
  }

  /** Starts on the embedded cluster and creates the settings' number of runners. */
  static embedded(settings: RunSettings, hooks: SessionHooks): RunSession {
    const watched = watch(() => run, hooks);
    const open = opening();
    const run: EmbeddedRun = startRun({ kind: 'embedded' }, settings, {
      ...hooks,
      observers: watched.observers,
      wrapDriver: open.wrap,
      onCreationFailed: ({ message }) => hooks.onCreationFailed?.(message),
    });
    return new RunSession(settings, watched, { embedded: run }, open.driver());
  }

  /**
   * Attaches to a cluster.
   * @throws KubeconfigError, PreflightError, ApplyRefusedError, LeaseHeldError; the signal's reason when it was aborted meanwhile
   */
  static async attach(settings: RunSettings, target: AttachedTarget, hooks: SessionHooks): Promise<RunSession> {
    const { apply } = hooks;
    let leaseLoss: LeaseLoss | undefined;
    const onLost = (why: string): void => {
      leaseLoss = { why, sinceMs: Date.now() };
      apply?.onLost(why);
    };
    const secrets = new SecretRegistry();
    const watched = watch(() => run, hooks);
    const open = opening();
    const run: AttachedRun = await startRun(target, settings, {
      ...hooks,
      ...{ secrets, observers: watched.observers, wrapDriver: open.wrap },
      apply: apply && { ...apply, onLost },
    });
    return new RunSession(settings, watched, { attached: run }, open.driver(), () => leaseLoss);
  }

  /** For a debugger, which can stop its passes. */
  get debugTarget(): DebugTarget {
    const { trace, controllers, secrets } = this;
    const right = this.#attached?.environment.right;
    return {
      ...{ trace, controllers, secrets, clock: this.#run.clock, driver: this.#driver },
      ...(right === undefined ? {} : { right }),
      onStop: (listener) => this.#onStop.add(listener),
      blindSinceUs: () => this.blindSinceUs,
    };
  }

  get trace(): TraceLog {
    return this.#run.trace;
  }

  get controllers(): Controllers {
    return this.#run.controllers;
  }

  get secrets(): SecretRegistry {
    return this.#run.environment.secrets;
  }

  /** Where it runs, in a few words. */
  get where(): string {
    if (this.#attached === undefined) return t('embedded cluster');
    const { contextName, namespace } = this.#attached.environment;
    return `${contextName} · ${namespace === '' ? t('all namespaces') : namespace}`;
  }

  /** What differs from what happens on the cluster, in a sentence; undefined where nothing does. */
  get differences(): string | undefined {
    return this.#attached?.environment.differences;
  }

  /** Latencies and faults of an embedded cluster. */
  get conditions(): ConditionsControl | undefined {
    return this.#embedded?.environment.conditions;
  }

  /**
   * Makes an embedded cluster slow or failing; the trace keeps what and when.
   * @throws Error with a sentence that says what is wrong with the change
   */
  changeConditions(change: ConditionsChange): void {
    if (this.conditions === undefined) return;
    this.conditions.change(change);
    this.trace.addMark({ at: this.nowUs(), what: 'fault', text: conditionsWords(change), basis: 'run' });
  }

  /** Time in the trace at which the first runner's creation was asked for, or at which the first one was seen. */
  get originUs(): number {
    return this.#run.originUs ?? this.table.firstSeenUs;
  }

  /** Whether runners can be made by hand; where jobs come, a scale set makes them. */
  get canCreateRunners(): boolean {
    return this.#embedded !== undefined && !this.hasJobs;
  }

  /** Runners that are being created, or were last. */
  get creation(): Creation | undefined {
    return this.#embedded?.environment.runnerSet.creation;
  }

  /** What above the runners may not be read, in a sentence; empty where nothing is missing. */
  get unreadable(): string {
    return this.#above?.unreadable ?? '';
  }

  /** Whether runners come when jobs do. */
  get hasJobs(): boolean {
    return this.#embedded?.environment.chain !== undefined;
  }

  /** The run, for those who say how a release took over from an earlier one; undefined where none does. */
  get takesOver(): EmbeddedRun | undefined {
    const { handover, awaitsTakeover } = this.#embedded?.environment ?? {};
    return handover !== undefined || awaitsTakeover === true ? this.#embedded : undefined;
  }

  /** More jobs come, as a load says from now on. */
  queueJobs(jobs: JobLoad): void {
    const { clock, chain } = this.#runsChain();
    clock.enter(() => chain.queueMore(jobs));
    this.#chainEnd?.woken();
  }

  /**
   * Kills or evicts the listener, or makes it slow.
   * @throws Error with a sentence where none runs
   */
  troubleListener(trouble: ListenerTrouble): void {
    const { clock, run } = this.#runsChain();
    const count = clock.enter(() => disturb({ run, trouble }));
    this.#chainEnd?.woken();
    if (count === 0) throw new Error(t('No listener runs now: wait until it does, and try again.'));
  }

  #runsChain(): { clock: EmbeddedRun['clock']; chain: Chain; run: EmbeddedRun } {
    const run = this.#embedded;
    const chain = run?.environment.chain;
    if (run === undefined || chain === undefined) throw new Error(t('This session has no scale set with jobs.'));
    if (run.hasEnded) throw new Error(STOPPED());
    return { clock: run.clock, chain, run };
  }

  /** @param tell told when a session on the embedded cluster has come to rest, and with undefined when it has not any more */
  watchRest(tell: (rest: Rest | undefined) => void): void {
    const { clock, environment } = this.#embedded ?? {};
    const chain = environment?.chain;
    if (this.#embedded !== undefined && clock instanceof WallClock && chain !== undefined) {
      const run = this.#embedded;
      this.#chainEnd = new ChainEnd(clock, run, PATIENCE_US.real, (isOver) => {
        const rest = isOver ? restOfChain(chain, this.table) : undefined;
        run.restedUs = rest?.isOver === true ? clock.nowUs() : undefined;
        tell(rest);
      });
    } else if (clock instanceof WallClock) {
      this.#rest = new RestWatch(
        clock,
        () => restOf(this.table),
        (rest) => {
          this.#run.restedUs = rest?.isOver === true ? clock.nowUs() : undefined;
          tell(rest);
        },
      );
    }
  }

  /** Runners that wait for a worker. */
  get queueLength(): number {
    return this.controllers.named(EPHEMERAL_RUNNER).queue.length;
  }

  /** The session's time; it stands still once nothing is left to do, or the session has ended. */
  nowUs(): number {
    return this.#run.nowUs;
  }

  /**
   * Creates more runners; resolves when the API server has answered all.
   * @throws ApiError, and Error with a sentence where the cluster is not an embedded one or the session is stopped
   */
  async createRunners(count: number): Promise<void> {
    if (this.#embedded === undefined) throw new Error(t('Runners can be created on the embedded cluster only.'));
    const { runnerSet } = this.#embedded.environment;
    const created = this.#untilStopped(
      new Promise<void>((resolve, reject) => {
        runnerSet.create(count, (error) => (error === undefined ? resolve() : reject(error)));
      }),
    );
    this.#rest?.woken();
    await created;
  }

  /** @throws ApiError, and Error with a sentence where the session is stopped */
  async deleteRunner(key: string): Promise<void> {
    const { namespace, name } = splitKey(key);
    const deleted = this.#untilStopped(
      new Promise<void>((resolve, reject) => {
        this.#run.environment.cluster.send(deleteRequest(EphemeralRunners, namespace, name), (reply) => {
          if (reply instanceof ApiError) reject(reply);
          else resolve();
        });
      }),
    );
    this.#rest?.woken();
    this.#chainEnd?.woken();
    await deleted;
  }

  /** The events of a runner's pod; nothing where there is no pod, or where they may not be read. */
  async podEvents(key: string): Promise<readonly KubernetesEvent[]> {
    const pod = this.table.pod(key);
    return pod === undefined ? [] : eventsOf(this.#run.environment.cluster, pod);
  }

  /** Whether the cluster can be reached; an embedded one always can. */
  get connection(): ConnectionStatus {
    return this.#attached?.environment.connection ?? { state: 'connected' };
  }

  /** Since when the cluster cannot be reached, in the session's time; undefined while it can. */
  get blindSinceUs(): number | undefined {
    return this.#run.blindSinceUs;
  }

  /** Tries at once to reach the cluster, where the connection is lost. */
  reconnect(): void {
    this.#attached?.environment.reconnect();
  }

  /** Set when the right to write to the cluster was lost. */
  get leaseLoss(): LeaseLoss | undefined {
    return this.#leaseLoss();
  }

  /** Whether nothing is reconciled until release(). */
  get held(): boolean {
    return this.controllers.held;
  }

  /** Starts to reconcile, for a session that was started held. */
  release(): void {
    this.controllers.start();
  }

  /**
   * Queues the runner as if something about it had changed.
   * @throws Error with a sentence for a session that is held
   */
  reconcileNow(key: string): void {
    if (this.held) throw new Error(t('This session is held: start reconciling first.'));
    this.controllers.named(EPHEMERAL_RUNNER).queue.add(key, 'ephemeralrunner-updated');
    this.#rest?.woken();
  }

  /** Takes no new passes, waits for those in progress and closes every connection. */
  stop(): Promise<void> {
    this.#onStop.tell();
    this.#chainEnd?.dispose();
    this.#above?.dispose();
    for (const reject of this.#unsettled) reject(new Error(STOPPED()));
    return this.#run.stop();
  }

  /** On the embedded cluster the caches hold what the run's controllers look after. */
  #followAbove(trouble: AboveTrouble): void {
    const { caches } = this.controllers;
    const known = <T extends ApiObject>(kind: Resource<T>): Informer<T> | undefined =>
      caches.kinds.includes(kind) ? caches.of(kind) : undefined;
    this.scaleSets.follow({
      scaleSets: known(AutoscalingRunnerSets),
      listeners: known(AutoscalingListeners),
      sets: known(EphemeralRunnerSets),
      pods: [caches.of(Pods)],
      runners: caches.of(EphemeralRunners),
      troubleOf: (kind, key) => trouble.of(this.controllers, kind, key),
      pauseUs: () => this.#embedded?.environment.listeners?.pauseUs ?? 0,
    });
  }

  /** A later release has taken over: what it sees is shown once it has seen it. One that cannot read what there is never does. */
  #goOn(trouble: AboveTrouble): void {
    const { controllers } = this;
    controllers.caches.whenSynced(controllers.caches.kinds, () => {
      this.table.goOnWith(controllers, this.trace);
      this.#followAbove(trouble);
    });
  }

  /** The work's outcome; a session that is stopped answers no request any more, and what waits for one ends with an error. */
  #untilStopped(work: Promise<void>): Promise<void> {
    if (this.#run.hasEnded) return Promise.reject(new Error(STOPPED()));
    return new Promise((resolve, reject) => {
      this.#unsettled.add(reject);
      void work.then(resolve, reject).finally(() => this.#unsettled.delete(reject));
    });
  }
}

/** Makes the driver's place for a debugger when the run is put together. */
function opening(): { readonly wrap: (inner: Driver) => Driver; readonly driver: () => OpenDriver } {
  let made: OpenDriver | undefined;
  return { wrap: (inner) => (made = new OpenDriver(inner)), driver: () => made as OpenDriver };
}

const STOPPED = (): string => t('The session has been stopped: start it again first.');

/** What is shown of a run, for observers, which hear of it once there is one. */
function watch(run: () => Run, { observers = [] }: SessionHooks): Watched {
  const nowUs = (): number => run().nowUs;
  const redact = (text: string): string => run().environment.secrets.redact(text);
  const table = new RunnerTable(nowUs, redact);
  const manifests = new ManifestHistory(() => run().controllers.caches);
  const scaleSets = new ScaleSets(nowUs, () => run().environment.epochMs, table.index);
  const aboveTrouble = new AboveTrouble(redact);
  const shown = [table, manifests, scaleSets.activity, aboveTrouble];
  return { table, manifests, scaleSets, aboveTrouble, observers: [...shown, ...observers] };
}
