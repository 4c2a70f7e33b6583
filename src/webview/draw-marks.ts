import { BarKind } from '../timeline/bars.ts';
import type { Drawing } from './drawing.ts';
import type { View } from './view.ts';

/** Half of a sign's height and width, in device pixels. */
export function markHalfPx({ ratio }: View, lanePx: number): number {
  return Math.max(3 * ratio, Math.min(lanePx * 0.17, 6 * ratio));
}

/** Draws the sign of a moment at the top of its lane. Every kind of moment has a shape of its own. */
export function drawMark(drawing: Drawing, kind: number, x: number, laneTop: number, lanePx: number): void {
  const { context, view, theme } = drawing;
  const { ratio } = view;
  const y = laneTop + lanePx * 0.12;
  const half = markHalfPx(view, lanePx);
  context.beginPath();
  if (kind === BarKind.markPodCreated) {
    context.moveTo(x, y - half);
    context.lineTo(x + half, y);
    context.lineTo(x, y + half);
    context.lineTo(x - half, y);
    context.closePath();
  } else if (kind === BarKind.markPodRunning) {
    context.moveTo(x - half * 0.7, y - half);
    context.lineTo(x + half, y);
    context.lineTo(x - half * 0.7, y + half);
    context.closePath();
  } else if (kind === BarKind.markRunnerCreated) {
    context.rect(x - ratio, y - half, 2 * ratio, half * 2);
  } else if (kind === BarKind.markFinished) {
    context.arc(x, y, half * 0.8, 0, Math.PI * 2);
  } else {
    const arm = half * 0.8;
    context.moveTo(x - arm, y - arm);
    context.lineTo(x + arm, y + arm);
    context.moveTo(x + arm, y - arm);
    context.lineTo(x - arm, y + arm);
    context.lineWidth = 2 * ratio;
    context.strokeStyle = kind === BarKind.markFailure ? theme.colours.refused : theme.marks;
    context.stroke();
    return;
  }
  context.fillStyle = kind === BarKind.markPodRunning ? theme.colours.running : theme.marks;
  context.fill();
  context.lineWidth = ratio;
  context.strokeStyle = theme.background;
  context.stroke();
}
