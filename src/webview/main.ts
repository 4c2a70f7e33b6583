import './texts.ts';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import type { HostMessage, PageCommand } from '../protocol.ts';
import type { LaneBy } from '../timeline/arrangement.ts';
import { BarKind } from '../timeline/bars.ts';
import { isEmpty } from '../timeline/query.ts';
import { Chart } from './chart.ts';
import { controlChart } from './controls.ts';
import { describe } from './describe.ts';
import { DetailPanel } from './detail-panel.ts';
import { byId } from './dom.ts';
import { Frames } from './frames.ts';
import { host, keptState } from './host.ts';
import { foldLegend, showLegend } from './legend.ts';
import { keyHint } from './keys.ts';
import { showKeys } from './keys-sheet.ts';
import { Minimap } from './minimap.ts';
import { showNotices } from './notices.ts';
import { pictureTexts } from './picture.ts';
import { pngPicture } from './png-picture.ts';
import { Scrollbar } from './scrollbar.ts';
import { showSearch } from './search.ts';
import { Selection } from './selection.ts';
import { SessionModel } from './session-model.ts';
import { showStatistics } from './statistics-panel.ts';
import { passesOfLane, stepFrom } from './steps.ts';
import { svgDocument } from './svg-document.ts';
import { TableTwin } from './table-twin.ts';
import { readTheme, type Theme } from './theme.ts';
import { Tip } from './tip.ts';
import { View } from './view.ts';

/** Figures of the time in view are counted when the view has been still for this long. */
const STATISTICS_DELAY_MS = 180;
/** While a long trace arrives it is drawn this often: taking it in goes before. */
const LOADING_FRAME_MS = 250;

const view = new View((kept) => host.setState(kept));
const chart = new Chart(byId<HTMLCanvasElement>('chart'));
const minimap = new Minimap(byId<HTMLCanvasElement>('minimap'), view);
const panel = new DetailPanel();
const selection = new Selection(view, panel, (message) => host.postMessage(message));
const table = new TableTwin(view, (place) => selection.pass(place));
const scrollbar = new Scrollbar(view);
const tip = new Tip(view);
const frames = new Frames(view, draw);
let theme: Theme = readTheme();
let arrivedMs = 0;
let loading = false;
let drawnMs = -Infinity;
let paintedAll = false;
let chartWaits = false;
let countedOf = '';
let statisticsTimer: ReturnType<typeof setTimeout> | undefined;

view.onChange = () => frames.ask();
const state = keptState();
if (state !== undefined) view.restore(state);

function draw(): void {
  if (chart.resize(view)) view.relayOut();
  view.follow();
  const busy = view.sessions.some((session) => session.busy);
  const isMinimapNew = minimap.draw(theme);
  // While it follows a live run the chart can wait for the next frame; both in one would take too long for one.
  chartWaits = isMinimapNew && busy && view.following && !chartWaits;
  if (!view.tableShown && !chartWaits) chart.draw(view, theme, selection.detail);
  drawnMs = performance.now();
  scrollbar.draw();
  panel.tick();
  updateToolbar();
  countSoon(busy);
  if (chartWaits) frames.ask();
  else tellPainted();
}

/** A live run is counted while it goes on; moving about is not held up by counting, and time alone changes no figure. */
function countSoon(busy: boolean): void {
  if (!busy) {
    clearTimeout(statisticsTimer);
    statisticsTimer = undefined;
  }
  const { fromUs, pixelsPerUs } = view.viewport;
  const bars = view.sessions.map(({ runners }) => runners.length);
  const of = [
    view.isLive,
    fromUs,
    view.following ? '' : pixelsPerUs,
    view.widthPx,
    view.tableShown,
    view.laneBy,
    ...bars,
  ].join();
  if (of === countedOf) return;
  statisticsTimer ??= setTimeout(() => {
    statisticsTimer = undefined;
    countedOf = of;
    for (const session of view.sessions) if (!session.busy) session.compact();
    view.prepareOverviews();
    showStatistics(view);
    selection.sessionsChanged();
    if (view.tableShown) table.show();
    const text = describe(view);
    if (chart.canvas.getAttribute('aria-label') !== text) chart.canvas.setAttribute('aria-label', text);
  }, STATISTICS_DELAY_MS);
}

function tellPainted(): void {
  if (paintedAll) return;
  const bars = view.sessions.reduce((sum, { runners }) => sum + runners.length, 0);
  const lanes = view.sessions.reduce((sum, { runners }) => sum + runners.lanes, 0);
  if (bars === 0) return;
  paintedAll = true;
  host.postMessage({ type: 'painted', bars, lanes, arrivedMs });
}

window.addEventListener('message', ({ data }: MessageEvent<HostMessage>) => {
  const nowMs = performance.now();
  frames.heard();
  switch (data.type) {
    case 'reset':
      loading = true;
      view.sessions.length = 0;
      byId('failure').hidden = true;
      byId('title').textContent = data.title;
      break;
    case 'session': {
      const known = view.session(data.session.id);
      if (known === undefined) view.sessions.push(new SessionModel(data.session));
      else known.update(data.session, nowMs);
      break;
    }
    case 'bars':
      arrivedMs = Date.now();
      view.session(data.session)?.append(data, nowMs);
      paintedAll = false;
      break;
    case 'loaded':
      loading = false;
      loaded();
      break;
    case 'detail':
      selection.passCame(data.session, data.detail);
      break;
    case 'runner':
      selection.runnerCame(data.session, data.detail);
      break;
    case 'headline':
      byId('headline').hidden = data.text === '';
      byId('headline').textContent = data.text;
      break;
    case 'notices':
      showNotices(data.notices, (notice, action) => host.postMessage({ type: 'action', notice, action }));
      break;
    case 'reveal':
      revealRunner(data.session, data.runner);
      break;
    case 'command':
      command(data.command);
      break;
    case 'failed':
      byId('failure').hidden = false;
      byId('failure').textContent = data.text;
      break;
  }
  if (!loading || nowMs - drawnMs > LOADING_FRAME_MS) view.relayOut();
});

/** All that there is has arrived; from here on come only changes. */
function loaded(): void {
  for (const session of view.sessions) session.compact();
  if (state === undefined) {
    view.following = view.isLive;
    view.fit();
  }
  // Whoever came here by the keyboard goes on with it.
  if (document.hasFocus() && document.activeElement === document.body) chart.canvas.focus();
  const kept = state?.selected ?? undefined;
  const session = kept === undefined ? undefined : view.session(kept.session);
  const lane = kept === undefined ? undefined : session?.laneOf(kept.runner);
  if (kept === undefined || session === undefined || lane === undefined) return;
  const place = passesOfLane(session, lane).find(({ startUs }) => startUs === kept.startUs);
  if (place !== undefined) selection.pass(place);
}

const wheel = document.body.dataset['wheel'] === 'zoom' ? 'zoom' : 'scroll';
controlChart(chart.canvas, view, wheel, {
  select(session, bar) {
    const { id } = session.info;
    if (bar.kind < BarKind.runnerPending && bar.pass >= 0 && bar.pass < session.runners.passes) {
      selection.pass({ ...bar, lane: session.runners.laneOfPass(bar.pass), session: id });
    } else if (view.laneBy === 'runner') selection.runner(id, session.names('runner')[bar.lane] ?? '');
  },
  clearSelection: () => selection.clear(),
  clear() {
    const hasSelection = view.selected !== undefined || view.selectedRunner !== undefined || view.measure !== undefined;
    view.measure = undefined;
    if (hasSelection) selection.clear();
    else setQuery('');
  },
  showKeys: () => showKeys(wheel),
  step,
  openSelected() {
    const { selected } = view;
    if (selected !== undefined) host.postMessage({ type: 'manifest', session: selected.session, pass: selected.pass });
  },
  hover: (pointed) => tip.show(pointed),
  focusSearch: () => byId('search').focus(),
});

function step(direction: 1 | -1, everywhere = false): void {
  const place = stepFrom(view, direction, everywhere);
  if (place === undefined) return;
  selection.pass(place);
  view.bringIntoView(place);
}

/** Shows a runner's lane with its last pass selected. */
function revealRunner(id: string, runner: string): void {
  view.collapsed.delete(id);
  if (!isEmpty(view.query) && !runner.toLowerCase().includes(view.query.text)) setQuery('');
  view.relayOut();
  const last = selection.lastOf(id, runner);
  if (last !== undefined) view.bringIntoView(last);
}

function setQuery(text: string): void {
  byId<HTMLInputElement>('search').value = text;
  view.setQuery(text);
}

function clearSearch(): void {
  setQuery('');
  chart.canvas.focus();
}

function command(name: PageCommand): void {
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
      table.show();
      view.changed();
      break;
    case 'search':
      byId('search').focus();
      break;
    case 'savePng':
      void pngPicture(view, theme, selection.detail, textsOfPicture()).then(
        (bytes) => host.postMessage({ type: 'image', format: 'png', bytes }),
        ({ message }: Error) => host.postMessage({ type: 'error', text: message }),
      );
      break;
    case 'saveSvg': {
      const text = svgDocument(view, theme, selection.detail, textsOfPicture(), chart.widthOf);
      host.postMessage({ type: 'image', format: 'svg', bytes: new TextEncoder().encode(text) });
      break;
    }
  }
}

function textsOfPicture(): readonly string[] {
  const [title, headline] = ['title', 'headline'].map((id) => byId(id).textContent ?? '') as [string, string];
  const made = new Date().toLocaleString(document.documentElement.lang);
  const infos = view.sessions.map(({ info }) => info);
  return pictureTexts(title, headline, infos, made);
}

for (const name of ['fit', 'follow'] as const) byId(name).addEventListener('click', () => command(name));
byId('table-button').addEventListener('click', () => command('table'));
byId('save').addEventListener('click', () => command('savePng'));
byId('next').addEventListener('click', () => step(1));
byId('previous').addEventListener('click', () => step(-1));
byId('search').addEventListener('input', (event) => view.setQuery((event.target as HTMLInputElement).value));
byId('search').addEventListener('keydown', (event) => {
  if (event.key === 'Enter') step(event.shiftKey ? -1 : 1);
  else if (event.key === 'Escape') clearSearch();
});
for (const id of ['clear', 'nothing-clear']) byId(id).addEventListener('click', clearSearch);
byId('lanes').addEventListener('change', (event) => {
  view.setLanes((event.target as HTMLSelectElement).value as LaneBy);
});

function updateToolbar(): void {
  const isLive = view.isLive;
  const canFollow = isLive && !view.following;
  if (byId('follow').hidden === canFollow) byId('follow').hidden = !canFollow;
  showSearch(view);
  const pressed = String(view.tableShown);
  if (byId('table-button').getAttribute('aria-pressed') !== pressed) {
    byId('table-button').setAttribute('aria-pressed', pressed);
  }
}

new MutationObserver(() => {
  theme = readTheme();
  showLegend(theme);
  view.relayOut();
}).observe(document.body, { attributes: true, attributeFilter: ['class', 'style'] });
new ResizeObserver(() => frames.ask()).observe(chart.canvas);
window.addEventListener('error', ({ message }) => host.postMessage({ type: 'error', text: message }));
document.addEventListener('visibilitychange', () => frames.ask());

// Everywhere but where text is written `?` opens the sheet; Ctrl+A would select every text of the page.
document.addEventListener('keydown', (event) => {
  const isWriting = event.target instanceof HTMLElement && event.target.id === 'search';
  if (isWriting || event.defaultPrevented) return;
  if (event.key === '?') showKeys(wheel);
  else if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey)) event.preventDefault();
});
byId('keys-button').addEventListener('click', () => showKeys(wheel));
byId('keys').textContent = keyHint(wheel);

panel.showNothing([]);
foldLegend();
showLegend(theme);
byId<HTMLInputElement>('search').value = view.queryText;
byId<HTMLSelectElement>('lanes').value = view.laneBy;
table.show();
host.postMessage({ type: 'ready' });
frames.ask();
