import type { Clock } from '../base/clock.ts';
import type { HttpResponse } from '../base/http.ts';
import { listed, scaleSetException } from './answers.ts';
import type { RunnerReference } from './client.ts';
import type { EmbeddedScaleSets } from './embedded-scale-sets.ts';
import { JobIndex, type JobPlace } from './job-index.ts';
import { eventOf, type Job, type JobEvent, type JobEventType, type JobResult, type JobSpec } from './job.ts';
import type { QueueTimes } from './message-queue.ts';
import type { ScaleSetStatistics } from './scale-set.ts';

export interface JobTimes extends QueueTimes {
  /** From a job's acquisition to its assignment to the scale set. */
  readonly assignUs: number;
  /** From then until an idle runner may have it. */
  readonly startUs: number;
}

/** As the recordings of the real listeners were made, but for the poll, which is GitHub's. */
export const DEFAULT_JOB_TIMES: JobTimes = {
  pollUs: 50_000_000,
  gatherUs: 20_000,
  assignUs: 50_000,
  startUs: 100_000,
};

/** A runner's program, as the service reaches it while it is connected. */
export interface RunnerConnection {
  /** It has got a job. */
  started(): void;
  /** Its job is over, which it has not said yet: one that falls silent here never says so. */
  ends?(): void;
  /** Its job has ended, and with that its registration. */
  finished(): void;
  /** Its registration was removed: it hears so when it next asks for a message. */
  gone(): void;
}

/** Hears when the job of a runner begins and ends. */
export interface JobObserver {
  started(job: Readonly<Job>): void;
  completed(job: Readonly<Job>): void;
}

/** The registrations, as far as jobs are concerned with them. */
interface Registrations {
  all(): Iterable<RunnerReference>;
  setBusy(name: string, busy: boolean): void;
  forget(name: string): void;
}

export interface JobRules {
  /** Whether no more jobs are offered than the listener says it has runners for; default false, as in the recordings. */
  readonly heedsCapacity?: boolean;
}

interface EmbeddedJobsOptions extends JobRules {
  readonly clock: Clock;
  readonly nowMs: () => number;
  readonly baseUrl: string;
  readonly scaleSets: EmbeddedScaleSets;
  readonly registrations: Registrations;
  readonly times: JobTimes;
  readonly tell: (scaleSetId: number, event: JobEvent) => void;
  readonly capacityOf: (scaleSetId: number) => number | undefined;
}

interface Connected {
  readonly id: number;
  readonly scaleSetId: number;
  /** When it began to ask for messages. */
  readonly sinceUs: number;
  readonly to: RunnerConnection;
}

/** The jobs of the embedded service: which scale set is offered each, and which runner runs it. */
export class EmbeddedJobs {
  observer: JobObserver | undefined;
  readonly #options: EmbeddedJobsOptions;
  readonly #jobs = new JobIndex();
  /** Runners that wait for a job or have one, by name. */
  readonly #connected = new Map<string, Connected>();
  /** Those of a scale set that wait, in the order in which they came, by name. */
  readonly #idle = new Map<number, Map<string, Connected>>();
  /** Those that are still in a poll although their registration is gone, by name. */
  readonly #gone = new Map<string, Connected>();
  #nextRequestId = 1;
  #completed = 0;
  /** How many jobs have not had their time. */
  #endsToCome = 0;

  constructor(options: EmbeddedJobsOptions) {
    this.#options = options;
  }

  /** Those that are not completed. */
  get all(): Iterable<Readonly<Job>> {
    return this.#jobs.all;
  }

  /** How many are not completed. */
  get open(): number {
    return this.#jobs.size;
  }

  /** The job that a runner has; undefined where it has none from here. */
  of(runner: string): Readonly<Job> | undefined {
    return this.#jobs.ofRunner(runner);
  }

  /** Whether no job goes on without something else happening. */
  get isSettled(): boolean {
    if (this.#jobs.sizeOf('acquired') > 0 || this.#jobs.sizeOf('assigned') > 0 || this.#gone.size > 0) return false;
    // After its time the job of a runner that has fallen silent waits for its lease, also where the runner is back.
    return this.#endsToCome === 0;
  }

  get completed(): number {
    return this.#completed;
  }

  /** Queues jobs; those whose label no scale set has wait for one. */
  queue(specs: readonly JobSpec[]): void {
    for (const spec of specs) {
      const requestId = this.#nextRequestId++;
      this.#jobs.add({
        ...{ requestId, spec, state: 'queued', scaleSetId: undefined, queuedMs: this.#options.nowMs() },
        ...{ assignedMs: undefined, isDue: false, startedMs: undefined, finishedMs: undefined },
        ...{ runner: undefined, result: undefined },
      });
    }
    this.offer();
  }

  /** Makes queued jobs available to scale sets that can run them: after jobs, scale sets or capacities have changed. */
  offer(): void {
    for (const job of this.#jobs.in('queued', undefined)) {
      const set = this.#options.scaleSets.withLabel(job.spec.label);
      if (set === undefined || !this.#hasRoom(set.id)) continue;
      this.#jobs.change(job, { scaleSetId: set.id, state: 'available' });
      this.#tell(job, 'JobAvailable');
    }
  }

  statistics(scaleSetId: number): ScaleSetStatistics {
    const count = (place: JobPlace): number => this.#jobs.in(place, scaleSetId).size;
    let registered = 0;
    for (const runner of this.#options.registrations.all()) if (runner.runnerScaleSetId === scaleSetId) registered++;
    const running = count('running');
    const connected = [...this.#connected.values()].filter((runner) => runner.scaleSetId === scaleSetId).length;
    return {
      totalAvailableJobs: count('available'),
      totalAcquiredJobs: count('acquired'),
      totalAssignedJobs: count('assigned') + count('due') + running,
      totalRunningJobs: running,
      totalRegisteredRunners: registered,
      totalBusyRunners: running,
      totalIdleRunners: Math.max(0, connected - running),
    };
  }

  /** A registered runner waits for a job from now on. */
  connect(runner: RunnerReference, to: RunnerConnection): void {
    const { id, name, runnerScaleSetId: scaleSetId } = runner;
    const connected = { id, scaleSetId, sinceUs: this.#options.clock.nowUs(), to };
    this.disconnect(name);
    this.#connected.set(name, connected);
    if (this.of(name) !== undefined) return;
    const idle = this.#idle.get(scaleSetId) ?? new Map<string, Connected>();
    this.#idle.set(scaleSetId, idle.set(name, connected));
    this.#assignToRunners(scaleSetId);
  }

  /** A runner has fallen silent: it gets no job. One that it has goes on for the service, until its registration is gone. */
  disconnect(name: string): void {
    this.#gone.delete(name);
    const connected = this.#connected.get(name);
    if (connected === undefined) return;
    this.#connected.delete(name);
    this.#idle.get(connected.scaleSetId)?.delete(name);
  }

  /** The registration of a runner is gone; if it had a job, that has failed. */
  forgotten(name: string): void {
    const connected = this.#connected.get(name);
    this.disconnect(name);
    if (connected !== undefined) this.#refuseNextPoll(name, connected);
    const job = this.#jobs.ofRunner(name);
    if (job !== undefined) this.#complete(job, 'failed');
  }

  /** The poll that a runner has open goes on to its end; only the next is refused. */
  #refuseNextPoll(name: string, connected: Connected): void {
    const { clock, times } = this.#options;
    const leftUs = times.pollUs - ((clock.nowUs() - connected.sinceUs) % times.pollUs);
    const refuse = (): void => {
      if (this.#gone.get(name) !== connected) return;
      this.#gone.delete(name);
      connected.to.gone();
    };
    this.#gone.set(name, connected);
    clock.schedule(leftUs, refuse, undefined);
  }

  acquirable(scaleSetId: number): HttpResponse {
    const available = [...this.#jobs.in('available', scaleSetId)];
    return listed(available.map((job) => eventOf(job, 'JobAvailable', this.#acquireUrl(scaleSetId))));
  }

  /** @param body JSON of a list of request ids; those that are not available any more are left out of the answer */
  acquire(scaleSetId: number, body: string): HttpResponse {
    const ids = idsOf(body);
    if (ids === undefined)
      return scaleSetException(400, 'InvalidRequestException', 'Request ids are a list of numbers.');
    const acquired = ids.filter((id) => {
      const job = this.#jobs.withId(id);
      if (job?.state !== 'available' || job.scaleSetId !== scaleSetId) return false;
      this.#jobs.change(job, { state: 'acquired' });
      this.#options.clock.schedule(this.#options.times.assignUs, this.#assign, job);
      return true;
    });
    return listed(acquired);
  }

  /** A scale set is gone; jobs that no runner has wait for another. */
  scaleSetDeleted(scaleSetId: number): void {
    for (const job of this.#jobs.all) {
      // Those that were queued all the time are queued again too: the order stays the same.
      const isBack = job.scaleSetId === scaleSetId && job.state !== 'running';
      if (!isBack && job.state !== 'queued') continue;
      this.#jobs.change(job, { state: 'queued', scaleSetId: undefined, assignedMs: undefined, isDue: false });
    }
    this.offer();
  }

  readonly #assign = (job: Job): void => {
    if (job.state !== 'acquired') return;
    this.#jobs.change(job, { state: 'assigned', assignedMs: this.#options.nowMs() });
    this.#tell(job, 'JobAssigned');
    this.#options.clock.schedule(this.#options.times.startUs, this.#due, job);
  };

  readonly #due = (job: Job): void => {
    if (job.state !== 'assigned' || job.scaleSetId === undefined) return;
    this.#jobs.change(job, { isDue: true });
    this.#assignToRunners(job.scaleSetId);
  };

  /** Gives the jobs of a scale set that are due to its runners that have none, first come, first served. */
  #assignToRunners(scaleSetId: number): void {
    const idle = this.#idle.get(scaleSetId);
    for (const [name, { id, to }] of idle ?? []) {
      const [job] = this.#jobs.in('due', scaleSetId);
      if (job === undefined) return;
      idle?.delete(name);
      this.#jobs.change(job, { state: 'running', startedMs: this.#options.nowMs(), runner: { id, name } });
      this.#options.registrations.setBusy(name, true);
      this.#tell(job, 'JobStarted');
      to.started();
      this.observer?.started(job);
      this.#endsToCome++;
      this.#options.clock.schedule(job.spec.durationUs, this.#finish, job);
    }
  }

  readonly #finish = (job: Job): void => {
    this.#endsToCome--;
    const { runner } = job;
    if (job.state !== 'running' || runner === undefined) return;
    const connection = this.#connected.get(runner.name);
    connection?.to.ends?.();
    // The job of a runner that has fallen silent ends when its lease runs out.
    if (connection === undefined || this.#connected.get(runner.name) !== connection) return;
    this.disconnect(runner.name);
    this.#complete(job, 'succeeded');
    this.#options.registrations.forget(runner.name);
    connection.to.finished();
  };

  #complete(job: Job, result: JobResult): void {
    this.#jobs.change(job, { state: 'completed', result, finishedMs: this.#options.nowMs() });
    this.#completed++;
    this.observer?.completed(job);
    this.#tell(job, 'JobCompleted');
    this.offer();
  }

  #hasRoom(scaleSetId: number): boolean {
    if (this.#options.heedsCapacity !== true) return true;
    const capacity = this.#options.capacityOf(scaleSetId);
    if (capacity === undefined) return false;
    const places = ['available', 'acquired', 'assigned', 'due', 'running'] as const;
    const taken = places.reduce((sum, place) => sum + this.#jobs.in(place, scaleSetId).size, 0);
    return taken < capacity;
  }

  #tell(job: Job, type: JobEventType): void {
    const { scaleSetId } = job;
    if (scaleSetId === undefined || this.#options.scaleSets.get(scaleSetId) === undefined) return;
    this.#options.tell(scaleSetId, eventOf(job, type, this.#acquireUrl(scaleSetId)));
  }

  #acquireUrl(scaleSetId: number): string {
    return `${this.#options.baseUrl}/tenant/_apis/runtime/runnerscalesets/${scaleSetId}/acquirejobs`;
  }
}

function idsOf(body: string): readonly number[] | undefined {
  try {
    const ids: unknown = JSON.parse(body);
    return Array.isArray(ids) && ids.every((id): id is number => Number.isSafeInteger(id)) ? ids : undefined;
  } catch {
    return undefined;
  }
}
