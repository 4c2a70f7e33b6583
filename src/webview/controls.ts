import type { Bar } from '../timeline/bar-store.ts';
import { barAt } from '../timeline/hit-test.ts';
import { momentsAt } from '../timeline/lane-marks.ts';
import { isDetailed } from '../timeline/lane-shape.ts';
import { viewOf } from '../timeline/painter.ts';
import { nextScale } from '../timeline/rows.ts';
import { panBy, timeAt, zoomAt } from '../timeline/viewport.ts';
import { markHalfPx, markMiddlePx } from './draw-marks.ts';
import { menuContext } from './debug-cursor.ts';
import { KEYS, type KeyActions } from './keys.ts';
import type { SessionModel } from './session-model.ts';
import type { Pointed } from './tip.ts';
import { AXIS_PX, type View } from './view.ts';
import { zoomToSelection } from './zoom-to-selection.ts';

/** What input on the chart asks for beyond moving the view. */
interface ChartActions extends KeyActions {
  select(session: SessionModel, bar: Bar): void;
  clearSelection(): void;
  hover(pointed: Pointed | undefined): void;
}

const DRAG_LEAST_PX = 3;
const WHEEL_ZOOM = 0.0022;

/** Mouse, trackpad and keys on the chart. */
export function controlChart(
  canvas: HTMLCanvasElement,
  view: View,
  wheel: 'scroll' | 'zoom',
  actions: ChartActions,
): void {
  controlWheel(canvas, view, wheel, actions);
  controlPointer(canvas, view, actions);
  canvas.addEventListener('dblclick', () => zoomToSelection(view));
  canvas.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = KEYS[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act(view, actions);
  });
}

/** Position right of the names and below the axis, in device pixels. */
function placeOf(canvas: HTMLCanvasElement, view: View, event: MouseEvent): { x: number; y: number } {
  return {
    x: event.offsetX * view.ratio - (canvas.width - view.widthPx),
    y: (event.offsetY - AXIS_PX) * view.ratio,
  };
}

function controlWheel(canvas: HTMLCanvasElement, view: View, wheel: 'scroll' | 'zoom', actions: ChartActions): void {
  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      // What was under the pointer moves away.
      actions.hover(undefined);
      const { deltaX, deltaY } = event;
      const { x } = placeOf(canvas, view, event);
      // A pinch on a trackpad comes as a wheel with Ctrl.
      const zooms = event.ctrlKey || event.metaKey || (wheel === 'zoom' && x >= 0);
      if (event.altKey) view.setScale(nextScale(view.scale, deltaY < 0 ? 1 : -1));
      else if (event.shiftKey || Math.abs(deltaX) > Math.abs(deltaY)) {
        view.following = false;
        view.moveTo(panBy(view.viewport, (deltaX === 0 ? deltaY : deltaX) * view.ratio));
      } else if (zooms) {
        view.following = false;
        view.moveTo(zoomAt(view.viewport, Math.max(0, x), Math.exp(-deltaY * WHEEL_ZOOM)));
      } else view.scrollTo(view.scrollPx + deltaY * view.ratio);
    },
    { passive: false },
  );
}

function controlPointer(canvas: HTMLCanvasElement, view: View, actions: ChartActions): void {
  let drag: { x: number; y: number; fromUs: number; scrollPx: number; moved: boolean; measures: boolean } | undefined;
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    canvas.focus();
    canvas.setPointerCapture(event.pointerId);
    const { fromUs } = view.viewport;
    const { scrollPx } = view;
    drag = { ...placeOf(canvas, view, event), fromUs, scrollPx, moved: false, measures: event.shiftKey };
    if (view.measure !== undefined) {
      view.measure = undefined;
      view.changed();
    }
  });
  canvas.addEventListener('pointermove', (event) => {
    const { x, y } = placeOf(canvas, view, event);
    if (drag === undefined) {
      const found = pointAt(view, x, y);
      actions.hover(found === undefined ? undefined : { ...found, x: event.offsetX, y: event.offsetY });
      canvas.dataset['vscodeContext'] = menuContext(view, found);
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
    const { x, y } = placeOf(canvas, view, event);
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
}

/** The lane, and the bar if there is one, under a position in device pixels right of the names and below the axis. */
export function pointAt(view: View, x: number, y: number): Omit<Pointed, 'x' | 'y'> | undefined {
  if (y < 0) return undefined;
  const hit = view.rows.at(y + view.scrollPx);
  const session = hit === undefined ? undefined : view.sessions[hit.group];
  if (hit === undefined || session === undefined || hit.index < 0) return undefined;
  const { lanes } = view.rows.groups[hit.group] as (typeof view.rows.groups)[number];
  const lane = lanes[hit.index] as number;
  const atUs = timeAt(view.viewport, x) + session.info.originUs;
  if (x < 0) return { session, lane, atUs, bar: undefined };
  const { lanePx, lanesAPixel } = view.rows.scale;
  const moments = isDetailed(lanePx) ? signAt(view, hit.group, lane, x, hit.offset) : [];
  if (moments.length > 0) return { session, lane, atUs, bar: moments[0], moments };
  const last = Math.min(lanes.length, hit.index + lanesAPixel);
  const fromUs = timeAt(view.viewport, Math.floor(x)) + session.info.originUs;
  const pixelUs = 1 / view.viewport.pixelsPerUs;
  const bar = barAt(session.store(view.laneBy), lanes, hit.index, last, lanePx, hit.offset, fromUs, pixelUs);
  return { session, lane: bar?.lane ?? lane, atUs, bar };
}

/** The moments whose sign is under a position: signs are in front of bars. */
function signAt(view: View, group: number, lane: number, x: number, offsetPx: number): readonly Bar[] {
  const { lanePx } = view.rows.scale;
  const half = markHalfPx(view, lanePx);
  if (Math.abs(offsetPx - markMiddlePx(view, lanePx)) > half) return [];
  const session = view.sessions[group] as SessionModel;
  return momentsAt(session.store(view.laneBy), lane, viewOf(view.scene(), group, view.widthPx), 2 * half, x);
}
