import type { Seen } from './seen.ts';

/** What tells a release: versions that lines name, and what the messages allow. */
export interface ReleaseFacts {
  /** Versions that lines name, in the order in which they came. */
  readonly versions: Map<string, Seen>;
  /** The range of published versions that the messages allow, as indexes of VERSIONS. */
  releaseRange: [number, number];
  /** How often the messages have turned to another range. */
  turns: number;
}

/** One controller process: its lines go from its start, or the first line, to the start of the next. */
export interface Process extends ReleaseFacts {
  /** Its first line, where the log shows its start. */
  readonly start: Seen | undefined;
  workers: { readonly count: number; readonly at: Seen } | undefined;
  /** JIT calls that are going on, and the most that did at once. */
  jitCallsOpen: number;
  mostJitCallsAtOnce: number;
  /** How many lines show that the process before it went on: an end of what that one had begun, more calls than workers. */
  foreign: number;
  /** The last line of the controller before it, and whether that one said that it ends. */
  readonly before: Seen | undefined;
  readonly isSucceeding: boolean;
  /** Its first line that says that it ends. */
  stopping: Seen | undefined;
  /** The one that wrote until it started. */
  readonly earlier: Process | undefined;
  /** Whether it waits to be the leader: until then it works on nothing. */
  waitsForLease: boolean;
  /** Its first and last lines about runners. */
  firstRunnerLine: Seen | undefined;
  lastRunnerLine: Seen | undefined;
}

/** @param before the controller that wrote until then, and its last line */
export function newProcess(start: Seen | undefined, before?: { last: Seen | undefined; process: Process }): Process {
  return {
    start,
    workers: undefined,
    jitCallsOpen: 0,
    mostJitCallsAtOnce: 0,
    foreign: 0,
    before: before?.last,
    isSucceeding: before?.process.stopping !== undefined,
    stopping: undefined,
    earlier: before?.process,
    waitsForLease: false,
    firstRunnerLine: undefined,
    lastRunnerLine: undefined,
    versions: new Map(),
    releaseRange: [0, Number.POSITIVE_INFINITY],
    turns: 0,
  };
}
