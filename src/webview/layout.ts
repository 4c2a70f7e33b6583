import type { LaneBy } from '../timeline/arrangement.ts';
import { findMatches, isEmpty, type Query } from '../timeline/query.ts';
import { Rows, scaleToFit, TALLEST_LANE_PX, type LaneScale, type RowGroup } from '../timeline/rows.ts';
import type { PassPlace } from './pass-place.ts';
import type { SessionModel } from './session-model.ts';
import { isOfKind, lanesOfKind, shownRunners } from './shown-runners.ts';

const MAX_MATCHES = 10_000;
/** Where lanes would be lower than this, those without a hit of the search are left out; in CSS pixels. */
const TELLABLE_LANE_PX = 4;

/** What is laid out, and how much room there is for it. */
interface LayoutInput {
  readonly sessions: readonly SessionModel[];
  readonly laneBy: LaneBy;
  /** Part of the kind of what is shown, in small letters; empty for all. */
  readonly kind: string;
  readonly collapsed: ReadonlySet<string>;
  readonly matches: readonly PassPlace[];
  /** Height of lanes that a person has chosen, in CSS pixels; undefined for lanes that fill the height. */
  readonly chosen: LaneScale | undefined;
  /** Of the lanes of all groups with their headers, in device pixels. */
  readonly roomPx: number;
  readonly headerPx: number;
  readonly ratio: number;
}

/** Where the lanes lie: all of them, or where they could not be told apart those that have a hit of the search. */
export function layOut(input: LayoutInput): Rows {
  const { sessions, laneBy, kind, collapsed, matches, ratio, headerPx } = input;
  const groups = sessions.map((session) => ({
    lanes: laneBy === 'runner' ? lanesOfKind(session, kind) : session.arrangement(laneBy).order,
    collapsed: collapsed.has(session.info.id),
  }));
  const scale = scaleFor(groups, input);
  const isTellable = scale.lanesAPixel === 1 && scale.lanePx >= TELLABLE_LANE_PX * ratio;
  if (isTellable || matches.length === 0 || laneBy !== 'runner') return new Rows(groups, scale, headerPx);
  const withHits = groups.map(({ lanes, collapsed: isCollapsed }, number) => {
    const id = sessions[number]?.info.id;
    const hits = new Set(matches.filter(({ session }) => session === id).map(({ lane }) => lane));
    return { lanes: lanes.filter((lane) => hits.has(lane)), collapsed: isCollapsed };
  });
  return new Rows(withHits, scaleFor(withHits, input), headerPx);
}

function scaleFor(groups: readonly RowGroup[], { chosen, roomPx, headerPx, ratio }: LayoutInput): LaneScale {
  if (chosen === undefined) {
    const lanes = groups.map(({ lanes: { length }, collapsed }) => (collapsed ? 0 : length));
    return scaleToFit(lanes, roomPx - groups.length * headerPx, TALLEST_LANE_PX * ratio);
  }
  const { lanePx, lanesAPixel } = chosen;
  return { lanePx: lanesAPixel > 1 ? lanePx : Math.max(1, Math.round(lanePx * ratio)), lanesAPixel };
}

/** The passes of runners shown that a search finds in all sessions, in order of time. */
export function matchesOf(sessions: readonly SessionModel[], query: Query): PassPlace[] {
  if (isEmpty(query) || query.unknown.length > 0) return [];
  const matches: PassPlace[] = [];
  for (const session of sessions) {
    const { runners, words, info } = session;
    const names = session.names('runner');
    const found = findMatches(
      runners,
      shownRunners(session),
      names,
      words,
      query,
      MAX_MATCHES - matches.length,
      (lane) => isOfKind(session, lane, query.kind),
    );
    for (const match of found) matches.push({ ...match, session: info.id });
  }
  return matches.sort((a, b) => a.startUs - b.startUs);
}
