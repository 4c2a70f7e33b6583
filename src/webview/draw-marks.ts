import { drawSign } from '../timeline/signs.ts';
import type { Drawing } from './drawing.ts';
import { signColours } from './theme.ts';
import type { View } from './view.ts';

/** Half of a sign's height and width, in device pixels. */
export function markHalfPx({ ratio }: View, lanePx: number): number {
  return Math.max(3 * ratio, Math.min(lanePx * 0.17, 6 * ratio));
}

/** The middle of signs below the top of their lane, in device pixels: none reaches into the lane or head above it. */
export function markMiddlePx(view: View, lanePx: number): number {
  return Math.max(lanePx * 0.12, markHalfPx(view, lanePx));
}

/** Draws the sign of a moment at the top of its lane. */
export function drawMark(
  { pen, view, theme }: Drawing,
  kind: number,
  x: number,
  laneTop: number,
  lanePx: number,
): void {
  drawSign(pen, kind, x, laneTop + markMiddlePx(view, lanePx), markHalfPx(view, lanePx), signColours(theme));
}
