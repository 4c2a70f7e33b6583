import { VirtualClock } from '../../src/base/virtual-clock.ts';
import type { ApiRequest } from '../../src/kubernetes/cluster.ts';
import { createRequest, deleteRequest, patchRequest } from '../../src/kubernetes/request.ts';
import { EphemeralRunners, EphemeralRunnerSets, Pods, Secrets, type Resource } from '../../src/kubernetes/resource.ts';
import type {
  ApiObject,
  EphemeralRunner,
  EphemeralRunnerSet,
  EphemeralRunnerStatus,
  PodStatus,
} from '../../src/kubernetes/types.ts';
import { LAB_NAMESPACE } from '../../src/run/embedded-environment.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS } from '../../src/run/settings.ts';
import { EmbeddedRig } from '../builders/embedded-rig.ts';
import { answersOf } from '../builders/requests.ts';
import { Normaliser } from './normalise.ts';
import { scriptOf, type RecordedRequest } from './recording.ts';
import type { SetFinalState, SetRecording } from './set-recording.ts';
import { Witness } from './witness.ts';

export interface ObservedSet {
  readonly requests: readonly RecordedRequest[];
  readonly final: SetFinalState;
}

const QUIET_MS = 400;
/** What the listener does when a runner gets a job. */
const RUNNER_STATUS = /^PATCH ephemeralrunners\/(\S+)\/status (\{.*\})$/;

/** A set and its runners on the embedded cluster in virtual time. Runners are called by the order of their creation. */
export class SetWorld {
  readonly #clock = new VirtualClock();
  readonly #recording: SetRecording;
  readonly #rig: EmbeddedRig;
  readonly #normaliser = new Normaliser();
  readonly #runners: string[] = [];
  readonly #witness: Witness;

  constructor(recording: SetRecording, mode: string, seed: number) {
    this.#recording = recording;
    this.#witness = new Witness(
      () => this.#nowMs,
      (resource, object) => this.#created(resource, object),
    );
    const { actionsService, workers, ephemeralRunner: set } = recording.input;
    const { answers, preregistered } = scriptOf(recording);
    this.#rig = new EmbeddedRig({
      clock: this.#clock,
      epochMs: VIRTUAL_EPOCH_MS,
      settings: { ...DEFAULT_SETTINGS, mode, seed, workers, jitLatencyUs: actionsService.defaults.jitMs * 1000 },
      actions: { script: answers, deleteOfUnknownRunner: actionsService.defaults.deleteOfUnknownRunner },
      controllers: false,
      withoutGitHubSecret: true,
      reconcilesSets: true,
      wrapCluster: (cluster) => this.#witness.cluster(cluster),
      wrapHttp: (http) => this.#witness.http(http),
    });
    for (const { name, id, runnerScaleSetId } of preregistered) this.#rig.service.register(name, runnerScaleSetId, id);
    this.#rig.createGitHubSecret(set.spec.ephemeralRunnerSpec.githubConfigSecret);
  }

  /** Follows the script of the recording. */
  play(mode: string): ObservedSet {
    const steps = this.#recording.input.podScript[mode] ?? [];
    this.#rig.start();
    this.#wait(50);
    for (const [index, step] of steps.entries()) {
      if (step.at !== 'start') this.#quiet();
      // The run says which runners there are, not the recording: a stale list may make another one.
      const runs = /^pod of <runner-\d+> runs$/.test(step.at);
      if (!runs) this.#perform(step.do, step.body);
      else if (/ runs$/.test(steps[index - 1]?.at ?? '')) continue;
      else this.#runAll(step.body ?? {});
    }
    this.#quiet();
    const observed = { requests: this.#named(this.#witness.requests), final: this.#named(this.#final()) };
    this.#rig.dispose();
    return observed;
  }

  #perform(action: string, body: unknown): void {
    if (action.startsWith('create EphemeralRunnerSet ')) {
      const { metadata, spec, ...set } = this.#recording.input.ephemeralRunner;
      const ephemeralRunnerSpec = { ...spec.ephemeralRunnerSpec, githubConfigUrl: 'http://actions.lab.invalid/org' };
      const replicas = Number(/ with (\d+) replicas$/.exec(action)?.[1]);
      const made = { ...set, metadata, spec: { ...spec, replicas, ephemeralRunnerSpec } };
      const { uid = '' } = this.#send(createRequest(EphemeralRunnerSets, made)).metadata;
      this.#normaliser.name(uid, '<uid>');
    } else if (action === 'PATCH ephemeralrunnersets/set (merge)') {
      this.#send(patchRequest(EphemeralRunnerSets, LAB_NAMESPACE, this.#setName, body));
    } else if (action === 'user deletes the EphemeralRunnerSet') {
      this.#send(deleteRequest(EphemeralRunnerSets, LAB_NAMESPACE, this.#setName));
    } else if (action === 'user deletes the EphemeralRunner') {
      this.#send(deleteRequest(EphemeralRunners, LAB_NAMESPACE, this.#firstWithPod()));
    } else if (RUNNER_STATUS.test(action)) {
      const [, runner = '', status = ''] = RUNNER_STATUS.exec(action) ?? [];
      const body = { status: JSON.parse(status) as EphemeralRunnerStatus };
      this.#send(patchRequest(EphemeralRunners, LAB_NAMESPACE, this.#runnerCalled(runner), body, 'status'));
    } else if (action.startsWith('service forgets the runner')) this.#rig.service.forget(this.#firstWithPod());
    else if (action === 'PATCH pods/status (merge)') this.#patchPod(this.#firstWithPod(), body as PodStatus);
    else throw new Error(`the script says to ${JSON.stringify(action)}, which the player cannot do`);
  }

  /** One pod after the other, each when the controllers are done with the one before. */
  #runAll(status: PodStatus): void {
    for (const name of [...this.#runners]) {
      if (!this.#hasPod(name)) continue;
      this.#patchPod(name, status);
      this.#quiet();
    }
  }

  #patchPod(name: string, status: PodStatus): void {
    this.#send(patchRequest(Pods, LAB_NAMESPACE, name, { status }, 'status'));
  }

  #firstWithPod(): string {
    const found = this.#runners.find((name) => this.#hasPod(name));
    if (found === undefined) throw new Error('no runner has a pod');
    return found;
  }

  #runnerCalled(placeholder: string): string {
    return this.#runners[Number(/^<runner-(\d+)>$/.exec(placeholder)?.[1]) - 1] ?? this.#firstWithPod();
  }

  #hasPod(name: string): boolean {
    return this.#rig.cluster.api.store.of(Pods).find(LAB_NAMESPACE, name) !== undefined;
  }

  #created(resource: Resource, { metadata }: ApiObject): void {
    const { name, uid = '' } = metadata;
    if (resource !== (EphemeralRunners as Resource)) return;
    this.#runners.push(name);
    this.#normaliser.name(uid, `<uid:runner-<runner-${this.#runners.length}>>`);
  }

  /** Made names stand in texts and queries too. */
  #named<T>(value: T): T {
    let text = JSON.stringify(this.#normaliser.apply(value));
    for (const [index, name] of this.#runners.entries()) text = text.replaceAll(name, `<runner-${index + 1}>`);
    return JSON.parse(text) as T;
  }

  #final(): SetFinalState {
    const objects = <T extends ApiObject>(resource: Resource<T>): T[] =>
      [...this.#rig.cluster.api.store.of(resource as Resource).entries()].map(({ object }) => object as T);
    const runners: Record<string, FinalRunner> = {};
    for (const { metadata, status } of objects<EphemeralRunner>(EphemeralRunners)) {
      runners[metadata.name] = {
        finalizers: metadata.finalizers ?? [],
        deletionRequested: metadata.deletionTimestamp !== undefined,
        status: { ...status },
      };
    }
    const { githubConfigSecret } = this.#recording.input.ephemeralRunner.spec.ephemeralRunnerSpec;
    const secrets = objects(Secrets).map(({ metadata }) => metadata.name);
    return {
      runners,
      pods: objects(Pods).map(({ metadata }) => metadata.name),
      secrets: secrets.filter((name) => name !== githubConfigSecret),
      set: objects<EphemeralRunnerSet>(EphemeralRunnerSets).map(({ metadata, spec, status }) => ({
        finalizers: metadata.finalizers ?? [],
        deletionRequested: metadata.deletionTimestamp !== undefined,
        spec: { replicas: spec.replicas, patchID: spec.patchID },
        status: { ...status },
      })),
    };
  }

  get #setName(): string {
    return this.#recording.input.ephemeralRunner.metadata.name;
  }

  get #nowMs(): number {
    return this.#clock.nowUs() / 1000;
  }

  #send(request: ApiRequest): ApiObject {
    const [reply] = answersOf(this.#clock, this.#rig.cluster, [request]);
    this.#witness.lastRequestMs = this.#nowMs;
    return reply as ApiObject;
  }

  #wait(ms: number): void {
    this.#clock.run(this.#clock.nowUs() + ms * 1000);
  }

  #quiet(): void {
    const sinceMs = this.#nowMs;
    while (this.#nowMs - Math.max(sinceMs, this.#witness.lastRequestMs) < QUIET_MS) this.#wait(10);
  }
}

type FinalRunner = SetFinalState['runners'][string];
