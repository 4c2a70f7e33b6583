import type { PassDetail } from '../protocol.ts';
import { CanvasBars } from './canvas-bars.ts';
import { drawSample } from './legend.ts';
import { drawPicture, layOutPicture, type PictureTexts } from './picture.ts';
import type { Theme } from './theme.ts';
import type { View } from './view.ts';

/** Pictures are shown on better screens than the one that they were made on. */
const LEAST_RATIO = 2;

/** The chart as it is on screen, with its texts and its legend, as a PNG file. */
export async function pngPicture(
  view: View,
  theme: Theme,
  detail: PassDetail | undefined,
  texts: PictureTexts,
): Promise<Uint8Array> {
  const ratio = Math.max(LEAST_RATIO, view.ratio);
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d', { alpha: false }) as CanvasRenderingContext2D;
  const layout = layOutPicture(pen, view, theme, texts, ratio);
  canvas.width = layout.widthPx;
  canvas.height = Math.ceil(layout.heightPx);
  const bars = new CanvasBars(pen);
  const { widthPx, heightPx } = layout.view;
  drawPicture(
    {
      pen,
      paintBars: (scene, lines, left, top) =>
        bars.paint(scene, theme, lines, { left, top: top + layout.chartTop, widthPx, heightPx }),
      sample: (item, left, top) => drawSample(pen, item, theme, left, top, ratio),
    },
    layout,
    theme,
    detail,
  );
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (blob === null) throw new Error('the picture is too large for this machine; zoom in, or save it as SVG');
  return new Uint8Array(await blob.arrayBuffer());
}
