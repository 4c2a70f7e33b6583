import type { ChainPlace } from '../protocol.ts';
import { PASS_MIDDLE } from '../timeline/lane-shape.ts';
import { drawArrows, type Point } from './draw-arrow.ts';
import { columnOf, type Drawing } from './drawing.ts';
import { placeOfLane } from './place-of-lane.ts';
import type { SessionModel } from './session-model.ts';

/** How far arrows bend, in CSS pixels: within a lane upwards, from lane to lane to the left. */
const BEND_PX = { up: 20, left: 14 } as const;

/** Arrows across the lanes for the selected runner: from a job to the decision, the set, the runner, its registration and its pod. */
export function drawLinks(drawing: Drawing): void {
  const { view } = drawing;
  const { ratio, links, selected, selectedRunner } = view;
  const session = view.session((selected ?? selectedRunner)?.session ?? '');
  if (session === undefined || links.length === 0 || view.laneBy !== 'runner') return;
  const arrows = links.flatMap(({ from, to }): [Point, Point, Point][] => {
    const [begin, end] = [pointOf(drawing, session, from), pointOf(drawing, session, to)];
    if (begin === undefined || end === undefined) return [];
    const bend =
      begin.y === end.y
        ? { x: (begin.x + end.x) / 2, y: begin.y - BEND_PX.up * ratio }
        : { x: begin.x - BEND_PX.left * ratio, y: (begin.y + end.y) / 2 };
    return [[begin, bend, end]];
  });
  drawArrows(drawing, arrows);
}

/** Where a moment lies in the chart; undefined where its lane is not shown. */
function pointOf(drawing: Drawing, session: SessionModel, { kind, name, atUs }: ChainPlace): Point | undefined {
  const lane = session.laneOf(name, kind);
  const place = lane === undefined ? undefined : placeOfLane(drawing, session.info.id, lane);
  if (place === undefined) return undefined;
  return { x: columnOf(drawing, session, atUs), y: place.y + place.lanePx * PASS_MIDDLE };
}
