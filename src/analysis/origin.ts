import { addTo } from '../base/group.ts';
import { JOB_KIND, LISTENER_KIND, SET_KIND, type ObjectEvent } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** What a listener decided. Times are the trace's microseconds. */
export interface Decision {
  /** namespace/name of the listener's pod */
  readonly listener: string;
  readonly atUs: number;
  readonly replicas: number;
  /** Jobs that the service had assigned to the scale set; undefined where that is not known. */
  readonly assigned: number | undefined;
}

/** What a pass of a set of runners acted on. */
export interface SetState {
  /** When it came to be so, in the cache of the set's controller. */
  readonly atUs: number;
  readonly replicas: number;
  /** Undefined for a number of runners that no patch of a known listener brought. */
  readonly decision: Decision | undefined;
}

/** What brought a runner about. */
export interface Origin {
  /** namespace/name of the set that made it */
  readonly set: string;
  /** Number of the set's pass that made it, and when the API server had. */
  readonly pass: number;
  readonly madeUs: number;
  readonly state: SetState | undefined;
  /** The job that it ran where that was queued before the decision, or else the last one that waited then. */
  readonly job: { readonly job: string; readonly scaleSet: string | undefined; readonly queuedUs: number } | undefined;
}

interface Job {
  readonly name: string;
  readonly scaleSet: string | undefined;
  readonly queuedUs: number;
  startedUs: number;
}

/** What brought runners about: the pass of their set, the patch and the decision of the listener behind it, and a job. */
export class Origins {
  readonly #log: TraceLog;
  /** By number of a runner's name: the pass that made it, and when it was made. */
  readonly #made = new Map<number, { readonly pass: number; readonly madeUs: number }>();
  /** By number of a set's name: the listeners that patched it, in order. */
  readonly #patches = new Map<number, { readonly atUs: number; readonly listener: string }[]>();
  /** What was noted of a set or of a listener, by kind and name, in order. */
  readonly #notes = new Map<string, ObjectEvent[]>();
  readonly #jobs: Job[] = [];
  /** By namespace/name of a runner: the job that it ran. */
  readonly #jobOf = new Map<string, Job>();
  readonly #states = new Map<number, SetState | undefined>();

  constructor(log: TraceLog) {
    this.#log = log;
    // In a trace without sets nothing is looked through.
    if (log.rows.words.find('ephemeralrunnerset') === undefined) return;
    this.#readPasses();
    this.#readRequests();
    this.#readObjects();
  }

  /**
   * @param runner namespace/name
   * @returns undefined where no set's creation of it is in the trace
   */
  of(runner: string): Origin | undefined {
    const { passes, strings } = this.#log.rows;
    const made = this.#made.get(strings.find(runner) ?? NaN);
    if (made === undefined) return undefined;
    const state = this.stateOf(made.pass);
    const set = strings.text(passes.object.get(made.pass));
    const job = this.#jobFor(runner, set, state?.decision?.atUs ?? NaN);
    return { set, ...made, state, job };
  }

  /** What the set of a pass was when the pass began; undefined where the trace does not show it. */
  stateOf(pass: number): SetState | undefined {
    if (!this.#states.has(pass)) this.#states.set(pass, this.#findState(pass));
    return this.#states.get(pass);
  }

  #findState(pass: number): SetState | undefined {
    const { passes, strings } = this.#log.rows;
    const set = passes.object.get(pass);
    const startedUs = passes.span.startedUs(pass);
    const notes = this.#notes.get(`${SET_KIND} ${strings.text(set)}`) ?? [];
    const last = notes.findLastIndex(({ at }) => at <= startedUs);
    const { replicas, patchID } = notes[last] ?? {};
    if (replicas === undefined) return undefined;
    // Its status changes too: since when its spec has been so counts.
    let first = last;
    while (notes[first - 1]?.replicas === replicas && notes[first - 1]?.patchID === patchID) first--;
    const atUs = notes[first]?.at ?? NaN;
    return { atUs, replicas, decision: this.#decision(set, atUs, replicas, patchID) };
  }

  /** The last decision of the set's listener that asked for this, and that the set had heard of by then. */
  #decision(set: number, untilUs: number, replicas: number, patchID: number | undefined): Decision | undefined {
    const listener = this.#patches.get(set)?.findLast(({ atUs }) => atUs <= untilUs)?.listener;
    if (listener === undefined) return undefined;
    const decided = this.#notes
      .get(`${LISTENER_KIND} ${listener}`)
      ?.findLast((note) => note.at <= untilUs && note.replicas === replicas && note.patchID === patchID);
    return decided && { listener, atUs: decided.at, replicas, assigned: decided.assigned };
  }

  #jobFor(runner: string, set: string, untilUs: number): Origin['job'] {
    const own = this.#jobOf.get(runner);
    const namespace = runner.slice(0, runner.indexOf('/') + 1);
    const ofSet = this.#notes.get(`${SET_KIND} ${set}`)?.at(-1)?.scaleSet;
    const isOfSet = ({ name, scaleSet }: Job): boolean =>
      ofSet === undefined || scaleSet === undefined ? name.startsWith(namespace) : scaleSet === ofSet;
    const isWaiting = (job: Job): boolean => isOfSet(job) && job.queuedUs <= untilUs && !(job.startedUs <= untilUs);
    const job = own !== undefined && own.queuedUs <= untilUs ? own : this.#jobs.findLast(isWaiting);
    return job && { job: job.name, scaleSet: job.scaleSet, queuedUs: job.queuedUs };
  }

  #readPasses(): void {
    const { rows, passCount } = this.#log;
    const { passes, requests, words } = rows;
    const [create, runners] = [words.find('create'), words.find('ephemeralrunners')];
    for (let pass = 0; pass < passCount; pass++) {
      if (rows.kindOfPass(pass) !== SET_KIND) continue;
      for (let request = passes.lastRequest.get(pass); request >= 0; request = requests.before(request)) {
        if (requests.verb.get(request) !== create || requests.resource.get(request) !== runners) continue;
        if (requests.status.get(request) !== 201) continue;
        this.#made.set(requests.object.get(request), { pass, madeUs: requests.span.endedUs(request) });
      }
    }
  }

  #readRequests(): void {
    const { requests, strings, words } = this.#log.rows;
    const [patch, sets] = [words.find('patch'), words.find('ephemeralrunnersets')];
    for (let row = 0; row < requests.listener.length; row++) {
      const listener = requests.listener.get(row);
      if (Number.isNaN(listener) || requests.verb.get(row) !== patch || requests.resource.get(row) !== sets) continue;
      const sent = { atUs: requests.span.baseUs(row), listener: strings.text(listener) };
      const set = requests.object.get(row);
      addTo(this.#patches, set, sent);
    }
  }

  #readObjects(): void {
    const { rows } = this.#log;
    const { objects, words } = rows;
    const jobs = new Map<string, Job>();
    for (let row = 0; row < objects.object.length; row++) {
      const kind = words.textOf(objects.kind.get(row));
      if (kind !== SET_KIND && kind !== LISTENER_KIND && kind !== JOB_KIND) continue;
      const event = rows.object(row);
      if (kind === JOB_KIND) {
        this.#readJob(event, jobs);
        continue;
      }
      const key = `${kind} ${event.object}`;
      addTo(this.#notes, key, event);
    }
  }

  #readJob({ object, scaleSet, at, phase, message }: ObjectEvent, jobs: Map<string, Job>): void {
    const known = jobs.get(object);
    if (known === undefined) {
      const [queuedUs, startedUs] = phase === 'queued' ? [at, NaN] : [NaN, at];
      const job = { name: object, scaleSet, queuedUs, startedUs };
      jobs.set(object, job);
      this.#jobs.push(job);
    } else if (phase !== 'queued' && Number.isNaN(known.startedUs)) known.startedUs = at;
    const job = jobs.get(object);
    if (job === undefined || message === undefined) return;
    this.#jobOf.set(object.slice(0, object.indexOf('/') + 1) + message, job);
  }
}
