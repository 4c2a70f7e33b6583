import { t } from '@vscode/l10n';
import { kindLabel } from '../timeline/bars.ts';
import { colourOf, LEGEND, onLine, type Paint } from '../timeline/palette.ts';
import { byId, element } from './dom.ts';
import type { Theme } from './theme.ts';

export const SWATCH = { widthPx: 22, heightPx: 12 } as const;

/** Signs of moments, each with its meaning. */
export const SIGNS: readonly string[] = [
  t('◆ pod created'),
  t('▶ pod running'),
  t('● finished'),
  t('✕ deleted or failed'),
  t('│ runner created'),
  t('▲ pod in trouble'),
  t('⊗ pod failed'),
];

/** Says below the chart what its colours, patterns and signs mean. */
export function showLegend(theme: Theme): void {
  const items = LEGEND.map((kind) => {
    const size = { width: String(SWATCH.widthPx), height: String(SWATCH.heightPx) };
    const swatch = element('canvas', { ...size, 'aria-hidden': 'true' });
    drawSwatch(swatch.getContext('2d') as CanvasRenderingContext2D, theme.palette[kind] as Paint, 0, 0, 1);
    return element('li', {}, swatch, kindLabel(kind));
  });
  byId('legend').replaceChildren(...items, ...SIGNS.map((text) => element('li', {}, text)));
}

/** Where there is little room the chart has it, and the legend is opened by whoever wants it. */
const hasRoom = window.matchMedia('(min-height: 681px) and (min-width: 861px)');

/** Folds and unfolds the legend as the page's size changes. */
export function foldLegend(): void {
  const fit = (): boolean => (byId<HTMLDetailsElement>('legend-box').open = hasRoom.matches);
  hasRoom.addEventListener('change', fit);
  fit();
}

/** A sample of how a kind of bar is filled, `scale` pixels to one of its own. */
export function drawSwatch(
  context: CanvasRenderingContext2D,
  { colour, gap, pattern }: Paint,
  left: number,
  top: number,
  scale: number,
): void {
  const { widthPx, heightPx } = SWATCH;
  if (gap !== 0) {
    context.fillStyle = colourOf(gap);
    context.fillRect(left, top, widthPx * scale, heightPx * scale);
  }
  context.fillStyle = colourOf(colour);
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      if (onLine(pattern, x, y)) context.fillRect(left + x * scale, top + y * scale, scale, scale);
    }
  }
}
