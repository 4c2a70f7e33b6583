import * as vscode from 'vscode';
import type {
  DebugCursor,
  HostMessage,
  MarkedMoment,
  Notice,
  ObjectMoment,
  PageCommand,
  PageMessage,
} from '../protocol.ts';
import type { TimelineSource } from './run.ts';
import { NO_FILTER, type RunnerFilter } from './runner-filter.ts';
import type * as Captions from './timeline-captions.ts';
import type { TimelineFeed } from './timeline-feed.ts';
import { timelineWheel } from './configuration.ts';
import { timelineHtml } from './timeline-html.ts';
import { translateEngine } from './translate-engine.ts';
import { allowPage } from './webview-page.ts';
import { kindOfController } from '../trace/kinds.ts';
import { RUNNER_KIND } from '../trace/model.ts';

/** How often a live timeline gets what has happened. */
const FLUSH_MS = 60;
/** How often what is said above the bars is looked at again; less often where that takes long. */
const CAPTION_MS = 1_000;
const CAPTION_SHARE = 20;
/** Of sessions in which nothing happens: they are said to be idle for longer and longer. */
const IDLE_CAPTION_MS = 20_000;
/** A wait becomes a trouble when it lasts: the headline is made again this often though nothing has happened. */
const WAIT_STEP_MS = 15_000;
/** Events of a trace that are made into bars and sent in one go; the first are on screen while others are on their way. */
const EVENTS_A_MESSAGE = 12_500;

/** What a timeline asks of the rest of the extension. */
export interface TimelineActions {
  /** Somebody selected a runner on the page. */
  selected(source: TimelineSource, runner: string): void;
  openManifest(source: TimelineSource, pass: number, runner: string): void;
  /** Which kind of image somebody wants, as the command that makes it; undefined for none. */
  askImageCommand(): Promise<PageCommand | undefined>;
  saveImage(sources: readonly TimelineSource[], format: 'png' | 'svg', bytes: Uint8Array): void;
  /** A bar of a session that is debugged was clicked. */
  goTo(source: TimelineSource, to: ObjectMoment): void;
  /** Files were dropped on the page. */
  dropped(uris: readonly string[]): void;
  /** A button of a notice was pressed. */
  act(notice: string, action: string): void;
  log(text: string): void;
}

/** What the page has drawn. */
export interface Painted {
  readonly bars: number;
  readonly lanes: number;
  /** How long the last bars were on their way to the page. */
  readonly travelMs: number;
}

/** Feeds one webview with the bars of its sources and answers what it asks. */
export class TimelineView implements vscode.Disposable {
  #sources: readonly TimelineSource[];
  readonly #webview: vscode.Webview;
  readonly #actions: TimelineActions;
  readonly #subscriptions: vscode.Disposable[] = [];
  readonly #painted = new vscode.EventEmitter<Painted>();
  #sentMs = 0;
  #feed: TimelineFeed | undefined;
  #timer: NodeJS.Timeout | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #captions: typeof Captions | undefined;
  /** What the headline was made of, and when it may be made again. */
  #captioned = '';
  #nextHeadlineMs = 0;
  #nextCaptionMs = 0;
  #ready = false;
  /** Number of the page that is sent to; pages come and go while a timeline is hidden and shown. */
  #page = 0;
  #waiting: HostMessage[] = [];
  #failure: string | undefined;
  #headline = '';
  #notices: readonly Notice[] = [];
  #filter = NO_FILTER;
  /** Where debuggers stand, by source. */
  readonly #cursors = new Map<string, DebugCursor>();
  /** Moments that are spoken of elsewhere, by source. */
  readonly #marked = new Map<string, MarkedMoment>();
  readonly #title: string;

  /** The page has drawn what it was sent. */
  readonly onDidPaint = this.#painted.event;

  constructor(
    webview: vscode.Webview,
    extensionUri: vscode.Uri,
    title: string,
    sources: readonly TimelineSource[],
    actions: TimelineActions,
  ) {
    this.#sources = sources;
    this.#webview = webview;
    this.#actions = actions;
    this.#title = title;
    const page = allowPage(webview, extensionUri, 'timeline', title);
    this.#subscriptions.push(webview.onDidReceiveMessage((message: PageMessage) => this.#received(message)));
    webview.html = timelineHtml({ ...page, wheel: timelineWheel() });
  }

  get sources(): readonly TimelineSource[] {
    return this.#sources;
  }

  /** Whether it shows the source with an id. */
  shows(source: string): boolean {
    return this.#source(source) !== undefined;
  }

  /** Shows one more source below those that are shown, or in place of the one with its id. */
  showAlso(source: TimelineSource): void {
    this.#sources = [...this.#sources.filter(({ info }) => info.id !== source.info.id), source];
    // The page gets everything again; one that is not there yet asks by itself.
    if (this.#ready) void this.#begin();
  }

  /**
   * Selects a runner's pass and shows its lane, as soon as the page is there.
   * @param pass its number; left out, it is the last one
   */
  showRunner(session: string, runner: string, pass?: number): void {
    this.#postWhenReady({ type: 'showRunner', session, runner, ...(pass === undefined ? {} : { pass }) });
  }

  /** Shows where a debugger stands, on this page and on those that come after it; null when it has gone. */
  cursor(session: string, cursor: DebugCursor | null): void {
    if (cursor === null) this.#cursors.delete(session);
    else this.#cursors.set(session, cursor);
    if (this.#ready) this.#post({ type: 'cursor', session, cursor });
  }

  /** Marks a moment and brings it into view, on this page and on those that come after it. */
  mark(session: string, moment: MarkedMoment): void {
    this.#marked.set(session, moment);
    if (this.#ready) this.#post({ type: 'mark', session, moment });
  }

  command(command: PageCommand): void {
    this.#postWhenReady({ type: 'command', command });
  }

  /** Says why there is nothing to show, on this page and on those that come after it. */
  fail(text: string): void {
    this.#failure = text;
    if (this.#ready) this.#post({ type: 'failed', text });
  }

  /** Shows banners in place of those before, on this page and on those that come after it. */
  notices(notices: readonly Notice[]): void {
    if (JSON.stringify(notices) === JSON.stringify(this.#notices)) return;
    this.#notices = notices;
    if (this.#ready) this.#postNotices();
  }

  /** Shows of each session what the tree's filter lets through, on this page and on those that come after it. */
  filter(filter: RunnerFilter): void {
    this.#filter = filter;
    this.#feed?.filter(filter);
    if (!this.#ready) return;
    this.#caption();
    this.#flush();
  }

  /** Sessions have ended, or the webview can be seen again. */
  refresh(): void {
    if (!this.#ready) return;
    for (const message of this.#feed?.sessions() ?? []) this.#post(message);
    this.#nextHeadlineMs = 0;
    this.#caption();
    this.#flush();
    // A session that had come to rest has been asked for something.
    if (this.#isLive) this.#startTimer();
  }

  /** The page is gone until it says that it is ready again: nothing is sent to it. */
  hidden(): void {
    this.#ready = false;
    this.#page++;
    this.#stopTimer();
    clearInterval(this.#idleTimer);
  }

  dispose(): void {
    this.hidden();
    for (const subscription of this.#subscriptions.splice(0)) subscription.dispose();
    this.#painted.dispose();
  }

  #post(message: HostMessage): void {
    void this.#webview.postMessage(message);
  }

  #postNotices(): void {
    const recorded = this.#captions?.traceNotices(this.sources) ?? [];
    this.#post({ type: 'notices', notices: [...this.#notices, ...recorded] });
  }

  #postPath(session: string, runner: string): void {
    const path = this.#feed?.path(session, runner);
    if (path !== undefined) this.#post({ type: 'path', session, path });
  }

  #postWhenReady(message: HostMessage): void {
    if (this.#ready) this.#post(message);
    else this.#waiting.push(message);
  }

  #received(message: PageMessage): void {
    switch (message.type) {
      case 'ready':
        void this.#begin();
        break;
      case 'askPass': {
        this.#feed?.unfollow();
        const detail = this.#feed?.detail(message.session, message.pass);
        if (detail === undefined) break;
        this.#post({ type: 'detail', session: message.session, detail });
        if (kindOfController(detail.event.controller) === RUNNER_KIND)
          this.#postPath(message.session, detail.event.object);
        break;
      }
      case 'askRunner':
        this.#feed?.follow(message.session, message.runner, message.kind);
        this.#flush();
        if (message.kind === undefined) this.#postPath(message.session, message.runner);
        break;
      case 'selected': {
        const source = this.#source(message.session);
        if (source !== undefined) this.#actions.selected(source, message.runner);
        break;
      }
      case 'goTo': {
        const source = this.#source(message.session);
        if (source !== undefined) this.#actions.goTo(source, message.to);
        break;
      }
      case 'dropped':
        this.#actions.dropped(message.uris);
        break;
      case 'openLine':
        this.#source(message.session)?.openLine?.(message.source, message.line);
        break;
      case 'action': {
        // The page is asked which button was pressed, not which command to run: only what it was sent counts.
        const notice = this.#notices.find(({ id }) => id === message.notice);
        if (notice?.actions.some(({ id }) => id === message.action) === true)
          this.#actions.act(notice.id, message.action);
        break;
      }
      case 'manifest': {
        const source = this.#source(message.session);
        const pass = this.#feed?.pass(message.session, message.pass);
        if (source !== undefined && pass !== undefined) this.#actions.openManifest(source, message.pass, pass.object);
        break;
      }
      case 'askSave':
        void this.#actions.askImageCommand().then((command) => command !== undefined && this.command(command));
        break;
      case 'image':
        this.#actions.saveImage(this.sources, message.format, message.bytes);
        break;
      case 'painted':
        this.#painted.fire({ ...message, travelMs: message.arrivedMs - this.#sentMs });
        break;
      case 'error':
        this.#actions.log(message.text);
        break;
    }
  }

  /** A page has started, for the first time or after it was hidden: it knows nothing yet. */
  async #begin(): Promise<void> {
    const page = ++this.#page;
    await translateEngine();
    const { TimelineFeed: Feed } = await import('./timeline-feed.ts');
    this.#captions ??= await import('./timeline-captions.ts');
    // Meanwhile the page may have gone, or started again.
    if (this.#page !== page) return;
    const feed = new Feed(this.sources);
    this.#feed = feed;
    feed.filter(this.#filter);
    this.#post({ type: 'reset', title: this.#title });
    for (const message of feed.sessions()) this.#post(message);
    for (;;) {
      this.#flush(EVENTS_A_MESSAGE);
      if (!feed.pending) break;
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#page !== page) return;
    }
    this.#caption();
    this.#ready = true;
    this.#post({ type: 'loaded' });
    if (this.#failure !== undefined) this.#post({ type: 'failed', text: this.#failure });
    this.#post({ type: 'headline', text: this.#headline });
    this.#postNotices();
    for (const [session, moment] of this.#marked) this.#post({ type: 'mark', session, moment });
    for (const [session, cursor] of this.#cursors) this.#post({ type: 'cursor', session, cursor });
    for (const message of this.#waiting.splice(0)) this.#post(message);
    if (this.#isLive) this.#startTimer();
    clearInterval(this.#idleTimer);
    this.#idleTimer = setInterval(() => this.#isLive || this.#caption(), IDLE_CAPTION_MS);
  }

  #startTimer(): void {
    this.#timer ??= setInterval(() => {
      this.#flush();
      if (Date.now() >= this.#nextCaptionMs) this.#caption();
    }, FLUSH_MS);
  }

  /** Says above the bars what they show, and what the sessions do. */
  #caption(): void {
    // A page that has nothing to show keeps the banner which says why.
    if (this.#captions === undefined || this.sources.length === 0) return;
    const nowMs = Date.now();
    this.#nextCaptionMs = nowMs + CAPTION_MS;
    const sessions = this.sources.flatMap(({ session }) => session ?? []);
    // Without sessions there is what was said when the timeline was opened: why it is empty.
    if (sessions.length > 0) this.notices(this.#captions.noticesOf(sessions, nowMs, this.#filter));
    if (nowMs < this.#nextHeadlineMs) return;
    const captioned = this.sources.map((source) => stateOf(source, nowMs)).join();
    if (captioned === this.#captioned) return;
    this.#captioned = captioned;
    const headline = this.#captions.headlineOf(this.sources);
    if (headline !== this.#headline && this.#ready) this.#post({ type: 'headline', text: headline });
    this.#headline = headline;
    this.#nextHeadlineMs = nowMs + CAPTION_SHARE * (Date.now() - nowMs);
  }

  /** @param limit how many events of each session to take at most */
  #flush(limit?: number): void {
    for (const message of this.#feed?.take(limit) ?? []) {
      if (message.type === 'bars') this.#sentMs = Date.now();
      this.#post(message);
    }
    if (!this.#isLive) this.#stopTimer();
  }

  #stopTimer(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  get #isLive(): boolean {
    return this.sources.some(({ session }) => session?.ended === false);
  }

  #source(id: string): TimelineSource | undefined {
    return this.sources.find(({ info }) => info.id === id);
  }
}

/** What a headline depends on: what has happened, whether it goes on, and for how long it has. */
function stateOf({ trace, session }: TimelineSource, nowMs: number): string {
  const isOpen = session !== undefined && !session.stopped;
  return `${trace.length} ${session?.ended} ${session?.rest?.reason} ${isOpen ? Math.floor(nowMs / WAIT_STEP_MS) : ''}`;
}
