import { utcText } from '../base/utc-text.ts';
import type { HostMessage, Notice, PageCommand } from '../protocol.ts';
import type { LaneBy } from '../timeline/arrangement.ts';
import { Chart } from './chart.ts';
import { controlChart } from './controls.ts';
import { DetailPanel } from './detail-panel.ts';
import { byId, setAttribute, show, write } from './dom.ts';
import { Frames } from './frames.ts';
import { keptState, type VsCodeApi } from './host.ts';
import { keyHint } from './keys.ts';
import { showKeys } from './keys-sheet.ts';
import { foldLegend, showLegend } from './legend.ts';
import { Minimap } from './minimap.ts';
import { showNotices } from './notices.ts';
import { PageModel } from './page-model.ts';
import { pictureTexts } from './picture.ts';
import { pngPicture } from './png-picture.ts';
import { Rest } from './rest.ts';
import { Scrollbar } from './scrollbar.ts';
import { showSearch } from './search.ts';
import { svgDocument } from './svg-document.ts';
import { PathPanel } from './path-panel.ts';
import { PassTable } from './pass-table.ts';
import { colourPanel, readTheme } from './theme.ts';
import { takeDrops } from './take-drops.ts';
import { Tip } from './tip.ts';

/** What is in view is kept this long after it has changed. */
const KEEP_AFTER_MS = 300;

/** The page: draws what its model knows, and hands what people do on to it. */
export class Page {
  readonly #host: VsCodeApi;
  readonly #model: PageModel;
  readonly #chart = new Chart(byId<HTMLCanvasElement>('chart'));
  readonly #minimap: Minimap;
  readonly #panel: DetailPanel;
  readonly #path: PathPanel;
  readonly #table: PassTable;
  readonly #scrollbar: Scrollbar;
  readonly #tip: Tip;
  readonly #frames: Frames;
  readonly #rest: Rest;
  readonly #wheel = document.body.dataset['wheel'] === 'zoom' ? 'zoom' : 'scroll';
  #theme = readTheme();
  #shownNotices: readonly Notice[] = [];
  #chartWaits = false;
  #keepTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: VsCodeApi) {
    this.#host = host;
    const post = host.postMessage.bind(host);
    const model = new PageModel(post, keptState(host));
    this.#model = model;
    const { view, selection } = model;
    this.#minimap = new Minimap(byId<HTMLCanvasElement>('minimap'), view);
    this.#panel = new DetailPanel(view, selection, post);
    this.#path = new PathPanel(view);
    this.#table = new PassTable(view, (place) => model.selectRow(place));
    this.#scrollbar = new Scrollbar(view);
    this.#tip = new Tip(view);
    this.#frames = new Frames(view, () => this.#draw());
    this.#rest = new Rest(view, this.#panel, this.#table);
    view.onChange = () => this.#changed();
    this.#listen();
    colourPanel(this.#theme);
    foldLegend();
    this.#panel.drawSummary();
    this.#table.show();
    this.#host.postMessage({ type: 'ready' });
    this.#frames.ask();
  }

  #changed(): void {
    this.#frames.ask();
    this.#keepTimer ??= setTimeout(() => {
      this.#keepTimer = undefined;
      this.#host.setState(this.#model.view.state());
    }, KEEP_AFTER_MS);
  }

  #received(message: HostMessage): void {
    this.#frames.heard();
    this.#model.receive(message, performance.now());
    if (message.type === 'command') this.#commanded(message.command);
    // Keyboard users continue with the keyboard.
    const hasFocus = document.hasFocus() && document.activeElement === document.body;
    if (message.type === 'loaded' && hasFocus) this.#chart.canvas.focus();
  }

  #draw(): void {
    const { view, selection } = this.#model;
    if (this.#chart.resize(view)) view.relayOut();
    view.follow();
    const isBusy = view.sessions.some((session) => session.busy);
    const isMinimapNew = this.#minimap.draw(this.#theme);
    // While it follows a live run the chart can wait for the next frame; both in one would take too long for one.
    this.#chartWaits = isMinimapNew && isBusy && view.following && !this.#chartWaits;
    if (!view.tableShown && !this.#chartWaits) this.#chart.draw(view, this.#theme, selection.detail);
    this.#scrollbar.draw();
    this.#panel.draw();
    this.#path.draw();
    this.#table.follow();
    this.#writeTexts();
    this.#rest.soon(isBusy);
    if (this.#chartWaits) this.#frames.ask();
    else this.#model.drawn(performance.now());
  }

  #writeTexts(): void {
    const { view, title, headline, failure, notices } = this.#model;
    if (title !== '') write('title', title);
    write('headline', headline);
    show('headline', headline !== '');
    write('failure', failure);
    show('failure', failure !== '');
    if (notices !== this.#shownNotices) {
      this.#shownNotices = notices;
      showNotices(notices, (notice, action) => this.#host.postMessage({ type: 'action', notice, action }));
    }
    show('follow', view.isLive && !view.following);
    setAttribute('table-button', 'aria-pressed', String(view.tableShown));
    // It explains the chart.
    show('legend-box', !view.tableShown);
    write('keys', keyHint(this.#wheel, view.tableShown));
    showSearch(view);
    showLegend(this.#theme, view.ratio, view.hasChain);
    const search = byId<HTMLInputElement>('search');
    if (search.value !== view.queryText) search.value = view.queryText;
    const lanes = byId<HTMLSelectElement>('lanes');
    if (lanes.value !== view.laneBy) lanes.value = view.laneBy;
  }

  #command(name: PageCommand): void {
    this.#model.command(name);
    this.#commanded(name);
  }

  /** What a command asks of the document. */
  #commanded(name: PageCommand): void {
    switch (name) {
      case 'table':
        this.#table.show();
        break;
      case 'search':
        byId('search').focus();
        break;
      case 'savePng':
      case 'saveSvg':
        void this.#save(name === 'savePng' ? 'png' : 'svg');
        break;
      case 'fit':
      case 'follow':
        break;
    }
  }

  async #save(format: 'png' | 'svg'): Promise<void> {
    const { view, selection, title, headline } = this.#model;
    const made = utcText(new Date());
    const infos = view.sessions.map(({ info }) => info);
    const picture = [view, this.#theme, selection.detail, pictureTexts(title, headline, infos, made)] as const;
    try {
      const bytes =
        format === 'png'
          ? await pngPicture(...picture)
          : new TextEncoder().encode(svgDocument(...picture, this.#chart.widthOf));
      this.#host.postMessage({ type: 'image', format, bytes });
    } catch (error) {
      this.#host.postMessage({ type: 'error', text: (error as Error).message });
    }
  }

  #listen(): void {
    const model = this.#model;
    const { view } = model;
    window.addEventListener('message', ({ data }: MessageEvent<HostMessage>) => this.#received(data));
    window.addEventListener('error', ({ message }) => this.#host.postMessage({ type: 'error', text: message }));
    document.addEventListener('visibilitychange', () => this.#frames.ask());
    new ResizeObserver(() => this.#frames.ask()).observe(this.#chart.canvas);
    new MutationObserver(() => {
      this.#theme = readTheme();
      colourPanel(this.#theme);
      view.relayOut();
    }).observe(document.body, { attributes: true, attributeFilter: ['class', 'style'] });
    controlChart(this.#chart.canvas, view, this.#wheel, {
      select: (session, bar) => model.select(session, bar),
      clearSelection: () => model.selection.clear(),
      clear: () => model.clear(),
      showKeys: () => showKeys(this.#wheel),
      step: (direction, everywhere) => model.step(direction, everywhere),
      walk: (direction) => model.walk(direction),
      openSelected: () => model.openSelected(),
      hover: (pointed) => this.#tip.show(pointed),
      focusSearch: () => byId('search').focus(),
    });
    this.#listenToTools();
    takeDrops((uris) => this.#host.postMessage({ type: 'dropped', uris }));
  }

  #listenToTools(): void {
    const model = this.#model;
    const { view } = model;
    const onClick = (id: string, act: () => void): void => byId(id).addEventListener('click', act);
    onClick('fit', () => this.#command('fit'));
    onClick('follow', () => this.#command('follow'));
    onClick('table-button', () => this.#command('table'));
    onClick('save', () => this.#host.postMessage({ type: 'askSave' }));
    onClick('next', () => model.step(1));
    onClick('previous', () => model.step(-1));
    onClick('clear', () => this.#clearSearch());
    onClick('nothing-clear', () => this.#clearSearch());
    onClick('keys-button', () => showKeys(this.#wheel));
    byId('search').addEventListener('input', (event) => view.setQuery((event.target as HTMLInputElement).value));
    byId('search').addEventListener('keydown', (event) => {
      if (event.key === 'Enter') model.step(event.shiftKey ? -1 : 1);
      else if (event.key === 'Escape') this.#clearSearch();
    });
    byId('lanes').addEventListener('change', (event) => {
      view.setLanes((event.target as HTMLSelectElement).value as LaneBy);
    });
    // Everywhere but where text is written `?` opens the sheet; Ctrl+A would select every text of the page.
    document.addEventListener('keydown', (event) => {
      const isWriting = event.target instanceof HTMLElement && event.target.id === 'search';
      if (isWriting || event.defaultPrevented) return;
      if (event.key === '?') showKeys(this.#wheel);
      else if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey)) event.preventDefault();
    });
  }

  #clearSearch(): void {
    this.#model.view.setQuery('');
    this.#chart.canvas.focus();
  }
}
