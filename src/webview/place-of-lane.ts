import type { Drawing } from './drawing.ts';

/** Where a lane is, if it is shown. */
export function placeOfLane(drawing: Drawing, id: string, lane: number): { y: number; lanePx: number } | undefined {
  const { view, scene, top } = drawing;
  const number = view.sessions.findIndex(({ info }) => info.id === id);
  const group = scene.rows.groups[number];
  if (group === undefined || group.collapsed) return undefined;
  const index = indexOfLane(group.lanes, lane);
  if (index < 0) return undefined;
  return { y: top + scene.rows.laneTop(number, index) - scene.scrollPx, lanePx: scene.rows.scale.lanePx };
}

function indexOfLane(lanes: ArrayLike<number>, lane: number): number {
  if (lanes[lane] === lane) return lane;
  return Array.prototype.indexOf.call(lanes, lane);
}
