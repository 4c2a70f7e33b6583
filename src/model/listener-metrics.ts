import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { GitHubConfig } from '../actions/config-url.ts';
import type { JobEvent } from '../actions/job.ts';
import type { ScaleSetStatistics } from '../actions/scale-set.ts';
import { NOBODY, type ListenerIdentity, type ListenerObserver } from '../listener/observer.ts';
import type { Switches } from '../reconciler/releases/switches.ts';

type Labels = Readonly<Record<string, string | number>>;

/** Gauges of a scale set, with the number of the service that each shows; undefined for what the listener says itself. */
const GAUGES = {
  gha_assigned_jobs: ['Number of jobs assigned to this scale set.', 'totalAssignedJobs'],
  gha_running_jobs: ['Number of jobs running (or about to be run).', 'totalRunningJobs'],
  gha_registered_runners: ['Number of runners registered by the scale set.', 'totalRegisteredRunners'],
  gha_busy_runners: ['Number of registered runners running a job.', 'totalBusyRunners'],
  gha_idle_runners: ['Number of registered runners not running a job.', 'totalIdleRunners'],
  gha_min_runners: ['Minimum number of runners.', undefined],
  gha_max_runners: ['Maximum number of runners.', undefined],
  gha_desired_runners: ['Number of runners desired by the scale set.', undefined],
} as const satisfies Readonly<Record<string, readonly [string, keyof ScaleSetStatistics | undefined]>>;

const SCALE_SET_LABELS = ['name', 'repository', 'organization', 'enterprise', 'namespace'];
const JOB_LABELS = ['repository', 'organization', 'enterprise', 'job_name', 'event_name'];
/** In seconds. */
const BUCKETS = [
  0.01, 0.05, 0.1, 0.5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 18, 20, 25, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120,
  150, 180, 210, 240, 300, 360, 420, 480, 540, 600, 900, 1200, 1800, 2400, 3000, 3600,
];

/** The metrics of listeners under upstream's names, with the labels that they have where nothing else is configured. */
export class ListenerMetrics {
  readonly #gauges = new Map<string, Gauge>();
  readonly #started: Counter;
  readonly #completed: Counter;
  readonly #startup: Histogram;
  readonly #execution: Histogram;
  readonly #skipsUnassigned: boolean;
  /** Since they can be configured, and until that was mended, busy runners were counted as all that are registered. */
  readonly #countsAllAsBusy: boolean;

  constructor(registry: Registry, switches: Switches) {
    const registers = [registry];
    for (const [name, [help]] of Object.entries(GAUGES)) {
      this.#gauges.set(name, new Gauge({ name, help, labelNames: SCALE_SET_LABELS, registers }));
    }
    // Before they could be configured, the labels named the runner and the workflow: a series for each job.
    const more = switches.has(3975) ? [] : ['job_workflow_ref', 'runner_id', 'runner_name'];
    const started = [...JOB_LABELS, ...more];
    const completed = [...started, 'job_result'];
    const counter = (name: string, help: string, labelNames: string[]): Counter => {
      return new Counter({ name, help, labelNames, registers });
    };
    const histogram = (name: string, help: string, labelNames: string[]): Histogram => {
      return new Histogram({ name, help, labelNames, buckets: BUCKETS, registers });
    };
    this.#started = counter('gha_started_jobs_total', 'Total number of jobs started.', started);
    this.#completed = counter('gha_completed_jobs_total', 'Total number of jobs completed.', completed);
    this.#startup = histogram(
      'gha_job_startup_duration_seconds',
      'Time spent waiting for workflow job to get started on the runner owned by the scale set (in seconds).',
      started,
    );
    this.#execution = histogram(
      'gha_job_execution_duration_seconds',
      'Time spent executing workflow jobs by the scale set (in seconds).',
      completed,
    );
    this.#skipsUnassigned = switches.has(4472);
    this.#countsAllAsBusy = switches.has(3975) && !switches.has(4016);
  }

  /** What one listener tells goes into them. */
  get observer(): ListenerObserver {
    let scaleSet: Labels = {};
    let enterprise = '';
    const set = (name: keyof typeof GAUGES, value: number): void => this.#gauges.get(name)?.set(scaleSet, value);
    return {
      ...NOBODY,
      started: ({ setName, setNamespace, minRunners, maxRunners, github }: ListenerIdentity) => {
        enterprise = github.enterprise ?? '';
        scaleSet = { name: setName, namespace: setNamespace, ...ownersOf(github) };
        set('gha_max_runners', maxRunners);
        set('gha_min_runners', minRunners);
      },
      statistics: (statistics) => {
        for (const [name, [, key]] of Object.entries(GAUGES)) {
          if (key !== undefined) set(name as keyof typeof GAUGES, statistics[key]);
        }
        if (this.#countsAllAsBusy) set('gha_busy_runners', statistics.totalRegisteredRunners);
      },
      jobStarted: (job) => {
        const labels = labelsOf(job, enterprise);
        count(this.#started, labels);
        observe(this.#startup, labels, secondsBetween(job.scaleSetAssignTime, job.runnerAssignTime));
      },
      jobCompleted: (job) => {
        if (this.#skipsUnassigned && isNever(job.runnerAssignTime)) return;
        const labels = { ...labelsOf(job, enterprise), job_result: job.result ?? '' };
        count(this.#completed, labels);
        observe(this.#execution, labels, secondsBetween(job.runnerAssignTime, job.finishTime));
      },
      desired: (runners) => set('gha_desired_runners', runners),
    };
  }
}

function ownersOf({ enterprise = '', organization = '', repository = '' }: GitHubConfig): Labels {
  return { enterprise, organization, repository };
}

function labelsOf(job: JobEvent, enterprise: string): Labels {
  return {
    enterprise,
    organization: job.ownerName,
    repository: job.repositoryName,
    job_name: job.jobDisplayName,
    event_name: job.eventName,
    job_workflow_ref: job.jobWorkflowRef,
    runner_id: job.runnerId ?? 0,
    runner_name: job.runnerName ?? '',
  };
}

function count(counter: Counter, labels: Labels): void {
  counter.inc(only(counter, labels));
}

function observe(histogram: Histogram, labels: Labels, seconds: number): void {
  histogram.observe(only(histogram, labels), seconds);
}

/** Those that a metric has. */
function only(metric: Counter | Histogram, labels: Labels): Labels {
  const { labelNames } = metric as unknown as { readonly labelNames: readonly string[] };
  return Object.fromEntries(labelNames.map((name) => [name, labels[name] ?? '']));
}

/** Whole seconds on both sides, as upstream takes them. */
function secondsBetween(from: string, to: string): number {
  return Math.floor(Date.parse(to) / 1000) - Math.floor(Date.parse(from) / 1000);
}

function isNever(time: string): boolean {
  return time.startsWith('0001-01-01');
}
