import { EmbeddedActionsService } from '../actions/embedded-service.ts';
import { EmbeddedActionsTransport } from '../actions/embedded-transport.ts';
import { NodeHttpTransport } from '../actions/http-transport.ts';
import { formatDuration } from '../base/duration.ts';
import { DisposableList } from '../base/events.ts';
import type { HttpTransport } from '../base/http.ts';
import type { SecretRegistry } from '../base/redact.ts';
import { WallClock } from '../base/wall-clock.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import { Kubelet } from '../kubernetes/embedded/kubelet.ts';
import { DEFAULT_POD_START_US } from '../kubernetes/embedded/pods/pod-plan.ts';
import { ShadowCluster } from '../kubernetes/embedded/shadow-cluster.ts';
import type { ConnectionStatus } from '../kubernetes/remote/connection-monitor.ts';
import { openKubeconfig } from '../kubernetes/remote/kubeconfig.ts';
import { preflight } from '../kubernetes/remote/preflight.ts';
import { RemoteCluster } from '../kubernetes/remote/remote-cluster.ts';
import { ApiTransport } from '../kubernetes/remote/transport.ts';
import { Pods } from '../kubernetes/resource.ts';
import type { Controllers } from '../runtime/controllers.ts';
import { TraceLog } from '../trace/trace-log.ts';
import { ApplyGuard, type ApplyOptions } from '../apply/apply-guard.ts';
import { includesOf, scopedCluster, type Scope } from '../apply/scope.ts';
import { endRun, manageRunners, type ControllerHooks } from './manage-runners.ts';
import { withJobDuration } from './job-duration.ts';
import { podPlan } from './pod-plan.ts';
import { recentPodDelays, type PodDelays } from './recent-pods.ts';
import { RunnerJobs } from './runner-jobs.ts';
import { OTHER_ACTIONS_LATENCY_US, type LabSettings } from './settings.ts';

export interface AttachOptions extends ControllerHooks {
  readonly settings: LabSettings;
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Namespace to reconcile; the context's own without it, all for ''. */
  readonly namespace?: string;
  /** Which runners it is about. */
  readonly scope?: Scope;
  /** Write to the cluster and register with the real service; without it everything stays in an overlay. */
  readonly apply?: ApplyOptions;
  /** Move the runners' pods through their stages where no kubelet does. */
  readonly simulatePods: boolean;
  readonly secrets: SecretRegistry;
  /** The connection to the cluster is lost, or back. */
  readonly onConnection?: (status: ConnectionStatus) => void;
  /** Gives up attaching. */
  readonly signal?: AbortSignal;
}

const NO_DELAYS: PodDelays = { startUs: undefined, jobUs: undefined, pods: 0 };

/** Passes in progress may take so long to end; after that what they would still write is held back. */
const PASSES_END_MS = 10_000;

/** The controller attached to a cluster of a kubeconfig, in real time. */
export class AttachedLab {
  readonly clock: WallClock;
  readonly trace: TraceLog;
  readonly controllers: Controllers;
  readonly contextName: string;
  readonly server: string;
  readonly namespace: string;
  /** What the controller writes to: the cluster itself, or the overlay over it. */
  readonly cluster: Cluster;
  /** What differs from what happens on the cluster, in a sentence; undefined where everything is real. */
  readonly differences: string | undefined;
  readonly #remote: RemoteCluster;
  readonly #secrets: SecretRegistry;
  readonly #guard: ApplyGuard | undefined;
  readonly #onProgress: ((text: string) => void) | undefined;
  readonly #disposables = new DisposableList();

  private constructor(options: AttachOptions, parts: Parts) {
    const { settings, secrets } = options;
    const { clock, transport, guard, http, namespace } = parts;
    const epochMs = Date.now();
    this.clock = clock;
    this.#secrets = secrets;
    this.contextName = parts.contextName;
    this.server = transport.server;
    this.namespace = namespace;
    this.#guard = guard;
    this.differences = guard === undefined ? differences(settings, parts.delays, options.simulatePods) : undefined;
    this.#onProgress = options.apply?.onProgress;
    this.trace = new TraceLog({
      type: 'header',
      version: 1,
      start: new Date(epochMs).toISOString(),
      mode: settings.mode,
      source: guard === undefined ? 'shadow' : 'remote',
      settings: { ...settings },
    });
    const remote = new RemoteCluster(transport, clock, (status) => options.onConnection?.(this.#cleared(status)));
    this.#remote = this.#disposables.add(remote);
    const shadow =
      guard === undefined
        ? new ShadowCluster(remote, { clock, seed: settings.seed, epochMs, writeLatencyUs: settings.apiLatencyUs })
        : undefined;
    const simulated = guard === undefined ? embeddedService(clock, settings, epochMs) : undefined;
    const cluster: Cluster = shadow ?? guard?.gate.cluster(remote) ?? remote;
    this.cluster = cluster;
    this.controllers = manageRunners(
      {
        clock,
        cluster: options.scope === undefined ? cluster : scopedCluster(cluster, includesOf(options.scope)),
        http: simulated?.transport ?? guard?.gate.http(http) ?? http,
        namespace,
        settings,
        epochMs,
        secrets,
        trace: this.trace,
      },
      options,
    );
    const plan = options.simulatePods ? podPlan({ ...settings, pods: settings.pods ?? 'jobs' }) : undefined;
    if (plan !== undefined) {
      this.#disposables.add(
        new Kubelet(clock, cluster, {
          namespace,
          seed: settings.seed,
          plan,
          nowMs: () => epochMs + clock.nowUs() / 1000,
          binds: guard === undefined,
          includes: (key, pod) =>
            pod.metadata.labels?.['actions-ephemeral-runner'] === 'True' && (shadow?.holds(Pods, key) ?? true),
          ...(simulated === undefined ? {} : { observer: new RunnerJobs(simulated.service, plan.job) }),
        }),
      );
    }
    this.#disposables.defer(() => http.close());
    this.#disposables.defer(() => transport.close());
    this.#disposables.defer(() => clock.close());
  }

  /**
   * Checks the cluster and starts.
   * @throws KubeconfigError, PreflightError, ApplyRefusedError, LeaseHeldError, ApiError; the signal's reason when it was aborted meanwhile
   */
  static async attach(options: AttachOptions): Promise<AttachedLab> {
    const access = await openKubeconfig({
      secrets: options.secrets,
      ...(options.kubeconfig === undefined ? {} : { file: options.kubeconfig }),
      ...(options.context === undefined ? {} : { context: options.context }),
    });
    const { apply, scope = {}, settings, secrets, signal, kubeconfig } = options;
    const namespace = options.namespace ?? access.namespace;
    const transport = new ApiTransport(access, { readOnly: apply === undefined });
    const http = new NodeHttpTransport();
    const clock = new WallClock();
    const { contextName } = access;
    let guard: ApplyGuard | undefined;
    try {
      if (apply === undefined) await unlessAborted(preflight(transport, contextName, namespace), signal);
      else {
        const run = { access, kubeconfig, namespace, scope, mode: settings.mode, clock, http, secrets };
        guard = await ApplyGuard.begin(run, apply);
        signal?.throwIfAborted();
      }
      const parts = { clock, transport, http, guard, contextName, namespace };
      if (apply !== undefined || !options.simulatePods)
        return new AttachedLab(options, { ...parts, delays: NO_DELAYS });
      // What is given counts; what is not, as the cluster's own pods had it.
      const isGiven = settings.podStartUs !== undefined || settings.jobDurationUs !== undefined;
      const delays = isGiven ? NO_DELAYS : await unlessAborted(recentPodDelays(transport, namespace), signal);
      const measured = { ...settings, podStartUs: delays.startUs, jobDurationUs: delays.jobUs };
      const chosen = withJobDuration(isGiven ? settings : measured);
      return new AttachedLab({ ...options, settings: chosen }, { ...parts, delays });
    } catch (error) {
      await guard?.end();
      transport.close();
      http.close();
      clock.close();
      throw error;
    }
  }

  get connection(): ConnectionStatus {
    return this.#cleared(this.#remote.connection);
  }

  #cleared(status: ConnectionStatus): ConnectionStatus {
    return status.state === 'lost' ? { ...status, error: this.#secrets.redact(status.error) } : status;
  }

  /** Opens every watch again, at once, where the connection is lost or may be dead. */
  reconnect(): void {
    this.#remote.reconnect();
  }

  /**
   * Takes no new passes, gives those in progress some time to end, undoes what was done to begin (other controllers come back, the
   * lease is given away) and closes every connection.
   */
  async stop(): Promise<void> {
    await endRun(this.controllers, this.trace, this.clock, PASSES_END_MS);
    this.#guard?.gate.close('the run has ended');
    for (const text of (await this.#guard?.end()) ?? []) this.#onProgress?.(text);
    this.#disposables.dispose();
  }
}

interface Parts {
  readonly clock: WallClock;
  readonly transport: ApiTransport;
  readonly http: NodeHttpTransport;
  /** There is one when the lab writes to the cluster. */
  readonly guard: ApplyGuard | undefined;
  readonly contextName: string;
  readonly namespace: string;
  readonly delays: PodDelays;
}

/** The service that registrations in shadow are made with. */
function embeddedService(
  clock: WallClock,
  settings: LabSettings,
  epochMs: number,
): { service: EmbeddedActionsService; transport: HttpTransport } {
  const service = new EmbeddedActionsService({
    seed: settings.seed,
    baseUrl: 'http://actions.lab.invalid',
    nowMs: () => epochMs + clock.nowUs() / 1000,
  });
  const latency = { jitUs: settings.jitLatencyUs, otherUs: OTHER_ACTIONS_LATENCY_US, jitter: 0.02 };
  return { service, transport: new EmbeddedActionsTransport(clock, service, latency, settings.seed) };
}

/** What is not as on the cluster, in a sentence. */
function differences(settings: LabSettings, delays: PodDelays, simulatePods: boolean): string {
  const service = `registrations are simulated, ${formatDuration(settings.jitLatencyUs)} each`;
  if (!simulatePods || settings.pods === 'none') return `${service}; pods stay pending`;
  const start = formatDuration(settings.podStartUs ?? DEFAULT_POD_START_US);
  const source = delays.pods > 0 ? ` as ${delays.pods} of the cluster’s pods did` : '';
  const job =
    settings.jobDurationUs === undefined ? 'and run on' : `and run for ${formatDuration(settings.jobDurationUs)}`;
  return `pods are simulated: they start after ${start}${source} ${job}; ${service}`;
}

/** The work's outcome, or the signal's reason as soon as there is one. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  signal?.throwIfAborted();
  const aborted = new Promise<never>((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  return Promise.race([work, aborted]);
}
