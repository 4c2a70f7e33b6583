import type { PassDetail } from '../protocol.ts';
import type { Pen } from '../timeline/pen.ts';
import type { Scene } from '../timeline/painter.ts';
import { tickStepUs } from '../timeline/ticks.ts';
import { pixelAt } from '../timeline/viewport.ts';
import { drawBlindTimes } from './draw-blind-times.ts';
import { drawHeaders } from './draw-headers.ts';
import { drawLanes } from './draw-lanes.ts';
import { drawPath } from './draw-path.ts';
import { drawLinks } from './draw-links.ts';
import { drawCursors } from './draw-cursor.ts';
import { drawGains, drawMeasure, drawSelection } from './draw-over.ts';
import { drawSearch } from './draw-search.ts';
import { drawAxis, drawNowLines } from './draw-times.ts';
import type { Drawing } from './drawing.ts';
import type { Theme } from './theme.ts';
import { AXIS_PX, type View } from './view.ts';

const MIN_TICK_PX = 90;

/** Paints the bars and the lines behind them: `lines` are pixels right of `left`. */
export type PaintBars = (scene: Scene, lines: readonly number[], left: number, top: number) => void;

/** Draws the chart from the pen's origin on: the bars, then names, axis, marks and the selection over them. */
export function drawChart(
  pen: Pen,
  view: View,
  theme: Theme,
  detail: PassDetail | undefined,
  paintBars: PaintBars,
): void {
  const left = view.canvasWidthPx - view.widthPx;
  const top = Math.round(AXIS_PX * view.ratio);
  const scene = view.scene();
  const drawing: Drawing = { pen, view, scene, theme, left, top };
  const stepUs = tickStepUs(view.viewport.pixelsPerUs, MIN_TICK_PX * view.ratio);
  pen.fillStyle = theme.background;
  pen.fillRect(0, 0, view.canvasWidthPx, top);
  pen.fillRect(0, top, left, view.heightPx);
  // Without a session there is no time.
  const hasTime = view.sessions.length > 0;
  paintBars(scene, hasTime ? gridLines(view, stepUs) : [], left, top);
  pen.textBaseline = 'middle';
  if (hasTime) drawAxis(drawing, stepUs);
  pen.save();
  pen.beginPath();
  pen.rect(0, top, view.canvasWidthPx, view.heightPx);
  pen.clip();
  drawBlindTimes(drawing);
  drawSearch(drawing);
  drawLanes(drawing);
  drawNowLines(drawing);
  drawPath(drawing);
  drawSelection(drawing, detail);
  drawLinks(drawing);
  drawCursors(drawing);
  drawMeasure(drawing);
  drawHeaders(drawing);
  drawGains(drawing);
  pen.restore();
}

/** Pixel columns of the times that the axis names. */
function gridLines({ viewport, widthPx }: View, stepUs: number): number[] {
  const lines: number[] = [];
  for (let tick = Math.ceil(viewport.fromUs / stepUs) * stepUs; ; tick += stepUs) {
    const x = Math.round(pixelAt(viewport, tick));
    if (x >= widthPx) return lines;
    lines.push(x);
  }
}
