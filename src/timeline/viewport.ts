/** What part of time the page shows: `fromUs` at its left edge and how many pixels a microsecond takes. */
export interface Viewport {
  readonly fromUs: number;
  readonly pixelsPerUs: number;
}

/** A pixel is never shorter than a tenth of a microsecond nor longer than an hour. */
const MAX_PIXELS_PER_US = 10;
const MIN_PIXELS_PER_US = 1 / 3_600_000_000;

/** Part of the width that is left free on each side of what is fitted. */
const MARGIN = 0.02;

export function spanUs(viewport: Viewport, widthPx: number): number {
  return widthPx / viewport.pixelsPerUs;
}

export function timeAt(viewport: Viewport, x: number): number {
  return viewport.fromUs + x / viewport.pixelsPerUs;
}

export function pixelAt(viewport: Viewport, timeUs: number): number {
  return (timeUs - viewport.fromUs) * viewport.pixelsPerUs;
}

/** Scales time about the pixel `x`, whose time stays where it is. */
export function zoomAt(viewport: Viewport, x: number, factor: number): Viewport {
  const pixelsPerUs = Math.min(MAX_PIXELS_PER_US, Math.max(MIN_PIXELS_PER_US, viewport.pixelsPerUs * factor));
  return { fromUs: timeAt(viewport, x) - x / pixelsPerUs, pixelsPerUs };
}

export function panBy(viewport: Viewport, pixels: number): Viewport {
  return { ...viewport, fromUs: viewport.fromUs + pixels / viewport.pixelsPerUs };
}

/** The viewport in which the time span fills the width, with a little room on both sides. */
export function fitSpan(fromUs: number, toUs: number, widthPx: number): Viewport {
  const lengthUs = Math.max(1_000, toUs - fromUs);
  const pixelsPerUs = Math.min(MAX_PIXELS_PER_US, (widthPx * (1 - 2 * MARGIN)) / lengthUs);
  return { fromUs: fromUs - (widthPx * MARGIN) / pixelsPerUs, pixelsPerUs };
}

/**
 * The viewport at a scale with a span of time in its middle, as far as the data goes: beside its first and last time there is
 * no more room than fitSpan() leaves.
 */
export function showSpan(
  [fromUs, toUs]: readonly [number, number],
  pixelsPerUs: number,
  [firstUs, lastUs]: readonly [number, number],
  widthPx: number,
): Viewport {
  const lengthUs = widthPx / pixelsPerUs;
  const latestUs = lastUs - lengthUs * (1 - MARGIN);
  const middleUs = (fromUs + toUs - lengthUs) / 2;
  return { fromUs: Math.max(firstUs - lengthUs * MARGIN, Math.min(middleUs, latestUs)), pixelsPerUs };
}

/** Keeps at least a tenth of the width over the data, so that nobody gets lost. */
export function keepInReach(viewport: Viewport, firstUs: number, lastUs: number, widthPx: number): Viewport {
  const length = spanUs(viewport, widthPx);
  const fromUs = Math.min(Math.max(viewport.fromUs, firstUs - length * 0.9), lastUs - length * 0.1);
  return fromUs === viewport.fromUs ? viewport : { ...viewport, fromUs };
}
