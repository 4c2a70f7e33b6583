import type { Address } from '../base/address.ts';
import type { SessionTarget } from '../lab/session.ts';
import type { LabSession } from '../lab/session.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import type { LabSettings } from '../lab/settings.ts';
import type { SessionInfo } from '../protocol.ts';

export interface ServedMetrics extends Address {
  close(): void;
}

/** One session as the extension shows it: live, or ended with its trace kept. */
export interface ShownSession {
  readonly id: string;
  readonly name: string;
  readonly settings: LabSettings;
  readonly target: SessionTarget;
  readonly lab: LabSession;
  /** Where its metrics are served, if they are. */
  readonly metrics: ServedMetrics | undefined;
  /** Set when the controller has been stopped. */
  ended: boolean;
  /** The last time that a list or watch failed; it is tried again until it works. */
  trouble: { readonly text: string; readonly atMs: number } | undefined;
}

/** Sessions that were started together and share a timeline: one, or old and new. */
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
}

export function sourceOf(session: ShownSession): TimelineSource {
  return { info: infoOf(session), trace: session.lab.trace, session };
}

export function infoOf({ id, name, settings, target, ended, lab }: ShownSession): SessionInfo {
  const { originUs, trace } = lab;
  const kind = target.kind === 'embedded' ? 'embedded' : target.apply ? 'apply' : 'shadow';
  const { mode } = settings;
  const { source } = trace.header;
  return { id, name, mode, kind, source, colour: colourOf(mode), live: !ended, originUs };
}

/** A mode keeps its colour from run to run, in the tree and in timelines. */
export function colourOf(mode: string): number {
  return mode === 'old' ? 0 : 1;
}

/** A trace as a timeline shows it when nothing runs behind it. */
export function traceSource(id: string, name: string, trace: TraceLog): TimelineSource {
  const { mode, source } = trace.header;
  const info: SessionInfo = { id, name, mode, kind: 'trace', source, colour: colourOf(mode), live: false, originUs: 0 };
  return { info, trace, session: undefined };
}
