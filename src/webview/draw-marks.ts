import { drawSign } from '../timeline/signs.ts';
import type { Drawing } from './drawing.ts';
import { signColours } from './theme.ts';
import type { View } from './view.ts';

/** Half of a sign's height and width, in device pixels. */
export function markHalfPx({ ratio }: View, lanePx: number): number {
  return Math.max(3 * ratio, Math.min(lanePx * 0.17, 6 * ratio));
}

/** The middle of signs below the top of their lane, in device pixels. */
export function markMiddlePx(lanePx: number): number {
  return lanePx * 0.12;
}

/** Draws the sign of a moment at the top of its lane. */
export function drawMark(
  { pen, view, theme }: Drawing,
  kind: number,
  x: number,
  laneTop: number,
  lanePx: number,
): void {
  drawSign(pen, kind, x, laneTop + markMiddlePx(lanePx), markHalfPx(view, lanePx), signColours(theme));
}
