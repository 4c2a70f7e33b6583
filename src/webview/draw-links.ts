import type { ChainPlace } from '../protocol.ts';
import { PASS_MIDDLE } from '../timeline/lane-shape.ts';
import { columnOf, withinBars, type Drawing } from './drawing.ts';
import { placeOfLane } from './place-of-lane.ts';
import type { SessionModel } from './session-model.ts';

/** Half of the square at the end of an arrow, in CSS pixels. */
const END_PX = 3;
/** How far arrows bend, in CSS pixels: within a lane upwards, from lane to lane to the left. */
const BEND_PX = { up: 20, left: 14 } as const;

/** Arrows across the lanes for the selected runner: from a job to the decision, the set, the runner, its registration and its pod. */
export function drawLinks(drawing: Drawing): void {
  const { pen, view, theme } = drawing;
  const { ratio, links, selected, selectedRunner } = view;
  const session = view.session((selected ?? selectedRunner)?.session ?? '');
  if (session === undefined || links.length === 0 || view.laneBy !== 'runner') return;
  withinBars(drawing, () => {
    pen.lineWidth = 2 * ratio;
    pen.strokeStyle = pen.fillStyle = theme.focus;
    pen.setLineDash([4 * ratio, 3 * ratio]);
    for (const { from, to } of links) {
      const [begin, end] = [pointOf(drawing, session, from), pointOf(drawing, session, to)];
      if (begin === undefined || end === undefined) continue;
      const [x, y] =
        begin.y === end.y
          ? [(begin.x + end.x) / 2, begin.y - BEND_PX.up * ratio]
          : [begin.x - BEND_PX.left * ratio, (begin.y + end.y) / 2];
      pen.beginPath();
      pen.moveTo(begin.x, begin.y);
      pen.quadraticCurveTo(x, y, end.x, end.y);
      pen.stroke();
      pen.fillRect(end.x - END_PX * ratio, end.y - END_PX * ratio, 2 * END_PX * ratio, 2 * END_PX * ratio);
    }
  });
}

/** Where a moment lies in the chart; undefined where its lane is not shown. */
function pointOf(
  drawing: Drawing,
  session: SessionModel,
  { kind, name, atUs }: ChainPlace,
): { x: number; y: number } | undefined {
  const lane = session.laneOf(name, kind);
  const place = lane === undefined ? undefined : placeOfLane(drawing, session.info.id, lane);
  if (place === undefined) return undefined;
  return { x: columnOf(drawing, session, atUs), y: place.y + place.lanePx * PASS_MIDDLE };
}
