import { operationOf } from '../../src/actions/embedded-service.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { HttpTransportError, type HttpTransport } from '../../src/base/http.ts';
import { ApiError } from '../../src/kubernetes/api-error.ts';
import type { ApiReply, ApiRequest, Cluster } from '../../src/kubernetes/cluster.ts';
import { withDefaults } from '../../src/kubernetes/embedded/defaults.ts';
import { createRequest, deleteRequest, patchRequest } from '../../src/kubernetes/request.ts';
import { EphemeralRunners, Pods, ResourceQuotas, Secrets, type Resource } from '../../src/kubernetes/resource.ts';
import type { ApiObject, EphemeralRunner, EphemeralRunnerStatus, PodStatus } from '../../src/kubernetes/types.ts';
import { EmbeddedLab } from '../builders/embedded-lab.ts';
import { LAB_NAMESPACE } from '../../src/run/embedded-environment.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS } from '../../src/run/settings.ts';
import type { Observed } from './compare.ts';
import { Normaliser } from './normalise.ts';
import type { World } from './play.ts';
import { runnersOf, scriptOf, type FinalState, type RecordedRequest, type Recording } from './recording.ts';
import { withResyncs, type Resync } from './resyncs.ts';

/** The embedded cluster in virtual time; the witness stands between the controller and its ports. */
export class EmbeddedWorld implements World {
  readonly #clock = new VirtualClock();
  readonly #lab: EmbeddedLab;
  readonly #template: EphemeralRunner;
  readonly #requests: RecordedRequest[] = [];
  readonly #normaliser = new Normaliser();
  #lastRequestMs = 0;

  constructor(recording: Recording, mode: string, seed: number, resync: Resync = 'as-it-was') {
    const { actionsService, workers } = recording.input;
    const { answers, preregistered } = scriptOf(recording);
    this.#template = runnersOf(recording)[0] as EphemeralRunner;
    const syncPeriod = /--sync-period=(\d+)(s|h)/.exec(recording.modes[mode]?.managerFlags.join(' ') ?? '');
    const syncSeconds = syncPeriod === null ? 60 : Number(syncPeriod[1]) * (syncPeriod[2] === 'h' ? 3600 : 1);
    this.#lab = new EmbeddedLab({
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
      wrapCluster: (cluster) => withResyncs(this.#witnessCluster(cluster), this.#clock, syncSeconds * 1e6, resync),
      wrapHttp: (http) => this.#witnessHttp(http),
    });
    for (const { name, id, runnerScaleSetId } of preregistered) this.#lab.service.register(name, runnerScaleSetId, id);
    const secretComesLater = (recording.input.podScript?.[mode] ?? []).some((step) =>
      step.do.startsWith('create secret'),
    );
    if (!secretComesLater) this.#lab.createGitHubSecret(this.#template.spec.githubConfigSecret);
  }

  async startController(): Promise<void> {
    this.#lab.start();
    await this.wait(50);
    this.#lastRequestMs = this.nowMs();
  }

  async createRunners(names: readonly string[], finalizers?: readonly string[]): Promise<void> {
    const requests = names.map((name) => createRequest(EphemeralRunners, this.#runner(name, finalizers)));
    for (const reply of await this.#sendAll(requests)) {
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
    return this.#lab.cluster.api.store.of(Pods).find(LAB_NAMESPACE, name) !== undefined;
  }

  async deletePod(name: string): Promise<void> {
    await this.#send(deleteRequest(Pods, LAB_NAMESPACE, name));
  }

  async createGitHubSecret(name: string): Promise<void> {
    this.#lab.createGitHubSecret(name);
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
    this.#lab.service.forget(name);
  }

  requests(): readonly RecordedRequest[] {
    return this.#requests;
  }

  nowMs(): number {
    return this.#clock.nowUs() / 1000;
  }

  lastRequestMs(): number {
    return this.#lastRequestMs;
  }

  async wait(ms: number): Promise<void> {
    this.#clock.run(this.#clock.nowUs() + ms * 1000);
  }

  async finish(): Promise<Observed> {
    const reconciles = { success: 0, requeue: 0, requeue_after: 0, error: 0, unknown: 0 };
    for (const { result } of this.#lab.trace.passes()) {
      reconciles[result === 'done' ? 'success' : result === 'requeue-after' ? 'requeue_after' : result]++;
    }
    const names = (resource: Resource): string[] =>
      [...this.#lab.cluster.api.store.of(resource).entries()].map(({ object }) => object.metadata.name).sort();
    const runners: Record<string, FinalState['runners'][string]> = {};
    for (const { object } of this.#lab.cluster.api.store.of(EphemeralRunners).entries()) {
      const { metadata, status } = object as EphemeralRunner;
      runners[metadata.name] = {
        finalizers: metadata.finalizers ?? [],
        deletionRequested: metadata.deletionTimestamp !== undefined,
        status: { ...status },
      };
    }
    const secrets = names(Secrets).filter((name) => name !== this.#template.spec.githubConfigSecret);
    this.#lab.dispose();
    return {
      requests: this.#normaliser.apply(this.#requests),
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

  async #send(request: ApiRequest): Promise<ApiReply> {
    return (await this.#sendAll([request]))[0] as ApiReply;
  }

  /** Sends requests of the one who plays, and lets time pass until all are answered. */
  async #sendAll(requests: readonly ApiRequest[]): Promise<ApiReply[]> {
    const replies: ApiReply[] = [];
    for (const request of requests) this.#lab.cluster.send(request, (reply) => replies.push(reply));
    this.#clock.run(Infinity, () => replies.length === requests.length);
    for (const reply of replies) if (reply instanceof ApiError) throw reply;
    return replies;
  }

  #witnessCluster(cluster: Cluster): Cluster {
    return {
      watch: (resource, namespace, handler) => cluster.watch(resource, namespace, handler),
      send: (request, done) => {
        const { verb, resource, subresource, name, labelSelector } = request;
        const index = this.#requests.length;
        this.#lastRequestMs = this.nowMs();
        const entry = {
          via: 'k8s' as const,
          verb,
          resource: subresource === '' ? resource.plural : `${resource.plural}/${subresource}`,
          ...(name === '' ? {} : { name }),
          ...(labelSelector === '' ? {} : { query: `labelSelector=${encodeURIComponent(labelSelector)}` }),
          body: verb === 'create' ? asStored(resource, request.body as ApiObject) : request.body,
        };
        this.#requests.push({ ...entry, code: 0 });
        cluster.send(request, (reply) => {
          const code = reply instanceof ApiError ? reply.code : verb === 'create' ? 201 : 200;
          this.#requests[index] = { ...entry, code };
          if (resource === (Pods as Resource) && verb === 'create' && !(reply instanceof ApiError)) {
            this.#normaliser.namePod((reply as ApiObject).metadata.uid ?? '');
          }
          done(reply);
        });
      },
    };
  }

  #witnessHttp(http: HttpTransport): HttpTransport {
    return {
      send: (request, done) => {
        const index = this.#requests.length;
        this.#lastRequestMs = this.nowMs();
        const url = new URL(request.url);
        const body: unknown = request.body === undefined || request.body === '' ? undefined : JSON.parse(request.body);
        const entry = {
          via: 'actions' as const,
          kind: operationOf(request.method, request.url)?.operation ?? '',
          method: request.method,
          path: url.pathname + url.search,
          auth: request.headers['authorization']?.split(' ')[0] ?? '',
          ...(body === undefined ? {} : { body }),
        };
        this.#requests.push({ ...entry, status: 0 });
        http.send(request, (answer) => {
          this.#requests[index] = { ...entry, status: answer instanceof HttpTransportError ? 0 : answer.status };
          done(answer);
        });
      },
    };
  }
}

/** The audit log shows created objects with the API server's defaults and an empty status. */
function asStored(resource: Resource, object: ApiObject): unknown {
  const stored = withDefaults(resource, object) as ApiObject & { status?: unknown };
  return resource === (Pods as Resource) ? { ...stored, status: {} } : stored;
}
