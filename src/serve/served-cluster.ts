import { randomBytes } from 'node:crypto';
import type { EmbeddedActionsService } from '../actions/embedded-service.ts';
import { serveActions, type ActionsServer } from '../actions/http-server.ts';
import { parseLoad, startLoad } from '../run/job-load.ts';
import type { Clock } from '../base/clock.ts';
import { DisposableList } from '../base/disposable.ts';
import { HttpTransportError, type HttpRequest, type HttpResponse } from '../base/http.ts';
import { WallClock } from '../base/wall-clock.ts';
import { Conditions } from '../kubernetes/embedded/conditions.ts';
import { createDefinitions } from '../kubernetes/embedded/create-definitions.ts';
import { clusterStateOf } from '../kubernetes/embedded/cluster-state.ts';
import { EmbeddedCluster } from '../kubernetes/embedded/embedded-cluster.ts';
import type { Right, User } from '../kubernetes/embedded/http/access.ts';
import { makeAuthority, type KeyPair } from '../kubernetes/embedded/http/certificates.ts';
import type { ApiHandlerOptions } from '../kubernetes/embedded/http/api-handler.ts';
import { listenForApi, type ApiListener } from '../kubernetes/embedded/http/server.ts';
import { registerNodes } from '../kubernetes/embedded/node-registration.ts';
import { ContainerLogs } from '../kubernetes/embedded/pods/container-logs.ts';
import { LAB_NODES } from '../kubernetes/embedded/pods/nodes.ts';
import type { PodPlan } from '../kubernetes/embedded/pods/pod-plan.ts';
import { ConditionsControl } from '../run/conditions-control.ts';
import { placeOfState } from './data-file.ts';
import { LAB_NAMESPACE } from '../run/embedded-environment.ts';
import { putGitHubSecret } from '../run/github-secret.ts';
import { podPlan } from '../run/pod-plan.ts';
import { loadObjects } from './load-objects.ts';
import { RunnerSet } from '../run/runner-set.ts';
import { simulatePods } from '../run/simulated-pods.ts';
import { SimulatedService } from '../run/simulated-service.ts';
import type { Ports, ServedState } from './served-state.ts';
import { StateFile } from './state-file.ts';
import { StateKeeper } from './state-keeper.ts';

export interface ServeSettings {
  /** 0 is the one of the run before, where that is known and free, or any. */
  readonly port: number;
  readonly actionsPort: number;
  readonly seed: number;
  readonly namespaces: readonly string[];
  readonly apiLatencyUs: number;
  readonly jitLatencyUs: number;
  /** How simulated pods behave, by the name of a preset; without one and without times they stay pending. */
  readonly pods: string | undefined;
  readonly podStartUs: number | undefined;
  readonly jobDurationUs: number | undefined;
  /** Jobs that come to the scale sets, as parseLoad reads them; undefined for none. */
  readonly jobs: string | undefined;
  /** Besides the administrator, who may do everything. */
  readonly users: readonly { readonly name: string; readonly rights: readonly Right[] }[];
  /** Whether the controllers of a whole cluster run: garbage collection, namespaces, quota. */
  readonly controllers: boolean;
  /** Where the state is kept between runs; a file of Kubernetes objects is read, and the state kept beside it. */
  readonly dataFile: string | undefined;
  /** Files of Kubernetes objects to begin with. */
  readonly load: readonly string[];
}

const ADMIN = 'lab-admin';

/** Name of a user's context in the kubeconfig; the administrator's without a user. */
export function contextOf(user = ADMIN): string {
  return user === ADMIN ? 'arc-lab' : `arc-lab-${user}`;
}

/** The embedded cluster and Actions service, reachable over HTTP on this machine. */
export class ServedCluster {
  readonly cluster: EmbeddedCluster;
  readonly service: EmbeddedActionsService;
  readonly users: readonly User[];
  readonly conditions: ConditionsControl;
  /** What its containers have written. */
  readonly logs: ContainerLogs;
  readonly #parts: Parts;
  readonly #api: ApiListener;
  readonly #keeper: StateKeeper | undefined;

  private constructor(parts: Parts, api: ApiListener, file: StateFile | undefined) {
    this.cluster = parts.cluster;
    this.service = parts.service;
    this.users = parts.users;
    this.conditions = parts.conditions;
    this.logs = parts.logs;
    this.#parts = parts;
    this.#api = api;
    if (file !== undefined) {
      this.#keeper = new StateKeeper(parts.clock, file, {
        state: () => this.#state(),
        changes: () => Number(this.cluster.api.store.resourceVersion) + this.service.changes,
        say: parts.say,
      });
    }
  }

  /**
   * @param say told in sentences what is not as before, and what could not be saved
   * @throws Error with a sentence when a port cannot be had, or the state or a file of pods cannot be read
   */
  static async start(settings: ServeSettings, say: (sentence: string) => void = ignore): Promise<ServedCluster> {
    const place = settings.dataFile === undefined ? undefined : placeOfState(settings.dataFile);
    const file = place === undefined ? undefined : new StateFile(place.state);
    const clock = new WallClock();
    const closing: (() => Promise<void>)[] = [];
    try {
      const plan = podPlan(settings);
      const kept = file?.state;
      const epochMs = Date.now();
      const nowMs = (): number => epochMs + clock.nowUs() / 1000;
      const cluster = new EmbeddedCluster(clock, {
        seed: settings.seed,
        apiLatencyUs: 0,
        epochMs,
        controllers: settings.controllers,
        namespaces: settings.namespaces,
        restore: kept?.cluster,
      });
      createDefinitions(cluster.api);
      if (settings.controllers) registerNodes(cluster.api, plan?.nodes ?? LAB_NODES, nowMs());
      // What a file held at first has become part of the state.
      const begun = place?.manifest !== undefined && kept === undefined ? [place.manifest] : [];
      const namespace = settings.namespaces[0] ?? LAB_NAMESPACE;
      loadObjects(cluster.api, [...begun, ...settings.load], namespace).forEach(say);
      if (place?.manifest !== undefined) say(`The state is kept in ${place.state}; ${place.manifest} is never written`);
      const { simulated, actions } = await serveService({ clock, settings, epochMs, kept });
      const { service, latency } = simulated;
      closing.push(() => actions.close());
      const apiConditions = new Conditions(settings.apiLatencyUs);
      const parts: Parts = {
        ...{ settings, clock, epochMs, cluster, service, actions, kept, say, plan },
        authority: kept?.authority ?? (await makeAuthority()),
        users: usersOf(settings, kept),
        conditions: new ConditionsControl(apiConditions, latency, service),
        disposables: new DisposableList(),
        logs: new ContainerLogs(),
      };
      startPods(parts);
      startJobs(parts);
      const handlerOptions = {
        ...{ clock, api: cluster.api, users: parts.users, conditions: apiConditions, seed: settings.seed, nowMs },
        control: controlOf(parts.conditions),
        logs: parts.logs,
      };
      const api = await listenForApi(handlerOptions, portsFor(settings.port, kept?.ports.api), parts.authority);
      closing.push(() => api.close());
      const served = new ServedCluster(parts, api, file);
      if (kept !== undefined) served.#sayWhatMoved(kept.ports);
      return served;
    } catch (error) {
      await Promise.all(closing.map((close) => close()));
      clock.close();
      file?.release();
      throw error;
    }
  }

  get url(): string {
    return this.#api.url;
  }

  get actionsUrl(): string {
    return this.#parts.actions.url;
  }

  /** GitHub URL that runners of this cluster are registered under. */
  get githubConfigUrl(): string {
    return `${this.actionsUrl}/lab`;
  }

  /** A kubeconfig with a context for each user, as text (JSON, which YAML readers read). It holds their tokens. */
  kubeconfig(): string {
    const cluster = {
      server: this.url,
      'certificate-authority-data': Buffer.from(this.#parts.authority.certificate).toString('base64'),
    };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': contextOf(),
      clusters: [{ name: 'arc-lab', cluster }],
      users: this.users.map(({ name, token }) => ({ name, user: { token } })),
      contexts: this.users.map(({ name }) => ({
        name: contextOf(name),
        context: { cluster: 'arc-lab', user: name, namespace: this.#parts.settings.namespaces[0] ?? LAB_NAMESPACE },
      })),
    };
    return `${JSON.stringify(config, null, 2)}\n`;
  }

  /** Puts the secret in place that runners register with, and creates runners. */
  createRunners(count: number): Promise<void> {
    const namespace = this.#parts.settings.namespaces[0] ?? LAB_NAMESPACE;
    putGitHubSecret(this.cluster, namespace);
    const extra = this.#parts.plan?.podOfRunners;
    const set = new RunnerSet(this.#parts.clock, this.cluster, namespace, this.githubConfigUrl, extra);
    return new Promise((resolve, reject) => {
      set.create(count, (error) => (error === undefined ? resolve() : reject(error)));
    });
  }

  /** Cuts every connection of the API, watches included; clients have to come back. */
  cutConnections(): void {
    this.#api.cutConnections();
  }

  /**
   * Lets requests end and saves the state where it is kept.
   * @throws Error with a sentence when it cannot be saved
   */
  async close(): Promise<void> {
    const { actions, disposables, clock } = this.#parts;
    await Promise.all([this.#api.close(), actions.close()]);
    disposables.dispose();
    clock.close();
    this.#keeper?.close();
  }

  #state(): ServedState {
    const { cluster, service, actions, authority, kept } = this.#parts;
    return {
      cluster: clusterStateOf(cluster.api),
      actions: service.state,
      authority,
      tokens: { ...kept?.tokens, ...Object.fromEntries(this.users.map(({ name, token }) => [name, token])) },
      ports: { api: this.#api.port, actions: actions.port },
    };
  }

  #sayWhatMoved(before: Ports): void {
    const { say, actions } = this.#parts;
    if (this.#api.port !== before.api) {
      say(
        `The API was at port ${before.api} before and is at port ${this.#api.port} now: clients have to read the kubeconfig again`,
      );
    }
    if (actions.port !== before.actions) {
      say(
        `The Actions service was at port ${before.actions} before and is at port ${actions.port} now: runners that name the old port in githubConfigUrl do not reach it`,
      );
    }
  }
}

interface Parts {
  readonly settings: ServeSettings;
  readonly clock: WallClock;
  readonly cluster: EmbeddedCluster;
  readonly service: EmbeddedActionsService;
  readonly actions: ActionsServer;
  readonly users: readonly User[];
  readonly authority: KeyPair;
  readonly conditions: ConditionsControl;
  readonly disposables: DisposableList;
  readonly logs: ContainerLogs;
  /** What the run before left. */
  readonly kept: ServedState | undefined;
  readonly say: (sentence: string) => void;
  /** How simulated pods behave; undefined where they stay pending. */
  readonly plan: PodPlan | undefined;
  readonly epochMs: number;
}

/** Users have the tokens that they had before. */
function usersOf({ users }: ServeSettings, kept: ServedState | undefined): User[] {
  const tokens = new Map(Object.entries(kept?.tokens ?? {}));
  const tokenOf = (name: string): string => tokens.get(name) ?? randomBytes(24).toString('base64url');
  const authenticated = 'system:authenticated';
  return [
    { name: ADMIN, groups: ['system:masters', authenticated], token: tokenOf(ADMIN) },
    ...users.map(({ name, rights }) => ({ name, groups: [authenticated], token: tokenOf(name), rights })),
  ];
}

/** A port that was asked for, or else the one of the run before, so that clients find the server again. */
function portsFor(asked: number, before: number | undefined): number[] {
  return asked === 0 && before !== undefined ? [before, 0] : [asked];
}

function controlOf(conditions: ConditionsControl): ApiHandlerOptions['control'] {
  return (method, body, user) => {
    if (user.name !== ADMIN) return { status: 403, body: { message: `only ${ADMIN} may change the conditions` } };
    try {
      if (method !== 'GET') conditions.change(JSON.parse(body.toString('utf8')));
      return { status: 200, body: conditions.document };
    } catch (error) {
      return { status: 400, body: { message: (error as Error).message } };
    }
  };
}

interface ServiceParts {
  readonly clock: Clock;
  readonly settings: ServeSettings;
  readonly epochMs: number;
  readonly kept: ServedState | undefined;
}

async function serveService({
  clock,
  settings,
  epochMs,
  kept,
}: ServiceParts): Promise<{ simulated: SimulatedService; actions: ActionsServer }> {
  // The service names its own address in its answers, which is known once it listens.
  let answer: (request: HttpRequest) => Promise<HttpResponse> = () => Promise.reject(new Error('not ready'));
  const ports = portsFor(settings.actionsPort, kept?.ports.actions);
  const actions = await serveActions((request) => answer(request), ports);
  const simulated = new SimulatedService(clock, epochMs, settings, { baseUrl: actions.url, restore: kept?.actions });
  answer = (request) =>
    new Promise((resolve, reject) => {
      simulated.transport.send(request, (response) => {
        if (response instanceof HttpTransportError) reject(response);
        else resolve(response);
      });
    });
  return { simulated, actions };
}

function startPods({ settings, clock, epochMs, cluster, service, disposables, plan }: Parts): void {
  if (plan === undefined) return;
  disposables.add(
    simulatePods({
      ...{ clock, epochMs, cluster, service, plan },
      namespace: '',
      seed: settings.seed,
      events: true,
      // Pods that another cluster ran stay as they came.
      includes: (_key, { metadata }) => !cluster.api.foreign.pods.has(metadata.uid ?? ''),
    }),
  );
}

/** Where nothing says how long jobs run. */
const JOB_US = 10_000_000;

function startJobs({ settings, clock, service, disposables }: Parts): void {
  if (settings.jobs === undefined) return;
  const durationUs = settings.jobDurationUs ?? JOB_US;
  disposables.add(
    startLoad(clock, parseLoad(settings.jobs), (count) => {
      service.queueJobs(Array.from({ length: count }, () => ({ label: '', durationUs })));
    }),
  );
}

function ignore(): void {
  // Nobody wants to know.
}
