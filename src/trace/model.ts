/**
 * The trace: what a controller did, one event a line (JSON Lines), a header first. Times are whole microseconds since
 * the trace's start. media/arctrace.schema.json describes the same to other tools.
 *
 * A field that is absent is not known. Only the type, the object of an event and the times that make it one are always
 * there: what an object event says is true at `at`, a request has a beginning or an end, a pass has either too, or else it
 * is a wait that no pass had served. What has not ended when the trace ends has no end in it, and an `end` event says until
 * when that is known. A file may hold several traces, each with its header.
 */
export interface TraceHeader {
  readonly type: 'header';
  readonly version: 2;
  /** Wall-clock time of microsecond 0, RFC 3339. */
  readonly start: string;
  /** Which release of ARC the controller is. */
  readonly release?: string;
  /** Where the events come from. */
  readonly sources: readonly TraceSource[];
  readonly settings: Readonly<Record<string, unknown>>;
  /** Where timelines begin: when the first runner was asked for. Left out, it is when the first was seen. */
  readonly origin?: number;
}

export interface TraceSource {
  /** `embedded`, `remote`, `shadow`, or the kind of a log, for example `controller-log`. */
  readonly kind: string;
  readonly file?: string;
  /** How coarse its clock is, in microseconds. */
  readonly resolutionUs?: number;
}

/** How an event is known: our own engine did it, a line or an audit event says so, or it follows from others. */
export const BASES = ['run', 'seen', 'inferred'] as const;
export type Basis = (typeof BASES)[number];

/** `unknown` is a pass that has ended, nobody says how. */
export const RESULTS = ['done', 'requeue', 'requeue-after', 'error', 'unknown'] as const;
export type PassResult = (typeof RESULTS)[number];

/** A wait that no pass had served yet. At least one of its times is known. */
export interface OpenWait {
  readonly type: 'pass';
  readonly id?: string;
  readonly controller?: string;
  /** namespace/name of what is reconciled */
  readonly object: string;
  /** What queued the key. */
  readonly trigger?: string;
  /** When the key was added. */
  readonly queued?: number;
  /** When its delay or back-off has passed; in the future while it lasts. */
  readonly ready?: number;
  readonly started?: never;
  readonly ended?: never;
  readonly basis?: Basis;
}

/** What there is of every pass: `queued`, `ready` and `started` part three different waits. */
interface Begun extends Omit<OpenWait, 'started' | 'ended'> {
  readonly worker?: number;
  /** 1, or one more for each requeue or error in a row before it. */
  readonly attempt?: number;
  readonly phases?: readonly TracePhase[];
  readonly requests?: readonly TraceRequest[];
}

/** A pass that had not ended yet, with what it had done until then. */
export interface OpenPass extends Begun {
  /** When a worker took it. */
  readonly started: number;
  readonly ended?: never;
}

export interface PassEvent extends Begun {
  readonly started?: number;
  readonly ended: number;
  readonly result: PassResult;
  /** Delay asked for by requeue-after. */
  readonly after?: number;
  /** Null where it is known that there was none. */
  readonly error?: string | null;
}

export interface TracePhase {
  readonly name: string;
  readonly started: number;
  readonly ended?: number;
}

/** A request, with at least one of its times. One without an end had not been answered, or nobody says when it was. */
export interface TraceRequest {
  readonly to?: 'kubernetes' | 'actions';
  readonly verb?: string;
  /** Plural name with `/status` for that subresource, or the Actions service's operation. */
  readonly resource?: string;
  /** What it is about, namespace/name; a name alone where there is no namespace. */
  readonly object?: string;
  /** HTTP status; 0 when no answer came. */
  readonly status?: number;
  /** Why the request was refused or got no answer, in the server's words, cleared of credentials. */
  readonly message?: string;
  /** Part of the time that the client-side limiter held the request back, at its beginning. */
  readonly throttled?: number;
  /** Part of the time, after that, that its pass waited for the lock of the Actions client. */
  readonly locked?: number;
  readonly started?: number;
  readonly ended?: number;
  /** Absent in a pass: that of the pass. */
  readonly basis?: Basis;
}

/** A request on its own: of no pass, or of one that is known by its id alone. */
export interface RequestEvent extends TraceRequest {
  readonly type: 'request';
  readonly pass?: string;
  /** The listener that sent it, namespace/name of its pod. */
  readonly listener?: string;
}

/** `ready` is a pod that runs and whose condition Ready is true. */
export const POD_STATES = ['none', 'created', 'pending', 'running', 'ready', 'succeeded', 'failed', 'deleted'] as const;
export type PodState = (typeof POD_STATES)[number];

/** The kind of object that most lanes are of. */
export const RUNNER_KIND = 'EphemeralRunner';

/**
 * The kind of a scale set's listener, the program, under the name of its pod. What it decides are its `replicas` and
 * `patchID`, and `assigned` is what it decides by.
 */
export const LISTENER_KIND = 'Listener';

/** The kind of a set of runners. */
export const SET_KIND = 'EphemeralRunnerSet';

/** The kind of a job of the Actions service; its phase is `queued`, `running` or `completed`, its message names the runner. */
export const JOB_KIND = 'Job';

/** What is known of an object at a time. What the event leaves out it says nothing about. */
export interface ObjectEvent {
  readonly type: 'object';
  readonly kind?: string;
  /** namespace/name */
  readonly object: string;
  readonly at: number;
  /** It came to be so between `at` and then. */
  readonly until?: number;
  /** Its phase, empty before it has one. */
  readonly phase?: string;
  /** 0 before there is one. */
  readonly runnerId?: number;
  readonly pod?: PodState;
  /** Whether the object is gone. */
  readonly deleted?: boolean;
  readonly node?: string;
  readonly job?: string;
  /** namespace/name of the AutoscalingRunnerSet to which a job, a listener's object or a set of runners belongs. */
  readonly scaleSet?: string;
  readonly replicas?: number;
  readonly patchID?: number;
  /** Of a listener's decision: the jobs that the service had assigned to its scale set. */
  readonly assigned?: number;
  /** Its `status.reason` and `status.message`, where they are not empty. */
  readonly reason?: string;
  readonly message?: string;
  /** What the pod waits for, or how the last one failed; absent while nothing is wrong. */
  readonly trouble?: PodTrouble;
  /** How many of its pods ARC has counted as failed; absent for none. */
  readonly failures?: number;
  readonly basis?: Basis;
}

/** Why a runner is where it is, besides its phase. */
export type RunnerWhy = Pick<ObjectEvent, 'reason' | 'message' | 'trouble' | 'failures'>;

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

export const MARKS = ['controller-started', 'leader-changed', 'gap', 'fault', 'sampled'] as const;

/** Something that concerns the whole trace. */
export interface MarkEvent {
  readonly type: 'mark';
  readonly at: number;
  /** Of a gap: until when it lasted. */
  readonly until?: number;
  readonly what?: (typeof MARKS)[number];
  readonly text?: string;
  readonly basis?: Basis;
}

/** Where something was read: a line of one of the header's sources. */
export interface LineEvent {
  readonly type: 'line';
  /** Number of the source in the header, from 0. */
  readonly source?: number;
  /** Number of the line, from 1. */
  readonly line?: number;
  /** Id of the pass that it is about. */
  readonly pass?: string;
}

/** Completed events. */
export type TraceEvent = PassEvent | RequestEvent | ObjectEvent | MarkEvent | LineEvent;

/** The last line: what has no end had not ended by then. */
interface EndEvent {
  readonly type: 'end';
  readonly at: number;
}

export type TraceLine = TraceHeader | TraceEvent | OpenPass | OpenWait | EndEvent;
