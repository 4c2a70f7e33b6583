import type { Bar, BarStore } from './bar-store.ts';
import { KINDS } from './bars.ts';
import { isDetailed, laneShape } from './lane-shape.ts';

/**
 * The bar that a pixel of a lane shows: of those within two pixels of `timeUs` that reach the row the one in front, and of
 * several in front the one nearest in time.
 * @param offsetPx rows below the lane's top
 */
export function barAt(
  store: BarStore,
  lane: number,
  lanePx: number,
  offsetPx: number,
  timeUs: number,
  pixelUs: number,
): Bar | undefined {
  const shape = laneShape(lanePx);
  const anyRow = !isDetailed(lanePx);
  let best: Bar | undefined;
  let bestRank = -1;
  let bestDistance = Infinity;
  store.forEach(lane, timeUs - 2 * pixelUs, timeUs + 2 * pixelUs, (bar) => {
    const column = shape.column[bar.kind] as number;
    if (column < 0) return;
    const reaches = offsetPx >= (shape.top[bar.kind] as number) && offsetPx < (shape.bottom[bar.kind] as number);
    if (!anyRow && !reaches) return;
    const distance = timeUs < bar.startUs ? bar.startUs - timeUs : Math.max(0, timeUs - bar.endUs);
    const inFront = anyRow ? (shape.value[bar.kind] as number) : KINDS - frontOf(column);
    if (distance > bestDistance || (distance === bestDistance && inFront < bestRank)) return;
    best = bar;
    bestRank = inFront;
    bestDistance = distance;
  });
  return best;
}

/** Position of a column array in the order of drawing; 0 is in front. */
function frontOf(column: number): number {
  return column === 1 ? 0 : column === 2 ? 1 : column === 0 ? 2 : column;
}
