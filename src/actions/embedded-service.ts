import { Random } from '../base/random.ts';
import type { HttpRequest, HttpResponse } from '../base/http.ts';
import type { RunnerReference } from './client.ts';

/** The calls that the service knows, as traces name them. */
export const ACTIONS_OPERATIONS = [
  'access-token',
  'registration-token',
  'runner-registration',
  'generatejitconfig',
  'get-runner',
  'get-runner-by-name',
  'delete-runner',
] as const;
export type ActionsOperation = (typeof ACTIONS_OPERATIONS)[number];

/** An answer given in place of the usual one, the next `times` times that the operation is called. */
export interface ScriptedAnswer {
  readonly status: number;
  /** An object is sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default 1; Infinity for ever. */
  readonly times?: number;
}

/** The state of the service that outlives its process. */
export interface ActionsState {
  /** The id of the next runner; no id is given twice. */
  readonly nextId: number;
  readonly runners: readonly RunnerReference[];
  /** Ids of those that have a job. */
  readonly busy: readonly number[];
}

export interface EmbeddedActionsOptions {
  readonly seed: number;
  /** Root URL under which the service is reached, without a trailing slash. */
  readonly baseUrl: string;
  readonly nowMs: () => number;
  /** Answer to removing a runner that is not registered; default 204. */
  readonly deleteOfUnknownRunner?: 204 | 404;
  /** Life of an admin token; default one hour. */
  readonly tokenLifeMs?: number;
  readonly script?: Partial<Record<ActionsOperation, readonly ScriptedAnswer[]>>;
  /** What an earlier service knew. */
  readonly restore?: ActionsState | undefined;
}

const FIRST_RUNNER_ID = 101;

/**
 * For how long GitHub goes on taking a job for running after its runner has fallen silent: a runner renews the lease of
 * its job every minute, each time for ten minutes.
 */
export const JOB_LEASE_MS = 600_000;

/** GitHub's REST API and Actions service, reduced to the calls of a runner's controller, with its state in memory. */
export class EmbeddedActionsService {
  readonly #options: EmbeddedActionsOptions;
  readonly #random: Random;
  readonly #byName = new Map<string, RunnerReference>();
  readonly #byId = new Map<number, RunnerReference>();
  readonly #busy = new Set<number>();
  /** When the leases of silent runners' jobs run out, in milliseconds since 1970; the first to run out comes first. */
  readonly #leaseEnds = new Map<RunnerReference, number>();
  readonly #script = new Map<string, { answer: ScriptedAnswer; left: number }[]>();
  #nextId = FIRST_RUNNER_ID;
  #changes = 0;

  constructor(options: EmbeddedActionsOptions) {
    this.#options = options;
    const { restore } = options;
    // What is made up now must differ from what an earlier service made up.
    this.#random = new Random(options.seed + (restore?.nextId ?? 0), 'actions-service');
    for (const { id, name, runnerScaleSetId } of restore?.runners ?? []) this.register(name, runnerScaleSetId, id);
    for (const id of restore?.busy ?? []) {
      this.#busy.add(id);
      // While the service was away, runners may have gone. One that is still there says so.
      this.loseContact(this.#byId.get(id)?.name ?? '');
    }
    this.#nextId = Math.max(this.#nextId, restore?.nextId ?? 0);
    for (const [operation, answers] of Object.entries(options.script ?? {})) {
      for (const answer of answers) this.answerNext(operation as ActionsOperation, answer);
    }
  }

  /** Runners registered now, by name. */
  get runners(): ReadonlyMap<string, RunnerReference> {
    this.#endLeases();
    return this.#byName;
  }

  /** Whether the same calls get the same answers from now on: no lease runs out, and no scripted answers are left. */
  get isSettled(): boolean {
    this.#endLeases();
    const isLaidUp = [...this.#script.values()].some((answers) => answers.some(({ left }) => left !== Infinity));
    return this.#leaseEnds.size === 0 && !isLaidUp;
  }

  get state(): ActionsState {
    return { nextId: this.#nextId, runners: [...this.#byName.values()], busy: [...this.#busy] };
  }

  /** Grows with every change of the state. */
  get changes(): number {
    return this.#changes;
  }

  answerNext(operation: ActionsOperation, answer: ScriptedAnswer): void {
    const queue = this.#script.get(operation) ?? [];
    queue.push({ answer, left: answer.times ?? 1 });
    this.#script.set(operation, queue);
  }

  /** Drops the scripted answers that are left. */
  answerAsUsual(): void {
    this.#script.clear();
  }

  register(name: string, runnerScaleSetId: number, id = this.#nextId): RunnerReference {
    const runner: RunnerReference = { id, name, runnerScaleSetId };
    this.#changes++;
    this.#nextId = Math.max(this.#nextId, id + 1);
    this.#byName.set(name, runner);
    this.#byId.set(id, runner);
    return runner;
  }

  /** What the service does when an ephemeral runner's job is done. */
  forget(name: string): void {
    const runner = this.#byName.get(name);
    if (runner === undefined) return;
    this.#changes++;
    this.#byName.delete(name);
    this.#byId.delete(runner.id);
    this.#busy.delete(runner.id);
    this.#leaseEnds.delete(runner);
  }

  /**
   * A runner stopped without a word. If it had a job, that counts as running until its lease has run out, and takes the
   * registration of the runner, which is for one job, with it. One without a job stays registered.
   */
  loseContact(name: string): void {
    this.#endLeases();
    const runner = this.#byName.get(name);
    if (runner === undefined || !this.#busy.has(runner.id)) return;
    this.#leaseEnds.delete(runner);
    this.#leaseEnds.set(runner, this.#options.nowMs() + JOB_LEASE_MS);
  }

  /** While a runner has a job it cannot be removed. */
  setBusy(name: string, busy: boolean): void {
    this.#endLeases();
    const runner = this.#byName.get(name);
    if (runner === undefined) return;
    this.#changes++;
    this.#leaseEnds.delete(runner);
    if (busy) this.#busy.add(runner.id);
    else this.#busy.delete(runner.id);
  }

  handle(request: HttpRequest): HttpResponse {
    const call = operationOf(request.method, request.url);
    if (call === undefined) return json(404, { message: 'Not Found' });
    this.#endLeases();
    const scripted = this.#scriptedAnswer(call.operation);
    if (scripted !== undefined) return scripted;
    switch (call.operation) {
      case 'access-token':
        return json(201, { token: `ghs_${this.#random.hex(36)}` });
      case 'registration-token':
        return json(201, { token: this.#random.hex(28).toUpperCase() });
      case 'runner-registration':
        return json(200, { url: `${this.#options.baseUrl}/tenant/`, token: this.#adminToken() });
      case 'generatejitconfig':
        return this.#generateJitConfig(Number(call.argument), request.body ?? '');
      case 'get-runner': {
        const runner = this.#byId.get(Number(call.argument));
        return runner === undefined ? agentNotFound(call.argument) : json(200, runner);
      }
      case 'get-runner-by-name': {
        const runner = this.#byName.get(call.argument);
        return json(200, { count: runner === undefined ? 0 : 1, value: runner === undefined ? [] : [runner] });
      }
      case 'delete-runner':
        return this.#deleteRunner(Number(call.argument), call.argument);
    }
  }

  #endLeases(): void {
    for (const [runner, endMs] of this.#leaseEnds) {
      if (endMs > this.#options.nowMs()) return;
      this.forget(runner.name);
    }
  }

  #scriptedAnswer(operation: ActionsOperation): HttpResponse | undefined {
    const queue = this.#script.get(operation);
    const next = queue?.[0];
    if (queue === undefined || next === undefined) return undefined;
    if (--next.left <= 0) queue.shift();
    const { status, body, headers } = next.answer;
    if (typeof body === 'string') return { status, headers: { 'content-type': 'text/plain', ...headers }, body };
    return { ...json(status, body ?? {}), headers: { 'content-type': 'application/json', ...headers } };
  }

  #generateJitConfig(scaleSetId: number, body: string): HttpResponse {
    const { name } = JSON.parse(body) as { name: string };
    if (this.#byName.has(name)) {
      const typeName = 'GitHub.DistributedTask.WebApi.AgentExistsException, GitHub.DistributedTask.WebApi';
      return json(409, { typeName, message: `a runner named ${name} is already registered` });
    }
    const runner = this.register(name, scaleSetId);
    const encodedJITConfig = Buffer.from(JSON.stringify({ runner: name, key: this.#random.hex(32) })).toString(
      'base64',
    );
    return json(200, { runner, encodedJITConfig });
  }

  #deleteRunner(id: number, shown: string): HttpResponse {
    const runner = this.#byId.get(id);
    if (runner === undefined) {
      return this.#options.deleteOfUnknownRunner === 404 ? agentNotFound(shown) : NO_CONTENT;
    }
    if (this.#busy.has(id)) {
      const typeName = 'GitHub.DistributedTask.WebApi.JobStillRunningException, GitHub.DistributedTask.WebApi';
      return json(400, { typeName, message: `runner ${runner.name} is still running a job` });
    }
    this.forget(runner.name);
    return NO_CONTENT;
  }

  #adminToken(): string {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const exp = Math.floor((this.#options.nowMs() + (this.#options.tokenLifeMs ?? 3_600_000)) / 1000);
    return `${part({ alg: 'none', typ: 'JWT' })}.${part({ exp, jti: this.#random.hex(16) })}.`;
  }
}

const NO_CONTENT: HttpResponse = { status: 204, headers: {}, body: '' };

function json(status: number, body: unknown): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function agentNotFound(id: string): HttpResponse {
  const typeName = 'GitHub.DistributedTask.WebApi.AgentNotFoundException, GitHub.DistributedTask.WebApi';
  return json(404, { typeName, message: `no runner with id ${id}` });
}

/** Which call a request is, and the id, name or scale set that it is about. */
export function operationOf(
  method: string,
  url: string,
): { readonly operation: ActionsOperation; readonly argument: string } | undefined {
  const pathStart = url.indexOf('/', url.indexOf('//') + 2);
  const query = url.indexOf('?');
  const path = query < 0 ? url.slice(pathStart) : url.slice(pathStart, query);
  if (method === 'POST') {
    if (path.endsWith('/generatejitconfig')) {
      const scaleSet = /\/runnerscalesets\/(\d+)\/generatejitconfig$/.exec(path);
      return scaleSet === null ? undefined : { operation: 'generatejitconfig', argument: scaleSet[1] as string };
    }
    if (path.endsWith('/actions/runners/registration-token')) return { operation: 'registration-token', argument: '' };
    if (path.endsWith('/actions/runner-registration')) return { operation: 'runner-registration', argument: '' };
    if (path.endsWith('/access_tokens')) return { operation: 'access-token', argument: '' };
    return undefined;
  }
  const agent = /\/_apis\/distributedtask\/pools\/0\/agents(?:\/(-?\d+))?$/.exec(path);
  if (agent === null) return undefined;
  const id = agent[1];
  if (method === 'DELETE' && id !== undefined) return { operation: 'delete-runner', argument: id };
  if (method !== 'GET') return undefined;
  if (id !== undefined) return { operation: 'get-runner', argument: id };
  const name = new URLSearchParams(url.slice(query + 1)).get('agentName');
  return name === null ? undefined : { operation: 'get-runner-by-name', argument: name };
}
