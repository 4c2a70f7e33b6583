import type { ActionsClientCache } from '../../src/actions/client-cache.ts';
import { EmbeddedActionsService } from '../../src/actions/embedded-service.ts';
import { EmbeddedActionsTransport } from '../../src/actions/embedded-transport.ts';
import { messageOf } from '../../src/base/message.ts';
import { Random } from '../../src/base/random.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { EmbeddedCluster } from '../../src/kubernetes/embedded/embedded-cluster.ts';
import { Kubelet } from '../../src/kubernetes/embedded/kubelet.ts';
import { parseLife } from '../../src/kubernetes/embedded/pods/parse-life.ts';
import { planOf } from '../../src/kubernetes/embedded/pods/pod-plan.ts';
import { createRequest, deleteRequest, patchRequest } from '../../src/kubernetes/request.ts';
import { EphemeralRunners, Pods, Secrets, type Resource } from '../../src/kubernetes/resource.ts';
import { ephemeralRunnerController } from '../../src/reconciler/controller.ts';
import type { Release } from '../../src/reconciler/releases/release.ts';
import { RELEASES } from '../../src/reconciler/releases/releases.ts';
import type { ApiObject, EphemeralRunner, Pod } from '../../src/kubernetes/types.ts';
import { HOOK_OWNER_LABEL } from '../../src/reconciler/names.ts';
import type { ControllerSpec } from '../../src/runtime/controller-spec.ts';
import type { Controllers } from '../../src/runtime/controllers.ts';
import type { ReconcileEffect } from '../../src/runtime/effects.ts';
import type { PassObserver } from '../../src/runtime/observer.ts';
import type { PassInProgress, Reply } from '../../src/runtime/pass.ts';
import { describeEffect } from '../builders/replay.ts';
import { FaultyCluster } from './faulty-cluster.ts';
import { FaultyService } from './faulty-service.ts';
import type { ViewFaults } from './faulty-view.ts';
import { Process, type ProcessHost } from './process.ts';
import type { Strategy } from './strategies.ts';
import { unrest } from './unrest.ts';
import { Witness, type UpstreamFlaw } from './witness.ts';

export interface Scenario {
  readonly seed: number;
  readonly mode: string;
  readonly runners: number;
  readonly workers: number;
  readonly strategies: readonly Strategy[];
  /** Kill the process at this request, counted over all; as `crashAfter` says before or after it is sent. */
  readonly crashAt?: number;
  readonly crashAfter?: boolean;
  readonly view?: Pick<ViewFaults, 'lag' | 'duplicate'>;
  /** Called on everything that happens, for replaying a seed. */
  readonly log?: (line: string) => void;
  /** Hears of passes, in addition to the witness. */
  readonly observer?: PassObserver;
}

export interface Outcome {
  readonly violations: readonly string[];
  readonly flaws: ReadonlyMap<UpstreamFlaw, number>;
  readonly requests: number;
  /** Events that the watches brought. */
  readonly watchEvents: number;
  readonly events: number;
  readonly crashes: number;
  /** Answers that were made up, by status. */
  readonly injected: ReadonlyMap<number, number>;
}

const NAMESPACE = 'arc';
const EPOCH_MS = Date.UTC(2026, 0, 1);
const SECOND = 1_000_000;
/** Faults end then; what comes after has to put everything right. */
const TROUBLE_US = 60 * SECOND;
/**
 * The longest back-off of the queue is 1000 s, a job 30 s at most; a failure counted while the clock was 90 minutes ahead of
 * what it is now holds its runner back for as long.
 */
const SETTLE_US = 3 * 3_600 * SECOND;
/** Far more than any run takes to get quiet. */
const MOST_EVENTS = 100_000;
const SPEC: EphemeralRunner['spec'] = {
  githubConfigUrl: 'http://actions.lab.invalid/org',
  githubConfigSecret: 'gh',
  runnerScaleSetId: 1,
  spec: { restartPolicy: 'Never', containers: [{ name: 'runner', image: 'runner:1' }] },
};
const GITHUB_TOKEN = Buffer.from('campaign-token').toString('base64');

/** A cluster, a service, a controller or two, and everything that goes wrong between them. */
class World implements ProcessHost {
  readonly namespace = NAMESPACE;
  readonly epochMs = EPOCH_MS;
  readonly clock = new VirtualClock();
  readonly scenario: Scenario;
  readonly real: EmbeddedCluster;
  readonly cluster: FaultyCluster;
  readonly actions: EmbeddedActionsService;
  readonly service: FaultyService;
  readonly witness: Witness;
  readonly random: Random;
  readonly strategies: ReadonlySet<Strategy>;
  readonly viewFaults: ViewFaults;
  readonly #processes = new Set<Process>();
  requests = 0;
  crashCount = 0;
  #calm = false;
  #clockJumpMs = 0;

  constructor(scenario: Scenario) {
    this.scenario = scenario;
    const { seed } = scenario;
    const { clock } = this;
    this.strategies = new Set(scenario.strategies);
    this.random = new Random(seed, 'world');
    this.real = new EmbeddedCluster(clock, {
      seed,
      apiLatencyUs: 4_000,
      epochMs: EPOCH_MS,
      // Nobody cleans up after the controller.
      controllers: false,
      namespaces: [NAMESPACE],
    });
    this.actions = new EmbeddedActionsService({
      seed,
      baseUrl: 'http://actions.lab.invalid',
      nowMs: () => EPOCH_MS + clock.nowUs() / 1000 + this.#clockJumpMs,
    });
    const latency = { jitUs: 200_000, otherUs: 10_000, jitter: 0.2 };
    const transport = new EmbeddedActionsTransport(clock, this.actions, latency, seed);
    const oneIn = 3 + this.random.below(12);
    const { strategies } = this;
    this.service = new FaultyService(transport, { clock, random: new Random(seed, 'service'), strategies, oneIn });
    this.viewFaults = { lag: 0, duplicate: undefined, ...scenario.view, counter: { events: 0 } };
    const random = new Random(seed, 'cluster');
    this.cluster = new FaultyCluster(this.real, { clock, random, strategies, oneIn, viewFaults: this.viewFaults });
    // A runner whose pod is gone has stopped: the service learns of it by its silence.
    this.real.api.store.of(Pods).listen((type, _entry, { metadata }) => {
      if (type === 'deleted') clock.schedule(10 * SECOND, () => this.actions.setBusy(metadata.name, false), undefined);
    });
    const { store } = this.real.api;
    const watched = {
      listen: store.listen.bind(store),
      find: (resource: Resource, namespace: string, name: string) => store.of(resource).find(namespace, name)?.object,
    };
    this.witness = new Witness(watched, this.actions, RELEASES.get(scenario.mode));
    const metadata = { name: 'gh', namespace: NAMESPACE };
    const data = { github_token: GITHUB_TOKEN };
    this.real.api.handle(createRequest(Secrets, { apiVersion: 'v1', kind: 'Secret', metadata, data } as ApiObject));
  }

  get processes(): readonly Process[] {
    return [...this.#processes].filter(({ dead }) => !dead);
  }

  log(text: string): void {
    this.scenario.log?.(`${(this.clock.nowUs() / SECOND).toFixed(6)} ${text}`);
  }

  specs(release: Release, clients: ActionsClientCache): readonly ControllerSpec[] {
    return [ephemeralRunnerController({ release, clients, workers: this.scenario.workers })];
  }

  observe(controllers: Controllers): void {
    this.witness.observe(controllers);
  }

  start(): void {
    this.log('a controller starts');
    this.#processes.add(new Process(this));
  }

  crashes(effect: ReconcileEffect): 'before' | 'after' | undefined {
    if (effect.kind !== 'kubernetes' && effect.kind !== 'http') return undefined;
    const number = this.requests++;
    if (this.scenario.log !== undefined) this.log(`request ${number}: ${describeEffect(effect)}`);
    const { crashAt, crashAfter } = this.scenario;
    if (crashAt !== undefined) return number !== crashAt ? undefined : crashAfter === true ? 'after' : 'before';
    if (this.#calm) return undefined;
    const isWrite = effect.kind === 'http' || !['get', 'list'].includes(effect.request.verb);
    const hits = (strategy: Strategy, oneIn: number): boolean =>
      this.strategies.has(strategy) && this.random.below(oneIn) === 0;
    if (isWrite && hits('crash-before-write', 25)) return 'before';
    if (isWrite && hits('crash-after-write', 25)) return 'after';
    const isRegistration = effect.kind === 'http' && effect.operation === 'generatejitconfig';
    return isRegistration && hits('crash-after-registration', 4) ? 'after' : undefined;
  }

  crash(process: Process): void {
    this.log('the process is killed');
    this.crashCount++;
    process.kill();
    this.#processes.delete(process);
    this.clock.schedule(this.random.below(3 * SECOND), () => this.start(), undefined);
  }

  watched(effect: ReconcileEffect, pass: PassInProgress, reply: Reply): Reply {
    if (effect.kind !== 'wall-time' || this.#clockJumpMs === 0) return this.witness.watch(effect, pass, reply);
    const jumpMs = this.#clockJumpMs;
    return {
      resume: (answer) => reply.resume((answer as number) + jumpMs),
      fail: (error) => reply.fail(error),
    };
  }

  /** Nothing goes wrong any more. */
  calm(): void {
    this.log('calm');
    this.#calm = true;
    this.cluster.calm = true;
    this.service.calm = true;
  }

  trouble(): void {
    const { clock, random, strategies } = this;
    const often = (strategy: Strategy, times: number, what: () => void): void => {
      if (!strategies.has(strategy)) return;
      for (let i = 0; i < times; i++) clock.schedule(random.below(TROUBLE_US), what, undefined);
    };
    const someone = (): string => `runner-${random.below(this.scenario.runners)}`;
    often('eviction', 3, () => {
      const name = someone();
      const status = { phase: 'Failed', reason: 'Evicted', message: 'injected: low on memory' };
      this.log(`evicts the pod of ${name}`);
      this.actions.setBusy(name, false);
      this.real.send(patchRequest(Pods, NAMESPACE, name, { status }, 'status'), () => undefined);
    });
    often('registration-gone', 3, () => {
      const name = someone();
      this.log(`the service forgets ${name}`);
      this.actions.forget(name);
    });
    often('clock-jump', 3, () => {
      this.#clockJumpMs = (random.below(4) - 1) * 1_800_000;
      this.log(`the clock jumps to ${this.#clockJumpMs / 1000} s off`);
    });
    often('hook-objects', 2, () => this.#makeHookObjects(someone()));
    if (strategies.has('name-conflict')) for (let i = 0; i < 3; i++) this.actions.register(someone(), 1);
    if (strategies.has('second-controller')) this.start();
  }

  live(): void {
    const { clock, random, scenario, real, actions, strategies } = this;
    const fails = { when: { state: 'running' }, after: '1s', do: { exit: 1 } };
    // Pods wait for their node for a while: what happens to them then happens before they have a status.
    const stages = [
      { when: { node: 'none' }, after: '0..1s', do: 'schedule' },
      ...(strategies.has('failing-jobs') ? [fails] : []),
    ];
    const plan = planOf(parseLife({ stages }), {
      podStartUs: 100_000 + random.below(2 * SECOND),
      jobDurationUs: 5 * SECOND + random.below(25 * SECOND),
    });
    const kubelet = new Kubelet(clock, real, {
      namespace: NAMESPACE,
      seed: scenario.seed,
      includes: (key) => !key.endsWith('-hook'),
      plan,
      nowMs: () => EPOCH_MS + clock.nowUs() / 1000,
      jitter: 0.5,
      observer: {
        changed: ({ metadata, status }) => {
          const state = status?.containerStatuses?.[0]?.state;
          if (state?.terminated !== undefined) {
            actions.setBusy(metadata.name, false);
            if (!strategies.has('failing-jobs')) actions.forget(metadata.name);
          } else if (status?.phase === 'Running') actions.setBusy(metadata.name, true);
        },
        gone: () => undefined,
      },
    });
    this.start();
    this.trouble();
    for (let index = 0; index < scenario.runners; index++) {
      const metadata = { name: `runner-${index}`, namespace: NAMESPACE };
      const runner = {
        apiVersion: 'actions.github.com/v1alpha1',
        kind: 'EphemeralRunner',
        metadata,
        spec: SPEC,
      };
      const create = (): void => real.send(createRequest(EphemeralRunners, runner), () => undefined);
      clock.schedule(random.below(2 * SECOND), create, undefined);
      // Some are deleted in the midst of it, others when their job is done or at the end.
      if (random.below(3) === 0) clock.schedule(random.below(TROUBLE_US / 2), () => this.delete(index), undefined);
    }
    clock.run(TROUBLE_US);
    this.calm();
    this.#settle();
    this.#checkAlive();
    for (let index = 0; index < scenario.runners; index++) {
      actions.setBusy(`runner-${index}`, false);
      this.delete(index);
    }
    this.#settle();
    this.#checkGone();
    this.#checkTold();
    kubelet.dispose();
    for (const process of this.processes) process.controllers.dispose();
  }

  /** What a job's container hooks make: nobody owns it, and the runner goes only when it has gone. */
  #makeHookObjects(runner: string): void {
    if (this.real.api.store.of(EphemeralRunners).find(NAMESPACE, runner) === undefined) return;
    this.log(`the job of ${runner} makes a pod and a secret`);
    const metadata = { name: `${runner}-hook`, namespace: NAMESPACE, labels: { [HOOK_OWNER_LABEL]: runner } };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [{ name: 'job', image: 'job:1' }] } };
    this.real.send(createRequest(Pods, pod), () => undefined);
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata } as ApiObject;
    this.real.api.handle(createRequest(Secrets, secret));
  }

  delete(index: number): void {
    this.log(`runner-${index} is to be deleted`);
    this.real.send(deleteRequest(EphemeralRunners, NAMESPACE, `runner-${index}`), () => undefined);
  }

  #settle(): void {
    const { violations } = this.witness;
    const most = this.clock.eventsRun + MOST_EVENTS;
    const isEndless = this.clock.run(this.clock.nowUs() + SETTLE_US, () => this.clock.eventsRun > most);
    if (isEndless) violations.push('it never gets quiet');
    for (const { controllers } of this.processes) violations.push(...unrest(controllers, this.real.api.store));
  }

  /** Answers that were made up, by status. */
  injected(): Map<number, number> {
    const injected = new Map(this.cluster.injected);
    for (const [status, count] of this.service.injected) injected.set(status, (injected.get(status) ?? 0) + count);
    return injected;
  }

  /** No fault goes untold; what comes back to a killed process reaches nobody. */
  #checkTold(): void {
    if (this.crashCount > 0) return;
    for (const [status, count] of this.injected()) {
      const told = this.witness.told.get(status) ?? 0;
      if (told < count)
        this.witness.violations.push(`${count} answers with ${status} were given, the trace has ${told}`);
    }
  }

  /** Every runner that was not deleted has got where it was going. */
  #checkAlive(): void {
    const { violations } = this.witness;
    for (const { key, object } of this.real.api.store.of(EphemeralRunners).entries()) {
      const runner = object as EphemeralRunner;
      const { name } = runner.metadata;
      const pod = this.real.api.store.of(Pods).find(NAMESPACE, name)?.object as Pod | undefined;
      const hasSecret = this.real.api.store.of(Secrets).find(NAMESPACE, name) !== undefined;
      const { phase = '', reason = '', failures = {} } = runner.status ?? {};
      if (runner.metadata.deletionTimestamp !== undefined) violations.push(`${key} is still being deleted`);
      else if (phase === 'Succeeded') {
        if (pod !== undefined || hasSecret)
          violations.push(`${key} succeeded and has ${podText(pod)} and a secret left`);
      } else if (phase === 'Failed') {
        const isMeant =
          reason === 'TooManyPodFailures'
            ? Object.keys(failures).length > 5 && this.strategies.has('failing-jobs')
            : reason === 'InvalidPod' && (this.strategies.has('quota') || this.strategies.has('invalid-pod'));
        if (!isMeant && !this.witness.hasStaleStatus(name)) violations.push(`${key} failed for no reason: ${reason}`);
        if (pod !== undefined || hasSecret) violations.push(`${key} failed and has ${podText(pod)} and a secret left`);
      } else if (pod?.status?.phase === 'Failed' && pod.status.containerStatuses === undefined) {
        this.witness.flaw('evicted-before-start');
      } else violations.push(`${key} is ${phase || 'without a phase'} with ${podText(pod)} when all is quiet`);
    }
  }

  #checkGone(): void {
    const { violations, orphans } = this.witness;
    for (const { key } of this.real.api.store.of(EphemeralRunners).entries()) violations.push(`${key} is never gone`);
    for (const resource of [Pods, Secrets] as readonly Resource[]) {
      for (const { key, object } of this.real.api.store.of(resource).entries()) {
        if (object.metadata.name === 'gh' || orphans.has(object.metadata.name)) continue;
        violations.push(`the ${resource.kind} ${key} is left`);
      }
    }
    this.witness.checkRegistrations();
  }
}

/** Plays a scenario to its end. The same scenario gives the same outcome, request by request. */
export function play(scenario: Scenario): Outcome {
  const world = new World(scenario);
  try {
    world.live();
  } catch (error) {
    world.witness.violations.push(`an error ends the run: ${messageOf(error)}`);
  }
  return {
    violations: world.witness.violations,
    flaws: world.witness.flaws,
    requests: world.requests,
    watchEvents: world.viewFaults.counter.events,
    events: world.clock.eventsRun,
    crashes: world.crashCount,
    injected: world.injected(),
  };
}

function podText(pod: Pod | undefined): string {
  return pod === undefined ? 'no pod' : `pod ${pod.status?.phase ?? 'new'}`;
}
