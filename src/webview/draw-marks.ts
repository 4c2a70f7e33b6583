import type { LaneSign } from '../timeline/lane-marks.ts';
import { drawSigns } from '../timeline/signs.ts';
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

/** Draws a sign at the top of its lane. */
export function drawLaneSign(
  { pen, view, theme, left }: Drawing,
  { marks, x, widthPx }: LaneSign,
  laneTop: number,
  lanePx: number,
): void {
  const kinds = marks.map(({ kind }) => kind);
  const place = { x: left + x, y: laneTop + markMiddlePx(view, lanePx), half: markHalfPx(view, lanePx), widthPx };
  drawSigns(pen, kinds, place, signColours(theme), theme.font);
}
