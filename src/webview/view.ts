import type { ChainLink, DebugCursor, MarkedMoment, PageState, ShownRunners } from '../protocol.ts';
import type { LaneBy } from '../timeline/arrangement.ts';
import { isEmpty, parseQuery, type Query } from '../timeline/query.ts';
import { Rows, type LaneScale } from '../timeline/rows.ts';
import type { Scene } from '../timeline/painter.ts';
import { fitSpan, keepInReach, showSpan, spanUs, type Viewport } from '../timeline/viewport.ts';
import { IDLE_AFTER_US } from './activity.ts';
import { GAIN_PX, gainsOf } from './gain.ts';
import { HEADER_PX, headerHeight } from './header-height.ts';
import { layOut, matchesOf } from './layout.ts';
import { Overviews, overviewsOf } from './overviews.ts';
import type { PassPlace } from './pass-place.ts';
import type { ShownPath } from './shown-path.ts';
import type { SessionModel } from './session-model.ts';

/** Height of the chart's time axis, in CSS pixels. */
export const AXIS_PX = 24;
/** Width of the lanes' names, in CSS pixels: kinds of request have long ones, and a narrow page has little room. */
const GUTTER_PX: Readonly<Record<LaneBy, number>> = { runner: 168, worker: 168, api: 216 };
const NARROW_GUTTER_PX = 120;
const NARROW_PX = 520;
/** A run that is followed stays in view as a whole until it has lasted this long. */
const WHOLE_RUN_US = 600e6;
/** Where in the width the newest is while it is followed, and how much longer than the run a whole one is shown. */
const NEWEST_AT = 0.94;
const ROOM_TO_GROW = 1.3;
/** Of a session that has been idle at least this much is shown when it is busy again. */
const SHORTEST_AGAIN_US = 10e6;

/** What the page shows and where: the one place that input changes and that drawing reads. */
export class View {
  readonly sessions: SessionModel[] = [];
  viewport: Viewport = { fromUs: -20_000, pixelsPerUs: 0.0005 };
  /** In device pixels, as everything vertical. */
  scrollPx = 0;
  laneBy: LaneBy = 'runner';
  /** Whether the newest is kept in view; nothing but the time moves then. */
  following = true;
  tableShown = false;
  /** Somebody has asked for all of the time, which is more when all of it has arrived. */
  wasFitted = false;
  /** That was of a session that lives, and nobody has moved about in time since then: all of it stays in view. */
  #isWhole = false;
  query: Query = parseQuery('');
  queryText = '';
  selected: PassPlace | undefined;
  /** A runner whose own or pod's state is selected, instead of one of its passes. */
  selectedRunner:
    | {
        readonly session: string;
        readonly runner: string;
        /** Of what has the name; a runner where it is left out. */
        readonly kind?: string;
        /** The bar of a state that is over, where that is what is selected. */
        readonly past?: { readonly startUs: number; readonly endUs: number };
      }
    | undefined;
  /** What held the runner that is selected, once that has come. */
  path: ShownPath | undefined;
  /** What led to the selected runner and its pod, once that has come. */
  links: readonly ChainLink[] = [];
  /** Where debuggers stand, by session. */
  readonly cursors = new Map<string, DebugCursor>();
  /** Moments that something outside of the page speaks of, by session. */
  readonly marked = new Map<string, MarkedMoment>();
  /** A stretch of time that a person measures. */
  measure: { readonly fromUs: number; readonly toUs: number } | undefined;
  readonly collapsed = new Set<string>();
  /** The chart's size in device pixels, without gutter and axis. */
  widthPx = 100;
  heightPx = 100;
  ratio = 1;
  onChange: () => void = () => undefined;
  /** How often the filter has changed. */
  filterChanges = 0;
  /** Names and bars together; 0 until it is known. */
  #canvasWidthPx = 0;
  /** Ids of the sessions that were on the page before; they are kept where none of them could be shown this time. */
  #sessionsBefore: readonly string[] = [];
  /** Height of lanes that a person has chosen, in CSS pixels; otherwise they fill the height that there is. */
  #chosenScale: LaneScale | undefined;
  #matches: readonly PassPlace[] = [];
  /** What the matches were looked for in. */
  #matchedIn = '';
  #rows = new Rows([], { lanePx: 1, lanesAPixel: 1 }, HEADER_PX);
  readonly #overviews = new Overviews();
  #rowsDirty = true;

  get rows(): Rows {
    if (this.#rowsDirty) this.#layOut();
    return this.#rows;
  }

  /** The passes that the search finds, in order of time. */
  get matches(): readonly PassPlace[] {
    if (this.#rowsDirty) this.#layOut();
    return this.#matches;
  }

  /** Whether what lies above runners is on the page. */
  get hasChain(): boolean {
    return this.sessions.some((session) => session.hasChain);
  }

  get isLive(): boolean {
    return this.sessions.some(({ info }) => info.live);
  }

  session(id: string): SessionModel | undefined {
    return this.sessions.find(({ info }) => info.id === id);
  }

  /** Takes the chart's size on the page, in device pixels. The stretch of time in view stays what it was. */
  resize(canvasWidthPx: number, canvasHeightPx: number, ratio: number): void {
    this.ratio = ratio;
    const widthPx = Math.max(1, canvasWidthPx - this.gutterPx(canvasWidthPx));
    if (this.#canvasWidthPx > 0) {
      const { fromUs, pixelsPerUs } = this.viewport;
      this.viewport = { fromUs, pixelsPerUs: (pixelsPerUs * widthPx) / this.widthPx };
    }
    this.#canvasWidthPx = canvasWidthPx;
    this.widthPx = widthPx;
    this.heightPx = Math.max(1, canvasHeightPx - Math.round(AXIS_PX * ratio));
    this.#rowsDirty = true;
    this.scrollPx = this.#scrollInReach(this.scrollPx);
  }

  /** Width of names and bars together, in device pixels. */
  get canvasWidthPx(): number {
    return this.#canvasWidthPx;
  }

  /** The same sessions, time and lanes on another canvas, for a picture: what happens to be selected is not in it. */
  copyAt(canvasWidthPx: number, canvasHeightPx: number, ratio: number): View {
    const copy = new View();
    copy.sessions.push(...this.sessions);
    for (const id of this.collapsed) copy.collapsed.add(id);
    const { laneBy, query, queryText, measure } = this;
    Object.assign(copy, { laneBy, query, queryText, measure, following: false });
    const scale = ratio / this.ratio;
    copy.viewport = { ...this.viewport, pixelsPerUs: this.viewport.pixelsPerUs * scale };
    copy.#chosenScale = this.#chosenScale;
    copy.scrollPx = this.scrollPx * scale;
    copy.resize(canvasWidthPx, canvasHeightPx, ratio);
    return copy;
  }

  /** Width of the lanes' names, in device pixels, on a canvas of that width. */
  gutterPx(canvasWidthPx: number): number {
    const isNarrow = canvasWidthPx < NARROW_PX * this.ratio;
    return Math.round((isNarrow ? NARROW_GUTTER_PX : GUTTER_PX[this.laneBy]) * this.ratio);
  }

  /** Something in view has changed; it is drawn in the next frame and kept. */
  changed(): void {
    this.onChange();
  }

  /** Lanes have come, gone or moved. */
  relayOut(): void {
    this.#rowsDirty = true;
    this.changed();
  }

  moveTo(viewport: Viewport): void {
    this.#isWhole = false;
    const [firstUs, lastUs] = this.extentUs();
    this.viewport = keepInReach(viewport, firstUs, lastUs, this.widthPx);
    this.changed();
  }

  scrollTo(scrollPx: number): void {
    this.scrollPx = this.#scrollInReach(scrollPx);
    this.changed();
  }

  setLanes(laneBy: LaneBy): void {
    this.laneBy = laneBy;
    this.#chosenScale = undefined;
    this.scrollPx = 0;
    this.relayOut();
  }

  /** The lanes' height, in CSS pixels. */
  get scale(): LaneScale {
    const { lanePx, lanesAPixel } = this.rows.scale;
    return { lanePx: lanesAPixel > 1 ? lanePx : lanePx / this.ratio, lanesAPixel };
  }

  setScale(scale: LaneScale): void {
    // What is in the middle stays there.
    const middle = (this.scrollPx + this.heightPx / 2) / Math.max(1, this.rows.heightPx);
    this.#chosenScale = scale;
    this.relayOut();
    this.scrollTo(middle * this.rows.heightPx - this.heightPx / 2);
  }

  /** First and last time of all sessions, each counted from its origin. What a scale set is idle for makes it no longer. */
  extentUs(): [firstUs: number, lastUs: number] {
    let lastUs = 0;
    for (const session of this.sessions) lastUs = Math.max(lastUs, this.#lastOf(session));
    return [0, Math.max(lastUs, 10_000)];
  }

  #lastOf(session: SessionModel): number {
    const { lastChangeUs = Infinity, info } = session;
    return Math.min(this.endOf(session), lastChangeUs + IDLE_AFTER_US - info.originUs);
  }

  /** For how long nothing has changed in a live session, which is then idle; undefined for one that is busy. */
  idleUs(session: SessionModel): number | undefined {
    const { lastChangeUs, info } = session;
    if (lastChangeUs === undefined || !info.live) return undefined;
    const idleUs = this.endOf(session) + info.originUs - lastChangeUs;
    return idleUs > IDLE_AFTER_US ? idleUs : undefined;
  }

  /** Where a session's time has got to, after its origin: now while it lives, then when it ended. */
  endOf(session: SessionModel): number {
    return session.nowUs(performance.now()) - session.info.originUs;
  }

  isNowInView(): boolean {
    const lastUs = Math.max(...this.sessions.map((session) => this.endOf(session)), 0);
    const { fromUs } = this.viewport;
    return lastUs >= fromUs && lastUs <= fromUs + spanUs(this.viewport, this.widthPx);
  }

  /** What to move to, so that a span of time is seen at a scale. */
  showing(fromUs: number, toUs: number, pixelsPerUs: number): Viewport {
    return showSpan([fromUs, toUs], pixelsPerUs, this.extentUs(), this.widthPx);
  }

  /** Shows all of the time and all of the lanes. */
  fit(): void {
    this.wasFitted = true;
    this.#isWhole = this.isLive;
    const [firstUs, lastUs] = this.extentUs();
    this.#chosenScale = undefined;
    this.viewport = fitSpan(firstUs, lastUs, this.widthPx);
    this.scrollPx = 0;
    this.relayOut();
  }

  /**
   * Keeps the newest in sight: all of it while it fits, then the end. When nothing lives any more the picture comes to rest
   * with all of it, or all since it was idle, unless somebody has gone elsewhere meanwhile.
   */
  follow(): void {
    if (!this.following) return this.#stayWhole();
    if (this.sessions.length > 0 && !this.isLive) {
      this.following = false;
      this.fit();
      const [sinceUs, lastUs] = [this.#busySinceUs(), this.extentUs()[1]];
      if (sinceUs > 0) this.moveTo(fitSpan(sinceUs, lastUs, this.widthPx));
      return;
    }
    const [, lastUs] = this.extentUs();
    const sinceUs = this.#busySinceUs();
    const { fromUs } = this.viewport;
    const span = spanUs(this.viewport, this.widthPx);
    if (lastUs >= fromUs && lastUs <= Math.max(0, fromUs) + span * NEWEST_AT) return;
    // Before anybody moved or chose a zoom all since it became busy stays in view for as long as it can be read.
    const lastedUs = lastUs - sinceUs;
    const isWhole = lastedUs < WHOLE_RUN_US && fromUs <= sinceUs;
    this.viewport = isWhole
      ? fitSpan(sinceUs, sinceUs + Math.max(lastedUs * ROOM_TO_GROW, sinceUs > 0 ? SHORTEST_AGAIN_US : 0), this.widthPx)
      : { ...this.viewport, fromUs: lastUs - span * NEWEST_AT };
  }

  /** Where all of the time was asked for, a session that goes on is seen as a whole, whatever it lasts. */
  #stayWhole(): void {
    if (!this.#isWhole || !this.isLive) return;
    const [firstUs, lastUs] = this.extentUs();
    const { fromUs } = this.viewport;
    if (lastUs <= fromUs + spanUs(this.viewport, this.widthPx) * NEWEST_AT) return;
    this.viewport = fitSpan(firstUs, lastUs * ROOM_TO_GROW, this.widthPx);
  }

  /** When the last of the sessions became busy that have been idle, after its origin; 0 where none has. */
  #busySinceUs(): number {
    return Math.max(0, ...this.sessions.map(({ busySinceUs, info }) => busySinceUs - info.originUs));
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
      this.moveTo(this.showing(startUs - originUs, endUs - originUs, this.viewport.pixelsPerUs));
    }
    if (this.laneBy === 'runner') this.#bringLaneIntoView(number, Array.prototype.indexOf.call(group.lanes, lane));
  }

  #bringLaneIntoView(group: number, index: number): void {
    if (index < 0) return;
    const { rows } = this;
    const top = rows.laneTop(group, index);
    const bottom = top + rows.lanePxOf(index);
    const isSeen = top >= this.scrollPx + rows.headerPx && bottom <= this.scrollPx + this.heightPx;
    if (!isSeen) this.scrollTo(top - this.heightPx / 2);
  }

  setQuery(text: string): void {
    this.queryText = text;
    this.query = parseQuery(text);
    this.relayOut();
  }

  /** Shows only these of a session's runners; undefined for all. */
  setFilter(id: string, filter: ShownRunners | undefined): void {
    const session = this.session(id);
    if (session === undefined) return;
    session.filter = filter;
    this.filterChanges++;
    this.relayOut();
  }

  /** Draws in advance what takes long to draw. */
  prepareOverviews(): void {
    this.#overviews.prepare(this.sessions, this.rows, this.laneBy);
  }

  scene(): Scene {
    const pageMs = performance.now();
    return {
      rows: this.rows,
      overviews: overviewsOf(this.sessions, this.rows, this.laneBy),
      stores: this.sessions.map((session) => session.store(this.laneBy)),
      viewport: this.viewport,
      scrollPx: this.scrollPx,
      nowUs: this.sessions.map((session) => session.nowUs(pageMs)),
      shiftUs: this.sessions.map(({ info }) => -info.originUs),
    };
  }

  restore(state: PageState): void {
    this.viewport = { fromUs: state.fromUs, pixelsPerUs: state.pixelsPerUs };
    if (state.widthPx !== undefined) this.#canvasWidthPx = this.widthPx = state.widthPx;
    this.scrollPx = state.scrollPx;
    this.#chosenScale = state.scale ?? undefined;
    this.laneBy = state.laneBy;
    this.following = state.following;
    this.tableShown = state.table;
    for (const id of state.collapsed) this.collapsed.add(id);
    this.queryText = state.query;
    this.query = parseQuery(state.query);
    this.#sessionsBefore = state.sessions;
    this.#rowsDirty = true;
  }

  /** What is to be shown again when the page has been hidden, moved or loaded again. */
  state(): PageState {
    const { viewport, scrollPx, laneBy, following, selected } = this;
    return {
      version: 1,
      ...viewport,
      widthPx: this.widthPx,
      scrollPx,
      scale: this.#chosenScale ?? null,
      laneBy,
      following,
      collapsed: [...this.collapsed],
      query: this.queryText,
      table: this.tableShown,
      sessions: this.sessions.length > 0 ? this.sessions.map(({ info }) => info.id) : this.#sessionsBefore,
      selected: selected === undefined ? null : this.#placeOf(selected),
    };
  }

  #placeOf({ session, lane, startUs }: PassPlace): PageState['selected'] {
    return { session, runner: this.session(session)?.names('runner')[lane] ?? '', startUs };
  }

  /** Height of all lanes and of what stands below them, in device pixels. */
  get contentPx(): number {
    return this.rows.heightPx + this.#roomBelowPx();
  }

  #scrollInReach(scrollPx: number): number {
    const most = Math.max(0, this.contentPx - this.heightPx);
    return Math.round(Math.min(most, Math.max(0, scrollPx)));
  }

  /** Below the lanes there is room for what modes differ by. */
  #roomBelowPx(): number {
    return gainsOf(this.sessions).length * GAIN_PX * this.ratio;
  }

  #layOut(): void {
    this.#rowsDirty = false;
    const bars = this.sessions.map(({ info, runners }) => `${info.id} ${runners.length}`);
    const matchedIn = `${this.queryText} ${this.filterChanges} ${bars.join()}`;
    if (matchedIn !== this.#matchedIn) {
      this.#matchedIn = matchedIn;
      this.#matches = isEmpty(this.query) ? [] : matchesOf(this.sessions, this.query);
    }
    this.#rows = layOut({
      sessions: this.sessions,
      laneBy: this.laneBy,
      kind: this.query.kind,
      collapsed: this.collapsed,
      matches: this.#matches,
      chosen: this.#chosenScale,
      roomPx: this.heightPx - this.#roomBelowPx(),
      headerPx: Math.round(headerHeight(this.sessions, this.#canvasWidthPx / this.ratio) * this.ratio),
      ratio: this.ratio,
    });
  }
}
