import { Random } from '../base/random.ts';
import type { HttpRequest, HttpResponse } from '../base/http.ts';
import { json, listed, NO_CONTENT, registrationException } from './answers.ts';
import type { RunnerReference } from './client.ts';
import {
  EmbeddedScaleSets,
  NO_STATISTICS,
  scaleSetNotFound,
  type ScaleSetsOptions,
  type ScaleSetsState,
} from './embedded-scale-sets.ts';
import { operationOf, type ActionsCall, type ActionsOperation } from './operations.ts';
import type { ScaleSetStatistics } from './scale-set.ts';

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
  readonly scaleSets: ScaleSetsState;
}

export interface EmbeddedActionsOptions extends Omit<ScaleSetsOptions, 'restore'> {
  readonly seed: number;
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
  readonly #scaleSets: EmbeddedScaleSets;
  readonly #script = new Map<string, { answer: ScriptedAnswer; left: number }[]>();
  #nextId = FIRST_RUNNER_ID;
  #changes = 0;

  /** What is said to each call where nothing else is scripted. */
  readonly #answers: Readonly<Record<ActionsOperation, (call: ActionsCall, body: string) => HttpResponse>> = {
    'access-token': () => json(201, { token: `ghs_${this.#random.hex(36)}` }),
    'registration-token': () => json(201, { token: this.#random.hex(28).toUpperCase() }),
    'runner-registration': () => json(200, { url: `${this.#options.baseUrl}/tenant/`, token: this.#adminToken() }),
    generatejitconfig: ({ argument }, body) => this.#generateJitConfig(Number(argument), body),
    'get-runner': ({ argument }) => {
      const runner = this.#byId.get(Number(argument));
      return runner === undefined ? agentNotFound(argument) : json(200, runner);
    },
    'get-runner-by-name': ({ argument }) => {
      const runner = this.#byName.get(argument);
      return listed(runner === undefined ? [] : [runner]);
    },
    'delete-runner': ({ argument }) => this.#deleteRunner(Number(argument), argument),
    'get-runner-group': ({ argument }) => this.#scaleSets.groupNamed(argument),
    'get-scale-set-by-name': ({ argument, part }) => this.#scaleSets.named(argument, part, noStatistics),
    'get-scale-set': ({ argument }) => this.#scaleSets.withId(Number(argument), noStatistics),
    'create-scale-set': (_call, body) => this.#changed(this.#scaleSets.create(body)),
    'update-scale-set': ({ argument }, body) => {
      return this.#changed(this.#scaleSets.update(Number(argument), body, noStatistics));
    },
    'delete-scale-set': ({ argument }) => this.#changed(this.#scaleSets.delete(Number(argument))),
  };

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
    this.#scaleSets = new EmbeddedScaleSets({ ...options, restore: restore?.scaleSets });
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
    return {
      nextId: this.#nextId,
      runners: [...this.#byName.values()],
      busy: [...this.#busy],
      scaleSets: this.#scaleSets.state,
    };
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
    return this.#answers[call.operation](call, request.body ?? '');
  }

  #changed(answer: HttpResponse): HttpResponse {
    this.#changes++;
    return answer;
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
    if (this.#scaleSets.isDeleted(scaleSetId)) return scaleSetNotFound(scaleSetId);
    const { name } = JSON.parse(body) as { name: string };
    if (this.#byName.has(name)) {
      return registrationException(409, 'AgentExistsException', `a runner named ${name} is already registered`);
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
      const message = `runner ${runner.name} is still running a job`;
      return registrationException(400, 'JobStillRunningException', message);
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

const noStatistics = (): ScaleSetStatistics => NO_STATISTICS;

function agentNotFound(id: string): HttpResponse {
  return registrationException(404, 'AgentNotFoundException', `no runner with id ${id}`);
}
