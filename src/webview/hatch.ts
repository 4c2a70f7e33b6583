import type { Pen } from '../timeline/pen.ts';

/** In pixels of the pen. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Between the lines, and their width, in CSS pixels. */
const STEP_PX = 7;
const LINE_PX = 1;

/** Hatches an area, which stands for what is not known; the lines lie at the same places wherever the area is cut off. */
export function hatch(pen: Pen, { x, y, width, height }: Area, colour: string, ratio: number): void {
  const [stepPx, bottom] = [STEP_PX * ratio, y + height];
  pen.save();
  pen.beginPath();
  pen.rect(x, y, width, height);
  pen.clip();
  pen.strokeStyle = colour;
  pen.lineWidth = LINE_PX * ratio;
  pen.beginPath();
  const last = x + width + bottom;
  for (let sum = Math.floor((x + y) / stepPx) * stepPx; sum <= last; sum += stepPx) {
    pen.moveTo(sum - bottom, bottom);
    pen.lineTo(sum - y, y);
  }
  pen.stroke();
  pen.restore();
}
