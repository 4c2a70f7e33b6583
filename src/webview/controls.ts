import { barAt } from '../timeline/hit-test.ts';
import { nextScale } from '../timeline/rows.ts';
import { panBy, timeAt, zoomAt } from '../timeline/viewport.ts';
import type { Bar } from '../timeline/bar-store.ts';
import { AXIS_PX, GUTTER_PX, type View } from './view.ts';
import type { SessionModel } from './session-model.ts';
import type { Pointed } from './tip.ts';

/** What input on the chart asks for beyond moving the view. */
export interface ChartActions {
  select(session: SessionModel, bar: Bar): void;
  clearSelection(): void;
  /** Goes to the next (1) or previous (-1) pass of the runner or hit of a search, or of everything. */
  step(direction: 1 | -1, everywhere?: boolean): void;
  openSelected(): void;
  hover(pointed: Pointed | undefined): void;
  focusSearch(): void;
}

const KEY_PAN_PX = 80;
const KEY_ZOOM = 1.35;
const DRAG_LEAST_PX = 3;

/** Mouse, trackpad and keys on the chart. */
export function controlChart(canvas: HTMLCanvasElement, view: View, actions: ChartActions): void {
  const place = (event: MouseEvent): { x: number; y: number } => ({
    x: (event.offsetX - GUTTER_PX) * view.ratio,
    y: (event.offsetY - AXIS_PX) * view.ratio,
  });

  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const { x } = place(event);
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        view.following = false;
        const across = event.deltaX === 0 ? event.deltaY : event.deltaX;
        view.moveTo(panBy(view.viewport, across * view.ratio));
      } else if (event.altKey) {
        view.setScale(nextScale(view.scale, event.deltaY < 0 ? 1 : -1));
      } else if (event.offsetX < GUTTER_PX) {
        view.scrollTo(view.scrollPx + event.deltaY * view.ratio);
      } else {
        view.following = false;
        view.moveTo(zoomAt(view.viewport, Math.max(0, x), Math.exp(-event.deltaY * 0.0022)));
      }
    },
    { passive: false },
  );

  let drag: { x: number; y: number; fromUs: number; scrollPx: number; moved: boolean; measures: boolean } | undefined;
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    canvas.focus();
    canvas.setPointerCapture(event.pointerId);
    const { x, y } = place(event);
    const { fromUs } = view.viewport;
    drag = { x, y, fromUs, scrollPx: view.scrollPx, moved: false, measures: event.shiftKey };
    if (view.measure !== undefined) {
      view.measure = undefined;
      view.changed();
    }
  });
  canvas.addEventListener('pointermove', (event) => {
    const { x, y } = place(event);
    if (drag === undefined) {
      const found = pointAt(view, x, y);
      actions.hover(found === undefined ? undefined : { ...found, x: event.offsetX, y: event.offsetY });
      return;
    }
    if (!drag.moved && Math.hypot(x - drag.x, y - drag.y) < DRAG_LEAST_PX * view.ratio) return;
    drag.moved = true;
    actions.hover(undefined);
    if (drag.measures) {
      view.measure = { fromUs: timeAt(view.viewport, drag.x), toUs: timeAt(view.viewport, x) };
      view.changed();
    } else {
      view.following = false;
      view.moveTo({ ...view.viewport, fromUs: drag.fromUs - (x - drag.x) / view.viewport.pixelsPerUs });
      view.scrollTo(drag.scrollPx - (y - drag.y));
    }
  });
  canvas.addEventListener('pointerup', (event) => {
    const was = drag;
    drag = undefined;
    if (was === undefined || was.moved) return;
    const { x, y } = place(event);
    const row = view.rows.at(y + view.scrollPx);
    if (row?.index === -1 && y >= 0) {
      const id = view.sessions[row.group]?.info.id ?? '';
      if (!view.collapsed.delete(id)) view.collapsed.add(id);
      view.relayOut();
      return;
    }
    const found = pointAt(view, x, y);
    if (found?.bar === undefined) actions.clearSelection();
    else actions.select(found.session, found.bar);
  });
  canvas.addEventListener('pointerleave', () => actions.hover(undefined));
  canvas.addEventListener('dblclick', () => zoomToSelection(view));

  canvas.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = KEYS[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act(view, actions);
  });
}

const pan = (pixels: number) => (view: View) => {
  view.following = false;
  view.moveTo(panBy(view.viewport, pixels * view.ratio));
};
const zoom = (factor: number) => (view: View) => {
  view.following = false;
  view.moveTo(zoomAt(view.viewport, view.widthPx / 2, factor));
};
const scroll = (pixels: number) => (view: View) => view.scrollTo(view.scrollPx + pixels * view.ratio);

const KEYS: Readonly<Record<string, (view: View, actions: ChartActions) => void>> = {
  a: pan(-KEY_PAN_PX),
  d: pan(KEY_PAN_PX),
  w: zoom(KEY_ZOOM),
  s: zoom(1 / KEY_ZOOM),
  ArrowLeft: pan(-KEY_PAN_PX),
  ArrowRight: pan(KEY_PAN_PX),
  ArrowUp: scroll(-60),
  ArrowDown: scroll(60),
  PageUp: (view) => view.scrollTo(view.scrollPx - view.heightPx * 0.9),
  PageDown: (view) => view.scrollTo(view.scrollPx + view.heightPx * 0.9),
  Home: (view) => view.scrollTo(0),
  End: (view) => view.scrollTo(Infinity),
  '+': (view) => view.setScale(nextScale(view.scale, 1)),
  '-': (view) => view.setScale(nextScale(view.scale, -1)),
  f: (view) => view.fit(),
  z: (view) => zoomToSelection(view),
  n: (_view, actions) => actions.step(1),
  p: (_view, actions) => actions.step(-1),
  N: (_view, actions) => actions.step(1, true),
  P: (_view, actions) => actions.step(-1, true),
  Enter: (_view, actions) => actions.openSelected(),
  Escape: (view, actions) => {
    view.measure = undefined;
    actions.clearSelection();
  },
  '/': (_view, actions) => actions.focusSearch(),
};

/** Brings the selected pass, or the measured stretch, to a third of the width. */
export function zoomToSelection(view: View): void {
  const { selected, measure } = view;
  const origin = selected === undefined ? 0 : (view.session(selected.session)?.info.originUs ?? 0);
  const span =
    measure !== undefined
      ? [Math.min(measure.fromUs, measure.toUs), Math.max(measure.fromUs, measure.toUs)]
      : selected === undefined
        ? undefined
        : [selected.startUs - origin, selected.endUs - origin];
  const [fromUs = 0, toUs = 0] = span ?? [];
  if (span === undefined) return;
  view.following = false;
  const pixelsPerUs = Math.min(10, (view.widthPx * (measure === undefined ? 0.34 : 0.96)) / Math.max(1, toUs - fromUs));
  view.moveTo({ pixelsPerUs, fromUs: (fromUs + toUs) / 2 - view.widthPx / pixelsPerUs / 2 });
}

/** The lane, and the bar if there is one, under a position in device pixels right of the gutter and below the axis. */
function pointAt(view: View, x: number, y: number): Omit<Pointed, 'x' | 'y'> | undefined {
  if (y < 0) return undefined;
  const hit = view.rows.at(y + view.scrollPx);
  const session = hit === undefined ? undefined : view.sessions[hit.group];
  if (hit === undefined || session === undefined || hit.index < 0) return undefined;
  const { lanes } = view.rows.groups[hit.group] as (typeof view.rows.groups)[number];
  const lane = lanes[hit.index] as number;
  if (x < 0) return { session, lane, bar: undefined };
  const { lanePx, lanesAPixel } = view.rows.scale;
  const last = Math.min(lanes.length, hit.index + lanesAPixel);
  const fromUs = timeAt(view.viewport, Math.floor(x)) + session.info.originUs;
  const pixelUs = 1 / view.viewport.pixelsPerUs;
  const bar = barAt(session.store(view.laneBy), lanes, hit.index, last, lanePx, hit.offset, fromUs, pixelUs);
  return { session, lane: bar?.lane ?? lane, bar };
}
