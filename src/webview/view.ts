import type { PageState } from '../protocol.ts';
import type { LaneBy } from '../timeline/arrangement.ts';
import { isEmpty, parseQuery, findMatches, type Match, type Query } from '../timeline/query.ts';
import { Overview } from '../timeline/overview.ts';
import { READABLE_LANE_PX, Rows, scaleToFit, type LaneScale } from '../timeline/rows.ts';
import type { Scene } from '../timeline/painter.ts';
import { fitSpan, keepInReach, spanUs, type Viewport } from '../timeline/viewport.ts';
import type { SessionModel } from './session-model.ts';

/** Heights and widths of the chart's parts, in CSS pixels. */
export const GUTTER_PX = 168;
export const AXIS_PX = 24;
export const HEADER_PX = 26;
const MAX_MATCHES = 10_000;
/** A run that is followed stays in view as a whole until it has lasted this long. */
const WHOLE_RUN_US = 600e6;
/** With fewer bars drawing them takes no time. */
const WORTH_OVERVIEW = 100_000;

/** A pass that is found or selected, and where it lies. */
export interface PassPlace extends Match {
  readonly session: string;
}

/** What the page shows and where: the one place that input changes and that drawing reads. */
export class View {
  readonly sessions: SessionModel[] = [];
  viewport: Viewport = { fromUs: -20_000, pixelsPerUs: 0.0005 };
  /** In device pixels, as everything vertical. */
  scrollPx = 0;
  scale: LaneScale = { lanePx: READABLE_LANE_PX, lanesAPixel: 1 };
  laneBy: LaneBy = 'runner';
  following = true;
  tableShown = false;
  query: Query = parseQuery('');
  queryText = '';
  selected: PassPlace | undefined;
  /** A runner whose own or pod's state is selected, instead of one of its passes. */
  selectedRunner: { readonly session: string; readonly runner: string } | undefined;
  /** A stretch of time that a person measures. */
  measure: { readonly fromUs: number; readonly toUs: number } | undefined;
  matches: readonly PassPlace[] = [];
  readonly collapsed = new Set<string>();
  /** The chart's size in device pixels, without gutter and axis. */
  widthPx = 100;
  heightPx = 100;
  ratio = 1;
  onChange: () => void = () => undefined;
  readonly #keep: (state: PageState) => void;
  #rows = new Rows([], this.scale, HEADER_PX);
  /** The lanes that each session had when overviews were last thought of. */
  readonly #lanesBefore = new WeakMap<SessionModel, ArrayLike<number>>();
  #rowsDirty = true;
  #saveTimer: ReturnType<typeof setTimeout> | undefined;

  /** @param keep is given what is to be shown again when the page has been hidden, moved or loaded again */
  constructor(keep: (state: PageState) => void) {
    this.#keep = keep;
  }

  get rows(): Rows {
    if (this.#rowsDirty) this.#layOut();
    return this.#rows;
  }

  session(id: string): SessionModel | undefined {
    return this.sessions.find(({ info }) => info.id === id);
  }

  /** Whether the vertical scale was chosen by a person or kept; otherwise it follows the number of lanes. */
  scaleChosen = false;

  /** Something in view has changed; it is drawn in the next frame and kept. */
  changed(): void {
    this.onChange();
    this.#saveTimer ??= setTimeout(() => {
      this.#saveTimer = undefined;
      this.#keep(this.#state());
    }, 300);
  }

  /** Lanes have come, gone or moved. */
  relayOut(): void {
    this.#rowsDirty = true;
    this.changed();
  }

  moveTo(viewport: Viewport): void {
    const [firstUs, lastUs] = this.extentUs();
    this.viewport = keepInReach(viewport, firstUs, lastUs, this.widthPx);
    this.changed();
  }

  scrollTo(scrollPx: number): void {
    const most = Math.max(0, this.rows.heightPx - this.heightPx);
    this.scrollPx = Math.round(Math.min(most, Math.max(0, scrollPx)));
    this.changed();
  }

  setScale(scale: LaneScale): void {
    this.scale = scale;
    this.scaleChosen = true;
    this.relayOut();
    this.scrollTo(this.scrollPx);
  }

  /** First and last time of all sessions, each counted from its origin. */
  extentUs(): [firstUs: number, lastUs: number] {
    let lastUs = 0;
    for (const session of this.sessions) lastUs = Math.max(lastUs, this.endOf(session));
    return [0, Math.max(lastUs, 10_000)];
  }

  /** Where a session's time has got to, after its origin: now while it lives, then when it ended. */
  endOf(session: SessionModel): number {
    return session.nowUs(performance.now()) - session.info.originUs;
  }

  isNowInView(): boolean {
    const lastUs = this.extentUs()[1];
    const { fromUs } = this.viewport;
    return lastUs >= fromUs && lastUs <= fromUs + spanUs(this.viewport, this.widthPx);
  }

  fit(): void {
    const [firstUs, lastUs] = this.extentUs();
    this.scaleChosen = false;
    this.viewport = fitSpan(firstUs, lastUs, this.widthPx);
    this.scrollPx = 0;
    this.relayOut();
  }

  /** Keeps the newest in sight: all of it while it fits, then the end. */
  follow(): void {
    const [firstUs, lastUs] = this.extentUs();
    const span = this.widthPx / this.viewport.pixelsPerUs;
    if (lastUs - firstUs > span * 0.94) {
      // Before anybody moved or chose a zoom the whole run stays in view for as long as it can be read.
      if (lastUs < WHOLE_RUN_US && this.viewport.fromUs <= 0)
        this.viewport = fitSpan(firstUs, lastUs * 1.3, this.widthPx);
      else this.viewport = { ...this.viewport, fromUs: lastUs - span * 0.94 };
    }
  }

  /** Moves time and lanes, if they have to be moved, so that a pass is seen. */
  bringIntoView({ session: id, startUs, endUs, lane }: PassPlace): void {
    const number = this.sessions.findIndex(({ info }) => info.id === id);
    const session = this.sessions[number];
    const group = this.rows.groups[number];
    if (session === undefined || group === undefined) return;
    const { originUs } = session.info;
    const { fromUs } = this.viewport;
    const span = spanUs(this.viewport, this.widthPx);
    this.following = false;
    if (startUs - originUs < fromUs || endUs - originUs > fromUs + span) {
      this.moveTo({ ...this.viewport, fromUs: (startUs + endUs) / 2 - originUs - span / 2 });
    }
    const index = Array.prototype.indexOf.call(group.lanes, lane);
    if (this.laneBy !== 'runner' || index < 0) return;
    const { rows } = this;
    const top = rows.laneTop(number, index);
    const bottom = top + rows.scale.lanePx;
    const isSeen = top >= this.scrollPx + rows.headerPx && bottom <= this.scrollPx + this.heightPx;
    if (!isSeen) this.scrollTo(top - this.heightPx / 2);
  }

  setQuery(text: string): void {
    this.queryText = text;
    this.query = parseQuery(text);
    this.relayOut();
  }

  /** Draws in advance what takes long to draw. */
  prepareOverviews(): void {
    const { groups, scale } = this.rows;
    if (this.laneBy !== 'runner') return;
    this.sessions.forEach((session, number) => {
      const lanes = groups[number]?.lanes ?? [];
      if (scale.lanesAPixel === 1 || session.runners.length < WORTH_OVERVIEW) return;
      if (this.#overviewOf(session, number) !== undefined) return;
      // While runners come it would have to be made again and again.
      const isSteady = this.#lanesBefore.get(session) === lanes;
      this.#lanesBefore.set(session, lanes);
      const { live } = session.info;
      if (live && !isSteady) return;
      const nowUs = live ? undefined : session.nowUs(performance.now());
      session.overview = new Overview(session.runners, lanes, scale.lanesAPixel, nowUs);
    });
  }

  /** The session's overview, if it is one of the lanes and bars in view. */
  #overviewOf({ overview, runners, info }: SessionModel, number: number): Overview | undefined {
    const { groups, scale } = this.rows;
    const fits =
      this.laneBy === 'runner' &&
      overview?.bars === runners.length &&
      overview.lanesAPixel === scale.lanesAPixel &&
      overview.lanes === groups[number]?.lanes &&
      overview.holdsOpenBars !== info.live;
    return fits ? overview : undefined;
  }

  scene(): Scene {
    const pageMs = performance.now();
    return {
      rows: this.rows,
      overviews: this.sessions.map((session, number) => this.#overviewOf(session, number)),
      stores: this.sessions.map((session) => session.store(this.laneBy)),
      viewport: this.viewport,
      scrollPx: this.scrollPx,
      nowUs: this.sessions.map((session) => session.nowUs(pageMs)),
      shiftUs: this.sessions.map(({ info }) => -info.originUs),
    };
  }

  restore(state: PageState): void {
    this.viewport = { fromUs: state.fromUs, pixelsPerUs: state.pixelsPerUs };
    this.scrollPx = state.scrollPx;
    this.scale = { lanePx: state.lanePx, lanesAPixel: state.lanesAPixel };
    this.scaleChosen = true;
    this.laneBy = state.laneBy;
    this.following = state.following;
    this.tableShown = state.table;
    for (const id of state.collapsed) this.collapsed.add(id);
    this.queryText = state.query;
    this.query = parseQuery(state.query);
    this.#rowsDirty = true;
  }

  #state(): PageState {
    const { viewport, scrollPx, scale, laneBy, following, selected } = this;
    return {
      version: 1,
      ...viewport,
      scrollPx,
      ...scale,
      laneBy,
      following,
      collapsed: [...this.collapsed],
      query: this.queryText,
      table: this.tableShown,
      sessions: this.sessions.map(({ info }) => info.id),
      selected: selected === undefined ? null : this.#placeOf(selected),
    };
  }

  #placeOf({ session, lane, startUs }: PassPlace): PageState['selected'] {
    return { session, runner: this.session(session)?.names('runner')[lane] ?? '', startUs };
  }

  #layOut(): void {
    this.#rowsDirty = false;
    const matches: PassPlace[] = [];
    const groups = this.sessions.map((session) => {
      const store = session.store(this.laneBy);
      const collapsed = this.collapsed.has(session.info.id);
      if (isEmpty(this.query)) return { lanes: everyLane(session, store.lanes), collapsed };
      const names = session.names(this.laneBy);
      const found = findMatches(store, names, session.words, this.query, MAX_MATCHES - matches.length);
      for (const match of found) matches.push({ ...match, session: session.info.id });
      const text = this.query.text;
      const only = { ...this.query, text: '' };
      const lanes = isEmpty(only)
        ? [...everyLane(session, store.lanes)].filter((lane) => (names[lane] ?? '').toLowerCase().includes(text))
        : [...new Set(found.map(({ lane }) => lane))];
      return { lanes, collapsed };
    });
    this.matches = matches.sort((a, b) => a.startUs - b.startUs);
    if (!this.scaleChosen) {
      const lanes = groups.reduce((sum, group) => sum + (group.collapsed ? 0 : group.lanes.length), 0);
      const room = this.heightPx / this.ratio - groups.length * HEADER_PX - 40;
      const fitted = scaleToFit(lanes, room);
      // Lanes that can be read are worth scrolling a little for.
      const worthScrolling = lanes * READABLE_LANE_PX <= 4 * room;
      this.scale = worthScrolling ? { lanePx: READABLE_LANE_PX, lanesAPixel: 1 } : fitted;
    }
    const { lanePx, lanesAPixel } = this.scale;
    const device = { lanePx: lanesAPixel > 1 ? 1 : Math.max(1, Math.round(lanePx * this.ratio)), lanesAPixel };
    this.#rows = new Rows(groups, device, Math.round(HEADER_PX * this.ratio));
  }
}

/** 0, 1, 2 and so on for each session; the same list for as long as it has as many lanes. */
const allLanes = new WeakMap<SessionModel, Uint32Array>();

function everyLane(session: SessionModel, length: number): Uint32Array {
  const known = allLanes.get(session);
  if (known?.length === length) return known;
  const lanes = Uint32Array.from({ length }, (_, lane) => lane);
  allLanes.set(session, lanes);
  return lanes;
}
