import { EmbeddedActionsService, type EmbeddedActionsOptions } from '../actions/embedded-service.ts';
import { EmbeddedActionsTransport } from '../actions/embedded-transport.ts';
import type { Clock } from '../base/clock.ts';
import { DisposableList, type Disposable } from '../base/events.ts';
import type { HttpTransport } from '../base/http.ts';
import { SecretRegistry } from '../base/redact.ts';
import { EmbeddedCluster } from '../kubernetes/embedded/embedded-cluster.ts';
import { Kubelet } from '../kubernetes/embedded/kubelet.ts';
import type { PodPlan } from '../kubernetes/embedded/pods/pod-plan.ts';
import type { Controllers } from '../runtime/controllers.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import { TraceLog } from '../trace/trace-log.ts';
import { LabConditions } from './conditions-control.ts';
import { putGitHubSecret } from './embedded-parts.ts';
import { endRun, manageRunners, type ControllerHooks } from './manage-runners.ts';
import { podPlan } from './pod-plan.ts';
import { RunnerJobs } from './runner-jobs.ts';
import { RunnerSet } from './runner-set.ts';
import { OTHER_ACTIONS_LATENCY_US, type LabSettings } from './settings.ts';

export const LAB_NAMESPACE = 'arc-runners';

/** Passes in progress may take so long to end; one that is cut short leaves nothing half done that anybody needs. */
const PASSES_END_MS = 1_000;

export interface EmbeddedLabOptions extends ControllerHooks {
  readonly clock: Clock;
  readonly settings: LabSettings;
  /** Wall-clock time at clock 0, in milliseconds since 1970. */
  readonly epochMs: number;
  readonly actions?: Pick<EmbeddedActionsOptions, 'script' | 'deleteOfUnknownRunner'>;
  readonly controllers?: boolean;
  /** Leave the GitHub secret out. */
  readonly withoutGitHubSecret?: boolean;
  /** Fraction by which latencies vary; default 0.25 for the API and 0.02 for the service. */
  readonly jitter?: number;
  /** Puts something between the controller and its cluster or service, for example to record requests. */
  readonly wrapCluster?: (cluster: Cluster) => Cluster;
  readonly wrapHttp?: (http: HttpTransport) => HttpTransport;
}

/** Everything that a run on the embedded cluster consists of, put together: cluster, service, controller and trace. */
export class EmbeddedLab implements Disposable {
  readonly cluster: EmbeddedCluster;
  readonly service: EmbeddedActionsService;
  readonly conditions: LabConditions;
  readonly trace: TraceLog;
  readonly runnerSet: RunnerSet;
  readonly secrets = new SecretRegistry();
  readonly #options: EmbeddedLabOptions;
  readonly #transport: EmbeddedActionsTransport;
  readonly #disposables = new DisposableList();
  readonly #plan: PodPlan | undefined;
  #controllers: Controllers | undefined;

  /** @throws Error with a sentence when the settings name a file of pods that cannot be used */
  constructor(options: EmbeddedLabOptions) {
    this.#options = options;
    const { clock, settings, epochMs } = options;
    const { seed } = settings;
    const baseUrl = 'http://actions.lab.invalid';
    this.cluster = new EmbeddedCluster(clock, {
      seed,
      apiLatencyUs: settings.apiLatencyUs,
      ...(options.jitter === undefined ? {} : { jitter: options.jitter }),
      epochMs,
      controllers: options.controllers ?? true,
      namespaces: [LAB_NAMESPACE],
    });
    this.service = new EmbeddedActionsService({
      seed,
      baseUrl,
      nowMs: () => epochMs + clock.nowUs() / 1000,
      ...options.actions,
    });
    const latency = {
      jitUs: settings.jitLatencyUs,
      otherUs: OTHER_ACTIONS_LATENCY_US,
      jitter: options.jitter ?? 0.02,
    };
    this.#transport = new EmbeddedActionsTransport(clock, this.service, latency, seed);
    this.conditions = new LabConditions(this.cluster.conditions, latency, this.service);
    this.#plan = podPlan(settings);
    this.runnerSet = new RunnerSet(clock, this.cluster, LAB_NAMESPACE, `${baseUrl}/lab`, this.#plan?.podOfRunners);
    if (options.withoutGitHubSecret !== true) this.createGitHubSecret();
    this.trace = new TraceLog({
      type: 'header',
      version: 1,
      start: new Date(epochMs).toISOString(),
      mode: settings.mode,
      source: 'embedded',
      settings: { ...settings },
    });
  }

  get controllers(): Controllers {
    if (this.#controllers === undefined) throw new Error('the lab has not been started');
    return this.#controllers;
  }

  /** Puts the secret with the embedded service's token in place, without a request. */
  createGitHubSecret(name = 'github-config'): void {
    putGitHubSecret(this.cluster, LAB_NAMESPACE, name);
  }

  /** Starts the controller, and the kubelet and runner set as far as the settings ask for them. */
  start(): void {
    const { clock, settings, epochMs } = this.#options;
    this.#controllers = manageRunners(
      {
        clock,
        cluster: this.#options.wrapCluster?.(this.cluster) ?? this.cluster,
        http: this.#options.wrapHttp?.(this.#transport) ?? this.#transport,
        namespace: LAB_NAMESPACE,
        settings,
        epochMs,
        secrets: this.secrets,
        trace: this.trace,
      },
      this.#options,
    );
    this.#disposables.add(this.#controllers);
    if (this.#plan !== undefined) this.#startKubelet(this.#plan);
  }

  /** Takes no new passes, gives those in progress some time to end, and ends the trace. */
  async stop(): Promise<void> {
    await endRun(this.controllers, this.trace, this.#options.clock, PASSES_END_MS);
    this.dispose();
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #startKubelet(plan: PodPlan): void {
    const { clock, settings, epochMs } = this.#options;
    this.#disposables.add(
      new Kubelet(clock, this.cluster, {
        namespace: LAB_NAMESPACE,
        seed: settings.seed,
        plan,
        nowMs: () => epochMs + clock.nowUs() / 1000,
        observer: new RunnerJobs(this.service, plan.job),
      }),
    );
    if (settings.jobDurationUs !== undefined) this.#disposables.add(this.runnerSet.deleteFinished());
  }
}
