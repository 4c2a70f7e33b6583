import { escapeMarkup } from '../base/escape-markup.ts';
import type { PassDetail } from '../protocol.ts';
import { svgBars, svgPaints, svgPatterns, svgSign, svgSwatch, SWATCH_PX } from '../timeline/svg.ts';
import { SvgPen } from '../timeline/svg-pen.ts';
import { drawPicture, layOutPicture, type PictureTexts } from './picture.ts';
import { signColours, type Theme } from './theme.ts';
import type { View } from './view.ts';

/**
 * The chart as it is on screen, with its texts and its legend, as an SVG document: the same picture as the PNG.
 * @param widthOf how wide a text in a font is
 */
export function svgDocument(
  view: View,
  theme: Theme,
  detail: PassDetail | undefined,
  texts: PictureTexts,
  widthOf: (text: string, font: string) => number,
): string {
  const pen = new SvgPen(widthOf);
  const layout = layOutPicture(pen, view, theme, texts, 1);
  const fills = { paints: svgPaints(theme.palette) };
  const { widthPx, heightPx } = layout.view;
  drawPicture(
    {
      pen,
      paintBars: (scene, lines, left, top) => {
        const grid = lines.map((x) => `M${x} 0V${heightPx}`).join('');
        pen.put(
          `<svg x="${left}" y="${top}" width="${widthPx}" height="${heightPx}">` +
            `<path d="${grid}" stroke="${theme.grid}"/>${svgBars(scene, { ...fills, widthPx, heightPx })}</svg>`,
        );
      },
      sample: ({ kind, isSign }, left, top) => {
        const { width, height } = SWATCH_PX;
        const sign = (): string => svgSign(kind, left + width / 2, top + height / 2, signColours(theme));
        pen.put(isSign ? sign() : svgSwatch(kind, left, top + 1, fills));
      },
    },
    layout,
    theme,
    detail,
  );
  const [width, height] = [layout.widthPx, Math.ceil(layout.heightPx)];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `font-family="${escapeMarkup(theme.font)}"><defs>${svgPatterns(fills)}</defs>${pen.markup()}</svg>`
  );
}
