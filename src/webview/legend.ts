import { legend, type LegendItem } from '../timeline/legend.ts';
import { colourOf, onLine, type Paint } from '../timeline/palette.ts';
import type { Pen } from '../timeline/pen.ts';
import { drawSign } from '../timeline/signs.ts';
import { byId, element } from './dom.ts';
import { signColours, type Theme } from './theme.ts';

const SWATCH = { widthPx: 22, heightPx: 12 } as const;

/** What the legend shows now. */
let shown: { readonly theme: Theme; readonly ratio: number; readonly hasChain: boolean } | undefined;

/**
 * Says below the chart what its colours, patterns and signs mean.
 * @param ratio device pixels to a CSS pixel
 * @param hasChain whether what lies above runners is shown too
 */
export function showLegend(theme: Theme, ratio: number, hasChain: boolean): void {
  if (shown?.theme === theme && shown.ratio === ratio && shown.hasChain === hasChain) return;
  shown = { theme, ratio, hasChain };
  const items = legend(hasChain).map((item) => {
    const [width, height] = [SWATCH.widthPx, SWATCH.heightPx].map((px) => String(Math.round(px * ratio)));
    const sample = element('canvas', { width: width as string, height: height as string, 'aria-hidden': 'true' });
    drawSample(sample.getContext('2d') as CanvasRenderingContext2D, item, theme, 0, 0, ratio);
    return element('li', {}, sample, item.label);
  });
  byId('legend').replaceChildren(...items);
}

/** Where there is little room the chart has it, and the legend is opened on demand. */
const hasRoom = window.matchMedia('(min-height: 681px) and (min-width: 1001px)');

/** Folds and unfolds the legend as the page's size changes. */
export function foldLegend(): void {
  const fit = (): boolean => (byId<HTMLDetailsElement>('legend-box').open = hasRoom.matches);
  hasRoom.addEventListener('change', fit);
  fit();
}

/** How a kind of bar is filled or a sign looks, `scale` pixels to one of its own. */
export function drawSample(
  pen: Pen,
  { kind, isSign }: LegendItem,
  theme: Theme,
  left: number,
  top: number,
  scale: number,
): void {
  const [x, y] = [left + (SWATCH.widthPx / 2) * scale, top + (SWATCH.heightPx / 2) * scale];
  if (isSign) drawSign(pen, kind, x, y, (SWATCH.heightPx / 2 - 1) * scale, signColours(theme));
  else drawSwatch(pen, theme.palette[kind] as Paint, left, top, scale);
}

/** Pattern and bars have the same pixels, whatever the scale is. */
function drawSwatch(pen: Pen, { colour, gap, pattern }: Paint, left: number, top: number, scale: number): void {
  const [widthPx, heightPx] = [Math.round(SWATCH.widthPx * scale), Math.round(SWATCH.heightPx * scale)];
  pen.fillStyle = colourOf(gap);
  pen.fillRect(left, top, widthPx, heightPx);
  pen.fillStyle = colourOf(colour);
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      if (onLine(pattern, x, y)) pen.fillRect(left + x, top + y, 1, 1);
    }
  }
}
