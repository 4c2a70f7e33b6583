import { VirtualClock } from '../../src/base/virtual-clock.ts';
import type { ApiRequest } from '../../src/kubernetes/cluster.ts';
import { createRequest, deleteRequest, patchRequest } from '../../src/kubernetes/request.ts';
import { EphemeralRunners, Pods, ResourceQuotas, Secrets, type Resource } from '../../src/kubernetes/resource.ts';
import type { ApiObject, EphemeralRunner, EphemeralRunnerStatus, PodStatus } from '../../src/kubernetes/types.ts';
import { EmbeddedRig } from '../builders/embedded-rig.ts';
import { answersOf } from '../builders/requests.ts';
import { LAB_NAMESPACE } from '../../src/run/embedded-environment.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS } from '../../src/run/settings.ts';
import type { Observed } from './compare.ts';
import { Normaliser } from './normalise.ts';
import { Witness } from './witness.ts';
import type { World } from './play.ts';
import { runnersOf, scriptOf, type FinalState, type RecordedRequest, type Recording } from './recording.ts';
import { withResyncs, type Resync } from './resyncs.ts';

/** The embedded cluster in virtual time; the witness stands between the controller and its ports. */
export class EmbeddedWorld implements World {
  readonly #clock = new VirtualClock();
  readonly #rig: EmbeddedRig;
  readonly #template: EphemeralRunner;
  readonly #normaliser = new Normaliser();
  readonly #witness = new Witness(
    () => this.nowMs(),
    (resource, { metadata }) => {
      if (resource === (Pods as Resource)) this.#normaliser.namePod(metadata.uid ?? '');
    },
  );

  constructor(recording: Recording, mode: string, seed: number, resync: Resync = 'as-it-was') {
    const { actionsService, workers } = recording.input;
    const { answers, preregistered } = scriptOf(recording);
    this.#template = runnersOf(recording)[0] as EphemeralRunner;
    const syncPeriod = /--sync-period=(\d+)(s|h)/.exec(recording.modes[mode]?.managerFlags.join(' ') ?? '');
    const syncSeconds = syncPeriod === null ? 60 : Number(syncPeriod[1]) * (syncPeriod[2] === 'h' ? 3600 : 1);
    this.#rig = new EmbeddedRig({
      clock: this.#clock,
      epochMs: VIRTUAL_EPOCH_MS,
      settings: {
        ...DEFAULT_SETTINGS,
        mode,
        seed,
        workers,
        jitLatencyUs: actionsService.defaults.jitMs * 1000,
      },
      actions: { script: answers, deleteOfUnknownRunner: actionsService.defaults.deleteOfUnknownRunner },
      // The recorded cluster had no controller-manager.
      controllers: false,
      withoutGitHubSecret: true,
      wrapCluster: (cluster) => withResyncs(this.#witness.cluster(cluster), this.#clock, syncSeconds * 1e6, resync),
      wrapHttp: (http) => this.#witness.http(http),
    });
    for (const { name, id, runnerScaleSetId } of preregistered) this.#rig.service.register(name, runnerScaleSetId, id);
    const secretComesLater = (recording.input.podScript?.[mode] ?? []).some((step) =>
      step.do.startsWith('create secret'),
    );
    if (!secretComesLater) this.#rig.createGitHubSecret(this.#template.spec.githubConfigSecret);
  }

  async startController(): Promise<void> {
    this.#rig.start();
    await this.wait(50);
    this.#witness.lastRequestMs = this.nowMs();
  }

  async createRunners(names: readonly string[], finalizers?: readonly string[]): Promise<void> {
    const requests = names.map((name) => createRequest(EphemeralRunners, this.#runner(name, finalizers)));
    for (const reply of answersOf(this.#clock, this.#rig.cluster, requests)) {
      const { name, uid = '' } = (reply as ApiObject).metadata;
      this.#normaliser.name(uid, names.length > 1 ? `<uid:runner-${name}>` : '<uid:runner>');
    }
  }

  async deleteRunner(name: string): Promise<void> {
    await this.#send(deleteRequest(EphemeralRunners, LAB_NAMESPACE, name));
  }

  async patchPodStatus(name: string, status: PodStatus): Promise<void> {
    await this.#send(patchRequest(Pods, LAB_NAMESPACE, name, { status }, 'status'));
  }

  async patchRunnerStatus(name: string, status: EphemeralRunnerStatus): Promise<void> {
    await this.#send(patchRequest(EphemeralRunners, LAB_NAMESPACE, name, { status }, 'status'));
  }

  async touchPod(name: string): Promise<void> {
    await this.#send(patchRequest(Pods, LAB_NAMESPACE, name, { metadata: { annotations: { touched: 'yes' } } }));
  }

  async podExists(name: string): Promise<boolean> {
    return this.#rig.cluster.api.store.of(Pods).find(LAB_NAMESPACE, name) !== undefined;
  }

  async deletePod(name: string): Promise<void> {
    await this.#send(deleteRequest(Pods, LAB_NAMESPACE, name));
  }

  async createGitHubSecret(name: string): Promise<void> {
    this.#rig.createGitHubSecret(name);
  }

  async deleteSecret(name: string): Promise<void> {
    await this.#send(deleteRequest(Secrets, LAB_NAMESPACE, name));
  }

  async createPodQuota(name: string, pods: number): Promise<void> {
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name, namespace: LAB_NAMESPACE },
      spec: { hard: { pods: String(pods) } },
    };
    await this.#send(createRequest(ResourceQuotas, quota));
  }

  forgetRunner(name: string): void {
    this.#rig.service.forget(name);
  }

  requests(): readonly RecordedRequest[] {
    return this.#witness.requests;
  }

  nowMs(): number {
    return this.#clock.nowUs() / 1000;
  }

  lastRequestMs(): number {
    return this.#witness.lastRequestMs;
  }

  async wait(ms: number): Promise<void> {
    this.#clock.run(this.#clock.nowUs() + ms * 1000);
  }

  async finish(): Promise<Observed> {
    const reconciles = { success: 0, requeue: 0, requeue_after: 0, error: 0, unknown: 0 };
    for (const { result } of this.#rig.trace.passes()) {
      reconciles[result === 'done' ? 'success' : result === 'requeue-after' ? 'requeue_after' : result]++;
    }
    const names = (resource: Resource): string[] =>
      [...this.#rig.cluster.api.store.of(resource).entries()].map(({ object }) => object.metadata.name).sort();
    const runners: Record<string, FinalState['runners'][string]> = {};
    for (const { object } of this.#rig.cluster.api.store.of(EphemeralRunners).entries()) {
      const { metadata, status } = object as EphemeralRunner;
      runners[metadata.name] = {
        finalizers: metadata.finalizers ?? [],
        deletionRequested: metadata.deletionTimestamp !== undefined,
        status: { ...status },
      };
    }
    const secrets = names(Secrets).filter((name) => name !== this.#template.spec.githubConfigSecret);
    this.#rig.dispose();
    return {
      requests: this.#normaliser.apply(this.#witness.requests),
      reconciles,
      final: this.#normaliser.apply({ runners, pods: names(Pods), secrets }),
    };
  }

  #runner(name: string, finalizers: readonly string[] | undefined): EphemeralRunner {
    const { labels, annotations } = this.#template.metadata;
    const metadata = { name, namespace: LAB_NAMESPACE, labels, annotations, ...(finalizers && { finalizers }) };
    const githubConfigUrl = 'http://actions.lab.invalid/org';
    return { ...this.#template, metadata, spec: { ...this.#template.spec, githubConfigUrl } };
  }

  async #send(request: ApiRequest): Promise<void> {
    answersOf(this.#clock, this.#rig.cluster, [request]);
  }
}
