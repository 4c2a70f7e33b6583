/**
 * The trace: what a controller did, one event a line (JSON Lines), a header first. Times are whole microseconds since
 * the trace's start. media/arctrace.schema.json describes the same to other tools.
 *
 * What has not ended when the trace ends stays in it, without an end: a pass with `started` and without `ended`, in it the
 * request in flight, and a wait as a pass without `started`. An `end` event says until when that is known. A file may hold
 * several traces, each with its header.
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
  /** Where timelines begin: when the first runner was asked for. Left out, it is when the first was seen. */
  readonly origin?: number;
}

export const RESULTS = ['done', 'requeue', 'requeue-after', 'error'] as const;
export type PassResult = (typeof RESULTS)[number];

/** A wait that no pass had served yet. */
export interface OpenWait {
  readonly type: 'pass';
  /** namespace/name */
  readonly runner: string;
  readonly mode: string;
  /** What queued the key. */
  readonly trigger: string;
  /** When the key was added. */
  readonly queued: number;
  /** When its delay or back-off has passed; in the future while it lasts. */
  readonly ready: number;
}

interface BegunPass extends OpenWait {
  readonly worker: number;
  /** 1, or one more for each requeue or error in a row before it. */
  readonly attempt: number;
  /** When a worker took it: `queued`, `ready` and `started` part three different waits. */
  readonly started: number;
}

/** A pass that had not ended yet, with what it had done until then. */
export interface OpenPass extends BegunPass {
  readonly ended?: never;
  /** Only the last has no end. */
  readonly phases: readonly (TracePhase | OpenPhase)[];
  /** Only the last may have no end. */
  readonly requests: readonly (TraceRequest | OpenRequest)[];
}

export interface PassEvent extends BegunPass {
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

export interface OpenPhase {
  readonly name: string;
  readonly started: number;
  readonly ended?: never;
}

/** A request in flight, or still held back by the client-side limiter. */
export interface OpenRequest {
  readonly to: 'kubernetes' | 'actions';
  readonly verb: string;
  /** Plural name with `/status` for that subresource, or the Actions service's operation. */
  readonly resource: string;
  readonly name: string;
  /** Part of the time that the client-side limiter held the request back, at its beginning. */
  readonly throttled: number;
  readonly started: number;
  readonly ended?: never;
}

export interface TraceRequest extends Omit<OpenRequest, 'ended'> {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly ended: number;
  /** Why the request was refused or got no answer, in the server's words, cleared of credentials. */
  readonly message?: string;
}

/** `ready` is a pod that runs and whose condition Ready is true. */
export const POD_STATES = ['none', 'created', 'pending', 'running', 'ready', 'succeeded', 'failed', 'deleted'] as const;
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
  /** What the pod waits for, or how the last one failed; absent while nothing is wrong. */
  readonly trouble?: PodTrouble;
  /** How many of its pods ARC has counted as failed; absent for none. */
  readonly failures?: number;
}

/** Why a runner is where it is, besides its phase. */
export type RunnerWhy = Pick<RunnerEvent, 'reason' | 'message' | 'trouble' | 'failures'>;

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

/** Completed events. */
export type TraceEvent = PassEvent | RunnerEvent;

/** The last line: what has no end had not ended by then. */
export interface EndEvent {
  readonly type: 'end';
  readonly at: number;
}

export type TraceLine = TraceHeader | TraceEvent | OpenPass | OpenWait | EndEvent;
