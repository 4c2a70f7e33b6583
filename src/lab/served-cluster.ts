import { randomBytes } from 'node:crypto';
import { EmbeddedActionsService } from '../actions/embedded-service.ts';
import { EmbeddedActionsTransport, type ActionsLatency } from '../actions/embedded-transport.ts';
import { serveActions, type ActionsHttpFace } from '../actions/http-face.ts';
import type { Clock } from '../base/clock.ts';
import { DisposableList } from '../base/events.ts';
import { HttpTransportError, type HttpRequest, type HttpResponse } from '../base/http.ts';
import { WallClock } from '../base/wall-clock.ts';
import { Conditions } from '../kubernetes/embedded/conditions.ts';
import { EmbeddedCluster } from '../kubernetes/embedded/embedded-cluster.ts';
import type { Right, User } from '../kubernetes/embedded/http/access.ts';
import { listenForApi, type ApiListener } from '../kubernetes/embedded/http/server.ts';
import { Kubelet } from '../kubernetes/embedded/kubelet.ts';
import { podPlan } from '../kubernetes/embedded/pod-presets.ts';
import { LabConditions } from './conditions-control.ts';
import { loadState, saveState } from './cluster-state.ts';
import { LAB_NAMESPACE } from './embedded-lab.ts';
import { putGitHubSecret, tellService } from './embedded-parts.ts';
import { RunnerSet } from './runner-set.ts';
import { OTHER_ACTIONS_LATENCY_US } from './settings.ts';

export interface ServeSettings {
  /** 0 picks one. */
  readonly port: number;
  readonly actionsPort: number;
  readonly seed: number;
  readonly namespaces: readonly string[];
  readonly apiLatencyUs: number;
  readonly jitLatencyUs: number;
  /** What becomes of pods, by the name of a preset; without one and without times they stay pending. */
  readonly pods: string | undefined;
  readonly podStartUs: number | undefined;
  readonly jobDurationUs: number | undefined;
  /** Besides the administrator, who may do everything. */
  readonly users: readonly { readonly name: string; readonly rights: readonly Right[] }[];
  /** Whether the controllers of a whole cluster run: garbage collection, namespaces, quota. */
  readonly controllers: boolean;
  /** Where the state is kept between runs. */
  readonly dataFile: string | undefined;
}

export const ADMIN = 'lab-admin';

/** The embedded cluster and Actions service, reachable over HTTP on this machine. */
export class ServedCluster {
  readonly cluster: EmbeddedCluster;
  readonly service: EmbeddedActionsService;
  readonly users: readonly User[];
  readonly conditions: LabConditions;
  readonly #settings: ServeSettings;
  readonly #clock: WallClock;
  readonly #api: ApiListener;
  readonly #actions: ActionsHttpFace;
  readonly #disposables: DisposableList;

  private constructor(parts: Parts, api: ApiListener, actions: ActionsHttpFace) {
    this.cluster = parts.cluster;
    this.service = parts.service;
    this.users = parts.users;
    this.conditions = parts.conditions;
    this.#settings = parts.settings;
    this.#clock = parts.clock;
    this.#disposables = parts.disposables;
    this.#api = api;
    this.#actions = actions;
  }

  /**
   * @throws Error with a sentence when a port cannot be had or the state cannot be read
   */
  static async start(settings: ServeSettings): Promise<ServedCluster> {
    const clock = new WallClock();
    const epochMs = Date.now();
    const nowMs = (): number => epochMs + clock.nowUs() / 1000;
    const cluster = new EmbeddedCluster(clock, {
      seed: settings.seed,
      apiLatencyUs: 0,
      epochMs,
      controllers: settings.controllers,
      namespaces: settings.namespaces,
      ...(settings.dataFile === undefined ? {} : { restore: loadState(settings.dataFile) }),
    });
    const users = [
      { name: ADMIN, groups: ['system:masters', 'system:authenticated'], token: newToken() },
      ...settings.users.map(({ name, rights }) => ({
        name,
        groups: ['system:authenticated'],
        token: newToken(),
        rights,
      })),
    ];
    const apiConditions = new Conditions(settings.apiLatencyUs);
    const latency = { jitUs: settings.jitLatencyUs, otherUs: OTHER_ACTIONS_LATENCY_US, jitter: 0.02 };
    const { service, actions } = await serveService(clock, settings, latency, nowMs);
    const disposables = new DisposableList();
    const conditions = new LabConditions(apiConditions, latency, service);
    const parts: Parts = { settings, clock, cluster, service, users, conditions, disposables };
    startPods(parts);
    try {
      const api = await listenForApi(
        {
          clock,
          api: cluster.api,
          users,
          conditions: apiConditions,
          seed: settings.seed,
          nowMs,
          control: (method, body, user) => {
            if (user.name !== ADMIN)
              return { status: 403, body: { message: `only ${ADMIN} may change the conditions` } };
            try {
              if (method !== 'GET') conditions.change(JSON.parse(body.toString('utf8')));
              return { status: 200, body: conditions.document };
            } catch (error) {
              return { status: 400, body: { message: (error as Error).message } };
            }
          },
        },
        settings.port,
      );
      return new ServedCluster(parts, api, actions);
    } catch (error) {
      await actions.close();
      clock.close();
      throw error;
    }
  }

  get url(): string {
    return this.#api.url;
  }

  get actionsUrl(): string {
    return this.#actions.url;
  }

  /** GitHub URL that runners of this cluster are registered under. */
  get githubConfigUrl(): string {
    return `${this.actionsUrl}/lab`;
  }

  /** A kubeconfig with a context for each user, as text (JSON, which YAML readers read). It holds their tokens. */
  kubeconfig(): string {
    const cluster = {
      server: this.url,
      'certificate-authority-data': Buffer.from(this.#api.certificate).toString('base64'),
    };
    const contextOf = (name: string): string => (name === ADMIN ? 'arc-lab' : `arc-lab-${name}`);
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': contextOf(ADMIN),
      clusters: [{ name: 'arc-lab', cluster }],
      users: this.users.map(({ name, token }) => ({ name, user: { token } })),
      contexts: this.users.map(({ name }) => ({
        name: contextOf(name),
        context: { cluster: 'arc-lab', user: name, namespace: this.#settings.namespaces[0] ?? LAB_NAMESPACE },
      })),
    };
    return `${JSON.stringify(config, null, 2)}\n`;
  }

  /** Puts the secret in place that runners register with, and creates runners. */
  createRunners(count: number): Promise<void> {
    const namespace = this.#settings.namespaces[0] ?? LAB_NAMESPACE;
    putGitHubSecret(this.cluster, namespace);
    const set = new RunnerSet(this.#clock, this.cluster, namespace, this.githubConfigUrl);
    return new Promise((resolve, reject) => {
      set.create(count, (error) => (error === undefined ? resolve() : reject(error)));
    });
  }

  /** Cuts every connection of the API, watches included; clients have to come back. */
  cutConnections(): void {
    this.#api.cutConnections();
  }

  /** Lets requests end and saves the state where it is kept. */
  async close(): Promise<void> {
    await Promise.all([this.#api.close(), this.#actions.close()]);
    this.#disposables.dispose();
    this.#clock.close();
    if (this.#settings.dataFile !== undefined) saveState(this.#settings.dataFile, this.cluster.api.store);
  }
}

interface Parts {
  readonly settings: ServeSettings;
  readonly clock: WallClock;
  readonly cluster: EmbeddedCluster;
  readonly service: EmbeddedActionsService;
  readonly users: readonly User[];
  readonly conditions: LabConditions;
  readonly disposables: DisposableList;
}

async function serveService(
  clock: Clock,
  settings: ServeSettings,
  latency: ActionsLatency,
  nowMs: () => number,
): Promise<{ service: EmbeddedActionsService; actions: ActionsHttpFace }> {
  // The service names its own address in its answers, which is known once it listens.
  let answer: (request: HttpRequest) => Promise<HttpResponse> = () => Promise.reject(new Error('not ready'));
  const actions = await serveActions((request) => answer(request), settings.actionsPort);
  const service = new EmbeddedActionsService({ seed: settings.seed, baseUrl: actions.url, nowMs });
  const transport = new EmbeddedActionsTransport(clock, service, latency, settings.seed);
  answer = (request) =>
    new Promise((resolve, reject) => {
      transport.send(request, (response) => {
        if (response instanceof HttpTransportError) reject(response);
        else resolve(response);
      });
    });
  return { service, actions };
}

function startPods({ settings, clock, cluster, service, disposables }: Parts): void {
  const plan = podPlan(settings);
  if (plan === undefined) return;
  const { keepsRegistration, ...kubelet } = plan;
  disposables.add(
    new Kubelet(clock, cluster, {
      namespace: '',
      seed: settings.seed,
      ...kubelet,
      onStage: tellService(service, keepsRegistration),
    }),
  );
}

function newToken(): string {
  return randomBytes(24).toString('base64url');
}
