import { tickLabel } from './ticks.ts';
import { pixelAt, spanUs, type Viewport } from './viewport.ts';

/** A time that the axis names: where it is and where its text's middle is, in pixels from the left edge of the bars. */
interface AxisLabel {
  readonly text: string;
  readonly tickX: number;
  readonly x: number;
}

/** Free pixels between two texts. */
const GAP_PX = 8;

/**
 * The times that the axis names. A text that would stick out is moved until it is inside.
 * @param widthOf of a text, in pixels
 * @param taken stretches that other texts have already; what has no room beside them is left out
 */
export function axisLabels(
  viewport: Viewport,
  stepUs: number,
  widthPx: number,
  widthOf: (text: string) => number,
  taken: readonly (readonly [fromPx: number, toPx: number])[] = [],
): AxisLabel[] {
  const labels: AxisLabel[] = [];
  const endUs = viewport.fromUs + spanUs(viewport, widthPx);
  let free = -Infinity;
  for (let tick = Math.ceil(viewport.fromUs / stepUs) * stepUs; tick <= endUs; tick += stepUs) {
    const tickX = Math.round(pixelAt(viewport, tick));
    const text = tickLabel(tick, stepUs);
    const half = widthOf(text) / 2;
    const x = Math.max(half, Math.min(tickX, widthPx - half));
    if (x - half < free || taken.some(([from, to]) => x + half + GAP_PX > from && x - half - GAP_PX < to)) continue;
    free = x + half + GAP_PX;
    labels.push({ text, tickX, x });
  }
  return labels;
}
