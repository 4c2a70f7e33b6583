import type { PassDetail } from '../protocol.ts';
import { CanvasBars } from './canvas-bars.ts';
import { drawChart } from './draw-chart.ts';
import type { Theme } from './theme.ts';
import type { View } from './view.ts';

/** The page's canvas with the chart. */
export class Chart {
  readonly canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #bars: CanvasBars;

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
    this.#context = canvas.getContext('2d', { alpha: false }) as CanvasRenderingContext2D;
    this.#bars = new CanvasBars(this.#context);
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
    this.canvas.width = width;
    this.canvas.height = height;
    view.resize(width, height, ratio);
    return true;
  }

  draw(view: View, theme: Theme, detail: PassDetail | undefined): void {
    const { widthPx, heightPx } = view;
    drawChart(this.#context, view, theme, detail, (scene, lines, left, top) =>
      this.#bars.paint(scene, theme, lines, { left, top, widthPx, heightPx }),
    );
  }

  /** How wide a text is on this page, in the pixels of its font. */
  readonly widthOf = (text: string, font: string): number => {
    this.#context.font = font;
    return this.#context.measureText(text).width;
  };
}
