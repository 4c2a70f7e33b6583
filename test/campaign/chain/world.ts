import type { ActionsClientCache } from '../../../src/actions/client-cache.ts';
import { EmbeddedActionsService } from '../../../src/actions/embedded-service.ts';
import { EmbeddedActionsTransport } from '../../../src/actions/embedded-transport.ts';
import { messageOf } from '../../../src/base/message.ts';
import { Random } from '../../../src/base/random.ts';
import { SecretRegistry } from '../../../src/base/redact.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { EmbeddedCluster } from '../../../src/kubernetes/embedded/embedded-cluster.ts';
import { Kubelet } from '../../../src/kubernetes/embedded/kubelet.ts';
import { parseLife } from '../../../src/kubernetes/embedded/pods/parse-life.ts';
import { KILLED } from '../../../src/kubernetes/embedded/pods/perform.ts';
import type { LifeAction } from '../../../src/kubernetes/embedded/pods/pod-life.ts';
import { planOf } from '../../../src/kubernetes/embedded/pods/pod-plan.ts';
import type { ContainerProgram } from '../../../src/kubernetes/embedded/pods/program.ts';
import { createRequest, deleteRequest, patchRequest } from '../../../src/kubernetes/request.ts';
import { AutoscalingRunnerSets, EphemeralRunners, Pods } from '../../../src/kubernetes/resource.ts';
import type { AutoscalingRunnerSet } from '../../../src/kubernetes/scale-set-types.ts';
import { keyOf } from '../../../src/kubernetes/types.ts';
import { NOBODY } from '../../../src/listener/observer.ts';
import { autoscalingListenerController } from '../../../src/reconciler/autoscaling-listener/controller.ts';
import { autoscalingRunnerSetController } from '../../../src/reconciler/autoscaling-runner-set/controller.ts';
import { ephemeralRunnerController } from '../../../src/reconciler/controller.ts';
import { SCALE_SET_NAME_LABEL, SCALE_SET_NAMESPACE_LABEL, VERSION_LABEL } from '../../../src/reconciler/labels.ts';
import { RUNNER_CONTAINER } from '../../../src/reconciler/names.ts';
import { DEFAULT_PROCESS, type ProcessOptions } from '../../../src/reconciler/process-options.ts';
import type { Release } from '../../../src/reconciler/releases/release.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { ephemeralRunnerSetController } from '../../../src/reconciler/runner-set/controller.ts';
import { runnerPrograms } from '../../../src/run/arc-programs.ts';
import { putGitHubSecret } from '../../../src/run/github-secret.ts';
import { ListenerPods } from '../../../src/run/listener-pods.ts';
import type { ControllerSpec } from '../../../src/runtime/controller-spec.ts';
import type { Controllers } from '../../../src/runtime/controllers.ts';
import type { ReconcileEffect } from '../../../src/runtime/effects.ts';
import type { Driver, PassInProgress, Reply } from '../../../src/runtime/pass.ts';
import { limitersFor } from '../../../src/runtime/rate-limiter.ts';
import { describeEffect } from '../../builders/replay.ts';
import { FaultyCluster } from '../faulty-cluster.ts';
import { FaultyService } from '../faulty-service.ts';
import type { ViewFaults } from '../faulty-view.ts';
import { Process, type ProcessHost } from '../process.ts';
import { Witness } from '../witness.ts';
import { checkAlive, checkGone, whatBlocks } from './checks.ts';
import type { ChainFlaw } from './flaws.ts';
import type { RunnerLimits } from '../../../src/invariants/listener-watch.ts';
import { ListenerWitness } from './listener-witness.ts';
import type { ChainStrategy } from './strategies.ts';
import { ChainWitness } from './witness.ts';

export interface ChainScenario extends RunnerLimits {
  readonly seed: number;
  readonly mode: string;
  readonly jobs: number;
  readonly strategies: readonly ChainStrategy[];
  /** Kill the controllers' process at this request, counted over all; as `crashAfter` says before or after it is sent. */
  readonly crashAt?: number;
  readonly crashAfter?: boolean;
  /** The same of the listener. */
  readonly killListenerAt?: number;
  readonly view?: Pick<ViewFaults, 'lag' | 'duplicate'>;
  /** Called on everything that happens, for replaying a seed. */
  readonly log?: (line: string) => void;
}

export interface ChainOutcome {
  readonly violations: readonly string[];
  readonly flaws: ReadonlyMap<string, number>;
  readonly requests: number;
  /** Before it becomes calm. */
  readonly listenerRequests: number;
  readonly events: number;
  readonly crashes: number;
}

export const NAMESPACE = 'arc';
const NAME = 'lab';
const URL = 'http://actions.lab.invalid';
const EPOCH_MS = Date.UTC(2026, 0, 1);
const SECOND = 1_000_000;
/** Faults end then; what comes after has to put everything right. */
const TROUBLE_US = 90 * SECOND;
/** The job of a runner that fell silent is given up after 10 minutes; no key fails often enough in the trouble to wait longer. */
const SETTLE_US = 25 * 60 * SECOND;
/** In this time at the end nothing but a listener's polls may happen. */
const QUIET_US = 5 * 60 * SECOND;
const LEAVES_EVERY_US = 5 * SECOND;
/** Of a listener that was killed, where the service keeps it. */
const SESSION_LIFE_MS = 60_000;
const TOKEN_LIFE_MS = 20_000;

/** A cluster, a service, a process of ARC's controllers, a listener's pod, runners, and everything that goes wrong between them. */
export class ChainWorld implements ProcessHost {
  readonly namespace = '';
  readonly epochMs = EPOCH_MS;
  readonly clock = new VirtualClock();
  readonly scenario: ChainScenario;
  readonly release: Release;
  readonly real: EmbeddedCluster;
  readonly cluster: FaultyCluster;
  readonly actions: EmbeddedActionsService;
  readonly service: FaultyService;
  readonly witness: ChainWitness;
  readonly runnerWitness: Witness;
  readonly listenerWitness: ListenerWitness;
  readonly strategies: ReadonlySet<ChainStrategy>;
  readonly random: Random;
  /** Those that the scale set has had so far, the last one last. */
  readonly limits: RunnerLimits[];
  readonly process: ProcessOptions;
  readonly #listeners: ListenerPods;
  readonly #runners: Kubelet;
  /** Id of the registration with which the program of a runner's pod has started, by the pod's uid. */
  readonly #registered = new Map<string, number | undefined>();
  /** Pods of runners whose registration is gone, by uid. */
  readonly #unregistered = new Set<string>();
  #running: Process | undefined;
  requests = 0;
  listenerRequests = 0;
  /** Those of them in the time in which things go wrong. */
  listenerRequestsInTrouble = 0;
  crashCount = 0;
  /** Whether every runner that starts ends with 7. */
  runnersAreTooOld = false;
  #calm = false;

  constructor(scenario: ChainScenario) {
    this.scenario = scenario;
    const { seed, minRunners, maxRunners } = scenario;
    const { clock } = this;
    this.release = RELEASES.get(scenario.mode);
    this.strategies = new Set(scenario.strategies);
    const { strategies } = this;
    this.random = new Random(seed, 'chain');
    this.limits = [{ minRunners, maxRunners }];
    this.process = { ...DEFAULT_PROCESS, updateStrategy: strategies.has('updates-wait') ? 'eventual' : 'immediate' };
    this.real = new EmbeddedCluster(clock, {
      ...{ seed, apiLatencyUs: 4_000, epochMs: EPOCH_MS },
      // Nobody cleans up after the controllers.
      controllers: false,
      namespaces: [NAMESPACE, this.process.namespace],
    });
    this.actions = new EmbeddedActionsService({
      ...{ seed, baseUrl: URL, clock, nowMs: () => EPOCH_MS + clock.nowUs() / 1000 },
      ...(strategies.has('session-kept') ? { sessionLifeMs: SESSION_LIFE_MS } : {}),
      queueTokenLifeMs: strategies.has('queue-token-expires') ? TOKEN_LIFE_MS : 3_600_000,
      deleteOfUnknownRunner: strategies.has('removal-not-found') ? 404 : 204,
    });
    const latency = { jitUs: 200_000, otherUs: 10_000, jitter: 0.2 };
    const transport = new EmbeddedActionsTransport(clock, this.actions, latency, seed);
    const oneIn = 3 + this.random.below(12);
    this.service = new FaultyService(transport, { clock, random: new Random(seed, 'service'), strategies, oneIn });
    const viewFaults: ViewFaults = { lag: 0, duplicate: undefined, ...scenario.view, counter: { events: 0 } };
    const random = new Random(seed, 'cluster');
    this.cluster = new FaultyCluster(this.real, { clock, random, strategies, oneIn, viewFaults });
    const { store } = this.real.api;
    this.witness = new ChainWitness(store, this.release);
    this.runnerWitness = new Witness(
      {
        listen: (listener) =>
          void store.listen((resource, type, object, previous) => {
            if (object.metadata.namespace === NAMESPACE) listener(resource, type, object, previous);
          }),
        find: (resource, namespace, name) => store.of(resource).find(namespace, name)?.object,
      },
      this.actions,
      this.release,
    );
    this.listenerWitness = new ListenerWitness(this.release.switches, this.limits, () => clock.nowUs());
    putGitHubSecret(this.real, NAMESPACE, 'gh');
    this.#listeners = this.#startListeners();
    this.#runners = this.#startRunners();
  }

  specs(release: Release, clients: ActionsClientCache): readonly ControllerSpec[] {
    const limiter = limitersFor(undefined, release.backoff);
    const shared = { release, clients, limiter, process: this.process };
    return [
      ephemeralRunnerController({ ...shared, workers: 2 }),
      ephemeralRunnerSetController(shared),
      autoscalingRunnerSetController(shared),
      autoscalingListenerController(shared),
    ];
  }

  observe(controllers: Controllers): void {
    controllers.observers.add(this.witness.observer());
    this.runnerWitness.observe(controllers);
  }

  crashes(effect: ReconcileEffect): 'before' | 'after' | undefined {
    if (effect.kind !== 'kubernetes' && effect.kind !== 'http') return undefined;
    const number = this.requests++;
    if (this.scenario.log !== undefined) this.log(`request ${number}: ${describeEffect(effect)}`);
    const { crashAt, crashAfter } = this.scenario;
    if (crashAt !== undefined) return number !== crashAt ? undefined : crashAfter === true ? 'after' : 'before';
    const isWrite = effect.kind === 'http' || !['get', 'list'].includes(effect.request.verb);
    if (this.#calm || !isWrite) return undefined;
    if (this.strategies.has('crash-before-write') && this.random.below(25) === 0) return 'before';
    return this.strategies.has('crash-after-write') && this.random.below(25) === 0 ? 'after' : undefined;
  }

  crash(process: Process): void {
    this.log('the controllers are killed');
    this.crashCount++;
    process.kill();
    this.#running = undefined;
    this.clock.schedule(this.random.below(3 * SECOND), () => this.#start(), undefined);
  }

  watched(effect: ReconcileEffect, pass: PassInProgress, reply: Reply): Reply {
    return this.witness.watch(effect, pass, this.runnerWitness.watch(effect, pass, reply));
  }

  log(text: string): void {
    this.scenario.log?.(`${(this.clock.nowUs() / SECOND).toFixed(6)} ${text}`);
  }

  get controllers(): Controllers | undefined {
    return this.#running?.controllers;
  }

  live(): void {
    const { clock, random, scenario, strategies } = this;
    this.#start();
    const leaving = clock.every(LEAVES_EVERY_US, () => this.#endUnregistered());
    this.real.send(createRequest(AutoscalingRunnerSets, this.#scaleSet()), () => undefined);
    for (let job = 0; job < scenario.jobs; job++) {
      const queue = (): void => {
        this.log('a job is queued');
        this.actions.queueJobs([{ label: NAME, durationUs: (2 + random.below(20)) * SECOND }]);
      };
      clock.schedule(random.below(TROUBLE_US - 20 * SECOND), queue, undefined);
    }
    this.#trouble();
    clock.run(TROUBLE_US);
    this.listenerRequestsInTrouble = this.listenerRequests;
    this.#becomeCalm();
    if (!strategies.has('deleted-early')) {
      checkAlive(this, this.#settle());
      if (whatBlocks(this) === 'outdated-for-ever') this.#mend();
      this.real.send(deleteRequest(AutoscalingRunnerSets, NAMESPACE, NAME), () => undefined);
    }
    checkGone(this, this.#settle());
    leaving.dispose();
    this.#listeners.dispose();
    this.#runners.dispose();
    this.controllers?.dispose();
  }

  #start(): void {
    this.log('the controllers start');
    this.#running = new Process(this);
  }

  #becomeCalm(): void {
    this.log('calm');
    this.#calm = true;
    this.cluster.calm = true;
    this.service.calm = true;
    this.#listeners.pauseUs = 0;
  }

  /** Somebody gives the scale set another image for its runners, and all is well again. */
  #mend(): void {
    this.runnersAreTooOld = false;
    this.#change({
      template: { spec: { restartPolicy: 'Never', containers: [{ name: RUNNER_CONTAINER, image: 'mended' }] } },
    });
    const isQuiet = this.#settle();
    if (whatBlocks(this) !== undefined)
      this.witness.violations.push('a change of the spec does not mend the scale set');
    checkAlive(this, isQuiet);
  }

  /** @returns whether the controllers have nothing to do in the end */
  #settle(): boolean {
    const { clock, witness } = this;
    const untilUs = clock.nowUs() + SETTLE_US;
    // What upstream blocks stays as it is, some of it by a listener that starts again and again.
    while (clock.nowUs() < untilUs - QUIET_US) {
      clock.run(clock.nowUs() + QUIET_US);
      if (whatBlocks(this) === 'scale-set-gone' || whatBlocks(this) === 'outdated-made-again') return false;
    }
    const { passes } = witness;
    clock.run(untilUs);
    return witness.passes === passes;
  }

  /** The program of a runner whose registration is gone ends with 0 when it notices. */
  #endUnregistered(): void {
    const before = new Set(this.#unregistered);
    this.#unregistered.clear();
    for (const { key, object } of this.real.api.store.of(Pods).entries()) {
      const { uid = '', name } = object.metadata;
      if (!this.#registered.has(uid)) continue;
      const id = this.actions.runners.get(name)?.id;
      if (id !== undefined && id === this.#registered.get(uid)) continue;
      if (before.has(uid)) this.#runners.act(key, exit(0));
      else this.#unregistered.add(uid);
    }
  }

  #startListeners(): ListenerPods {
    const { clock, cluster, scenario, release } = this;
    const listeners = new ListenerPods({
      ...{ clock, namespace: this.process.namespace, seed: scenario.seed, podStartUs: SECOND },
      cluster: this.real,
      releaseOf: () => release,
      host: {
        ...{ clock, epochMs: EPOCH_MS, cluster, http: this.service, secrets: new SecretRegistry() },
        wrapDriver: (driver) => this.#counted(this.listenerWitness.wrap(driver)),
      },
      observerOf: () => NOBODY,
    });
    if (this.strategies.has('listener-slow')) listeners.pauseUs = this.random.below(2 * SECOND);
    return listeners;
  }

  /** Counts what listeners ask for, and kills the one that asks for what it is to be killed at. */
  #counted(driver: Driver): Driver {
    return {
      perform: (effect, pass, reply) => {
        if (effect.kind === 'kubernetes' || effect.kind === 'http') {
          const number = this.listenerRequests++;
          if (this.scenario.log !== undefined) this.log(`listener ${number}: ${describeEffect(effect)}`);
          if (number === this.scenario.killListenerAt) this.clock.schedule(0, () => this.#killListener(), undefined);
        }
        driver.perform(effect, pass, reply);
      },
    };
  }

  #startRunners(): Kubelet {
    const { clock, real, scenario, actions } = this;
    const stages = [{ when: { node: 'none' }, after: '0..1s', do: 'schedule' }];
    return new Kubelet(clock, real, {
      ...{ namespace: NAMESPACE, seed: scenario.seed, jitter: 0.5 },
      plan: planOf(parseLife({ stages }), {
        podStartUs: 100_000 + this.random.below(2 * SECOND),
        jobDurationUs: undefined,
      }),
      nowMs: () => EPOCH_MS + clock.nowUs() / 1000,
      programs: (pod, container, own) => {
        this.#registered.set(pod.metadata.uid ?? '', actions.runners.get(pod.metadata.name)?.id);
        return this.runnersAreTooOld ? this.#tooOld(own.exit) : runnerPrograms(clock, actions)(pod, container, own);
      },
    });
  }

  #tooOld(end: (code: number) => void): ContainerProgram {
    let isOver = false;
    const stop = (): void => {
      if (!isOver) end(7);
      isOver = true;
    };
    this.clock.schedule(SECOND, stop, undefined);
    return { terminate: stop, kill: () => void (isOver = true) };
  }

  #killListener(): void {
    this.log(`${this.#listeners.kill()} listeners are killed`);
  }

  #toSomeRunner(what: string, action: Extract<LifeAction, { do: 'exit' | 'evict' }>): void {
    const runners = [...this.real.api.store.of(EphemeralRunners).entries()];
    const runner = runners[this.random.below(Math.max(1, runners.length))];
    if (runner === undefined) return;
    const isDone = this.#runners.act(keyOf(runner.object.metadata), action);
    this.log(`the pod of ${runner.object.metadata.name} ${isDone ? what : 'is left alone'}`);
  }

  #trouble(): void {
    const { clock, random, strategies } = this;
    const often = (strategy: ChainStrategy, times: number, what: () => void): void => {
      if (!strategies.has(strategy)) return;
      for (let i = 0; i < times; i++) clock.schedule(random.below(TROUBLE_US), what, undefined);
    };
    often('listener-killed', 3, () => this.#killListener());
    often('session-kept', 2, () => this.#killListener());
    often('listener-evicted', 2, () => this.log(`${this.#listeners.evict()} listeners are evicted`));
    often('runner-killed', 3, () => this.#toSomeRunner('is killed', exit(KILLED)));
    often('runner-outdated', 1, () => {
      this.#toSomeRunner('is too old', exit(7));
      // Before pull request 4404 that is a failure as others are.
      this.runnersAreTooOld = random.below(2) === 0 && this.release.switches.has(4404);
    });
    often('runner-evicted', 2, () => this.#toSomeRunner('is evicted', { do: 'evict', message: 'injected' }));
    often('runner-deleted', 3, () => {
      const [runner] = [...this.real.api.store.of(EphemeralRunners).entries()];
      if (runner === undefined) return;
      this.log(`${runner.object.metadata.name} is deleted by somebody`);
      this.real.send(deleteRequest(EphemeralRunners, NAMESPACE, runner.object.metadata.name), () => undefined);
    });
    often('registration-gone', 2, () => {
      const name = [...this.actions.runners.keys()][0];
      if (name === undefined || this.actions.jobOf(name) !== undefined) return;
      this.log(`the service forgets ${name}`);
      this.actions.forget(name);
    });
    often('scale-set-gone', 1, () => {
      for (const { id } of this.actions.state.scaleSets.sets) {
        this.log(`the service deletes scale set ${id}`);
        this.actions.handle({ method: 'DELETE', url: `${URL}/_apis/runtime/runnerscalesets/${id}`, headers: {} });
      }
    });
    often('spec-changed', 2, () => {
      const containers = [{ name: RUNNER_CONTAINER, image: `runner:${2 + random.below(3)}` }];
      this.#change({ template: { spec: { containers } } });
    });
    const changeLimits = (): void => {
      const minRunners = random.below(3);
      const limits = { minRunners, maxRunners: minRunners + 1 + random.below(5) };
      this.limits.push(limits);
      this.#change(limits);
    };
    often('limits-changed', 2, changeLimits);
    often('updates-wait', 1, changeLimits);
    often('deleted-early', 1, () => {
      this.log('the scale set is to be deleted');
      this.real.send(deleteRequest(AutoscalingRunnerSets, NAMESPACE, NAME), () => undefined);
    });
  }

  #change(spec: object): void {
    this.log(`the scale set is changed: ${JSON.stringify(spec)}`);
    this.real.send(patchRequest(AutoscalingRunnerSets, NAMESPACE, NAME, { spec }), () => undefined);
  }

  #scaleSet(): AutoscalingRunnerSet {
    const labels = {
      [VERSION_LABEL]: this.process.version,
      [SCALE_SET_NAME_LABEL]: NAME,
      [SCALE_SET_NAMESPACE_LABEL]: NAMESPACE,
    };
    const template = { spec: { restartPolicy: 'Never', containers: [{ name: RUNNER_CONTAINER, image: 'runner:1' }] } };
    return {
      ...{ apiVersion: AutoscalingRunnerSets.apiVersion, kind: AutoscalingRunnerSets.kind },
      metadata: { name: NAME, namespace: NAMESPACE, labels },
      spec: { githubConfigUrl: `${URL}/org`, githubConfigSecret: 'gh', ...this.limits[0], template },
    };
  }
}

function exit(exitCode: number): Extract<LifeAction, { do: 'exit' }> {
  return { do: 'exit', container: RUNNER_CONTAINER, exitCode, reason: undefined, message: undefined };
}

/** Plays a scenario to its end. The same scenario gives the same outcome, request by request. */
export function playChain(scenario: ChainScenario): ChainOutcome {
  const world = new ChainWorld(scenario);
  try {
    world.live();
  } catch (error) {
    world.witness.violations.push(`an error ends the run: ${messageOf(error)}`);
  }
  const { witness, runnerWitness, listenerWitness } = world;
  return {
    violations: [...witness.violations, ...runnerWitness.violations, ...listenerWitness.violations],
    flaws: new Map<string, number>([...runnerWitness.flaws, ...(witness.flaws as ReadonlyMap<ChainFlaw, number>)]),
    requests: world.requests,
    listenerRequests: world.listenerRequestsInTrouble,
    events: world.clock.eventsRun,
    crashes: world.crashCount,
  };
}
