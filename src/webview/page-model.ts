import type { HostMessage, Notice, PageCommand, PageMessage, PageState } from '../protocol.ts';
import type { Bar } from '../timeline/bar-store.ts';
import { BarKind, NO_PASS } from '../timeline/bars.ts';
import { RUNNER_KIND } from '../timeline/chain-words.ts';
import { isEmpty } from '../timeline/query.ts';
import { momentOf, moveCursor, showMoment } from './debug-cursor.ts';
import type { PassPlace } from './pass-place.ts';
import { pastState, stateOfSign } from './past-state.ts';
import { Selection } from './selection.ts';
import { SessionModel } from './session-model.ts';
import { isShownRunner } from './shown-runners.ts';
import { passesOfLane, stepFrom } from './steps.ts';
import { linkOf } from './shown-path.ts';
import { View } from './view.ts';
import { placeOfLink, walk } from './walk-path.ts';

/** While a long trace arrives it is drawn this often: taking it in goes before. */
const LOADING_FRAME_MS = 250;

/** All that a page knows: what VS Code has sent, what is in view, and what is selected. It needs no document. */
export class PageModel {
  readonly view = new View();
  readonly selection: Selection;
  title = '';
  headline = '';
  /** Why there is nothing to show. */
  failure = '';
  notices: readonly Notice[] = [];
  readonly #post: (message: PageMessage) => void;
  /** What was in view before the page was hidden or loaded again. */
  readonly #kept: PageState | undefined;
  #isLoading = false;
  #drawnMs = -Infinity;
  #arrivedMs = 0;
  #isPainted = false;

  constructor(post: (message: PageMessage) => void, kept?: PageState) {
    this.#post = post;
    this.#kept = kept;
    this.selection = new Selection(this.view, post);
    if (kept !== undefined) this.view.restore(kept);
  }

  /** @param nowMs on the page's clock */
  receive(message: HostMessage, nowMs: number): void {
    this.#take(message, nowMs);
    if (!this.#isLoading || nowMs - this.#drawnMs > LOADING_FRAME_MS) this.view.relayOut();
  }

  /** All that has come is on screen. */
  drawn(nowMs: number): void {
    this.#drawnMs = nowMs;
    const { sessions } = this.view;
    const bars = sessions.reduce((sum, { runners }) => sum + runners.length, 0);
    if (this.#isPainted || bars === 0) return;
    this.#isPainted = true;
    const lanes = sessions.reduce((sum, { runners }) => sum + runners.lanes, 0);
    this.#post({ type: 'painted', bars, lanes, arrivedMs: this.#arrivedMs });
  }

  /** Somebody clicked on a bar or a sign. While the session is debugged, the debugger goes there too. */
  select(session: SessionModel, bar: Bar): void {
    const { id } = session.info;
    const to = this.view.cursors.has(id) ? momentOf(this.view, session, bar) : undefined;
    if (to !== undefined) this.#post({ type: 'goTo', session: id, to });
    const { kind, pass } = bar;
    const isSign = kind >= BarKind.markRunnerCreated;
    const lane = session.runners.laneOfPass(pass);
    if ((kind < BarKind.runnerPending || isSign) && lane !== undefined) {
      const place = isSign
        ? passesOfLane(session, lane).find((one) => one.pass === pass)
        : { ...bar, lane, session: id };
      if (place !== undefined) this.selection.pass(place);
      return;
    }
    if (this.view.laneBy !== 'runner') return;
    const state = isSign ? stateOfSign(session, bar) : bar;
    const past = state === undefined ? undefined : pastState(session, state);
    const [name, itsKind] = [session.names('runner')[bar.lane] ?? '', session.kindOf(bar.lane)];
    if (state === undefined || past === undefined) {
      if (itsKind === RUNNER_KIND) this.selection.runner(id, name);
      else this.selection.object(id, itsKind, name);
    } else this.selection.past(id, past, state);
  }

  /** @returns false where nothing is known of what held the selected runner */
  walk(direction: 1 | -1): boolean {
    return walk(this.view, direction);
  }

  /** Somebody chose a row of the table: a pass, or a request of a listener. */
  selectRow(place: PassPlace): void {
    const session = this.view.session(place.session);
    if (place.pass !== NO_PASS || session === undefined) this.selection.pass(place);
    else this.selection.object(place.session, session.kindOf(place.lane), session.names('runner')[place.lane] ?? '');
  }

  /** Takes back a step along the causes; without one the selection and what is measured; where there is neither, the search. */
  clear(): void {
    const { view } = this;
    if (view.path?.link !== undefined) {
      view.path = { ...view.path, link: undefined };
      view.changed();
      return;
    }
    const hasSelection = view.selected !== undefined || view.selectedRunner !== undefined || view.measure !== undefined;
    view.measure = undefined;
    if (hasSelection) this.selection.clear();
    else view.setQuery('');
  }

  step(direction: 1 | -1, everywhere = false): void {
    const place = stepFrom(this.view, direction, everywhere);
    if (place === undefined) return;
    this.selection.pass(place);
    this.view.bringIntoView(place);
  }

  /** Opens what is selected; after a step along the causes it selects the pass that was stepped to. */
  openSelected(): void {
    const { selected, path } = this.view;
    const link = path === undefined ? undefined : linkOf(path);
    const place = path === undefined || link === undefined ? undefined : placeOfLink(this.view, path, link);
    if (place !== undefined && place.pass >= 0) {
      const pass = passesOfLane(this.view.session(place.session) as SessionModel, place.lane).find(
        (one) => one.pass === place.pass,
      );
      if (pass !== undefined) this.selection.pass(pass);
      return;
    }
    if (selected !== undefined) this.#post({ type: 'manifest', session: selected.session, pass: selected.pass });
  }

  /** Does what needs no document; the rest is the page's. */
  command(name: PageCommand): void {
    const { view } = this;
    switch (name) {
      case 'fit':
        view.following = false;
        view.fit();
        break;
      case 'follow':
        view.following = true;
        view.changed();
        break;
      case 'table':
        view.tableShown = !view.tableShown;
        view.changed();
        break;
      case 'search':
      case 'savePng':
      case 'saveSvg':
        break;
    }
  }

  #take(message: HostMessage, nowMs: number): void {
    const { view, selection } = this;
    switch (message.type) {
      case 'reset':
        this.#isLoading = true;
        view.sessions.length = 0;
        view.cursors.clear();
        view.marked.clear();
        this.failure = '';
        this.title = message.title;
        break;
      case 'session': {
        const known = view.session(message.session.id);
        if (known === undefined) view.sessions.push(new SessionModel(message.session));
        else known.update(message.session, nowMs);
        break;
      }
      case 'bars':
        this.#arrivedMs = Date.now();
        view.session(message.session)?.append(message, nowMs);
        this.#isPainted = false;
        break;
      case 'loaded':
        this.#isLoading = false;
        this.#loaded();
        break;
      case 'detail':
        selection.passCame(message.session, message.detail);
        break;
      case 'runner':
        selection.runnerCame(message.session, message.detail);
        break;
      case 'path':
        selection.pathCame(message.session, message.path);
        break;
      case 'headline':
        this.headline = message.text;
        break;
      case 'notices':
        this.notices = message.notices;
        break;
      case 'filter':
        view.setFilter(message.session, message.filter ?? undefined);
        if (!selection.isShown) selection.clear();
        break;
      case 'showRunner':
        this.#showRunner(message.session, message.runner, message.pass);
        break;
      case 'cursor':
        moveCursor(view, message.session, message.cursor ?? undefined);
        break;
      case 'mark':
        view.marked.set(message.session, message.moment);
        showMoment(view, message.session, message.moment);
        break;
      case 'command':
        this.command(message.command);
        break;
      case 'failed':
        this.failure = message.text;
        break;
    }
  }

  /** All that there is has arrived; from here on come only changes. */
  #loaded(): void {
    const { view } = this;
    for (const session of view.sessions) session.compact();
    if (this.#kept === undefined) view.following = view.isLive;
    if (this.#kept === undefined || view.wasFitted) view.fit();
    const { selected } = this.#kept ?? {};
    const session = view.session(selected?.session ?? '');
    const lane = session?.laneOf(selected?.runner ?? '');
    if (session === undefined || lane === undefined) return;
    const place = passesOfLane(session, lane).find(({ startUs }) => startUs === selected?.startUs);
    if (place !== undefined && isShownRunner(session, lane)) this.selection.showPass(place);
  }

  /** Shows a runner's lane with one of its passes selected; left out, it is the last. */
  #showRunner(id: string, runner: string, pass?: number): void {
    const { view } = this;
    view.collapsed.delete(id);
    if (!isEmpty(view.query) && !runner.toLowerCase().includes(view.query.text)) view.setQuery('');
    view.relayOut();
    const shown = this.selection.showPassOf(id, runner, pass);
    if (shown !== undefined) view.bringIntoView(shown);
  }
}
