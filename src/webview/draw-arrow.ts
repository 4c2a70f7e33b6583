import { withinBars, type Drawing } from './drawing.ts';

/** A point of the chart in device pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Half of the square at the end of an arrow, in CSS pixels. */
const END_PX = 3;

/** Draws arrows from causes to effects: dashed, bent towards a point, with a square at the end. */
export function drawArrows(drawing: Drawing, arrows: Iterable<readonly [from: Point, bend: Point, to: Point]>): void {
  const { pen, view, theme } = drawing;
  const { ratio } = view;
  withinBars(drawing, () => {
    pen.lineWidth = 2 * ratio;
    pen.strokeStyle = pen.fillStyle = theme.focus;
    pen.setLineDash([4 * ratio, 3 * ratio]);
    const half = END_PX * ratio;
    for (const [from, bend, to] of arrows) {
      pen.beginPath();
      pen.moveTo(from.x, from.y);
      pen.quadraticCurveTo(bend.x, bend.y, to.x, to.y);
      pen.stroke();
      pen.fillRect(to.x - half, to.y - half, 2 * half, 2 * half);
    }
  });
}
