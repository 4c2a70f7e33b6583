import type { ChainLink } from './analysis/chain-links.ts';
import type { CriticalPath } from './analysis/critical-path.ts';
import type { BlindTime } from './timeline/blind-times.ts';
import type { LaneBy } from './timeline/arrangement.ts';
import type { FeedUpdate } from './timeline/bar-feed.ts';
import type { LaneScale } from './timeline/rows.ts';
import type { OpenPass, PassEvent } from './trace/model.ts';

export type { ChainLink, ChainPlace } from './analysis/chain-links.ts';
export type { CriticalPath, PathLink } from './analysis/critical-path.ts';
export type { WaitCause, WaitPart } from './analysis/wait-parts.ts';
export type { TraceRequest } from './trace/model.ts';

/** `apply` writes to a real cluster; `trace` is a file, or a run that has been kept. */
export type SessionKind = 'embedded' | 'shadow' | 'apply' | 'watch' | 'trace';

/** A run as the page shows it: one group of lanes. */
export interface SessionInfo {
  readonly id: string;
  /** For example `embedded 1`. */
  readonly name: string;
  readonly mode: string;
  /** Where the mode lies in ARC's history, in words; empty where that is not known. */
  readonly era: string;
  /** Place of the mode among those there are: of several sessions the one with the lowest is what others are compared with. */
  readonly order: number;
  /** What the session does to a cluster: nothing is shown as harmless that writes. */
  readonly kind: SessionKind;
  /** `embedded`, `shadow`, `remote`, or where a trace came from. */
  readonly source: string;
  /** Number of the session's colour, from 0. */
  readonly colour: number;
  readonly live: boolean;
  /** It has come to rest, and its listener goes on polling for jobs. */
  readonly polls?: boolean;
  /** Where the session's time begins when several are laid one upon the other. */
  readonly originUs: number;
  /** Its settings and when it was started, in words, for pictures of it. */
  readonly about?: string;
  /** All that is known of how it was set up but the mode: sessions that differ in it differ in more than their modes. */
  readonly setup?: string;
  /** When what the cluster did could not be seen, in the session's time. */
  readonly blind?: readonly BlindTime[];
}

/** What the detail panel tells about a pass. */
export interface PassDetail {
  readonly number: number;
  readonly mode: string;
  readonly ofRunner: { readonly index: number; readonly count: number };
  /** What it has done so far, where it has not ended. */
  readonly event: PassEvent | OpenPass;
  /** The session's time when this is sent: a pass that has not ended has lasted until then. */
  readonly nowUs: number;
  /** Sentences that say why the pass came when it came. */
  readonly why: readonly string[];
  /** From a request of this pass to the moment at which the pass that it caused was queued. */
  readonly arrows: readonly { readonly fromUs: number; readonly toUs: number }[];
  /** Of a runner's pass: what brought the runner about and led to its pod, across the lanes. */
  readonly links: readonly ChainLink[];
  readonly hasManifest: boolean;
  /** The lines of logs that are about it, by the number of the log among the trace's sources. */
  readonly lines: readonly LogLine[];
}

/** A line of a log that can be opened. */
export interface LogLine {
  readonly source: number;
  readonly line: number;
  /** `controller.log:4711` */
  readonly name: string;
}

/** What a runner waits for or failed of, or how it is with what lies above runners, for the detail panel. */
export interface RunnerDetail {
  /** namespace/name */
  readonly runner: string;
  /** Of what has the name; a runner where it is left out. */
  readonly kind?: string;
  /** What brought the runner about and led to its pod, across the lanes. */
  readonly links?: readonly ChainLink[];
  readonly state: string;
  /** What happened, in one sentence. */
  readonly happened: string;
  /** When that began, in the session's time; undefined where it is not known. */
  readonly sinceUs: number | undefined;
  /** What to do about it; empty when nothing is wrong. */
  readonly advice: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
}

/** A banner above the bars: a session writes to a cluster, a connection is lost. */
export interface Notice {
  readonly id: string;
  readonly severity: 'info' | 'warning' | 'error';
  readonly text: string;
  /** Buttons: the id is the command that is run, with the notice's id; a click sends `action` with both ids. */
  readonly actions: readonly { readonly id: string; readonly label: string }[];
}

/** Something that a session reconciles, at a time of the session. */
export interface ObjectMoment {
  /** namespace/name */
  readonly object: string;
  readonly kind: string;
  readonly atUs: number;
}

/** The same with what is to be said of it. */
export interface MarkedMoment extends ObjectMoment {
  readonly text: string;
}

/** Where a debugger stands in a session; its text says what happens next there. */
export interface DebugCursor extends MarkedMoment {
  /** Where breakpoints were hit. */
  readonly hits: readonly ObjectMoment[];
}

/** What the tree's filter leaves of a session. */
export interface ShownRunners {
  /** Part of their names, in small letters; empty for any. */
  readonly text: string;
  /** namespace/name of all of them, where they are filtered by more than their names. */
  readonly runners: readonly string[] | undefined;
}

export type HostMessage =
  | { readonly type: 'reset'; readonly title: string }
  | { readonly type: 'session'; readonly session: SessionInfo }
  | (FeedUpdate & {
      readonly type: 'bars';
      readonly session: string;
      /** The session's time; what has no end reaches to it. */
      readonly nowUs: number;
    })
  | { readonly type: 'loaded' }
  | { readonly type: 'detail'; readonly session: string; readonly detail: PassDetail }
  | { readonly type: 'runner'; readonly session: string; readonly detail: RunnerDetail }
  /** What held the runner that was asked for, itself or by one of its passes; it comes after these. */
  | { readonly type: 'path'; readonly session: string; readonly path: CriticalPath }
  /** One sentence above the bars that says what the picture shows; empty for none. */
  | { readonly type: 'headline'; readonly text: string }
  /** All banners there are now, in place of those before. */
  | { readonly type: 'notices'; readonly notices: readonly Notice[] }
  /** Which of a session's runners are shown from now on; null for all, as at the start. */
  | { readonly type: 'filter'; readonly session: string; readonly filter: ShownRunners | null }
  /**
   * Somebody chose a runner, or one of its passes, outside of the page: the page selects the pass, the last one where none is
   * named, brings it into view, and does not report it as selected.
   */
  | { readonly type: 'showRunner'; readonly session: string; readonly runner: string; readonly pass?: number }
  /** A debugger stands there; null when it has gone. */
  | { readonly type: 'cursor'; readonly session: string; readonly cursor: DebugCursor | null }
  /** Something outside of the page speaks of a moment: it is marked and comes into view. */
  | { readonly type: 'mark'; readonly session: string; readonly moment: MarkedMoment }
  | { readonly type: 'command'; readonly command: PageCommand }
  | { readonly type: 'failed'; readonly text: string };

export type PageCommand = 'fit' | 'follow' | 'table' | 'search' | 'savePng' | 'saveSvg';

export type PageMessage =
  | { readonly type: 'ready' }
  /** The answer is `detail`, and `path` of its runner where that is known. */
  | { readonly type: 'askPass'; readonly session: string; readonly pass: number }
  /** The answer is `runner`, and `path` where that is known. */
  | { readonly type: 'askRunner'; readonly session: string; readonly runner: string; readonly kind?: string }
  /** Somebody selected the runner, or one of its passes, on the page: the tree follows. */
  | { readonly type: 'selected'; readonly session: string; readonly runner: string }
  /** Somebody clicked on a bar of a session that is debugged: the debugger goes there. */
  | { readonly type: 'goTo'; readonly session: string; readonly to: ObjectMoment }
  | { readonly type: 'action'; readonly notice: string; readonly action: string }
  | { readonly type: 'manifest'; readonly session: string; readonly pass: number }
  /** Files were dropped on the page, by their addresses. */
  | { readonly type: 'dropped'; readonly uris: readonly string[] }
  /** Somebody wants to see a line of a log. */
  | { readonly type: 'openLine'; readonly session: string; readonly source: number; readonly line: number }
  /** Somebody wants an image: once its format is chosen, the command to save it comes. */
  | { readonly type: 'askSave' }
  | { readonly type: 'image'; readonly format: 'png' | 'svg'; readonly bytes: Uint8Array }
  /** All bars that have come are drawn; the last of them arrived at `arrivedMs` since 1970. */
  | { readonly type: 'painted'; readonly bars: number; readonly lanes: number; readonly arrivedMs: number }
  | { readonly type: 'error'; readonly text: string };

/** What the page keeps over being hidden, moved and reloaded. */
export interface PageState {
  readonly version: 1;
  readonly fromUs: number;
  readonly pixelsPerUs: number;
  /** Of the bars, in device pixels: on a page of another width the same stretch of time is shown. */
  readonly widthPx?: number;
  readonly scrollPx: number;
  /** Height of lanes that was chosen, in CSS pixels; null for lanes that fill the height. */
  readonly scale: LaneScale | null;
  readonly laneBy: LaneBy;
  readonly following: boolean;
  readonly collapsed: readonly string[];
  readonly query: string;
  readonly table: boolean;
  /** By runner and beginning: a pass that is read from a file may have another number. */
  readonly selected: { readonly session: string; readonly runner: string; readonly startUs: number } | null;
  /** Ids of the sessions on the page: by them a panel finds its run after a reload. */
  readonly sessions: readonly string[];
}
