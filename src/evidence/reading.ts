import type { ApiObject, EphemeralRunner, KubernetesEvent, Pod, Workload } from '../kubernetes/types.ts';
import type { FailedPasses } from './failed-passes.ts';
import { noPairs, type JitPairs } from './filtered.ts';
import type { ListenerHistory } from './listener-history.ts';
import type { Ref } from './log-record.ts';
import type { Doing } from './messages.ts';
import { newProcess, type Process, type ReleaseFacts } from './process.ts';
import type { RunnerHistory } from './runner-history.ts';
import { Runners } from './runners.ts';
import type { Repeated, Seen } from './seen.ts';
import type { ListenerWait } from './listener-wait.ts';
import type { VersionDeletion } from './version-deletion.ts';
import type { WayLines } from './way-lines.ts';

/** A call of the HTTP client that was sent again or failed; from its line to the one that reports its end. */
export interface ServiceCall {
  readonly started: Seen;
  /** It began before the log did, at an unknown time before `started`. */
  readonly isCut: boolean;
  readonly verb: string;
  /** What was called, without host and query. */
  readonly path: string;
  readonly runnerId: number | undefined;
  ended: Seen | undefined;
  failures: number;
  error: string;
  /** How long the client waited before it tried again, all together. */
  waitedUs: number;
}

/** A step that held a worker for long. */
export interface LongStep {
  readonly runner: RunnerHistory;
  readonly doing: Doing;
  readonly from: Seen;
  /** Undefined where the log ends before the step does. */
  readonly until: Seen | undefined;
  readonly error: string;
}

/** A call to the service that the controller of scale sets makes, from the line before it to the next line of that controller. */
export interface ScaleSetCall {
  readonly name: string;
  readonly does: 'delete' | 'create' | 'update';
  readonly from: Seen;
  /** Undefined while it goes on. */
  until: Seen | undefined;
}

export interface SetHistory {
  readonly name: string;
  readonly namespace: string;
  desired: number | undefined;
  current: number | undefined;
  /** The last line that compares the two. */
  compared: Seen | undefined;
  /** Since when it has wanted more than it has and made none; undefined where it has what it wants. */
  shortSince: Seen | undefined;
  counts: { readonly at: Seen; readonly of: Readonly<Record<string, number>> } | undefined;
  outdated: Repeated | undefined;
}

/** The last thing a listener decided. */
interface Decision extends Seen {
  readonly assigned: number;
  readonly decision: number;
  readonly min: number;
  readonly max: number;
  readonly current: number;
  /** Since when it is the same. */
  readonly since: Seen;
  readonly times: number;
}

interface Uncounted {
  readonly first: Seen;
  readonly messages: number;
  readonly decision: Seen;
  readonly counted: number;
}

/** A stretch without a line of the EphemeralRunner controller. */
interface Silence {
  readonly from: Seen;
  readonly until: Seen;
}

/** A stretch in which lines are missing, and what shows it; where nothing does, they were not read. */
export interface Hole extends Silence {
  readonly shownBy?: 'break' | 'jump' | 'runners';
}

/** A scale set's counters. */
export interface ScaleSet extends ApiObject {
  readonly spec?: { readonly replicas?: number; readonly minRunners?: number; readonly maxRunners?: number };
  readonly status?: Readonly<Record<string, unknown>>;
}

/** A set's controller begins to make runners: this many at once. */
interface ScaleUp extends Seen {
  readonly runners: number;
}

/** A limit on what a namespace may hold. */
export interface Quota extends ApiObject {
  readonly spec?: { readonly hard?: Readonly<Record<string, unknown>> };
  readonly status?: { readonly used?: Readonly<Record<string, unknown>> };
}

/** The object that a listener's pod is made for. */
export interface ListenerObject extends ApiObject {
  readonly spec?: { readonly autoscalingRunnerSetName?: string; readonly autoscalingRunnerSetNamespace?: string };
}

/** An object with the line that names it. */
export interface Found<T extends ApiObject> {
  readonly object: T;
  readonly seen: Seen;
  /** The line of its phase; that of its name where it has none. */
  readonly phaseSeen: Seen;
}

/** What `kubectl get -o yaml` or `-o json` printed: what is there, at one moment. */
interface Objects {
  readonly runners: Found<EphemeralRunner>[];
  /** By namespace and name. */
  readonly pods: Map<string, Found<Pod>>;
  readonly sets: Found<ScaleSet>[];
  readonly quotas: Found<Quota>[];
  readonly listeners: Found<ListenerObject>[];
  /** Deployments of ARC's controllers. */
  readonly controllers: Found<Workload>[];
  count: number;
  /** The latest time that any of them names: it was printed then or later. */
  latestUs: number;
}

/** A value out of the controller's metrics. */
export interface Metric {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly seen: Seen;
}

/** What kubelet and scheduler said of a pod, or others of an object of ARC's. */
export interface ObjectEvents {
  readonly name: string;
  readonly namespace: string;
  readonly events: KubernetesEvent[];
  readonly seen: Seen;
}

/** By kind of object and whole second since 1970. */
type RequestCounts = Readonly<Record<'secrets' | 'ephemeralrunners', Map<number, number>>>;

/** The end of a program by Go's own hand. */
export interface Crash {
  readonly text: string;
  readonly at: Seen;
  /** Whether a listener's; a controller's otherwise. */
  readonly isListeners: boolean;
}

/** All that was read, before anything is concluded. */
export interface Reading extends ReleaseFacts {
  readonly runners: Runners;
  readonly sets: Map<string, SetHistory>;
  readonly scaleUps: ScaleUp[];
  readonly calls: ServiceCall[];
  readonly longSteps: LongStep[];
  /** Long ones, and as the last the one that goes on. */
  readonly scaleSetCalls: ScaleSetCall[];
  /** What scale sets and listeners that are being deleted wait for, by kind, namespace and name; the text is what it is. */
  readonly deletionWaits: Map<string, Repeated>;
  /** By scale set, each listener that was made for it. */
  readonly listenersMade: Map<string, Repeated>;
  /** By listener, each pod that was made for it because what that depends on has changed. */
  readonly listenersRemade: Map<string, Repeated>;
  /** Runners that their set does not remove because they are not registered, by namespace and name. */
  readonly unregistered: Map<string, Repeated>;
  /** By listener, the last stretch in which its pod was not ready. */
  readonly listenersNotReady: Map<string, Repeated>;
  /** Scale sets that are deleted for their version label, by namespace and name. */
  readonly versionDeletions: Map<string, VersionDeletion>;
  /** Scale sets whose listener waits for their runners to end, by namespace and name: the last such wait. */
  readonly listenerWaits: Map<string, ListenerWait>;
  /** Whose name the service knows as that of a runner of another scale set, and the id of that. */
  readonly nameHolders: Map<RunnerHistory, number>;
  readonly silences: Silence[];
  /** Passes that failed by kind and object, `EphemeralRunnerSet ci/lark`, where no runner is meant. */
  readonly otherErrors: Map<string, FailedPasses>;
  /** Scale sets that are being deleted, each as `AutoscalingRunnerSet namespace/name`. */
  readonly deleting: Set<string>;
  /** Errors that no pass ended with, by what reported them: a controller, the listener, a runner's container. */
  readonly reportedErrors: Map<string, Repeated>;
  /** Lists that the controller's client does not get, by kind of object. */
  readonly failedLists: Map<string, Repeated>;
  /** Lines of a controller that are cut before the name of what they are about. */
  cutBeforeName: number;
  /** Whether a line is a controller's, whatever it is about. */
  isController: boolean;
  /** Whether the logs are read while they are written: their end is now. */
  isLive: boolean;
  /** The files whose last line was written first. */
  readonly newestFirst: Set<number>;
  /** Whether a store has changed the order of lines within a second: how long a call took in one is not known. */
  isShuffled: boolean;
  /** Lines of the steps on the way to a pod, of all runners. */
  readonly wayLines: WayLines;
  /** Kinds of objects that the user of a cluster may not list: that none is there says nothing. */
  hidden: ReadonlySet<string>;
  /** Whose log it is where that is not ARC's: the beginning of a sentence. */
  stranger: string | undefined;
  /** What the process said of itself that matters: a lost lease, a panic. */
  readonly processEvents: {
    readonly text: string;
    readonly at: Seen;
    /** What the pass was about that panicked, where it was one. */
    readonly panicOf?: string | undefined;
  }[];
  readonly crashes: Crash[];
  readonly objects: Objects;
  /** By name and labels. */
  readonly metrics: Map<string, Metric>;
  /** By namespace and name of the pod. */
  readonly podEvents: Map<string, ObjectEvents>;
  /** The line of each event. */
  readonly eventLines: WeakMap<KubernetesEvent, Seen>;
  /** Events about claims of volumes, by their namespace and name. */
  readonly claimEvents: Map<string, ObjectEvents>;
  /** Events about nodes, by their names. */
  readonly nodeEvents: Map<string, ObjectEvents>;
  /** Events about objects of ARC's kinds, by kind, namespace and name. */
  readonly arcEvents: Map<string, ObjectEvents & { readonly kind: string }>;
  /** What else was understood: rows of tables. */
  others: number;
  readonly throttled: { count: number; totalUs: number; first: Seen | undefined; longestUs: number };
  lastVersion: string;
  /** The pods that prefixes of lines name, with their first line about a runner and the time of their last one. */
  readonly writers: { readonly pod: string; readonly first: Seen; readonly lastUs: number }[];
  /** In the order of the lines; there is always one. */
  readonly processes: [Process, ...Process[]];
  /** The last of them: the one whose lines are being read. */
  process: Process;
  /** By the file that each listener writes. */
  readonly listeners: Map<number, ListenerHistory>;
  /** Ends of listeners that their controller has seen, by namespace and name of the pod. */
  readonly listenerEnds: Map<string, Repeated>;
  decision: Decision | undefined;
  /** Messages on assigned jobs since the last decision, and how many jobs the statistics beside them count as assigned. */
  readonly assignments: { count: number; first: Seen | undefined; counted: number | undefined };
  /** A decision that counts fewer jobs than messages have assigned, until a later one counts as many. */
  uncounted: Uncounted | undefined;
  /** Requests that lines stand for, by kind of object and whole second since 1970. */
  readonly requests: RequestCounts;
  /** Lines of the controllers above those of runners and their sets, by whole second since 1970: they share the client. */
  readonly linesAbove: Map<number, number>;
  /** The same by the API server's audit log, where that was given: it has all of them. */
  readonly audited: RequestCounts;
  /** Stretches in which lines are missing. */
  readonly holes: Hole[];
  /** The last long stretch without a line of a controller. */
  gap: Silence | undefined;
  readonly jitPairs: JitPairs;
  /** Lines that cannot follow those before them. */
  breaks: number;
  lastControllerLine: Seen | undefined;
  /** Lines about runners that say that a step begins, before any that says something else; whether there is such a one; pods made. */
  readonly steps: { begun: number; hasOthers: boolean; podsMade: number };
  /** Runners whose set has made them several times: somebody has replaced names. */
  readonly madeTwice: Set<RunnerHistory>;
  /** Lines of controllers, and those of them that are older than the one before. */
  lines: number;
  readonly backward: { count: number; first: Seen | undefined };
  /** The last line of the EphemeralRunner controller. */
  lastRunnerLine: Seen | undefined;
  /** Since when its lines have followed one another; before, its workers were idle. */
  busySinceUs: number;
  /** When a listener last asked for a message. */
  askedUs: number;
  /** The earliest line of all files. */
  first: Seen | undefined;
  /** The time of the latest line of all files. */
  latestUs: number;
  /** The line that was read last. */
  last: Seen | undefined;
  /** Of all clocks that were read, the coarsest. */
  coarsestUs: number;
}

export function emptyReading(): Reading {
  const process = newProcess(undefined);
  return {
    runners: new Runners(),
    sets: new Map(),
    scaleUps: [],
    calls: [],
    longSteps: [],
    scaleSetCalls: [],
    deletionWaits: new Map(),
    listenersMade: new Map(),
    listenersRemade: new Map(),
    unregistered: new Map(),
    listenersNotReady: new Map(),
    versionDeletions: new Map(),
    listenerWaits: new Map(),
    nameHolders: new Map(),
    silences: [],
    otherErrors: new Map(),
    deleting: new Set(),
    reportedErrors: new Map(),
    failedLists: new Map(),
    cutBeforeName: 0,
    isController: false,
    isLive: false,
    newestFirst: new Set(),
    isShuffled: false,
    wayLines: new Map(),
    hidden: new Set(),
    stranger: undefined,
    processEvents: [],
    crashes: [],
    objects: {
      runners: [],
      pods: new Map(),
      sets: [],
      quotas: [],
      listeners: [],
      controllers: [],
      count: 0,
      latestUs: 0,
    },
    metrics: new Map(),
    podEvents: new Map(),
    eventLines: new WeakMap(),
    claimEvents: new Map(),
    nodeEvents: new Map(),
    arcEvents: new Map(),
    others: 0,
    throttled: { count: 0, totalUs: 0, first: undefined, longestUs: 0 },
    versions: new Map(),
    lastVersion: '',
    releaseRange: [0, Number.POSITIVE_INFINITY],
    turns: 0,
    writers: [],
    processes: [process],
    process,
    listeners: new Map(),
    listenerEnds: new Map(),
    decision: undefined,
    assignments: { count: 0, first: undefined, counted: undefined },
    uncounted: undefined,
    requests: { secrets: new Map(), ephemeralrunners: new Map() },
    linesAbove: new Map(),
    audited: { secrets: new Map(), ephemeralrunners: new Map() },
    holes: [],
    gap: undefined,
    jitPairs: noPairs(),
    breaks: 0,
    steps: { begun: 0, hasOthers: false, podsMade: 0 },
    madeTwice: new Set(),
    lastControllerLine: undefined,
    lines: 0,
    backward: { count: 0, first: undefined },
    lastRunnerLine: undefined,
    busySinceUs: Number.NEGATIVE_INFINITY,
    askedUs: Number.NEGATIVE_INFINITY,
    first: undefined,
    latestUs: Number.NEGATIVE_INFINITY,
    last: undefined,
    coarsestUs: 0,
  };
}

/** Whether one line of a file was written after another, whichever stands first. */
export function isLaterLine({ newestFirst }: Reading, line: Ref, other: Ref): boolean {
  return newestFirst.has(line.source) ? line.line < other.line : line.line > other.line;
}

/** Namespace and name, as objects and runners are kept. */
export function keyOf({ metadata }: ApiObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

export function countRequests(requests: RequestCounts, kind: keyof RequestCounts, { at }: Seen, count: number): void {
  countSecond(requests[kind], at.us, count);
}

/** Adds to what is counted by whole second. */
export function countSecond(counts: Map<number, number>, us: number, count: number): void {
  const second = Math.floor(us / 1e6);
  counts.set(second, (counts.get(second) ?? 0) + count);
}
