import { ActionsClientCache } from '../actions/client-cache.ts';
import { EmbeddedActionsService } from '../actions/embedded-service.ts';
import { EmbeddedActionsTransport } from '../actions/embedded-transport.ts';
import { NodeHttpTransport } from '../actions/http-transport.ts';
import { DisposableList } from '../base/events.ts';
import type { HttpTransport } from '../base/http.ts';
import type { SecretRegistry } from '../base/redact.ts';
import { WallClock } from '../base/wall-clock.ts';
import type { ApiError } from '../kubernetes/api-error.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import { Kubelet, podStages } from '../kubernetes/embedded/kubelet.ts';
import { ShadowCluster } from '../kubernetes/embedded/shadow-cluster.ts';
import { openKubeconfig } from '../kubernetes/remote/kubeconfig.ts';
import { preflight } from '../kubernetes/remote/preflight.ts';
import { RemoteCluster } from '../kubernetes/remote/remote-cluster.ts';
import { ApiTransport } from '../kubernetes/remote/transport.ts';
import { EphemeralRunners, Pods, type Resource } from '../kubernetes/resource.ts';
import { HOOK_OWNER_LABEL } from '../reconciler/names.ts';
import { reconcileEphemeralRunner } from '../reconciler/reconcile.ts';
import { Manager } from '../runtime/manager.ts';
import type { PassObserver } from '../runtime/observer.ts';
import { TraceLog } from '../trace/trace-log.ts';
import { OTHER_ACTIONS_LATENCY_US, type LabSettings } from './settings.ts';
import { TraceRecorder, type LabLogLine } from './trace-recorder.ts';
import { ObserverList } from './observer-list.ts';

export interface AttachOptions {
  readonly settings: LabSettings;
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Namespace to reconcile; the context's own without it, all for ''. */
  readonly namespace?: string;
  /** Write to the cluster and register with the real service; without it everything stays in an overlay. */
  readonly apply: boolean;
  /** Move the runners' pods through their stages where no kubelet does. */
  readonly simulatePods: boolean;
  readonly secrets: SecretRegistry;
  readonly observers?: readonly PassObserver[];
  readonly onLogLine?: (line: LabLogLine) => void;
  readonly onEvent?: () => void;
  readonly onWatchError?: (resource: Resource, error: ApiError) => void;
}

/** The controller attached to a cluster of a kubeconfig, in real time. */
export class AttachedLab {
  readonly clock = new WallClock();
  readonly trace: TraceLog;
  readonly manager: Manager;
  readonly contextName: string;
  readonly server: string;
  readonly namespace: string;
  readonly #disposables = new DisposableList();

  private constructor(options: AttachOptions, transport: ApiTransport, contextName: string, namespace: string) {
    const { settings, secrets } = options;
    const { clock } = this;
    const epochMs = Date.now();
    this.contextName = contextName;
    this.server = transport.server;
    this.namespace = namespace;
    this.trace = new TraceLog({
      type: 'header',
      version: 1,
      start: new Date(epochMs).toISOString(),
      mode: settings.mode,
      source: options.apply ? 'remote' : 'shadow',
      settings: { ...settings },
    });
    const remote = new RemoteCluster(transport);
    const shadow = options.apply
      ? undefined
      : new ShadowCluster(remote, { clock, seed: settings.seed, epochMs, writeLatencyUs: settings.apiLatencyUs });
    const cluster: Cluster = shadow ?? remote;
    const recorder = new TraceRecorder({
      clock,
      log: this.trace,
      secrets,
      ...(options.onLogLine === undefined ? {} : { onLogLine: options.onLogLine }),
      ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
    });
    const clients = new ActionsClientCache(secrets);
    this.manager = new Manager({
      clock,
      cluster,
      http: options.apply ? this.#realService() : this.#embeddedService(settings, epochMs),
      namespace,
      reconcile: (key) => reconcileEphemeralRunner(key, settings.mode, clients),
      primary: EphemeralRunners,
      owned: Pods,
      ownedLabelIndex: HOOK_OWNER_LABEL,
      workers: settings.workers,
      qps: settings.qps,
      burst: settings.burst,
      syncPeriodUs: settings.syncPeriodUs,
      epochMs,
      observer: new ObserverList([recorder, ...(options.observers ?? [])]),
      ...(options.onWatchError === undefined ? {} : { onWatchError: options.onWatchError }),
    });
    recorder.follow(this.manager.primary, this.manager.owned);
    if (options.simulatePods) {
      this.#disposables.add(
        new Kubelet(clock, cluster, {
          namespace,
          seed: settings.seed,
          stages: podStages(settings.podStartUs ?? 1_000_000, settings.jobDurationUs),
          includes: (key, pod) =>
            pod.metadata.labels?.['actions-ephemeral-runner'] === 'True' && (shadow?.holds(Pods, key) ?? true),
        }),
      );
    }
    this.#disposables.defer(() => transport.close());
    this.#disposables.defer(() => clock.close());
  }

  /**
   * Checks the cluster and starts.
   * @throws KubeconfigError, PreflightError
   */
  static async attach(options: AttachOptions): Promise<AttachedLab> {
    const access = await openKubeconfig({
      secrets: options.secrets,
      ...(options.kubeconfig === undefined ? {} : { file: options.kubeconfig }),
      ...(options.context === undefined ? {} : { context: options.context }),
    });
    const transport = new ApiTransport(access);
    const namespace = options.namespace ?? access.namespace;
    await preflight(transport, access.contextName, namespace, options.apply);
    return new AttachedLab(options, transport, access.contextName, namespace);
  }

  /** Takes no new passes, waits for those in progress and closes every connection. */
  async stop(): Promise<void> {
    await this.manager.stop();
    this.#disposables.dispose();
  }

  #realService(): HttpTransport {
    const http = new NodeHttpTransport();
    this.#disposables.defer(() => http.close());
    return http;
  }

  #embeddedService(settings: LabSettings, epochMs: number): HttpTransport {
    const { clock } = this;
    const service = new EmbeddedActionsService({
      seed: settings.seed,
      baseUrl: 'http://actions.lab.invalid',
      nowMs: () => epochMs + clock.nowUs() / 1000,
    });
    const latency = { jitUs: settings.jitLatencyUs, otherUs: OTHER_ACTIONS_LATENCY_US, jitter: 0.02 };
    return new EmbeddedActionsTransport(clock, service, latency, settings.seed);
  }
}
