import type { EmbeddedActionsService } from '../actions/embedded-service.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import { createRequest, patchRequest } from '../kubernetes/request.ts';
import { AutoscalingRunnerSets } from '../kubernetes/resource.ts';
import type { AutoscalingRunnerSet } from '../kubernetes/scale-set-types.ts';
import type { EphemeralRunnerSpec, Pod } from '../kubernetes/types.ts';
import { NOBODY, observersTogether, type ListenerObserver } from '../listener/observer.ts';
import { SCALE_SET_NAME_LABEL, SCALE_SET_NAMESPACE_LABEL, VERSION_LABEL } from '../reconciler/labels.ts';
import type { ProcessOptions } from '../reconciler/process-options.ts';
import { JOB_KIND } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { countOf, startLoad, type JobLoad, type ScaleSetLoad } from './job-load.ts';

type ObserverOf = (pod: Pod) => ListenerObserver;

const NAME = 'lab';
/** Of a job, where nothing is said. */
const JOB_US = 10_000_000;

export interface ChainOptions {
  readonly clock: Clock;
  readonly cluster: Cluster;
  readonly service: EmbeddedActionsService;
  readonly namespace: string;
  readonly process: ProcessOptions;
  readonly load: ScaleSetLoad;
  /** What the runners are made of. */
  readonly runnerSpec: EphemeralRunnerSpec;
  readonly jobDurationUs: number | undefined;
}

/** A scale set on the embedded cluster, and the jobs that come when its first listener has decided. */
export class Chain implements Disposable {
  readonly #options: ChainOptions;
  #allJobs: number;
  #queued = 0;
  #decisions = 0;
  /** How often a job has come, started or ended, and how many run. */
  #jobSteps = 0;
  #running = 0;
  /** Its own load, once its first listener has decided, and those that were asked for later. */
  readonly #loads: Disposable[] = [];
  #hasBegun = false;
  #trace: TraceLog | undefined;

  constructor(options: ChainOptions) {
    this.#options = options;
    this.#allJobs = countOf(options.load.jobs);
    options.service.observeJobs({
      started: (job) => {
        this.#running++;
        this.#note(job.requestId, 'running', job.runner?.name);
      },
      completed: ({ requestId, result, runner }) => {
        this.#running--;
        this.#note(requestId, result === 'succeeded' ? 'completed' : 'lost', runner?.name);
      },
    });
  }

  dispose(): void {
    for (const load of this.#loads) load.dispose();
  }

  /** Hears when a listener has decided, in addition to the observer that each listener has. */
  amongListeners(observerOf: ObserverOf): ObserverOf {
    return (pod) => {
      const own = { ...NOBODY, decided: () => void this.#decisions++, desired: () => this.#begin() };
      return observersTogether([observerOf(pod), own]);
    };
  }

  /** How often listeners have decided how many runners there are to be, also where nothing changed. */
  get decisions(): number {
    return this.#decisions;
  }

  createScaleSet(done: (error: ApiError | undefined) => void): void {
    const { namespace, process, load, runnerSpec } = this.#options;
    this.#options.cluster.send(
      createRequest(AutoscalingRunnerSets, scaleSetOf(runnerSpec, { namespace, process, ...load })),
      (reply) => {
        done(reply instanceof ApiError ? reply : undefined);
      },
    );
  }

  /** Gives the scale set the version of another release, as that one's chart does; its controllers are not there yet. */
  relabel({ version }: Pick<ProcessOptions, 'version'>, done: () => void): void {
    const labels = { [VERSION_LABEL]: version };
    const { cluster, namespace } = this.#options;
    cluster.send(patchRequest(AutoscalingRunnerSets, namespace, NAME, { metadata: { labels } }), done);
  }

  get minRunners(): number {
    return this.#options.load.minRunners;
  }

  /** Whether every job has come and is done. */
  get isDone(): boolean {
    return this.#queued === this.#allJobs && this.#options.service.openJobs === 0;
  }

  /** How many jobs have come, and how many of them are not done. */
  get jobs(): { readonly queued: number; readonly open: number } {
    return { queued: this.#queued, open: this.#options.service.openJobs };
  }

  /** Of jobs that wait while none runs and none is to come: how often jobs have come, started or ended; undefined of others. */
  get waitingSince(): number | undefined {
    const { queued, open } = this.jobs;
    return open > 0 && this.#running === 0 && queued === this.#allJobs ? this.#jobSteps : undefined;
  }

  /** Whether nothing is to be done until more jobs come, which they will by themselves. */
  get awaitsJobs(): boolean {
    return this.#loads.length > 0 && this.#queued < this.#allJobs && this.#options.service.openJobs === 0;
  }

  /** More jobs than the load has come, from now on. */
  queueMore(jobs: JobLoad): void {
    this.#allJobs += countOf(jobs);
    this.#start(jobs);
  }

  /** Jobs are noted in the trace from now on. */
  noteTo(trace: TraceLog): void {
    this.#trace = trace;
  }

  #note(id: number, phase: 'queued' | 'running' | 'completed' | 'lost', message?: string): void {
    const { clock, namespace } = this.#options;
    this.#jobSteps++;
    if (this.#trace?.endedUs !== undefined) return;
    const said = message === undefined ? {} : { message };
    const [object, scaleSet] = [`${namespace}/job-${id}`, `${namespace}/${NAME}`];
    this.#trace?.addObject({ kind: JOB_KIND, object, scaleSet, at: clock.nowUs(), phase, ...said, basis: 'run' });
  }

  #begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#start(this.#options.load.jobs);
  }

  #start(jobs: JobLoad): void {
    this.#loads.push(startLoad(this.#options.clock, jobs, (count) => this.#queue(count)));
  }

  #queue(count: number): void {
    const { service, jobDurationUs = JOB_US } = this.#options;
    const first = this.#queued + 1;
    this.#queued += count;
    service.queueJobs(Array.from({ length: count }, () => ({ label: NAME, durationUs: jobDurationUs })));
    for (let id = first; id <= this.#queued; id++) this.#note(id, 'queued');
  }
}

interface ScaleSetPlace extends Pick<ScaleSetLoad, 'minRunners' | 'maxRunners'> {
  readonly namespace: string;
  readonly process: Pick<ProcessOptions, 'version'>;
}

/** An AutoscalingRunnerSet as ARC's chart makes it, whose runners are made of a spec. */
export function scaleSetOf(
  { githubConfigUrl, githubConfigSecret, spec }: EphemeralRunnerSpec,
  { namespace, process, minRunners, maxRunners }: ScaleSetPlace,
): AutoscalingRunnerSet {
  return {
    apiVersion: AutoscalingRunnerSets.apiVersion,
    kind: AutoscalingRunnerSets.kind,
    metadata: {
      name: NAME,
      namespace,
      labels: {
        [VERSION_LABEL]: process.version,
        'app.kubernetes.io/component': 'autoscaling-runner-set',
        [SCALE_SET_NAME_LABEL]: NAME,
        [SCALE_SET_NAMESPACE_LABEL]: namespace,
      },
    },
    spec: { githubConfigUrl, githubConfigSecret, minRunners, maxRunners, template: { spec } },
  };
}
