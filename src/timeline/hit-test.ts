import type { Bar, BarStore } from './bar-store.ts';
import { KINDS } from './bars.ts';
import { DRAW_ORDER, isDetailed, laneShape } from './lane-shape.ts';

/** What lies this far beside a pixel is still meant by pointing at it. */
const REACH_PX = 2;

/**
 * The bar that a pixel shows, or else the nearest: beside it, or above or below it in its lane. Bars of waits and states are
 * thin, and nothing else of a lane can be meant by pointing near them. Of two as near it is the one in front.
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
  const isStripe = !isDetailed(lanePx);
  let best: Bar | undefined;
  let bestRank = -1;
  let bestPx = Infinity;
  const look = (bar: Bar): void => {
    const column = shape.column[bar.kind] as number;
    if (column < 0) return;
    const besidePx = besideOf((bar.startUs - fromUs) / pixelUs, (bar.endUs - fromUs) / pixelUs);
    const [top, bottom] = [shape.top[bar.kind] as number, shape.bottom[bar.kind] as number];
    const awayPx = isStripe ? 0 : Math.max(0, top - offsetPx, Math.floor(offsetPx) - (bottom - 1));
    const distancePx = Math.hypot(besidePx, awayPx);
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
function besideOf(startPx: number, endPx: number): number {
  if (startPx >= 1) return startPx;
  return endPx > 0 || startPx >= 0 ? 0 : 1 - endPx;
}

/** Position of a column array in the order of drawing; 0 is in front. */
function frontOf(column: number): number {
  return DRAW_ORDER.indexOf(column);
}
