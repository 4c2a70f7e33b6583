import type { Clock } from '../base/clock.ts';
import { HttpTransportError, type HttpRequest, type HttpResponse } from '../base/http.ts';
import { Random } from '../base/random.ts';
import { WallClock } from '../base/wall-clock.ts';
import { json, listed, NO_CONTENT, registrationException } from './answers.ts';
import type { RunnerReference } from './client.ts';
import {
  DEFAULT_JOB_TIMES,
  EmbeddedJobs,
  type JobObserver,
  type JobRules,
  type JobTimes,
  type RunnerConnection,
} from './embedded-jobs.ts';
import { EmbeddedRunners, JOB_LEASE_MS, type RunnersState } from './embedded-runners.ts';
import {
  EmbeddedScaleSets,
  scaleSetNotFound,
  type ScaleSetsOptions,
  type ScaleSetsState,
} from './embedded-scale-sets.ts';
import { EmbeddedSessions, type SessionOptions } from './embedded-sessions.ts';
import type { Job, JobSpec } from './job.ts';
import { TOKEN_EXPIRED } from './message-queue.ts';
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

/** The state of the service that outlives its process. Sessions, messages and jobs do not. */
export interface ActionsState extends RunnersState {
  readonly scaleSets: ScaleSetsState;
}

export interface EmbeddedActionsOptions extends Omit<ScaleSetsOptions, 'restore'>, SessionOptions, JobRules {
  readonly seed: number;
  /** What jobs and polls wait on; default real time. */
  readonly clock?: Clock;
  readonly times?: Partial<JobTimes>;
  /** Answer to removing a runner that is not registered; default 204. */
  readonly deleteOfUnknownRunner?: 204 | 404;
  /** Life of an admin token; default one hour. */
  readonly tokenLifeMs?: number;
  readonly script?: Partial<Record<ActionsOperation, readonly ScriptedAnswer[]>>;
  /** What an earlier service knew. */
  readonly restore?: ActionsState | undefined;
}

/** GitHub's REST API and Actions service, reduced to the calls of ARC's controllers and listeners, with its state in memory. */
export class EmbeddedActionsService {
  readonly #options: EmbeddedActionsOptions;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #runners: EmbeddedRunners;
  readonly #scaleSets: EmbeddedScaleSets;
  readonly #sessions: EmbeddedSessions;
  readonly #jobs: EmbeddedJobs;
  readonly #script = new Map<string, { answer: ScriptedAnswer; left: number }[]>();
  #changes = 0;

  /** The default answer to each call. */
  readonly #answers: Readonly<Record<ActionsOperation, (call: ActionsCall, request: HttpRequest) => HttpResponse>> = {
    'access-token': () => json(201, { token: `ghs_${this.#random.hex(36)}` }),
    'registration-token': () => json(201, { token: this.#random.hex(28).toUpperCase() }),
    'runner-registration': () => json(200, { url: `${this.#options.baseUrl}/tenant/`, token: this.#adminToken() }),
    generatejitconfig: ({ argument }, { body = '' }) => this.#generateJitConfig(Number(argument), body),
    'get-runner': ({ argument }) => {
      const runner = this.#runners.withId(Number(argument));
      return runner === undefined ? agentNotFound(argument) : json(200, runner);
    },
    'get-runner-by-name': ({ argument }) => {
      const runner = this.#runners.byName.get(argument);
      return listed(runner === undefined ? [] : [runner]);
    },
    'delete-runner': ({ argument }) => this.#deleteRunner(Number(argument), argument),
    'get-runner-group': ({ argument }) => this.#scaleSets.groupNamed(argument),
    'get-scale-set-by-name': ({ argument, part }) => this.#scaleSets.named(argument, part, this.statistics),
    'get-scale-set': ({ argument }) => this.#scaleSets.withId(Number(argument), this.statistics),
    'create-scale-set': (_call, { body = '' }) => this.#changed(this.#scaleSets.create(body)),
    'update-scale-set': ({ argument }, { body = '' }) => {
      return this.#changed(this.#scaleSets.update(Number(argument), body, this.statistics));
    },
    'delete-scale-set': ({ argument }) => {
      this.#sessions.scaleSetDeleted(Number(argument));
      const answer = this.#scaleSets.delete(Number(argument));
      this.#jobs.scaleSetDeleted(Number(argument));
      return this.#changed(answer);
    },
    'create-session': ({ argument }, { body = '' }) => this.#sessions.create(Number(argument), body),
    'refresh-session': ({ argument, part }) => this.#sessions.refresh(Number(argument), part),
    'delete-session': ({ argument, part }) => this.#sessions.delete(Number(argument), part),
    'get-acquirable-jobs': ({ argument }) => this.#jobs.acquirable(Number(argument)),
    'acquire-jobs': ({ argument }, { body = '', headers }) => {
      const isOpen = this.#sessions.isOpen(Number(argument), headers['authorization']);
      return isOpen ? this.#jobs.acquire(Number(argument), body) : TOKEN_EXPIRED;
    },
    'get-message': (call, request) => this.#messageNow(call, request),
    'delete-message': ({ argument, part }, { headers }) => {
      return this.#sessions.deleteMessage(Number(argument), headers['authorization'], Number(part));
    },
  };

  constructor(options: EmbeddedActionsOptions) {
    const { restore, nowMs, baseUrl } = options;
    this.#options = options;
    this.#clock = options.clock ?? new WallClock();
    // What is made up now must differ from what an earlier service made up.
    this.#random = new Random(options.seed + (restore?.nextId ?? 0), 'actions-service');
    this.#runners = new EmbeddedRunners(nowMs, restore, ({ name }) => {
      this.#changes++;
      this.#jobs.forgotten(name);
    });
    this.#scaleSets = new EmbeddedScaleSets({ ...options, restore: restore?.scaleSets });
    const shared = {
      ...{ ...options, clock: this.#clock, nowMs, baseUrl },
      ...{ random: this.#random, scaleSets: this.#scaleSets, times: { ...DEFAULT_JOB_TIMES, ...options.times } },
    };
    this.#sessions = new EmbeddedSessions({
      ...shared,
      statistics: this.statistics,
      capacityChanged: () => this.#jobs.offer(),
    });
    this.#jobs = new EmbeddedJobs({
      ...shared,
      registrations: {
        all: () => this.#runners.byName.values(),
        setBusy: (name, busy) => this.setBusy(name, busy),
        forget: (name) => this.forget(name),
      },
      tell: (scaleSetId, event) => this.#sessions.add(scaleSetId, event),
      capacityOf: (scaleSetId) => this.#sessions.capacityOf(scaleSetId),
    });
    for (const [operation, answers] of Object.entries(options.script ?? {})) {
      for (const answer of answers) this.answerNext(operation as ActionsOperation, answer);
    }
  }

  /** Runners registered now, by name. */
  get runners(): ReadonlyMap<string, RunnerReference> {
    return this.#runners.byName;
  }

  /** Jobs that are not completed, in the order in which they were queued. */
  get jobs(): readonly Readonly<Job>[] {
    return [...this.#jobs.all];
  }

  /** How many jobs are not completed. */
  get openJobs(): number {
    return this.#jobs.open;
  }

  /** The job that a runner has; undefined where it has none. */
  jobOf(runner: string): Readonly<Job> | undefined {
    return this.#jobs.of(runner);
  }

  /** How many jobs have been completed, well or not. */
  get completedJobs(): number {
    return this.#jobs.completed;
  }

  /** Hears of each job that a runner gets, and of its end, well or not. */
  observeJobs(observer: JobObserver): void {
    this.#jobs.observer = observer;
  }

  /** Counts of a scale set. */
  readonly statistics = (scaleSetId: number): ScaleSetStatistics => this.#jobs.statistics(scaleSetId);

  /**
   * Whether the same calls get the same answers from now on: no lease runs out, no job moves by itself, and no scripted
   * answers are left.
   */
  get isSettled(): boolean {
    const isLaidUp = [...this.#script.values()].some((answers) => answers.some(({ left }) => left !== Infinity));
    return this.isAtRest && !isLaidUp;
  }

  /** Whether no lease runs out and no job moves by itself. */
  get isAtRest(): boolean {
    return this.#runners.isSettled && this.#jobs.isSettled;
  }

  /** Whether the listener of each scale set has heard of everything, and waits for more. */
  get hasToldAll(): boolean {
    return this.#sessions.hasToldAll;
  }

  get state(): ActionsState {
    return { ...this.#runners.state, scaleSets: this.#scaleSets.state };
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

  /** How many scripted answers of a status nobody has got yet. */
  answersLeft(operation: ActionsOperation, status: number): number {
    const queue = this.#script.get(operation) ?? [];
    return queue.reduce((sum, { answer, left }) => sum + (answer.status === status ? left : 0), 0);
  }

  /** Drops the scripted answers that are left. */
  answerAsUsual(): void {
    this.#script.clear();
  }

  /** @param id default: the next that nobody had */
  register(name: string, runnerScaleSetId: number, id?: number): RunnerReference {
    this.#changes++;
    return this.#runners.register(name, runnerScaleSetId, id);
  }

  /** What the service does when an ephemeral runner's job is done. One that the service gave it and that still ran has failed. */
  forget(name: string): void {
    this.#runners.forget(name);
  }

  /**
   * A runner stopped without a word. If it had a job, that counts as running until its lease has run out, and takes the
   * registration of the runner, which is for one job, with it. One without a job stays registered.
   * @param hasLease false: its job counts as running for ever
   */
  loseContact(name: string, hasLease = true): void {
    this.#jobs.disconnect(name);
    if (!hasLease || !this.#runners.loseContact(name)) return;
    // Listeners hear of the end of the job when it comes, not with the next call.
    if (this.#jobs.of(name) !== undefined)
      this.#clock.schedule(JOB_LEASE_MS * 1000, () => this.#runners.endLeases(), undefined);
  }

  /** While a runner has a job it cannot be removed. */
  setBusy(name: string, busy: boolean): void {
    if (this.#runners.setBusy(name, busy)) this.#changes++;
  }

  /** Whether the service gives a runner its job: it does where it knows the runner's scale set. */
  givesJobTo(name: string): boolean {
    const runner = this.#runners.byName.get(name);
    return runner !== undefined && this.#scaleSets.get(runner.runnerScaleSetId) !== undefined;
  }

  /** A runner waits for its job from now on, until it is forgotten or contact to it is lost; one without a registration is refused. */
  connect(name: string, to: RunnerConnection): void {
    const runner = this.#runners.byName.get(name);
    if (runner === undefined) to.gone();
    else this.#jobs.connect(runner, to);
  }

  /** Queues jobs; those whose label no scale set has wait for one that has. */
  queueJobs(specs: readonly JobSpec[]): void {
    this.#jobs.queue(specs);
  }

  /** Answers at once, a poll too: with 202 where there is no message. */
  handle(request: HttpRequest, call = operationOf(request.method, request.url)): HttpResponse {
    if (call === undefined) return json(404, { message: 'Not Found' });
    this.#runners.endLeases();
    return this.#scriptedAnswer(call.operation) ?? this.#answers[call.operation](call, request);
  }

  /**
   * Takes a request and answers once, a poll when there is a message or its time is over; with an error when the request is
   * aborted before.
   * @param call which call it is, for those who know
   */
  receive(
    request: HttpRequest,
    done: (answer: HttpResponse | HttpTransportError) => void,
    call = operationOf(request.method, request.url),
  ): void {
    if (call?.operation !== 'get-message' || this.#script.has('get-message')) {
      done(this.handle(request, call));
      return;
    }
    const { signal } = request;
    const abort = (): void => {
      hangUp();
      done(new HttpTransportError('the request was given up', false, true));
    };
    const hangUp = this.#sessions.poll(pollOf(call, request), (answer) => {
      signal?.removeEventListener('abort', abort);
      done(answer);
    });
    signal?.addEventListener('abort', abort, { once: true });
  }

  #messageNow(call: ActionsCall, request: HttpRequest): HttpResponse {
    let answer: HttpResponse = { status: 202, headers: {}, body: '' };
    const hangUp = this.#sessions.poll(pollOf(call, request), (message) => (answer = message));
    hangUp();
    return answer;
  }

  #changed(answer: HttpResponse): HttpResponse {
    this.#changes++;
    this.#jobs.offer();
    return answer;
  }

  #scriptedAnswer(operation: ActionsOperation): HttpResponse | undefined {
    const queue = this.#script.get(operation);
    const next = queue?.[0];
    if (queue === undefined || next === undefined) return undefined;
    if (--next.left <= 0) queue.shift();
    if (queue.length === 0) this.#script.delete(operation);
    const { status, body, headers } = next.answer;
    if (typeof body === 'string') return { status, headers: { 'content-type': 'text/plain', ...headers }, body };
    return { ...json(status, body ?? {}), headers: { 'content-type': 'application/json', ...headers } };
  }

  #generateJitConfig(scaleSetId: number, body: string): HttpResponse {
    if (this.#scaleSets.isDeleted(scaleSetId)) return scaleSetNotFound(scaleSetId);
    const { name } = JSON.parse(body) as { name: string };
    if (this.#runners.byName.has(name)) {
      return registrationException(409, 'AgentExistsException', `a runner named ${name} is already registered`);
    }
    const runner = this.register(name, scaleSetId);
    const encodedJITConfig = Buffer.from(JSON.stringify({ runner: name, key: this.#random.hex(32) })).toString(
      'base64',
    );
    return json(200, { runner, encodedJITConfig });
  }

  #deleteRunner(id: number, shown: string): HttpResponse {
    const runner = this.#runners.withId(id);
    if (runner === undefined) {
      return this.#options.deleteOfUnknownRunner === 404 ? agentNotFound(shown) : NO_CONTENT;
    }
    if (this.#runners.isBusy(id)) {
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

function agentNotFound(id: string): HttpResponse {
  return registrationException(404, 'AgentNotFoundException', `no runner with id ${id}`);
}

function pollOf({ argument, part }: ActionsCall, { headers }: HttpRequest): Parameters<EmbeddedSessions['poll']>[0] {
  const capacity = Number(headers['x-scalesetmaxcapacity'] ?? NaN);
  return {
    scaleSetId: Number(argument),
    lastMessageId: Number(part),
    authorization: headers['authorization'],
    capacity: Number.isSafeInteger(capacity) ? capacity : undefined,
  };
}
