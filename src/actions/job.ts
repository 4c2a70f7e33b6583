/** A job of a workflow, as who queues it describes it. */
export interface JobSpec {
  /** What its workflow says with `runs-on`: the name or a label of a scale set; empty for any. */
  readonly label: string;
  /** From its start on a runner to its end. */
  readonly durationUs: number;
}

/**
 * Where a job is in its life: `queued` as long as no scale set is offered it, then `available` to a listener, which
 * acquires it; a little later the service has assigned it to the scale set, and then an idle runner runs it.
 */
export type JobState = 'queued' | 'available' | 'acquired' | 'assigned' | 'running' | 'completed';

export type JobResult = 'succeeded' | 'failed' | 'canceled';

/** A job at the service. Times are milliseconds since 1970. */
export interface Job {
  readonly requestId: number;
  readonly spec: JobSpec;
  state: JobState;
  /** Of the scale set that it was offered to. */
  scaleSetId: number | undefined;
  readonly queuedMs: number;
  assignedMs: number | undefined;
  /** Whether a runner may have it: some time after it was assigned. */
  isDue: boolean;
  startedMs: number | undefined;
  finishedMs: number | undefined;
  runner: { readonly id: number; readonly name: string } | undefined;
  result: JobResult | undefined;
}

export type JobEventType = 'JobAvailable' | 'JobAssigned' | 'JobStarted' | 'JobCompleted';

/** What a message says of a job, with the names of fields that the service uses. */
export interface JobEvent {
  readonly messageType: JobEventType;
  readonly runnerRequestId: number;
  readonly repositoryName: string;
  readonly ownerName: string;
  readonly jobId: string;
  readonly jobWorkflowRef: string;
  readonly jobDisplayName: string;
  readonly workflowRunId: number;
  readonly eventName: string;
  readonly requestLabels: readonly string[];
  readonly queueTime: string;
  readonly scaleSetAssignTime: string;
  readonly runnerAssignTime: string;
  readonly finishTime: string;
  /** Only of an available job. */
  readonly acquireJobUrl?: string;
  /** Only of a started or completed one. */
  readonly runnerId?: number;
  readonly runnerName?: string;
  /** Only of a completed one. */
  readonly result?: JobResult;
}

/** Go's time that nobody has set. */
const NEVER = '0001-01-01T00:00:00Z';
const OWNER = 'lab';
const REPOSITORY = 'repo';

/** @param acquireJobUrl where an available job is acquired */
export function eventOf(job: Job, messageType: JobEventType, acquireJobUrl: string): JobEvent {
  const { requestId, spec, runner, result } = job;
  return {
    messageType,
    runnerRequestId: requestId,
    repositoryName: REPOSITORY,
    ownerName: OWNER,
    jobId: `job-${requestId}`,
    jobWorkflowRef: `${OWNER}/${REPOSITORY}/.github/workflows/ci.yml@refs/heads/main`,
    jobDisplayName: `build (${requestId})`,
    workflowRunId: 1000 + requestId,
    eventName: 'push',
    requestLabels: spec.label === '' ? [] : [spec.label],
    queueTime: timeText(job.queuedMs),
    scaleSetAssignTime: timeText(job.assignedMs),
    runnerAssignTime: timeText(job.startedMs),
    finishTime: timeText(job.finishedMs),
    ...(messageType === 'JobAvailable' ? { acquireJobUrl } : {}),
    ...(runner === undefined ? {} : { runnerId: runner.id, runnerName: runner.name }),
    ...(messageType === 'JobCompleted' && result !== undefined ? { result } : {}),
  };
}

function timeText(ms: number | undefined): string {
  return ms === undefined ? NEVER : new Date(ms).toISOString();
}
