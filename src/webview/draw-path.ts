import { PASS_MIDDLE } from '../timeline/lane-shape.ts';
import { columnOf, withinBars, type Drawing } from './drawing.ts';
import { placeOfLane } from './place-of-lane.ts';
import { linkOf } from './shown-path.ts';

/** In CSS pixels: the line, what sets it off from bars of its colour, and how far from a link its frame is. */
const [LINE_PX, EDGE_PX, MARK_PX] = [2, 5, 5];

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The critical path of the selected runner over the bars: along what went on, and from lane to lane where one waited for another. */
export function drawPath(drawing: Drawing): void {
  const { view, pen, theme } = drawing;
  const { path: shown, ratio } = view;
  const session = view.session(shown?.session ?? '');
  if (shown === undefined || session === undefined || view.laneBy !== 'runner') return;
  const lines = shown.path.links.flatMap(({ runner, fromUs, toUs }) => {
    const y = middleOf(drawing, shown.session, session.laneOf(runner));
    if (y === undefined) return [];
    return [
      { x: columnOf(drawing, session, fromUs), y },
      { x: columnOf(drawing, session, toUs), y },
    ] satisfies Point[];
  });
  const walked = linkOf(shown);
  const at = walked === undefined ? undefined : middleOf(drawing, shown.session, session.laneOf(walked.runner));
  withinBars(drawing, () => {
    stroke(drawing, lines, EDGE_PX * ratio, theme.background);
    stroke(drawing, lines, LINE_PX * ratio, theme.path);
    if (walked === undefined || at === undefined) return;
    const [from, to] = [columnOf(drawing, session, walked.fromUs), columnOf(drawing, session, walked.toUs)];
    const half = MARK_PX * ratio;
    pen.lineWidth = LINE_PX * ratio;
    pen.strokeStyle = theme.focus;
    pen.strokeRect(from - half, at - half, to - from + 2 * half, 2 * half);
  });
}

function stroke({ pen }: Drawing, points: readonly Point[], width: number, colour: string): void {
  pen.lineWidth = width;
  pen.strokeStyle = colour;
  pen.beginPath();
  points.forEach(({ x, y }, index) => (index === 0 ? pen.moveTo(x, y) : pen.lineTo(x, y)));
  pen.stroke();
}

/** Where passes are drawn in a lane; undefined where the lane is not shown. */
function middleOf(drawing: Drawing, session: string, lane: number | undefined): number | undefined {
  const place = lane === undefined ? undefined : placeOfLane(drawing, session, lane);
  return place === undefined ? undefined : place.y + place.lanePx * PASS_MIDDLE;
}
