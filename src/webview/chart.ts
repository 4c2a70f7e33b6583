import { pixelOf } from '../timeline/palette.ts';
import { Painter, type Picture } from '../timeline/painter.ts';
import { tickStepUs } from '../timeline/ticks.ts';
import { pixelAt } from '../timeline/viewport.ts';
import type { PassDetail } from '../protocol.ts';
import { drawHeaders } from './draw-headers.ts';
import { drawLanes } from './draw-lanes.ts';
import { drawGain, drawMeasure, drawSelection } from './draw-over.ts';
import { drawSearch } from './draw-search.ts';
import { drawAxis, drawNowLines } from './draw-times.ts';
import type { Drawing } from './drawing.ts';
import type { Theme } from './theme.ts';
import { AXIS_PX, type View } from './view.ts';

const MIN_TICK_PX = 90;

/** Draws the chart: bars as pixels, then names, axis, marks and the selection over them. */
export class Chart {
  readonly canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #painter = new Painter();
  #image = new ImageData(1, 1);

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
    this.#context = canvas.getContext('2d', { alpha: false }) as CanvasRenderingContext2D;
  }

  /** Takes the canvas's size on the page; true when it changed. */
  resize(view: View): boolean {
    // Behind the table it has no size; what is in view stays what it was.
    if (this.canvas.clientWidth === 0) return false;
    const ratio = window.devicePixelRatio;
    const width = Math.max(64, Math.round(this.canvas.clientWidth * ratio));
    const height = Math.max(64, Math.round(this.canvas.clientHeight * ratio));
    const isSame = this.canvas.width === width && this.canvas.height === height && view.ratio === ratio;
    if (isSame && view.widthPx === width - view.gutterPx(width)) return false;
    this.setSize(view, width, height, ratio);
    return true;
  }

  /** @param ratio device pixels to a CSS pixel; the others are device pixels */
  setSize(view: View, widthPx: number, heightPx: number, ratio: number): void {
    this.canvas.width = widthPx;
    this.canvas.height = heightPx;
    view.resize(widthPx, heightPx, ratio);
    this.#image = new ImageData(view.widthPx, view.heightPx);
  }

  draw(view: View, theme: Theme, detail: PassDetail | undefined): void {
    const { ratio } = view;
    const context = this.#context;
    const left = this.canvas.width - view.widthPx;
    const top = Math.round(AXIS_PX * ratio);
    const scene = view.scene();
    const drawing: Drawing = { context, view, scene, theme, left, top };
    const picture: Picture = {
      widthPx: view.widthPx,
      heightPx: view.heightPx,
      pixels: new Uint32Array(this.#image.data.buffer),
    };
    const stepUs = tickStepUs(view.viewport.pixelsPerUs, MIN_TICK_PX * ratio);
    const lines = gridLines(view, stepUs);
    const backdrop = { colour: pixelOf(theme.background), lines, lineColour: pixelOf(theme.grid) };
    this.#painter.paint(scene, theme.palette, backdrop, picture);

    context.fillStyle = theme.background;
    context.fillRect(0, 0, this.canvas.width, top);
    context.fillRect(0, top, left, view.heightPx);
    context.putImageData(this.#image, left, top);
    context.textBaseline = 'middle';
    drawAxis(drawing, stepUs);
    context.save();
    context.beginPath();
    context.rect(0, top, this.canvas.width, view.heightPx);
    context.clip();
    drawSearch(drawing);
    drawLanes(drawing);
    drawNowLines(drawing);
    drawSelection(drawing, detail);
    drawMeasure(drawing);
    drawHeaders(drawing);
    drawGain(drawing);
    context.restore();
  }
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
