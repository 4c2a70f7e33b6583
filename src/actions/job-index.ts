import type { Job, JobState } from './job.ts';

/** As a job's state, but that assigned jobs which a runner may have are apart. */
export type JobPlace = JobState | 'due';

type Changes = Partial<Omit<Job, 'requestId' | 'spec' | 'queuedMs'>>;

const NONE: ReadonlySet<Job> = new Set();

/** The jobs that are not completed, found by what they are looked for by: nothing here takes longer with more jobs. */
export class JobIndex {
  readonly #byId = new Map<number, Job>();
  readonly #byRunner = new Map<string, Job>();
  readonly #byPlace = new Map<string, Set<Job>>();
  readonly #sizes = new Map<JobPlace, number>();

  /** In the order in which they were queued. */
  get all(): Iterable<Job> {
    return this.#byId.values();
  }

  get size(): number {
    return this.#byId.size;
  }

  withId(requestId: number): Job | undefined {
    return this.#byId.get(requestId);
  }

  ofRunner(name: string): Job | undefined {
    return this.#byRunner.get(name);
  }

  /** Those of a scale set in a place, the first to come there first; without a scale set those that no one is offered. */
  in(place: JobPlace, scaleSetId: number | undefined): ReadonlySet<Job> {
    return this.#byPlace.get(keyOf(place, scaleSetId)) ?? NONE;
  }

  /** How many there are in a place, of all scale sets. */
  sizeOf(place: JobPlace): number {
    return this.#sizes.get(place) ?? 0;
  }

  add(job: Job): void {
    this.#byId.set(job.requestId, job);
    this.#enter(job);
  }

  /** Changes a job, which comes last in its place then. Jobs are changed in no other way. */
  change(job: Job, changes: Changes): void {
    this.#leave(job);
    Object.assign(job, changes);
    if (job.state === 'completed') this.#byId.delete(job.requestId);
    else this.#enter(job);
  }

  #enter(job: Job): void {
    const place = placeOf(job);
    const key = keyOf(place, job.scaleSetId);
    const there = this.#byPlace.get(key) ?? new Set<Job>();
    this.#byPlace.set(key, there.add(job));
    this.#sizes.set(place, this.sizeOf(place) + 1);
    if (job.runner !== undefined) this.#byRunner.set(job.runner.name, job);
  }

  #leave(job: Job): void {
    const place = placeOf(job);
    const key = keyOf(place, job.scaleSetId);
    const there = this.#byPlace.get(key);
    there?.delete(job);
    if (there?.size === 0) this.#byPlace.delete(key);
    this.#sizes.set(place, this.sizeOf(place) - 1);
    if (job.runner !== undefined) this.#byRunner.delete(job.runner.name);
  }
}

function placeOf({ state, isDue }: Job): JobPlace {
  return state === 'assigned' && isDue ? 'due' : state;
}

function keyOf(place: JobPlace, scaleSetId: number | undefined): string {
  return `${place} ${scaleSetId ?? ''}`;
}
