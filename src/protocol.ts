import type { BarKind } from './timeline/bars.ts';
import type { LaneBy } from './timeline/arrangement.ts';
import type { PackedBars } from './timeline/packed-bars.ts';
import type { PassEvent } from './trace/model.ts';

/** A run as the page shows it: one group of lanes. */
export interface SessionInfo {
  readonly id: string;
  /** For example `embedded 1`. */
  readonly name: string;
  readonly mode: string;
  /** `embedded`, `shadow`, `remote`, or where a trace came from. */
  readonly source: string;
  /** Number of the session's colour, from 0. */
  readonly colour: number;
  readonly live: boolean;
  /** Where the session's time begins when several are laid one upon the other. */
  readonly originUs: number;
}

/** A bar that has no end yet and will be replaced by one that has. */
export interface OpenBar {
  readonly lane: number;
  readonly kind: BarKind;
  readonly startUs: number;
}

/** What the detail panel tells about a pass. */
export interface PassDetail {
  readonly number: number;
  readonly ofRunner: { readonly index: number; readonly count: number };
  readonly event: PassEvent;
  /** Sentences that say why the pass came when it came. */
  readonly why: readonly string[];
  /** From a request of this pass to the moment at which the pass that it caused was queued. */
  readonly arrows: readonly { readonly fromUs: number; readonly toUs: number }[];
  readonly hasManifest: boolean;
}

export type HostMessage =
  | { readonly type: 'reset'; readonly title: string }
  | { readonly type: 'session'; readonly session: SessionInfo }
  | {
      readonly type: 'bars';
      readonly session: string;
      readonly lanes: readonly string[];
      readonly words: readonly string[];
      readonly batches: readonly PackedBars[];
      readonly nowUs: number;
      readonly open: readonly OpenBar[];
    }
  | { readonly type: 'loaded' }
  | { readonly type: 'detail'; readonly session: string; readonly detail: PassDetail }
  | { readonly type: 'reveal'; readonly session: string; readonly runner: string }
  | { readonly type: 'command'; readonly command: PageCommand }
  | { readonly type: 'failed'; readonly text: string };

export type PageCommand = 'fit' | 'follow' | 'table' | 'search' | 'savePng' | 'saveSvg';

export type PageMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'select'; readonly session: string; readonly pass: number }
  | { readonly type: 'reveal'; readonly session: string; readonly runner: string }
  | { readonly type: 'manifest'; readonly session: string; readonly pass: number }
  | { readonly type: 'image'; readonly format: 'png' | 'svg'; readonly bytes: Uint8Array }
  /** All bars that have come are drawn; the last of them arrived at `arrivedMs` since 1970. */
  | { readonly type: 'painted'; readonly bars: number; readonly lanes: number; readonly arrivedMs: number }
  | { readonly type: 'error'; readonly text: string };

/** What the page keeps over being hidden, moved and reloaded. */
export interface PageState {
  readonly version: 1;
  readonly fromUs: number;
  readonly pixelsPerUs: number;
  readonly scrollPx: number;
  readonly lanePx: number;
  readonly lanesAPixel: number;
  readonly laneBy: LaneBy;
  readonly following: boolean;
  readonly collapsed: readonly string[];
  readonly query: string;
  readonly table: boolean;
  readonly selected: { readonly session: string; readonly pass: number } | null;
  /** Ids of the sessions on the page: by them a panel finds its run after a reload. */
  readonly sessions: readonly string[];
}
