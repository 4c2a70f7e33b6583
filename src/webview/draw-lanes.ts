import { t } from '@vscode/l10n';
import { BarKind } from '../timeline/bars.ts';
import { fitText } from '../timeline/fit-text.ts';
import { isDetailed, MARKS } from '../timeline/lane-shape.ts';
import { viewOf } from '../timeline/painter.ts';
import { pixelAt } from '../timeline/viewport.ts';
import { setFont, type Drawing } from './drawing.ts';
import { drawMark } from './draw-marks.ts';
import { shortName } from './names.ts';
import type { SessionModel } from './session-model.ts';

/** Lanes that are lower have no names; a pointer on them shows the name. */
const NAMED_LANE_PX = 10;
/** Room for a second line below the name. */
const TWO_LINES_PX = 24;
const LABELLED_LANE_PX = 18;
/** Labels are drawn only where there are few bars: this many are looked at for each lane. */
const MAX_LABELLED_BARS = 400;

/** Names of the lanes in view, and over their bars the marks and labels that have room. */
export function drawLanes(drawing: Drawing): void {
  const { view, scene } = drawing;
  const { rows, scrollPx } = scene;
  const { lanePx, lanesAPixel } = rows.scale;
  if (lanesAPixel > 1 || lanePx < NAMED_LANE_PX * view.ratio) return;
  const marks = new Uint8Array(view.widthPx);
  rows.groups.forEach((group, number) => {
    const session = view.sessions[number];
    if (session === undefined || group.collapsed) return;
    const first = Math.max(0, Math.floor((scrollPx - rows.top(number) - rows.headerPx) / lanePx));
    for (let index = first; index < group.lanes.length; index++) {
      const y = rows.laneTop(number, index) - scrollPx;
      if (y > view.heightPx) break;
      const lane = group.lanes[index] as number;
      drawName(drawing, session.names(view.laneBy)[lane] ?? '', drawing.top + y, lanePx);
      if (!isDetailed(lanePx)) continue;
      const columns = { ...viewOf(scene, number, view.widthPx), ...MARKS, step: 1, values: marks.fill(0) };
      session.store(view.laneBy).bin([lane], 0, 1, columns);
      for (let x = 0; x < marks.length; x++) {
        if (marks[x] !== 0) drawMark(drawing, marks[x] as number, drawing.left + x, drawing.top + y, lanePx);
      }
      if (lanePx >= LABELLED_LANE_PX * view.ratio) drawLabels(drawing, session, lane, drawing.top + y, lanePx);
    }
  });
}

function drawName(drawing: Drawing, name: string, top: number, lanePx: number): void {
  const { context, view, theme, left } = drawing;
  const { ratio } = view;
  const hasTwoLines = lanePx >= TWO_LINES_PX * ratio && view.laneBy === 'runner';
  setFont(drawing, Math.min(12, lanePx / ratio - 1));
  context.fillStyle = theme.foreground;
  const text = view.laneBy === 'runner' ? shortName(name) : name;
  fillText(context, text, 12 * ratio, top + lanePx * (hasTwoLines ? 0.37 : 0.5), left - 20 * ratio);
  if (!hasTwoLines) return;
  setFont(drawing, 9.5);
  context.fillStyle = theme.faint;
  context.fillText(t('state, pod'), 12 * ratio, top + lanePx * 0.84);
}

/** Writes what a request is into its bar where it has room. */
function drawLabels(drawing: Drawing, session: SessionModel, lane: number, top: number, lanePx: number): void {
  const { context, view, theme, left } = drawing;
  const { fromUs, pixelsPerUs } = view.viewport;
  const shift = session.info.originUs;
  const leastUs = (60 * view.ratio) / pixelsPerUs;
  const toUs = fromUs + view.widthPx / pixelsPerUs;
  let seen = 0;
  setFont(drawing, 10);
  session.store(view.laneBy).forEach(lane, fromUs + shift, toUs + shift, (bar) => {
    if (++seen > MAX_LABELLED_BARS || bar.kind < BarKind.throttled || bar.kind > BarKind.refused) return;
    if (bar.endUs - bar.startUs < leastUs) return;
    const from = Math.max(left, left + pixelAt(view.viewport, bar.startUs - shift));
    const to = Math.min(left + view.widthPx, left + pixelAt(view.viewport, bar.endUs - shift));
    if (to - from < 50 * view.ratio) return;
    context.fillStyle = theme.background;
    const text = bar.kind === BarKind.throttled ? t('client limiter') : (session.words[bar.detail] ?? '');
    fillText(context, text, from + 5 * view.ratio, top + lanePx * 0.38, to - from - 10 * view.ratio);
  });
}

function fillText(context: CanvasRenderingContext2D, text: string, x: number, y: number, room: number): void {
  context.fillText(
    fitText(text, room, (part) => context.measureText(part).width),
    x,
    y,
  );
}
