import type { Bar, BarStore } from './bar-store.ts';
import { KINDS } from './bars.ts';
import { DRAW_ORDER, isDetailed, laneShape } from './lane-shape.ts';

/** What lies this far beside a pixel is still meant by pointing at it. */
const REACH_PX = 2;

/**
 * The bar that a pixel shows: of those that touch it and reach its row the one in front, or else the nearest beside it.
 * @param lanes those from number `first` to before `last` share the row
 * @param offsetPx rows below the lane's top
 * @param fromUs time at the pixel's left edge
 */
export function barAt(
  store: BarStore,
  lanes: ArrayLike<number>,
  first: number,
  last: number,
  lanePx: number,
  offsetPx: number,
  fromUs: number,
  pixelUs: number,
): Bar | undefined {
  const shape = laneShape(lanePx);
  const anyRow = !isDetailed(lanePx);
  let best: Bar | undefined;
  let bestRank = -1;
  let bestPx = Infinity;
  const look = (bar: Bar): void => {
    const column = shape.column[bar.kind] as number;
    if (column < 0) return;
    const reaches = offsetPx >= (shape.top[bar.kind] as number) && offsetPx < (shape.bottom[bar.kind] as number);
    if (!anyRow && !reaches) return;
    const distancePx = distance((bar.startUs - fromUs) / pixelUs, (bar.endUs - fromUs) / pixelUs);
    const rank = (KINDS - frontOf(column)) * KINDS + (shape.value[bar.kind] as number);
    if (distancePx > bestPx || (distancePx === bestPx && rank < bestRank)) return;
    best = bar;
    bestRank = rank;
    bestPx = distancePx;
  };
  for (let index = first; index < last; index++) {
    store.forEach(lanes[index] as number, fromUs - REACH_PX * pixelUs, fromUs + (1 + REACH_PX) * pixelUs, look);
  }
  return best;
}

/** From the pixel that begins at 0 to a bar, in pixels; 0 when it is drawn there, as BarStore.bin() does. */
function distance(startPx: number, endPx: number): number {
  if (startPx >= 1) return startPx;
  return endPx > 0 || startPx >= 0 ? 0 : 1 - endPx;
}

/** Position of a column array in the order of drawing; 0 is in front. */
function frontOf(column: number): number {
  return DRAW_ORDER.indexOf(column);
}
