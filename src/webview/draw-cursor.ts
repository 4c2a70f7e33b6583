import type { MarkedMoment, ObjectMoment } from '../protocol.ts';
import { columnOf, setFont, withinBars, type Drawing } from './drawing.ts';
import { placeOfLane } from './place-of-lane.ts';
import type { SessionModel } from './session-model.ts';

/** Where debuggers stand, and what else is marked: a line through the group, an arrow at the lane, and dots where breakpoints were hit. */
export function drawCursors(drawing: Drawing): void {
  const { view, scene, top, theme } = drawing;
  view.sessions.forEach((session, number) => {
    const cursor = view.cursors.get(session.info.id);
    const marked = view.marked.get(session.info.id);
    const group = scene.rows.groups[number];
    if (group === undefined) return;
    const from = top + scene.rows.top(number) + scene.rows.headerPx - scene.scrollPx;
    const to = from + scene.rows.bodyPx(group);
    withinBars(drawing, () => {
      if (marked !== undefined) drawCursor(drawing, session, marked, theme.now, from, to);
      if (cursor === undefined) return;
      for (const hit of cursor.hits) drawHit(drawing, session, hit);
      drawCursor(drawing, session, cursor, theme.stopped, from, to);
    });
  });
}

function drawHit(drawing: Drawing, session: SessionModel, hit: ObjectMoment): void {
  const { pen, theme, view } = drawing;
  const y = laneMiddle(drawing, session, hit);
  if (y === undefined) return;
  const radius = 4 * view.ratio;
  pen.fillStyle = theme.breakpoint;
  pen.beginPath();
  pen.roundRect(columnOf(drawing, session, hit.atUs) - radius, y - radius, 2 * radius, 2 * radius, radius);
  pen.fill();
}

function drawCursor(
  drawing: Drawing,
  session: SessionModel,
  cursor: MarkedMoment,
  colour: string,
  from: number,
  to: number,
): void {
  const { pen, theme, view, left } = drawing;
  const { ratio } = view;
  const x = Math.round(columnOf(drawing, session, cursor.atUs));
  pen.strokeStyle = colour;
  pen.lineWidth = 2 * ratio;
  pen.setLineDash([]);
  pen.beginPath();
  pen.moveTo(x, from);
  pen.lineTo(x, to);
  pen.stroke();
  const y = laneMiddle(drawing, session, cursor);
  if (y === undefined) return;
  pen.fillStyle = colour;
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(x - 9 * ratio, y - 6 * ratio);
  pen.lineTo(x - 9 * ratio, y + 6 * ratio);
  pen.fill();
  setFont(drawing, 11, '600');
  const width = pen.measureText(cursor.text).width + 8 * ratio;
  // On the side where there is room.
  const isRoom = x + width + 4 * ratio < left + view.widthPx;
  const box = isRoom ? x + 4 * ratio : x - width - 12 * ratio;
  pen.fillStyle = theme.background;
  pen.fillRect(box, y - 8 * ratio, width, 16 * ratio);
  pen.strokeStyle = colour;
  pen.lineWidth = ratio;
  pen.strokeRect(box, y - 8 * ratio, width, 16 * ratio);
  pen.fillStyle = theme.foreground;
  pen.fillText(cursor.text, box + 4 * ratio, y);
}

/** The middle of the bars of an object's lane; undefined where lanes are of something else, or it is not shown. */
function laneMiddle(drawing: Drawing, session: SessionModel, { object, kind }: ObjectMoment): number | undefined {
  const lane = drawing.view.laneBy === 'runner' ? session.laneOf(object, kind) : undefined;
  const place = lane === undefined ? undefined : placeOfLane(drawing, session.info.id, lane);
  return place === undefined ? undefined : place.y + place.lanePx * 0.4;
}
