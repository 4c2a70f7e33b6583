import { EmbeddedActionsService } from '../actions/embedded-service.ts';
import { EmbeddedActionsTransport } from '../actions/embedded-transport.ts';
import { NodeHttpTransport } from '../actions/http-transport.ts';
import { DisposableList } from '../base/events.ts';
import type { HttpTransport } from '../base/http.ts';
import type { SecretRegistry } from '../base/redact.ts';
import { WallClock } from '../base/wall-clock.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import { Kubelet } from '../kubernetes/embedded/kubelet.ts';
import { podPlan } from '../kubernetes/embedded/pod-presets.ts';
import { ShadowCluster } from '../kubernetes/embedded/shadow-cluster.ts';
import { openKubeconfig } from '../kubernetes/remote/kubeconfig.ts';
import { preflight } from '../kubernetes/remote/preflight.ts';
import { RemoteCluster } from '../kubernetes/remote/remote-cluster.ts';
import { ApiTransport } from '../kubernetes/remote/transport.ts';
import { Pods } from '../kubernetes/resource.ts';
import type { Manager } from '../runtime/manager.ts';
import { TraceLog } from '../trace/trace-log.ts';
import { manageRunners, type ControllerHooks } from './manage-runners.ts';
import { OTHER_ACTIONS_LATENCY_US, type LabSettings } from './settings.ts';

export interface AttachOptions extends ControllerHooks {
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
  /** Gives up attaching. */
  readonly signal?: AbortSignal;
}

/** The controller attached to a cluster of a kubeconfig, in real time. */
export class AttachedLab {
  readonly clock = new WallClock();
  readonly trace: TraceLog;
  readonly manager: Manager;
  readonly contextName: string;
  readonly server: string;
  readonly namespace: string;
  /** What the controller writes to: the cluster itself, or the overlay over it. */
  readonly cluster: Cluster;
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
    const remote = new RemoteCluster(transport, clock);
    const shadow = options.apply
      ? undefined
      : new ShadowCluster(remote, { clock, seed: settings.seed, epochMs, writeLatencyUs: settings.apiLatencyUs });
    const cluster: Cluster = shadow ?? remote;
    this.cluster = cluster;
    const http = options.apply ? this.#realService() : this.#embeddedService(settings, epochMs);
    this.manager = manageRunners(
      { clock, cluster, http, namespace, settings, epochMs, secrets, trace: this.trace },
      options,
    );
    const plan = options.simulatePods ? podPlan({ ...settings, pods: settings.pods ?? 'jobs' }) : undefined;
    if (plan !== undefined) {
      this.#disposables.add(
        new Kubelet(clock, cluster, {
          namespace,
          seed: settings.seed,
          ...plan,
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
   * @throws KubeconfigError, PreflightError; the signal's reason when it was aborted meanwhile
   */
  static async attach(options: AttachOptions): Promise<AttachedLab> {
    const access = await openKubeconfig({
      secrets: options.secrets,
      ...(options.kubeconfig === undefined ? {} : { file: options.kubeconfig }),
      ...(options.context === undefined ? {} : { context: options.context }),
    });
    const transport = new ApiTransport(access);
    const namespace = options.namespace ?? access.namespace;
    try {
      await unlessAborted(preflight(transport, access.contextName, namespace, options.apply), options.signal);
    } catch (error) {
      transport.close();
      throw error;
    }
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

/** The work's outcome, or the signal's reason as soon as there is one. */
async function unlessAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  const aborted = new Promise<never>((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  await Promise.race([work, aborted]);
}
