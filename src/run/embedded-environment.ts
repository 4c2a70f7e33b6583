import type { EmbeddedActionsService } from '../actions/embedded-service.ts';
import type { EmbeddedActionsTransport } from '../actions/embedded-transport.ts';
import { DisposableList, type Disposable } from '../base/disposable.ts';
import { SecretRegistry } from '../base/redact.ts';
import type { VirtualClock } from '../base/virtual-clock.ts';
import { WallClock } from '../base/wall-clock.ts';
import { EmbeddedCluster } from '../kubernetes/embedded/embedded-cluster.ts';
import { DEFAULT_POD_START_US, type PodPlan } from '../kubernetes/embedded/pods/pod-plan.ts';
import { NOBODY } from '../listener/observer.ts';
import type { ProcessOptions } from '../reconciler/process-options.ts';
import { Chain } from './chain.ts';
import { ConditionsControl } from './conditions-control.ts';
import type { Pod } from '../kubernetes/types.ts';
import type { Release } from '../reconciler/releases/release.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import type { Environment, PodHooks } from './environment.ts';
import type { Handover } from './handover.ts';
import { ListenerPods } from './listener-pods.ts';
import { putGitHubSecret } from './github-secret.ts';
import type { ScaleSetLoad } from './job-load.ts';
import { podPlan } from './pod-plan.ts';
import { RunnerSet } from './runner-set.ts';
import type { RunSettings } from './settings.ts';
import { simulatePods, type RunningPods } from './simulated-pods.ts';
import { SIMULATED_SERVICE_URL, SimulatedService, type SimulatedServiceOptions } from './simulated-service.ts';

export const LAB_NAMESPACE = 'arc-runners';

export interface EmbeddedOptions {
  readonly clock: VirtualClock | WallClock;
  readonly settings: RunSettings;
  /** Wall-clock time at clock 0, in milliseconds since 1970. */
  readonly epochMs: number;
  readonly actions?: Omit<SimulatedServiceOptions, 'baseUrl' | 'jitter' | 'restore'> | undefined;
  readonly controllers?: boolean;
  readonly reconcilesSets?: boolean | undefined;
  readonly process?: ProcessOptions | undefined;
  /** A scale set with jobs to do, where the whole of ARC runs. */
  readonly scaleSet?: ScaleSetLoad | undefined;
  readonly load?: Environment['load'];
  /** What an earlier release has left; a new cluster without it. */
  readonly handover?: Handover | undefined;
  /** The release of a listener's pod; that of the settings without it. */
  readonly releaseOf?: ((pod: Pod) => Release) | undefined;
  /** Leave the GitHub secret out. */
  readonly withoutGitHubSecret?: boolean;
  /** Fraction by which latencies vary; default 0.25 for the API and 0.02 for the service. */
  readonly jitter?: number;
}

/** Nothing but this process: the embedded cluster and Actions service, and a runner set that makes runners. */
export class EmbeddedEnvironment implements Environment {
  readonly source = 'embedded';
  readonly namespace: string;
  readonly patienceMs = 1_000;
  readonly settings: RunSettings;
  readonly clock: VirtualClock | WallClock;
  readonly epochMs: number;
  readonly secrets = new SecretRegistry();
  readonly cluster: EmbeddedCluster;
  readonly service: EmbeddedActionsService;
  readonly http: EmbeddedActionsTransport;
  readonly conditions: ConditionsControl;
  readonly runnerSet: RunnerSet;
  readonly reconcilesSets: boolean;
  readonly process: ProcessOptions | undefined;
  /** The scale set and its jobs, where it was asked for. */
  readonly chain: Chain | undefined;
  readonly load: Environment['load'];
  /** How it was when the release of the settings began, where an earlier one was here before. */
  handover: Handover | undefined;
  /** Whether another release will take over from the one that runs. */
  awaitsTakeover = false;
  /** Where the whole of ARC runs and pods do: the pods of its listeners. */
  listeners: ListenerPods | undefined;
  /** The pods of runners, where a kubelet runs them. */
  pods: RunningPods | undefined;
  /** Whether nothing goes wrong any more: see calmDown(). */
  isCalm = false;
  /** Hears of what people, nodes and GitHub do to the run, in words. */
  onInterference: ((text: string) => void) | undefined;
  readonly #plan: PodPlan | undefined;
  readonly #releaseOf: (pod: Pod) => Release;

  /** @throws Error with a sentence when the settings name a file of pods that cannot be used */
  constructor({ clock, epochMs, jitter, actions, ...options }: EmbeddedOptions) {
    this.clock = clock;
    this.epochMs = epochMs;
    this.settings = options.settings;
    this.reconcilesSets = options.reconcilesSets === true;
    this.process = options.process;
    // Listeners live in the controller's namespace: both are watched.
    this.namespace = options.process === undefined ? LAB_NAMESPACE : '';
    this.load = options.load;
    this.handover = options.handover;
    this.#releaseOf = options.releaseOf ?? (() => RELEASES.get(this.settings.mode));
    const { seed, apiLatencyUs, apiShape } = this.settings;
    this.cluster = new EmbeddedCluster(clock, {
      ...{ seed, apiLatencyUs, apiShape, epochMs },
      ...(jitter === undefined ? {} : { jitter }),
      controllers: options.controllers ?? true,
      namespaces: [LAB_NAMESPACE, ...(options.process === undefined ? [] : [options.process.namespace])],
      restore: options.handover?.cluster,
    });
    const { service, transport, latency } = new SimulatedService(clock, epochMs, this.settings, {
      ...{ ...actions, jitter },
      restore: options.handover?.actions,
    });
    this.service = service;
    this.http = transport;
    this.conditions = new ConditionsControl(this.cluster.conditions, latency, service);
    this.#plan = podPlan(options.scaleSet === undefined ? this.settings : withPods(this.settings));
    const url = `${SIMULATED_SERVICE_URL}/lab`;
    this.runnerSet = new RunnerSet(clock, this.cluster, LAB_NAMESPACE, url, this.#plan?.podOfRunners);
    const isNew = options.handover === undefined;
    if (options.withoutGitHubSecret !== true && isNew) putGitHubSecret(this.cluster, LAB_NAMESPACE);
    if (options.process !== undefined && options.scaleSet !== undefined) {
      this.chain = new Chain({
        ...{ clock, cluster: this.cluster, service, namespace: LAB_NAMESPACE, process: options.process },
        ...{ load: options.scaleSet, runnerSpec: this.runnerSet.spec, jobDurationUs: this.settings.jobDurationUs },
      });
    }
  }

  /** The longest that a pod stays as it is and then changes by itself. */
  get longestPodWaitUs(): number {
    const { stages = [], job } = this.#plan ?? {};
    const waits = stages.map(({ after, isAtJobEnd }) => (isAtJobEnd && job !== 'none' ? 0 : after.maxUs));
    return waits.filter(Number.isFinite).reduce((longest, us) => Math.max(longest, us), 0);
  }

  startPods(hooks: PodHooks = {}): Disposable {
    const { clock, epochMs, cluster, service, runnerSet } = this;
    const namespace = LAB_NAMESPACE;
    const { seed, jobDurationUs } = this.settings;
    const pods = new DisposableList();
    if (this.chain !== undefined) pods.add(this.chain);
    if (this.#plan === undefined) return pods;
    this.pods = simulatePods({ clock, epochMs, cluster, service, namespace, seed, plan: this.#plan });
    pods.add(this.pods);
    if (this.process !== undefined) pods.add(this.#startListeners(this.process.namespace, hooks));
    // A set's controller deletes its finished runners itself.
    if (jobDurationUs !== undefined && !this.reconcilesSets && this.chain === undefined)
      pods.add(runnerSet.deleteFinished());
    return pods;
  }

  /**
   * From now on nothing goes wrong: faults end, latencies are those of the beginning, pods and jobs live as usual, and nobody
   * interferes. What is drawn is drawn by another seed.
   */
  calmDown(seed: number): void {
    this.isCalm = true;
    this.conditions.change({ clear: true });
    this.cluster.reseed(seed);
    this.http.reseed(seed);
    if (this.listeners !== undefined) this.listeners.pauseUs = 0;
    const settings = { ...this.settings, pods: undefined };
    const usual = podPlan(this.chain === undefined ? settings : withPods(settings));
    if (usual !== undefined) this.pods?.liveAsUsual(usual, seed);
  }

  #startListeners(
    namespace: string,
    { observers, listeners = () => NOBODY, wrapListener: wrapDriver }: PodHooks,
  ): Disposable {
    const { clock, epochMs, cluster, http, secrets, settings } = this;
    const { seed, podStartUs } = settings;
    const host = { clock, epochMs, cluster, http, secrets, passObservers: observers, wrapDriver };
    const observerOf = this.chain?.amongListeners(listeners) ?? listeners;
    const releaseOf = this.#releaseOf;
    this.listeners = new ListenerPods({ clock, cluster, namespace, seed, podStartUs, host, releaseOf, observerOf });
    return this.listeners;
  }

  async close(): Promise<void> {
    if (this.clock instanceof WallClock) this.clock.close();
  }
}

/** Jobs need runners: pods start, also where nothing is said of them. */
function withPods(settings: RunSettings): RunSettings {
  return { ...settings, podStartUs: settings.podStartUs ?? DEFAULT_POD_START_US };
}
