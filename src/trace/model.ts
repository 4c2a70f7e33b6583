/**
 * The trace: what a controller did, one event a line (JSON Lines), a header first. Times are whole microseconds since
 * the trace's start. media/arctrace.schema.json describes the same to other tools.
 */
export interface TraceHeader {
  readonly type: 'header';
  readonly version: 1;
  /** Wall-clock time of microsecond 0, RFC 3339. */
  readonly start: string;
  readonly mode: string;
  /** Where the events come from: `embedded`, `remote`, `shadow`, or the kind of an imported log. */
  readonly source: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

export const RESULTS = ['done', 'requeue', 'requeue-after', 'error'] as const;
export type PassResult = (typeof RESULTS)[number];

export interface PassEvent {
  readonly type: 'pass';
  /** namespace/name */
  readonly runner: string;
  readonly mode: string;
  readonly worker: number;
  /** 1, or one more for each requeue or error in a row before it. */
  readonly attempt: number;
  /** What queued the key. */
  readonly trigger: string;
  /** When the key was added; when its delay or back-off had passed; when a worker took it: three different waits. */
  readonly queued: number;
  readonly ready: number;
  readonly started: number;
  readonly ended: number;
  readonly result: PassResult;
  /** Delay asked for by requeue-after. */
  readonly after: number;
  readonly error: string | null;
  readonly phases: readonly TracePhase[];
  readonly requests: readonly TraceRequest[];
}

export interface TracePhase {
  readonly name: string;
  readonly started: number;
  readonly ended: number;
}

export interface TraceRequest {
  readonly to: 'kubernetes' | 'actions';
  readonly verb: string;
  /** Plural name with `/status` for that subresource, or the Actions service's operation. */
  readonly resource: string;
  readonly name: string;
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** Part of the time that the client-side limiter held the request back, at its beginning. */
  readonly throttled: number;
  readonly started: number;
  readonly ended: number;
  /** Why the request was refused or got no answer, in the server's words, cleared of credentials. */
  readonly message?: string;
}

export const POD_STATES = ['none', 'created', 'pending', 'running', 'succeeded', 'failed', 'deleted'] as const;
export type PodState = (typeof POD_STATES)[number];

export interface RunnerEvent {
  readonly type: 'runner';
  readonly runner: string;
  readonly at: number;
  /** The runner's phase, empty before it has one. */
  readonly phase: string;
  readonly runnerId: number;
  readonly pod: PodState;
  /** Whether the object is gone. */
  readonly deleted: boolean;
  /** The runner's `status.reason` and `status.message`, where they are not empty. */
  readonly reason?: string;
  readonly message?: string;
  /** What the pod waits for, or how it failed; absent while nothing is wrong. */
  readonly trouble?: PodTrouble;
}

/** Why a runner is where it is, besides its phase. */
export type RunnerWhy = Pick<RunnerEvent, 'reason' | 'message' | 'trouble'>;

/** What keeps a pod from running its job, as its status says. */
export interface PodTrouble {
  /** One short word: Kubernetes' reason (`ImagePullBackOff`, `Evicted`, `OOMKilled`), or `exit 1`. */
  readonly code: string;
  /** The container it is about; absent when it is the pod as a whole. */
  readonly container?: string;
  /** Whether that is an init container. */
  readonly init?: boolean;
  /** With what the container ended. */
  readonly exitCode?: number;
  /** The words of kubelet or scheduler, cleared of credentials. */
  readonly message?: string;
  /** When it began, by the times in the pod's status; absent where they say nothing. Negative before the trace's start. */
  readonly since?: number;
  /** What is known besides: which containers still run, which node it is, what keeps the pod. */
  readonly detail?: string;
  /** The pod or its runner's container is at its end: one more failure of the runner. */
  readonly ended?: boolean;
  /** It has ended, and ARC does not see that: it goes by the state of the runner's container. */
  readonly overlooked?: boolean;
  /** When the grace period of the pod's deletion is over, where that was asked for. */
  readonly due?: number;
}

export type TraceEvent = PassEvent | RunnerEvent;
