import { formatDuration } from '../base/duration.ts';
import type { Address } from '../base/address.ts';
import type { Rest } from '../model/rest.ts';
import type { Load, RunTarget } from '../run/run-target.ts';
import type { RunSession } from '../run/session.ts';
import type { ShownRun } from '../watch/watch-session.ts';
import { sourceOf as headerSource } from '../trace/header.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { eraOf } from '../explain/release-words.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import type { RunSettings } from '../run/settings.ts';
import type { SessionInfo } from '../protocol.ts';
import { blindTimes } from '../timeline/blind-times.ts';
import { aboutTrace, setupOf } from '../timeline/caption.ts';

/** One session as the extension shows it: live, or ended with its trace kept. */
export interface ShownSession {
  readonly id: string;
  readonly name: string;
  readonly settings: RunSettings;
  readonly target: RunTarget;
  readonly load: Load | undefined;
  readonly run: ShownRun;
  /** Where its metrics are served, if they are. */
  readonly metrics: Address | undefined;
  readonly startedMs: number;
  /** Nothing happens any more: the controller has been stopped, or nothing is left to do on the embedded cluster. */
  ended: boolean;
  /** The controller has been stopped: nothing can be asked of the session any more. */
  stopped: boolean;
  /** What a session on the embedded cluster has come to; undefined while something is scheduled there. */
  rest: Rest | undefined;
  /** The session's time when it last ended or came to rest. */
  endedUs: number;
  /** Of the first session of a comparison: why its versions differ, in sentences; undefined before that was asked. */
  why?: readonly string[];
}

/** Sessions that were started together and share a timeline: one, or one for each mode that is compared. */
export interface Run {
  readonly id: string;
  readonly name: string;
  readonly sessions: readonly ShownSession[];
}

/** What a timeline shows: a session, or a trace that was read from a file. */
export interface TimelineSource {
  readonly info: SessionInfo;
  readonly trace: TraceLog;
  readonly session: ShownSession | undefined;
  /** What was found in the logs that the trace was made from: it is said instead of what the bars show. */
  readonly verdict?: string;
  /** Shows a line of these logs; the source is a place among the trace's. */
  readonly openLine?: (source: number, line: number) => void;
}

export function sourceOf(session: ShownSession): TimelineSource {
  return { info: infoOf(session), trace: session.run.trace, session };
}

export function infoOf({ id, name, settings, target, ended, stopped, run }: ShownSession): SessionInfo {
  const { originUs, trace } = run;
  const kind = sessionKindOf(target);
  const { mode } = settings;
  const source = headerSource(trace.header);
  const [about, setup] = [aboutTrace(trace, originUs), setupOf(trace)];
  const polls = ended && !stopped && run.hasJobs;
  return {
    id,
    name,
    mode,
    kind,
    source,
    ...modeInfo(mode),
    live: !ended,
    polls,
    originUs,
    about,
    setup,
    ...blindOf(run),
  };
}

function sessionKindOf(target: RunTarget): SessionInfo['kind'] {
  if (target.kind === 'embedded') return 'embedded';
  if (target.watches === true) return 'watch';
  return target.apply ? 'apply' : 'shadow';
}

/** When the cluster could not be seen; no field where it always could. */
function blindOf({ trace, blindSinceUs }: Pick<RunSession, 'trace'> & Partial<RunSession>): Pick<SessionInfo, 'blind'> {
  const blind = blindTimes(trace, blindSinceUs);
  return blind.length === 0 ? {} : { blind };
}

/** A mode keeps its colour from run to run, in the tree and in timelines. */
export function colourOf(mode: string): number {
  return RELEASES.position(mode);
}

/** What a timeline knows of a mode in addition to its name. */
export function modeInfo(mode: string): Pick<SessionInfo, 'colour' | 'era' | 'order'> {
  return { colour: colourOf(mode), era: eraOf(mode), order: RELEASES.position(mode) };
}

/** A trace as a timeline shows it when nothing runs behind it. */
export function traceSource(id: string, name: string, trace: TraceLog, verdict?: string): TimelineSource {
  const { release: mode = '' } = trace.header;
  const source = headerSource(trace.header);
  const { originUs } = trace;
  const [about, setup] = [aboutTrace(trace, originUs), setupOf(trace)];
  const shown = { ...modeInfo(mode), live: false, originUs, about, setup, ...blindOf({ trace }) };
  const info: SessionInfo = { id, name, mode, kind: kindOf(trace), source, ...shown };
  return { info, trace, session: undefined, ...(verdict === undefined ? {} : { verdict }) };
}

/** Of a trace that nothing runs behind: what was recorded in shadow still says so. */
export function kindOf({ header }: TraceLog): SessionInfo['kind'] {
  return headerSource(header) === 'shadow' ? 'shadow' : 'trace';
}

/** The session's time: what has no end reaches to it. 0 for a trace that does not say when it ended. */
export function timeOf({ session, trace }: TimelineSource): number {
  if (session === undefined) return trace.endedUs ?? 0;
  return trace.endedUs ?? (session.ended ? session.endedUs : session.run.nowUs());
}

/** The cluster cannot be reached; it is tried again until it can. */
export function isOutOfReach({ ended, run }: ShownSession): boolean {
  return !ended && run.connection.state === 'lost';
}

/** When a session ended, counted from its first runner. Nobody needs it finer than a tenth of a second, or a second. */
export function endedAfter({ endedUs, run }: Pick<ShownSession, 'endedUs' | 'run'>): string {
  const us = Math.max(0, endedUs - run.originUs);
  if (us >= 60_000_000) return formatDuration(us);
  return us < 10_000_000 ? `${(us / 1e6).toFixed(1)} s` : `${Math.round(us / 1e6)} s`;
}
