import { t } from '@vscode/l10n';
import { SecretRegistry } from '../base/redact.ts';
import { WallClock } from '../base/wall-clock.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import { deleteRequest } from '../kubernetes/request.ts';
import type { ConnectionStatus } from '../kubernetes/remote/connection-monitor.ts';
import { EphemeralRunners } from '../kubernetes/resource.ts';
import { splitKey, type KubernetesEvent } from '../kubernetes/types.ts';
import { eventsOf } from '../problems/pod-event-problem.ts';
import { EPHEMERAL_RUNNER } from '../reconciler/controller.ts';
import type { Controllers } from '../runtime/controllers.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import type { ApplyOptions } from '../apply/apply-guard.ts';
import { AtAttach } from '../model/at-attach.ts';
import { AttachedLab, type AttachOptions } from './attached-lab.ts';
import type { EmbeddedLab } from './embedded-lab.ts';
import { START_UP_US, startEmbeddedLab } from './embedded-start.ts';
import type { ConditionsDocument, LabConditions } from './conditions-control.ts';
import { ManifestHistory } from '../model/manifest-history.ts';
import type { ControllerHooks } from './manage-runners.ts';
import { restOf, RestWatch, type Rest } from '../model/rest.ts';
import type { Creation, RunnerSet } from './runner-set.ts';
import { RunnerTable } from '../model/runner-table.ts';
import type { LabSettings } from './settings.ts';

/** Where a session runs: nothing but this process, or a context of a kubeconfig. */
export type SessionTarget =
  | { readonly kind: 'embedded' }
  | (Pick<AttachOptions, 'kubeconfig' | 'context' | 'namespace' | 'simulatePods' | 'scope' | 'held'> & {
      readonly kind: 'attached';
      /** Whether it writes to the cluster. */
      readonly apply: boolean;
    });

type Hooks = Pick<ControllerHooks, 'onLogLine' | 'onWatchError' | 'observers'> & Pick<AttachOptions, 'onConnection'>;

/** Why nothing is written any more, and since when (milliseconds since 1970). */
export interface LeaseLoss {
  readonly why: string;
  readonly sinceMs: number;
}

/** How runners come to an embedded cluster, and what they meet there. */
export interface Load {
  /** Runners created per second; without it they come in one burst. */
  readonly perSecond?: number | undefined;
  /** Latencies and faults from the start. */
  readonly conditions?: Partial<ConditionsDocument> | undefined;
}

/** An embedded cluster's side of a session. */
interface EmbeddedSide {
  readonly clock: WallClock;
  readonly runnerSet: RunnerSet;
  readonly conditions: LabConditions;
}

/** An attached cluster's side of a session. */
interface AttachedSide {
  readonly lab: AttachedLab;
  leaseLoss(): LeaseLoss | undefined;
}

/** A controller that runs in real time, with all that is shown of it. */
export class LabSession {
  readonly settings: LabSettings;
  readonly secrets: SecretRegistry;
  readonly trace: TraceLog;
  readonly controllers: Controllers;
  readonly table: RunnerTable;
  readonly manifests: ManifestHistory;
  /** What was there when an attached session began. */
  readonly atAttach: AtAttach | undefined;
  /** Where it runs, in a few words. */
  readonly where: string;
  /** What differs from what happens on the cluster, in a sentence; undefined where nothing does. */
  readonly differences: string | undefined;
  /** Latencies and faults of an embedded cluster. */
  readonly conditions: LabConditions | undefined;
  readonly #originUs: number | undefined;
  readonly #clock: WallClock;
  readonly #cluster: Cluster;
  readonly #end: () => Promise<void>;
  readonly #embedded: EmbeddedSide | undefined;
  readonly #attached: AttachedSide | undefined;
  #rest: RestWatch | undefined;

  private constructor(parts: {
    settings: LabSettings;
    secrets: SecretRegistry;
    trace: TraceLog;
    controllers: Controllers;
    table: RunnerTable;
    manifests: ManifestHistory;
    where: string;
    differences?: string | undefined;
    originUs: number | undefined;
    clock: WallClock;
    cluster: Cluster;
    end: () => Promise<void>;
    embedded?: EmbeddedSide;
    attached?: AttachedSide;
  }) {
    this.settings = parts.settings;
    this.secrets = parts.secrets;
    this.trace = parts.trace;
    this.controllers = parts.controllers;
    this.table = parts.table;
    this.manifests = parts.manifests;
    this.where = parts.where;
    this.differences = parts.differences;
    this.#originUs = parts.originUs;
    this.#clock = parts.clock;
    this.#cluster = parts.cluster;
    this.#end = parts.end;
    this.#embedded = parts.embedded;
    this.#attached = parts.attached;
    this.conditions = parts.embedded?.conditions;
    this.table.follow(this.controllers, this.trace);
    const redact = (text: string): string => this.secrets.redact(text);
    this.atAttach = parts.originUs === undefined ? new AtAttach(this.controllers, Date.now, redact) : undefined;
  }

  /** Starts on the embedded cluster and creates the settings' number of runners. */
  static embedded(settings: LabSettings, hooks: Hooks, load: Load = {}): LabSession {
    const clock = new WallClock();
    const table = new RunnerTable(
      () => clock.nowUs(),
      (text) => lab.secrets.redact(text),
    );
    const manifests = new ManifestHistory(() => lab.controllers.caches);
    const { conditions, perSecond } = load;
    const everyUs = perSecond === undefined ? undefined : 1_000_000 / perSecond;
    const onCreated = (error: ApiError | undefined): void => {
      if (error === undefined) return;
      const message = t('Runners could not be created: {0}', error.message);
      hooks.onLogLine?.({ atUs: clock.nowUs(), level: 'error', runner: '', message, fields: undefined });
    };
    const lab: EmbeddedLab = startEmbeddedLab(
      {
        clock,
        settings,
        epochMs: Date.now(),
        ...hooks,
        observers: [table, manifests, ...(hooks.observers ?? [])],
      },
      ({ runnerSet }) => runnerSet.create(settings.runners, onCreated, everyUs),
    );
    if (conditions !== undefined) lab.conditions.change(conditions);
    return new LabSession({
      settings,
      secrets: lab.secrets,
      trace: lab.trace,
      controllers: lab.controllers,
      table,
      manifests,
      where: 'embedded cluster',
      originUs: START_UP_US,
      clock,
      cluster: lab.cluster,
      embedded: { clock, runnerSet: lab.runnerSet, conditions: lab.conditions },
      end: async () => {
        await lab.stop();
        clock.close();
      },
    });
  }

  /**
   * Attaches to a cluster.
   * @param apply how to ask for leave to write; needed for a target that is applied to
   * @throws KubeconfigError, PreflightError, ApplyRefusedError, LeaseHeldError; the signal's reason when it was aborted meanwhile
   */
  static async attach(
    settings: LabSettings,
    target: Extract<SessionTarget, { kind: 'attached' }>,
    hooks: Hooks,
    signal?: AbortSignal,
    apply?: ApplyOptions,
  ): Promise<LabSession> {
    if (target.apply && apply === undefined) throw new Error('a session that writes needs to be agreed to');
    const secrets = new SecretRegistry();
    const table = new RunnerTable(
      () => lab.clock.nowUs(),
      (text) => secrets.redact(text),
    );
    const manifests = new ManifestHistory(() => lab.controllers.caches);
    const { kind: _kind, apply: isApplied, ...attach } = target;
    let leaseLoss: LeaseLoss | undefined;
    const onLost = (why: string): void => {
      leaseLoss = { why, sinceMs: Date.now() };
      apply?.onLost(why);
    };
    const lab: AttachedLab = await AttachedLab.attach({
      ...attach,
      settings,
      secrets,
      ...hooks,
      observers: [table, manifests, ...(hooks.observers ?? [])],
      ...(signal === undefined ? {} : { signal }),
      ...(isApplied && apply !== undefined ? { apply: { ...apply, onLost } } : {}),
    });
    const namespace = lab.namespace === '' ? 'all namespaces' : lab.namespace;
    return new LabSession({
      settings,
      secrets,
      trace: lab.trace,
      controllers: lab.controllers,
      table,
      manifests,
      where: `${lab.contextName} · ${namespace}`,
      differences: lab.differences,
      originUs: undefined,
      clock: lab.clock,
      cluster: lab.cluster,
      attached: { lab, leaseLoss: () => leaseLoss },
      end: () => lab.stop(),
    });
  }

  /** Time in the trace at which the first runner's creation was asked for, or at which the first one was seen. */
  get originUs(): number {
    return this.#originUs ?? this.table.firstSeenUs;
  }

  get canCreateRunners(): boolean {
    return this.#embedded !== undefined;
  }

  /** Runners that are being created, or were last. */
  get creation(): Creation | undefined {
    return this.#embedded?.runnerSet.creation;
  }

  /** @param tell told when a session on the embedded cluster has come to rest, and with undefined when it has not any more */
  watchRest(tell: (rest: Rest | undefined) => void): void {
    if (this.#embedded !== undefined) this.#rest = new RestWatch(this.#embedded.clock, () => restOf(this.table), tell);
  }

  nowUs(): number {
    return this.#clock.nowUs();
  }

  /**
   * Creates more runners; resolves when the API server has answered all.
   * @throws ApiError, and Error where the cluster is not an embedded one
   */
  async createRunners(count: number): Promise<void> {
    const { runnerSet } = this.#embedded ?? {};
    if (runnerSet === undefined) throw new Error(t('Runners can be created on the embedded cluster only.'));
    const created = new Promise<void>((resolve, reject) => {
      runnerSet.create(count, (error) => (error === undefined ? resolve() : reject(error)));
    });
    this.#rest?.woken();
    await created;
  }

  /** @throws ApiError */
  async deleteRunner(key: string): Promise<void> {
    const { namespace, name } = splitKey(key);
    const deleted = new Promise<void>((resolve, reject) => {
      this.#cluster.send(deleteRequest(EphemeralRunners, namespace, name), (reply) => {
        if (reply instanceof ApiError) reject(reply);
        else resolve();
      });
    });
    this.#rest?.woken();
    await deleted;
  }

  /** What is told of a runner's pod beside its status; nothing where there is no pod, or where that may not be read. */
  async podEvents(key: string): Promise<readonly KubernetesEvent[]> {
    const pod = this.table.pod(key);
    return pod === undefined ? [] : eventsOf(this.#cluster, pod);
  }

  /** Whether the cluster can be reached; an embedded one always can. */
  get connection(): ConnectionStatus {
    return this.#attached?.lab.connection ?? { state: 'connected' };
  }

  /** Tries at once to reach the cluster, where the connection is lost. */
  reconnect(): void {
    this.#attached?.lab.reconnect();
  }

  /** Set when the right to write to the cluster was lost. */
  get leaseLoss(): LeaseLoss | undefined {
    return this.#attached?.leaseLoss();
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
    return this.#end();
  }
}
