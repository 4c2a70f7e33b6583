import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EmbeddedActionsService } from '../../src/actions/embedded-service.ts';
import { operationOf } from '../../src/actions/operations.ts';
import { serveActions, type ActionsServer } from '../../src/actions/http-server.ts';
import { createRequest, deleteRequest, patchRequest } from '../../src/kubernetes/request.ts';
import { listObjects, sendRequest } from '../builders/requests.ts';
import { RemoteCluster } from '../../src/kubernetes/remote/remote-cluster.ts';
import type { ApiTransport } from '../../src/kubernetes/remote/transport.ts';
import {
  EphemeralRunners,
  Namespaces,
  Pods,
  ResourceQuotas,
  Secrets,
  type Resource,
} from '../../src/kubernetes/resource.ts';
import type {
  ApiObject,
  EphemeralRunner,
  EphemeralRunnerStatus,
  PodStatus,
  ResourceQuota,
  Secret,
} from '../../src/kubernetes/types.ts';
import { GUARD_USER_AGENT } from '../../src/apply/user-agent.ts';
import { CONTROLLER, type RealApiServer } from '../apiserver/api-server.ts';
import { freePort } from '../builders/free-port.ts';
import type { AuditLog } from './audit-log.ts';
import type { Observed } from './compare.ts';
import { Normaliser } from './normalise.ts';
import type { World } from './play.ts';
import { runnersOf, scriptOf, type FinalState, type RecordedRequest, type Recording } from './recording.ts';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** `arc-lab run --apply` in a process of its own on the real API server, with the audit log and the service as witnesses. */
export class RealWorld implements World {
  readonly #server: RealApiServer;
  readonly #audit: AuditLog;
  readonly #transport: ApiTransport;
  readonly #cluster: RemoteCluster;
  readonly #namespace: string;
  readonly #recording: Recording;
  readonly #mode: string;
  readonly #template: EphemeralRunner;
  readonly #service: EmbeddedActionsService;
  readonly #actionsServer: ActionsServer;
  readonly #calls: { atMs: number; request: RecordedRequest }[];
  readonly #normaliser = new Normaliser();
  readonly #output: string[] = [];
  #controller: ChildProcess | undefined;
  #metricsPort = 0;

  private constructor(
    server: RealApiServer,
    audit: AuditLog,
    transport: ApiTransport,
    namespace: string,
    recording: Recording,
    mode: string,
    service: EmbeddedActionsService,
    actionsServer: ActionsServer,
    calls: { atMs: number; request: RecordedRequest }[],
  ) {
    this.#server = server;
    this.#audit = audit;
    this.#transport = transport;
    this.#cluster = new RemoteCluster(transport);
    this.#namespace = namespace;
    this.#recording = recording;
    this.#mode = mode;
    this.#template = runnersOf(recording)[0] as EphemeralRunner;
    this.#service = service;
    this.#actionsServer = actionsServer;
    this.#calls = calls;
    this.#normaliser.name(namespace, 'arc-runners');
  }

  static async make(
    server: RealApiServer,
    audit: AuditLog,
    recording: Recording,
    mode: string,
    index: number,
  ): Promise<RealWorld> {
    const { defaults } = recording.input.actionsService;
    const { answers, preregistered } = scriptOf(recording);
    const calls: { atMs: number; request: RecordedRequest }[] = [];
    const made: { service?: EmbeddedActionsService } = {};
    const actionsServer = await serveActions(async (request) => {
      const call = operationOf(request.method, request.url);
      const answer = (made.service as EmbeddedActionsService).handle(request);
      // What the checklist asks before the run is not the controller's.
      if (request.headers['user-agent'] === GUARD_USER_AGENT) return answer;
      const url = new URL(request.url);
      calls.push({
        atMs: epochMs(),
        request: {
          via: 'actions',
          kind: call?.operation ?? '',
          method: request.method,
          path: url.pathname + url.search,
          status: answer.status,
          auth: request.headers['authorization']?.split(' ')[0] ?? '',
          ...(request.body === undefined || request.body === '' ? {} : { body: JSON.parse(request.body) as unknown }),
        },
      });
      const latencyMs = call?.operation === 'generatejitconfig' ? defaults.jitMs : defaults.otherMs;
      await new Promise((resolve) => setTimeout(resolve, latencyMs));
      return answer;
    });
    const service = new EmbeddedActionsService({
      seed: 1,
      baseUrl: actionsServer.url,
      nowMs: Date.now,
      deleteOfUnknownRunner: defaults.deleteOfUnknownRunner,
      script: answers,
    });
    made.service = service;
    for (const { name, id, runnerScaleSetId } of preregistered) service.register(name, runnerScaleSetId, id);
    const transport = await server.transport();
    const namespace = `arc-${recording.scenario}-${mode}-${index}`.replaceAll('.', '-');
    const world = new RealWorld(server, audit, transport, namespace, recording, mode, service, actionsServer, calls);
    await sendRequest(
      world.#cluster,
      createRequest(Namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }),
    );
    const secretComesLater = (recording.input.podScript?.[mode] ?? []).some((step) =>
      step.do.startsWith('create secret'),
    );
    if (!secretComesLater) await world.createGitHubSecret(world.#template.spec.githubConfigSecret);
    return world;
  }

  async startController(): Promise<void> {
    this.#metricsPort = await freePort();
    const args = [CLI, 'run', '--apply', '--yes', '--mode', this.#mode]
      .concat(['--workers', String(this.#recording.input.workers)])
      .concat(['--kubeconfig', this.#server.kubeconfig(CONTROLLER), '--context', CONTROLLER])
      .concat(['--namespace', this.#namespace])
      .concat(['--metrics', `127.0.0.1:${this.#metricsPort}`]);
    const controller = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#controller = controller;
    for (const stream of [controller.stdout, controller.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.#output.push(text));
    }
    const limitMs = Date.now() + 20_000;
    while (!this.#output.join('').includes('Ctrl-C ends')) {
      if (controller.exitCode !== null || Date.now() > limitMs)
        throw new Error(`the controller did not start: ${this.#output.join('')}`);
      await this.wait(20);
    }
    // The caches are filled right after that line.
    if (!this.#recording.input.timing.includes('created with both finalizers')) await this.wait(300);
  }

  async createRunners(names: readonly string[], finalizers?: readonly string[]): Promise<void> {
    const { labels, annotations } = this.#template.metadata;
    // Connections first, so that the creations arrive together and in order.
    await Promise.all(names.map(() => listObjects(this.#cluster, Pods, this.#namespace)));
    const replies: Promise<ApiObject>[] = [];
    for (const name of names) {
      const metadata = { name, namespace: this.#namespace, labels, annotations, ...(finalizers && { finalizers }) };
      const spec = { ...this.#template.spec, githubConfigUrl: `${this.#actionsServer.url}/org` };
      const runner = { ...this.#template, metadata, spec } as EphemeralRunner;
      replies.push(sendRequest(this.#cluster, createRequest(EphemeralRunners, runner)) as Promise<ApiObject>);
      await this.wait(2);
    }
    for (const { metadata } of await Promise.all(replies)) {
      const placeholder = names.length > 1 ? `<uid:runner-${metadata.name}>` : '<uid:runner>';
      this.#normaliser.name(metadata.uid ?? '', placeholder);
    }
  }

  async deleteRunner(name: string): Promise<void> {
    await sendRequest(this.#cluster, deleteRequest(EphemeralRunners, this.#namespace, name));
  }

  async patchPodStatus(name: string, status: PodStatus): Promise<void> {
    await this.#namePods();
    await sendRequest(this.#cluster, patchRequest(Pods, this.#namespace, name, { status }, 'status'));
  }

  async patchRunnerStatus(name: string, status: EphemeralRunnerStatus): Promise<void> {
    await sendRequest(this.#cluster, patchRequest(EphemeralRunners, this.#namespace, name, { status }, 'status'));
  }

  async touchPod(name: string): Promise<void> {
    const body = { metadata: { annotations: { touched: 'yes' } } };
    await sendRequest(this.#cluster, patchRequest(Pods, this.#namespace, name, body));
  }

  async podExists(name: string): Promise<boolean> {
    return (await listObjects(this.#cluster, Pods, this.#namespace)).items.some(
      ({ metadata }) => metadata.name === name,
    );
  }

  async deletePod(name: string): Promise<void> {
    await sendRequest(this.#cluster, deleteRequest(Pods, this.#namespace, name));
  }

  async createGitHubSecret(name: string): Promise<void> {
    const data = { github_token: Buffer.from('recorded-scenario-token').toString('base64') };
    const metadata = { name, namespace: this.#namespace };
    await sendRequest(
      this.#cluster,
      createRequest(Secrets, { apiVersion: 'v1', kind: 'Secret', metadata, data } as Secret),
    );
  }

  async deleteSecret(name: string): Promise<void> {
    await sendRequest(this.#cluster, deleteRequest(Secrets, this.#namespace, name));
  }

  async createPodQuota(name: string, pods: number): Promise<void> {
    const hard = { pods: String(pods) };
    const metadata = { name, namespace: this.#namespace };
    const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard } } as ResourceQuota;
    await sendRequest(this.#cluster, createRequest(ResourceQuotas, quota));
    // No controller-manager fills this in here.
    const status = { hard, used: { pods: '0' } };
    await sendRequest(this.#cluster, patchRequest(ResourceQuotas, this.#namespace, name, { status }, 'status'));
  }

  forgetRunner(name: string): void {
    this.#service.forget(name);
  }

  requests(): readonly RecordedRequest[] {
    return this.#witnessed().map(({ request }) => request);
  }

  nowMs(): number {
    return epochMs();
  }

  lastRequestMs(): number {
    return this.#witnessed().at(-1)?.atMs ?? 0;
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  async finish(): Promise<Observed> {
    await this.#namePods();
    const metrics = await (await fetch(`http://127.0.0.1:${this.#metricsPort}/metrics`)).text();
    const passes = (result: string): number =>
      Number(
        new RegExp(`controller_runtime_reconcile_total\\{[^}]*result="${result}"\\} (\\d+)`).exec(metrics)?.[1] ?? NaN,
      );
    const names = async (resource: Resource): Promise<string[]> =>
      (await listObjects(this.#cluster, resource, this.#namespace)).items.map(({ metadata }) => metadata.name).sort();
    const runners: Record<string, FinalState['runners'][string]> = {};
    for (const { metadata, status } of (await listObjects(this.#cluster, EphemeralRunners, this.#namespace)).items) {
      runners[metadata.name] = {
        finalizers: metadata.finalizers ?? [],
        deletionRequested: metadata.deletionTimestamp !== undefined,
        status: { ...status },
      };
    }
    const secrets = (await names(Secrets)).filter((name) => name !== this.#template.spec.githubConfigSecret);
    return {
      requests: this.#normaliser.apply(this.requests()),
      reconciles: {
        success: passes('success'),
        requeue: passes('requeue'),
        requeue_after: passes('requeue_after'),
        error: passes('error'),
      },
      final: this.#normaliser.apply({ runners, pods: await names(Pods), secrets }),
    };
  }

  async close(): Promise<void> {
    const controller = this.#controller;
    if (controller !== undefined && controller.exitCode === null) {
      controller.kill('SIGKILL');
      await new Promise((resolve) => controller.once('exit', resolve));
    }
    this.#transport.close();
    await this.#actionsServer.close();
  }

  /** Pods get their numbers while they exist; the failures of a runner are the uids of pods that may be gone. */
  async #namePods(): Promise<void> {
    for (const { metadata } of (await listObjects(this.#cluster, Pods, this.#namespace)).items) {
      this.#normaliser.namePod(metadata.uid ?? '');
    }
  }

  #witnessed(): { atMs: number; request: RecordedRequest }[] {
    const mine = this.#audit.read().filter(({ namespace }) => namespace === this.#namespace);
    return [...mine, ...this.#calls].sort((a, b) => a.atMs - b.atMs);
  }
}

function epochMs(): number {
  return performance.timeOrigin + performance.now();
}
