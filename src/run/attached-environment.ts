import { NodeHttpTransport } from '../actions/http-transport.ts';
import { formatDuration } from '../base/duration.ts';
import { DisposableList, type Disposable } from '../base/disposable.ts';
import type { HttpTransport } from '../base/http.ts';
import type { SecretRegistry } from '../base/redact.ts';
import { UndoList } from '../base/undo-list.ts';
import { unlessAborted } from '../base/unless-aborted.ts';
import { WallClock } from '../base/wall-clock.ts';
import { ApplyGuard, type ApplyOptions } from '../apply/apply-guard.ts';
import type { WriteRight } from '../apply/write-right.ts';
import { includesOf, scopedCluster } from '../apply/scope.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import { DEFAULT_POD_START_US } from '../kubernetes/embedded/pods/pod-plan.ts';
import { ShadowCluster } from '../kubernetes/embedded/shadow-cluster.ts';
import type { ConnectionStatus } from '../kubernetes/remote/connection-monitor.ts';
import { checkNamespace } from '../kubernetes/remote/check-namespace.ts';
import { openKubeconfig } from '../kubernetes/remote/kubeconfig.ts';
import { preflight } from '../kubernetes/remote/preflight.ts';
import { RemoteCluster } from '../kubernetes/remote/remote-cluster.ts';
import { ApiTransport } from '../kubernetes/remote/transport.ts';
import { Pods } from '../kubernetes/resource.ts';
import { RUNNER_POD_LABEL } from '../reconciler/names.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import type { Environment } from './environment.ts';
import { withJobDuration } from './job-duration.ts';
import { podPlan } from './pod-plan.ts';
import { recentPodDelays, type PodDelays } from './recent-pods.ts';
import type { AttachedTarget } from './run-target.ts';
import type { RunSettings } from './settings.ts';
import { simulatePods } from './simulated-pods.ts';
import { SimulatedService } from './simulated-service.ts';

export interface AttachOptions {
  readonly secrets: SecretRegistry;
  /** How to ask for leave to write; needed for a target that is written to. */
  readonly apply?: ApplyOptions | undefined;
  /** The connection to the cluster is lost, or back. */
  readonly onConnection?: ((status: ConnectionStatus) => void) | undefined;
  /** Gives up attaching. */
  readonly signal?: AbortSignal | undefined;
}

const NO_DELAYS: PodDelays = { startUs: undefined, jobUs: undefined, pods: 0 };

/** A cluster of a kubeconfig, in real time: itself, with the real Actions service, or an overlay over it with a simulated one. */
export class AttachedEnvironment implements Environment {
  readonly source: 'shadow' | 'remote';
  readonly patienceMs = 10_000;
  readonly epochMs = Date.now();
  readonly settings: RunSettings;
  readonly clock: WallClock;
  readonly secrets: SecretRegistry;
  readonly namespace: string;
  readonly cluster: Cluster;
  readonly http: HttpTransport;
  readonly contextName: string;
  /** What differs from what happens on the cluster, in a sentence; undefined where everything is real. */
  readonly differences: string | undefined;
  readonly #remote: RemoteCluster;
  readonly #shadow: ShadowCluster | undefined;
  readonly #simulated: SimulatedService | undefined;
  /** Of a run that writes to the cluster. */
  readonly right: WriteRight | undefined;
  readonly #simulatesPods: boolean;
  readonly #closing: UndoList;

  private constructor(target: AttachedTarget, { secrets, onConnection }: AttachOptions, parts: Parts) {
    const { clock, guard, closing, settings, namespace, contextName } = parts;
    this.source = guard === undefined ? 'shadow' : 'remote';
    this.settings = settings;
    this.clock = clock;
    this.secrets = secrets;
    this.namespace = namespace;
    this.contextName = contextName;
    this.right = guard?.right;
    this.#simulatesPods = target.simulatePods;
    this.#closing = closing;
    this.differences = guard === undefined ? differences(settings, parts.delays, target.simulatePods) : undefined;
    const { lists } = RELEASES.get(settings.mode);
    const remote = new RemoteCluster(parts.transport, clock, (status) => onConnection?.(this.#cleared(status)), lists);
    closing.defer(() => remote.dispose());
    this.#remote = remote;
    if (guard === undefined) {
      const { seed, apiLatencyUs } = settings;
      this.#shadow = new ShadowCluster(remote, { clock, seed, epochMs: this.epochMs, writeLatencyUs: apiLatencyUs });
      this.#simulated = new SimulatedService(clock, this.epochMs, settings);
    }
    const cluster = this.#shadow ?? guard?.right.gate.cluster(remote) ?? remote;
    this.cluster = target.scope === undefined ? cluster : scopedCluster(cluster, includesOf(target.scope));
    this.http = this.#simulated?.transport ?? guard?.right.gate.http(parts.http) ?? parts.http;
  }

  /**
   * Checks the cluster and connects to it.
   * @throws KubeconfigError, PreflightError, ApplyRefusedError, LeaseHeldError, ApiError; the signal's reason when it was aborted
   * meanwhile; nothing is left open then
   */
  static async attach(
    target: AttachedTarget,
    settings: RunSettings,
    options: AttachOptions,
  ): Promise<AttachedEnvironment> {
    const { secrets, signal } = options;
    const { kubeconfig, context, scope = {} } = target;
    if (target.apply && options.apply === undefined) throw new Error('a run that writes needs to be agreed to');
    const access = await unlessAborted(openKubeconfig({ secrets, file: kubeconfig, context }), signal);
    const namespace = target.namespace ?? access.namespace;
    const { contextName } = access;
    const closing = new UndoList();
    try {
      const clock = new WallClock();
      closing.defer(() => clock.close());
      const transport = new ApiTransport(access, { readOnly: !target.apply });
      closing.defer(() => transport.close());
      const service = new NodeHttpTransport();
      closing.defer(() => service.close());
      const http: HttpTransport = {
        send: (request, done) => service.send(request, (answer) => clock.enter(() => done(answer))),
      };
      const parts = { clock, transport, http, contextName, namespace, closing };
      await unlessAborted(checkNamespace(transport, contextName, namespace), signal);
      if (target.apply && options.apply !== undefined) {
        const { onProgress } = options.apply;
        const run = { access, kubeconfig, namespace, scope, mode: settings.mode, clock, http, secrets };
        const guard = await ApplyGuard.begin(run, options.apply, signal);
        closing.defer(async () => (await guard.end()).forEach(onProgress));
        signal?.throwIfAborted();
        return new AttachedEnvironment(target, options, { ...parts, guard, settings, delays: NO_DELAYS });
      }
      await unlessAborted(preflight(transport, contextName, namespace), signal);
      const measured = target.simulatePods
        ? await unlessAborted(measuredSettings(settings, transport, namespace), signal)
        : { settings, delays: NO_DELAYS };
      return new AttachedEnvironment(target, options, { ...parts, ...measured, guard: undefined });
    } catch (error) {
      // What went wrong first is what people need to know.
      await closing.undo().catch(() => undefined);
      throw error;
    }
  }

  get connection(): ConnectionStatus {
    return this.#cleared(this.#remote.connection);
  }

  #cleared(status: ConnectionStatus): ConnectionStatus {
    return status.state === 'lost' ? { ...status, error: this.secrets.redact(status.error) } : status;
  }

  /** Opens every watch again, at once, where the connection is lost or may be dead. */
  reconnect(): void {
    this.#remote.reconnect();
  }

  startPods(): Disposable {
    const { clock, epochMs, cluster, namespace, settings } = this;
    const shadow = this.#shadow;
    const plan = this.#simulatesPods ? podPlan({ ...settings, pods: settings.pods ?? 'jobs' }) : undefined;
    if (plan === undefined) return new DisposableList();
    return simulatePods({
      ...{ clock, epochMs, cluster, namespace, plan },
      seed: settings.seed,
      service: this.#simulated?.service,
      binds: shadow !== undefined,
      includes: (key, pod) => pod.metadata.labels?.[RUNNER_POD_LABEL] === 'True' && (shadow?.holds(Pods, key) ?? true),
    });
  }

  close(): Promise<void> {
    return this.#closing.undo();
  }
}

interface Parts {
  readonly clock: WallClock;
  readonly transport: ApiTransport;
  readonly http: HttpTransport;
  /** There is one when the run writes to the cluster. */
  readonly guard: ApplyGuard | undefined;
  readonly contextName: string;
  readonly namespace: string;
  readonly settings: RunSettings;
  readonly delays: PodDelays;
  readonly closing: UndoList;
}

/** What is given counts; what is not, as the cluster's own pods had it. */
async function measuredSettings(
  settings: RunSettings,
  transport: ApiTransport,
  namespace: string,
): Promise<{ settings: RunSettings; delays: PodDelays }> {
  const isGiven = settings.podStartUs !== undefined || settings.jobDurationUs !== undefined;
  if (isGiven) return { settings: withJobDuration(settings), delays: NO_DELAYS };
  const delays = await recentPodDelays(transport, namespace);
  const { startUs: podStartUs, jobUs: jobDurationUs } = delays;
  return { settings: withJobDuration({ ...settings, podStartUs, jobDurationUs }), delays };
}

/** What is not as on the cluster, in a sentence. */
function differences(settings: RunSettings, delays: PodDelays, simulatesPods: boolean): string {
  const service = `registrations are simulated, ${formatDuration(settings.jitLatencyUs)} each`;
  if (!simulatesPods || settings.pods === 'none') return `${service}; pods stay pending`;
  const start = formatDuration(settings.podStartUs ?? DEFAULT_POD_START_US);
  const source = delays.pods > 0 ? ` as ${delays.pods} of the cluster’s pods did` : '';
  const job =
    settings.jobDurationUs === undefined ? 'and run on' : `and run for ${formatDuration(settings.jobDurationUs)}`;
  return `pods are simulated: they start after ${start}${source} ${job}; ${service}`;
}
