import { isDetailed, STATES } from '../timeline/lane-shape.ts';
import type { RowGroup } from '../timeline/rows.ts';
import { blindText } from './blind-times.ts';
import { columnOf, setFont, withinBars, type Drawing } from './drawing.ts';
import { hatch, type Area } from './hatch.ts';

/** Of what covers stripes, in which states cannot be told from the controller's own passes. */
export const VEIL = 0.7;
const LABEL_PX = 15;

/**
 * Covers what runners and pods were while the cluster could not be seen: nobody knows. What the controller did meanwhile is
 * known and stays visible between the lines.
 */
export function drawBlindTimes(drawing: Drawing): void {
  const { view, scene, top, left } = drawing;
  const { rows, scrollPx } = scene;
  view.sessions.forEach((session, number) => {
    const group = rows.groups[number];
    if (group === undefined || group.collapsed) return;
    let labelledTo = -Infinity;
    for (const time of session.info.blind ?? []) {
      const x = Math.max(left, Math.round(columnOf(drawing, session, time.fromUs)));
      const to = Math.round(columnOf(drawing, session, time.toUs ?? scene.nowUs[number] ?? 0));
      const width = Math.min(left + view.widthPx, Math.max(to, x + view.ratio)) - x;
      if (width <= 0 || to < left) continue;
      const y = top + rows.top(number) + rows.headerPx - scrollPx;
      const area = { x, y, width, height: rows.bodyPx(group) };
      withinBars(drawing, () => cover(drawing, number, group, area));
      labelledTo = drawLabel(drawing, blindText(session, time), area, labelledTo);
    }
  });
}

function cover(drawing: Drawing, number: number, group: RowGroup, area: Area): void {
  const { pen, view, scene, theme, top } = drawing;
  const { rows, scrollPx } = scene;
  const { lanePx, lanesAPixel } = rows.scale;
  const hasStates = view.laneBy === 'runner';
  const isStripe = lanesAPixel > 1 || !isDetailed(lanePx);
  pen.fillStyle = theme.background;
  if (hasStates && isStripe) {
    pen.globalAlpha = VEIL;
    pen.fillRect(area.x, area.y, area.width, area.height);
    pen.globalAlpha = 1;
  } else if (hasStates) {
    const first = Math.max(0, Math.floor((scrollPx - rows.top(number) - rows.headerPx) / lanePx));
    for (let index = first; index < group.lanes.length; index++) {
      const laneTop = rows.laneTop(number, index) - scrollPx;
      if (laneTop > view.heightPx) break;
      const y = Math.floor(top + laneTop + STATES.top * lanePx);
      pen.fillRect(area.x, y, area.width, Math.ceil((STATES.bottom - STATES.top) * lanePx));
    }
  }
  const from = Math.max(area.y, top);
  const to = Math.min(area.y + area.height, top + view.heightPx);
  if (to > from) hatch(pen, { ...area, y: from, height: to - from }, theme.faint, view.ratio);
}

/** @returns where the label ends: the next one begins behind it, or is left out */
function drawLabel(drawing: Drawing, text: string, area: Area, fromPx: number): number {
  const { pen, view, theme, left } = drawing;
  const { ratio } = view;
  setFont(drawing, 11, '600');
  const width = pen.measureText(text).width + 10 * ratio;
  const middle = area.x + area.width / 2;
  const x = Math.max(left, Math.min(middle - width / 2, left + view.widthPx - width));
  if (x < fromPx || area.height < LABEL_PX * ratio) return fromPx;
  withinBars(drawing, () => {
    pen.fillStyle = theme.background;
    pen.fillRect(x, area.y + ratio, width, LABEL_PX * ratio);
    pen.fillStyle = theme.foreground;
    pen.fillText(text, x + 5 * ratio, area.y + ratio + (LABEL_PX / 2) * ratio);
  });
  return x + width + 8 * ratio;
}
