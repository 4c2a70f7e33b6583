import { pixelOf } from '../timeline/palette.ts';
import { Painter, type Scene } from '../timeline/painter.ts';
import type { Theme } from './theme.ts';

/** Paints bars on a canvas as pixels, with lines behind them at the times that the axis names. */
export class CanvasBars {
  readonly #context: CanvasRenderingContext2D;
  readonly #painter = new Painter();
  #image = new ImageData(1, 1);

  constructor(context: CanvasRenderingContext2D) {
    this.#context = context;
  }

  /** All numbers are device pixels of the canvas, whatever its transformation is. */
  paint(scene: Scene, theme: Theme, lines: readonly number[], place: BarsPlace): void {
    const { left, top, widthPx, heightPx } = place;
    if (this.#image.width !== widthPx || this.#image.height !== heightPx) {
      this.#image = new ImageData(widthPx, heightPx);
    }
    const backdrop = { colour: pixelOf(theme.background), lines, lineColour: pixelOf(theme.grid) };
    const pixels = new Uint32Array(this.#image.data.buffer);
    this.#painter.paint(scene, theme.palette, backdrop, { widthPx, heightPx, pixels });
    this.#context.putImageData(this.#image, left, top);
  }
}

interface BarsPlace {
  readonly left: number;
  readonly top: number;
  readonly widthPx: number;
  readonly heightPx: number;
}
