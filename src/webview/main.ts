import './texts.ts';
import { t } from '@vscode/l10n';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { formatDuration } from '../base/duration.ts';
import type { HostMessage, PageCommand, PassDetail } from '../protocol.ts';
import type { LaneBy } from '../timeline/arrangement.ts';
import { BarKind, isPassKind, kindLabel } from '../timeline/bars.ts';
import type { Bar } from '../timeline/bar-store.ts';
import { isEmpty } from '../timeline/query.ts';
import { tickLabel } from '../timeline/ticks.ts';
import { spanUs } from '../timeline/viewport.ts';
import { Chart } from './chart.ts';
import { controlChart } from './controls.ts';
import { DetailPanel } from './detail-panel.ts';
import { byId } from './dom.ts';
import { host, keptState } from './host.ts';
import { Minimap } from './minimap.ts';
import { savePng, saveSvg } from './save-image.ts';
import { SessionModel } from './session-model.ts';
import { TableTwin } from './table-twin.ts';
import { readTheme, type Theme } from './theme.ts';
import { GUTTER_PX, View, type PassPlace } from './view.ts';

/** Figures of the time in view are counted when the view has been still for this long. */
const STATISTICS_DELAY_MS = 180;
/** While something happens, drawing goes on by itself until this long after the last message. */
const QUIET_MS = 1_500;
/** While a long trace arrives it is drawn this often: taking it in goes before. */
const LOADING_FRAME_MS = 250;

/** What the pointer is on, and where it is in the chart, in CSS pixels. */
interface Pointed {
  readonly session: SessionModel | undefined;
  readonly bar: Bar | undefined;
  readonly x: number;
  readonly y: number;
}

const view = new View();
const chart = new Chart(byId<HTMLCanvasElement>('chart'));
const minimap = new Minimap(byId<HTMLCanvasElement>('minimap'), view);
const panel = new DetailPanel(view);
const table = new TableTwin(view, selectPass);
let theme: Theme = readTheme();
let detail: PassDetail | undefined;
let frameAsked = false;
let lastMessageMs = 0;
let arrivedMs = 0;
let loading = false;
let drawnMs = -Infinity;
let paintedAll = false;
let chartWaits = false;
let pointed: Pointed | undefined;
let statisticsTimer: ReturnType<typeof setTimeout> | undefined;

view.onChange = askForFrame;
const state = keptState();
if (state !== undefined) view.restore(state);

function askForFrame(): void {
  if (frameAsked) return;
  frameAsked = true;
  requestAnimationFrame(frame);
}

function frame(): void {
  frameAsked = false;
  if (chart.resize(view)) view.relayOut();
  if (view.following) view.follow();
  const busy = view.sessions.some((session) => session.busy);
  const isMinimapNew = minimap.draw(theme);
  // While it follows a live run the chart can wait for the next frame; both in one would take too long for one.
  chartWaits = isMinimapNew && busy && view.following && !chartWaits;
  if (!view.tableShown && !chartWaits) chart.draw(view, theme, detail);
  drawnMs = performance.now();
  updateToolbar();
  // A live run is counted while it goes on; moving about is not held up by counting.
  if (!busy) {
    clearTimeout(statisticsTimer);
    statisticsTimer = undefined;
  }
  statisticsTimer ??= setTimeout(() => {
    statisticsTimer = undefined;
    for (const session of view.sessions) if (!session.busy) session.compact();
    view.prepareOverviews();
    panel.showStatistics();
    if (view.tableShown) table.show();
    describeChart();
  }, STATISTICS_DELAY_MS);
  if (view.following && busy && performance.now() - lastMessageMs < QUIET_MS) askForFrame();
  if (chartWaits) askForFrame();
  else if (!paintedAll && view.sessions.length > 0) {
    const bars = view.sessions.reduce((sum, { runners }) => sum + runners.length, 0);
    const lanes = view.sessions.reduce((sum, { runners }) => sum + runners.lanes, 0);
    if (bars > 0) {
      paintedAll = true;
      host.postMessage({ type: 'painted', bars, lanes, arrivedMs });
    }
  }
}

window.addEventListener('message', ({ data }: MessageEvent<HostMessage>) => {
  lastMessageMs = performance.now();
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
      else known.info = data.session;
      break;
    }
    case 'bars':
      arrivedMs = Date.now();
      view.session(data.session)?.append(data, performance.now());
      paintedAll = false;
      break;
    case 'loaded':
      loading = false;
      loaded();
      break;
    case 'detail':
      if (view.selected?.session === data.session && view.selected.pass === data.detail.number) {
        detail = data.detail;
        const { started, ended } = detail.event;
        view.selected = { ...view.selected, startUs: started, endUs: ended };
        panel.showPass(detail);
      }
      break;
    case 'headline':
      byId('headline').hidden = data.text === '';
      byId('headline').textContent = data.text;
      break;
    case 'notices':
    case 'runner':
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
  if (!loading || lastMessageMs - drawnMs > LOADING_FRAME_MS) view.relayOut();
});

/** All that there is has arrived; from here on come only changes. */
function loaded(): void {
  for (const session of view.sessions) session.compact();
  if (state === undefined) {
    const isLive = view.sessions.some(({ info }) => info.live);
    view.following = isLive;
    view.fit();
  }
  // Whoever came here by the keyboard goes on with it.
  if (document.hasFocus() && document.activeElement === document.body) chart.canvas.focus();
  const kept = state?.selected;
  const session = kept === undefined || kept === null ? undefined : view.session(kept.session);
  if (kept !== undefined && kept !== null && session !== undefined && kept.pass < session.runners.passes) {
    selectPass({ ...kept, lane: session.runners.laneOfPass(kept.pass), startUs: 0, endUs: 0 });
  }
}

function selectPass(place: PassPlace): void {
  view.selected = place;
  detail = undefined;
  host.postMessage({ type: 'select', session: place.session, pass: place.pass });
  if (view.tableShown) table.show();
  view.changed();
}

function clearSelection(): void {
  view.selected = undefined;
  detail = undefined;
  panel.showPass(undefined);
  view.changed();
}

controlChart(chart.canvas, view, {
  select(session, bar) {
    const runner = session.names('runner')[session.runners.laneOfPass(bar.pass)];
    if (bar.kind < BarKind.runnerPending && bar.pass >= 0) {
      selectPass({ ...bar, session: session.info.id });
    } else if (view.laneBy === 'runner') {
      host.postMessage({ type: 'reveal', session: session.info.id, runner: session.names('runner')[bar.lane] ?? '' });
    } else if (runner !== undefined) {
      host.postMessage({ type: 'reveal', session: session.info.id, runner });
    }
  },
  clearSelection,
  step,
  openSelected() {
    const { selected } = view;
    if (selected !== undefined) host.postMessage({ type: 'manifest', session: selected.session, pass: selected.pass });
  },
  hover,
  focusSearch: () => byId('search').focus(),
});

/** Goes through what was searched for, or else through all passes, in order of time. */
function step(direction: 1 | -1): void {
  const places = isEmpty(view.query) ? allPasses() : view.matches;
  if (places.length === 0) return;
  const { selected } = view;
  const at = places.findIndex(({ session, pass }) => session === selected?.session && pass === selected.pass);
  const next = at < 0 ? (direction > 0 ? 0 : places.length - 1) : (at + direction + places.length) % places.length;
  const place = places[next] as PassPlace;
  selectPass(place);
  bringIntoView(place);
}

function allPasses(): PassPlace[] {
  const places: PassPlace[] = [];
  for (const session of view.sessions) {
    for (let lane = 0; lane < session.runners.lanes; lane++) {
      session.runners.forEach(lane, -Infinity, Infinity, ({ kind, pass, startUs, endUs }) => {
        if (isPassKind(kind) && endUs !== Infinity) {
          places.push({ lane, pass, startUs, endUs, session: session.info.id });
        }
      });
    }
  }
  return places.sort((a, b) => a.startUs - b.startUs || a.pass - b.pass);
}

function bringIntoView({ session: id, startUs, endUs, lane }: PassPlace): void {
  const number = view.sessions.findIndex(({ info }) => info.id === id);
  const session = view.sessions[number];
  const group = view.rows.groups[number];
  if (session === undefined || group === undefined) return;
  const origin = session.info.originUs;
  const { fromUs } = view.viewport;
  const span = spanUs(view.viewport, view.widthPx);
  view.following = false;
  if (startUs - origin < fromUs || endUs - origin > fromUs + span) {
    view.moveTo({ ...view.viewport, fromUs: (startUs + endUs) / 2 - origin - span / 2 });
  }
  const index = Array.prototype.indexOf.call(group.lanes, lane);
  if (view.laneBy !== 'runner' || index < 0) return;
  const top = view.rows.laneTop(number, index);
  const isSeen =
    top >= view.scrollPx + view.rows.headerPx && top + view.rows.scale.lanePx <= view.scrollPx + view.heightPx;
  if (!isSeen) view.scrollTo(top - view.heightPx / 2);
}

/** Shows a runner's lane with its last pass selected. */
function revealRunner(id: string, runner: string): void {
  const session = view.session(id);
  const lane = session?.laneOf(runner);
  if (session === undefined || lane === undefined) return;
  view.collapsed.delete(id);
  if (!isEmpty(view.query) && !runner.toLowerCase().includes(view.query.text)) setQuery('');
  view.relayOut();
  let last: Bar | undefined;
  session.runners.forEach(lane, -Infinity, Infinity, (bar) => {
    if (isPassKind(bar.kind) && bar.endUs !== Infinity) last = bar;
  });
  if (last === undefined) return;
  const place: PassPlace = { ...last, session: id };
  selectPass(place);
  bringIntoView(place);
}

/** The tooltip is written in the next frame: the browser lays it out once, however often the pointer moves before. */
function hover(session: SessionModel | undefined, bar: Bar | undefined, x: number, y: number): void {
  if (pointed === undefined) requestAnimationFrame(showTip);
  pointed = { session, bar, x, y };
}

function showTip(): void {
  const { session, bar, x, y } = pointed as Pointed;
  pointed = undefined;
  const tip = byId('tip');
  chart.canvas.style.cursor = bar === undefined ? 'default' : 'pointer';
  tip.hidden = session === undefined || bar === undefined;
  if (session === undefined || bar === undefined) return;
  const lane = session.names(view.laneBy)[bar.lane] ?? '';
  const hasWord = (bar.kind >= BarKind.throttled && bar.kind <= BarKind.phaseOdd) || bar.kind <= BarKind.backoff;
  const word = hasWord ? (session.words[bar.detail] ?? '') : '';
  const length = bar.endUs === Infinity ? t('so far') : formatDuration(Math.round(bar.endUs - bar.startUs));
  const at = formatDuration(Math.max(0, Math.round(bar.startUs - session.info.originUs)));
  tip.textContent = [lane, kindLabel(bar.kind), word, length, t('at {0}', at)]
    .filter((part) => part !== '')
    .join(' · ');
  const widthPx = view.widthPx / view.ratio + GUTTER_PX;
  tip.style.left = `${Math.min(x + 12, widthPx - 260)}px`;
  tip.style.top = `${y + 18}px`;
}

function setQuery(text: string): void {
  byId<HTMLInputElement>('search').value = text;
  view.setQuery(text);
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
      savePng(chart.canvas);
      break;
    case 'saveSvg':
      saveSvg(view, theme);
      break;
  }
}

for (const name of ['fit', 'follow'] as const) byId(name).addEventListener('click', () => command(name));
byId('table-button').addEventListener('click', () => command('table'));
byId('save').addEventListener('click', () => command('savePng'));
byId('next').addEventListener('click', () => step(1));
byId('previous').addEventListener('click', () => step(-1));
byId('search').addEventListener('input', (event) => view.setQuery((event.target as HTMLInputElement).value));
byId('search').addEventListener('keydown', (event) => {
  if (event.key === 'Enter') step(event.shiftKey ? -1 : 1);
  else if (event.key === 'Escape') chart.canvas.focus();
});
byId('lanes').addEventListener('change', (event) => {
  view.laneBy = (event.target as HTMLSelectElement).value as LaneBy;
  view.scaleChosen = false;
  view.scrollPx = 0;
  view.relayOut();
});

function updateToolbar(): void {
  const isLive = view.sessions.some(({ info }) => info.live);
  const canFollow = isLive && !view.following;
  if (byId('follow').hidden === canFollow) byId('follow').hidden = !canFollow;
  const matches = isEmpty(view.query) ? '' : t('{0} passes', view.matches.length);
  // What has not changed is not written: the browser would lay the page out again.
  if (byId('matches').textContent !== matches) byId('matches').textContent = matches;
  const pressed = String(view.tableShown);
  if (byId('table-button').getAttribute('aria-pressed') !== pressed) {
    byId('table-button').setAttribute('aria-pressed', pressed);
  }
}

/** What the picture shows, in words, for those who do not see it. */
function describeChart(): void {
  const parts = view.sessions.map((session) => {
    const { info, pods, runners } = session;
    const figures = pods === undefined ? t('no pod yet') : t('first pod after {0}', formatDuration(pods.firstUs));
    return t(
      '{0} mode, {1}: {2} runners, {3} passes, {4}',
      info.mode,
      info.name,
      runners.lanes,
      runners.passes,
      figures,
    );
  });
  const { fromUs } = view.viewport;
  const toUs = fromUs + spanUs(view.viewport, view.widthPx);
  const text = t(
    'Timeline of reconcile passes. {0}. Shown is the time from {1} to {2}. The Table button shows the same as a table.',
    parts.join('. '),
    tickLabel(fromUs, 1_000),
    tickLabel(toUs, 1_000),
  );
  if (chart.canvas.getAttribute('aria-label') !== text) chart.canvas.setAttribute('aria-label', text);
}

new MutationObserver(() => {
  theme = readTheme();
  panel.showLegend(theme);
  view.relayOut();
}).observe(document.body, { attributes: true, attributeFilter: ['class', 'style'] });
new ResizeObserver(askForFrame).observe(chart.canvas);
window.addEventListener('error', ({ message }) => host.postMessage({ type: 'error', text: message }));
document.addEventListener('visibilitychange', askForFrame);

panel.showPass(undefined);
panel.showLegend(theme);
byId<HTMLInputElement>('search').value = view.queryText;
byId<HTMLSelectElement>('lanes').value = view.laneBy;
table.show();
host.postMessage({ type: 'ready' });
askForFrame();
