import { VirtualClock } from '../../src/base/virtual-clock.ts';
import type { ApiRequest } from '../../src/kubernetes/cluster.ts';
import { createRequest, deleteRequest, patchRequest } from '../../src/kubernetes/request.ts';
import {
  AutoscalingListeners,
  AutoscalingRunnerSets,
  EphemeralRunners,
  EphemeralRunnerSets,
  Pods,
  RoleBindings,
  Roles,
  Secrets,
  ServiceAccounts,
  type Resource,
} from '../../src/kubernetes/resource.ts';
import type { AutoscalingRunnerSet } from '../../src/kubernetes/scale-set-types.ts';
import type { ApiObject, EphemeralRunner, EphemeralRunnerSet, Pod, Secret } from '../../src/kubernetes/types.ts';
import { RELEASES } from '../../src/reconciler/releases/releases.ts';
import { DEFAULT_PROCESS } from '../../src/reconciler/process-options.ts';
import { LAB_NAMESPACE } from '../../src/run/embedded-environment.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS } from '../../src/run/settings.ts';
import { EmbeddedRig } from '../builders/embedded-rig.ts';
import { answersOf } from '../builders/requests.ts';
import { ChainKubelet } from './chain-kubelet.ts';
import { ChainPrograms } from './chain-programs.ts';
import type { ChainFinal, ChainRecording, ChainRun, DriverStep, RecordedChainRun } from './chain-recording.ts';
import { ChainWitness } from './chain-witness.ts';

const SYSTEM = DEFAULT_PROCESS.namespace;
/** After the last thing that was done from outside. */
const SETTLE_MS = 6_000;
/** A run with jobs ends when nothing is left to be done for them; how long that takes depends on what waits for what. */
const LATEST_MS = 10_000;
const REST_MS = 100;
const JOBS_QUEUED = /^\d+ jobs queued/;

/** The whole of ARC on the embedded cluster in virtual time. */
export class ChainWorld {
  readonly #clock = new VirtualClock();
  readonly #recording: ChainRecording;
  readonly #rig: EmbeddedRig;
  readonly #witness: ChainWitness;
  readonly #kubelet: ChainKubelet;
  readonly #programs: ChainPrograms;

  constructor(recording: ChainRecording, mode: string, seed: number, apiLatencyUs = DEFAULT_SETTINGS.apiLatencyUs) {
    this.#recording = recording;
    const { actionsService, kubelet } = recording.input;
    this.#witness = new ChainWitness(() => this.#nowMs - this.#startMs);
    this.#rig = new EmbeddedRig({
      clock: this.#clock,
      epochMs: VIRTUAL_EPOCH_MS,
      settings: { ...DEFAULT_SETTINGS, mode, seed, apiLatencyUs, jitLatencyUs: actionsService.jitMs * 1000 },
      controllers: false,
      actions: { times: { pollUs: actionsService.pollMs * 1000 } },
      withoutGitHubSecret: true,
      process: DEFAULT_PROCESS,
      wrapDriver: (driver) => this.#witness.wrap(driver),
    });
    const secret: Secret = {
      ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'github-config', namespace: LAB_NAMESPACE } },
      data: { github_token: Buffer.from('pat').toString('base64') },
    };
    this.#rig.cluster.api.handle(createRequest(Secrets, secret));
    const { cluster, service, http, secrets } = this.#rig;
    this.#programs = new ChainPrograms(this.#clock, service, {
      ...{ clock: this.#clock, epochMs: VIRTUAL_EPOCH_MS, cluster, http, secrets, release: RELEASES.get(mode) },
      wrapDriver: (driver) => this.#witness.wrap(driver),
    });
    this.#kubelet = new ChainKubelet(this.#clock, cluster, kubelet, this.#programs);
  }

  #startMs = 0;
  /** How long jobs run that the service starts together. */
  #jobMs: number | undefined;

  /** Does what the driver of a recorded run did, at its times. */
  play(run: RecordedChainRun): ChainRun {
    const { driver: steps } = run;
    this.#rig.start();
    this.#wait(50);
    this.#startMs = this.#nowMs;
    const [start, end] = ['service starts', 'all 50 jobs end'].map((text) =>
      steps.find((step) => step.do.startsWith(text)),
    );
    if (start !== undefined) this.#programs.hold();
    this.#jobMs = start === undefined || end === undefined ? undefined : end.tMs - start.tMs;
    for (const step of steps.filter(({ pod }) => pod === undefined)) {
      this.#wait(this.#startMs + step.tMs - this.#nowMs);
      this.#perform(step);
    }
    if (steps.some((step) => JOBS_QUEUED.test(step.do))) this.#rest(run);
    else this.#wait(SETTLE_MS);
    const named = this.#witness.named({
      requests: this.#witness.requests,
      actions: this.#witness.actions,
      final: this.#final(),
    });
    this.#rig.dispose();
    return named;
  }

  /** Waits until the jobs are done and there are as many runners as in the recording's end, and for a poll that it saw end. */
  #rest({ driver, requests, final }: RecordedChainRun): void {
    const lastMs = this.#startMs + Math.max(...[...driver, ...requests].map(({ tMs }) => tMs));
    const seesPollEnd = driver.some((step) => step.do.startsWith('wait for one empty poll'));
    const isAtRest = (): boolean => {
      if (seesPollEnd && this.#nowMs < lastMs) return false;
      const runners = this.#all<EphemeralRunner>(EphemeralRunners).length;
      return this.#rig.service.jobs.length === 0 && runners === final.ephemeralRunners.length;
    };
    this.#clock.run((lastMs + LATEST_MS) * 1000, isAtRest);
    this.#wait(REST_MS);
  }

  #perform({ do: action, body }: DriverStep): void {
    const { autoscalingRunnerSet: scaleSet } = this.#recording.input;
    const { name } = scaleSet.metadata;
    if (action.startsWith('create AutoscalingRunnerSet')) {
      const spec = { ...scaleSet.spec, ...(body as object), githubConfigUrl: 'http://actions.lab.invalid/lab' };
      this.#send(createRequest(AutoscalingRunnerSets, { ...scaleSet, spec } as AutoscalingRunnerSet));
    } else if (action.startsWith('user patches AutoscalingRunnerSet')) {
      this.#send(patchRequest(AutoscalingRunnerSets, LAB_NAMESPACE, name, body));
    } else if (action.includes('user patches ephemeralrunnersets/')) {
      const [set] = this.#all<EphemeralRunnerSet>(EphemeralRunnerSets);
      this.#send(patchRequest(EphemeralRunnerSets, LAB_NAMESPACE, set?.metadata.name ?? '', body));
    } else if (action.startsWith('user deletes AutoscalingRunnerSet')) {
      this.#send(deleteRequest(AutoscalingRunnerSets, LAB_NAMESPACE, name));
    } else if (action.startsWith('listener container killed')) this.#kubelet.end(this.#listenerPod(), 137);
    else if (action.startsWith('runner container exits ')) {
      const [runner] = this.#all<EphemeralRunner>(EphemeralRunners);
      this.#kubelet.end(runner?.metadata.name ?? '', Number(action.split(' ').at(-1)));
    } else if (JOBS_QUEUED.test(action)) {
      const durationUs = (this.#jobMs ?? (body as { readonly jobMs: number }).jobMs) * 1000;
      const count = Number.parseInt(action, 10);
      this.#rig.service.queueJobs(Array.from({ length: count }, () => ({ label: 'lab', durationUs })));
    } else if (action.startsWith('service starts')) this.#programs.release();
    else if (!action.startsWith('wait for ') && !action.startsWith('all 50 jobs end')) {
      throw new Error(`the script says to ${JSON.stringify(action)}, which the player cannot do`);
    }
  }

  #listenerPod(): string {
    const [pod] = this.#all<Pod>(Pods).filter(({ metadata }) => metadata.namespace === SYSTEM);
    return pod?.metadata.name ?? '';
  }

  #all<T extends ApiObject>(resource: Resource<T>): T[] {
    return [...this.#rig.cluster.api.store.of(resource as Resource).entries()].map(({ object }) => object as T);
  }

  #final(): ChainFinal {
    const names = (resource: Resource, namespace: string): string[] =>
      this.#all(resource)
        .filter(({ metadata }) => metadata.namespace === namespace)
        .map(({ metadata }) => metadata.name);
    const pods = (namespace: string): { name: string; phase: string; image?: string }[] =>
      this.#all<Pod>(Pods)
        .filter(({ metadata }) => metadata.namespace === namespace)
        .map(({ metadata, spec, status }) => ({
          ...{ name: metadata.name, phase: status?.phase ?? '' },
          ...(namespace === SYSTEM ? {} : { image: spec.containers[0]?.image ?? '' }),
        }));
    return {
      autoscalingRunnerSets: this.#all(AutoscalingRunnerSets).map(described),
      ephemeralRunnerSets: this.#all<EphemeralRunnerSet>(EphemeralRunnerSets).map((set) => ({
        ...described(set),
        ...(set.spec.replicas === undefined ? {} : { replicas: set.spec.replicas }),
        patchID: set.spec.patchID,
        image: set.spec.ephemeralRunnerSpec.spec.containers[0]?.image,
      })),
      autoscalingListeners: this.#all(AutoscalingListeners).map(described),
      ephemeralRunners: this.#all(EphemeralRunners).map((runner) => {
        const { name, finalizers, deletionRequested, status } = described(runner);
        return { name, finalizers, deletionRequested, status };
      }),
      pods: pods(LAB_NAMESPACE),
      listenerPods: pods(SYSTEM),
      secrets: names(Secrets, LAB_NAMESPACE),
      systemSecrets: names(Secrets, SYSTEM),
      roles: names(Roles, LAB_NAMESPACE),
      roleBindings: names(RoleBindings, LAB_NAMESPACE),
      serviceAccounts: names(ServiceAccounts, SYSTEM),
    };
  }

  get #nowMs(): number {
    return this.#clock.nowUs() / 1000;
  }

  #send(request: ApiRequest): void {
    answersOf(this.#clock, this.#rig.cluster, [request]);
  }

  #wait(ms: number): void {
    this.#clock.run(this.#clock.nowUs() + Math.max(0, ms) * 1000);
  }
}

interface Described {
  readonly name: string;
  readonly finalizers: readonly string[];
  readonly deletionRequested: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly status: Readonly<Record<string, unknown>>;
}

function described(object: ApiObject & { readonly status?: object }): Described {
  const { name, finalizers = [], deletionTimestamp, labels = {}, annotations = {} } = object.metadata;
  const status = { ...object.status };
  return { name, finalizers, deletionRequested: deletionTimestamp !== undefined, labels, annotations, status };
}
