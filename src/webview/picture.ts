import { t } from '@vscode/l10n';
import { kindLabel } from '../timeline/bars.ts';
import { LEGEND, type Paint } from '../timeline/palette.ts';
import type { PassDetail } from '../protocol.ts';
import { Chart } from './chart.ts';
import { drawSwatch, SIGNS, SWATCH } from './legend.ts';
import type { Theme } from './theme.ts';
import { AXIS_PX, type View } from './view.ts';

/** Pictures are shown on better screens than the one that they were made on. */
const LEAST_RATIO = 2;
const MARGIN_PX = 12;
const LINE_PX = 20;
const LEGEND_GAP_PX = 16;

/** Lines above the chart; the first is its title. */
export type PictureTexts = readonly string[];

/** The chart as it is on screen, cut off below its last lane, with its texts above and its legend below. */
export function pictureOf(
  view: View,
  theme: Theme,
  detail: PassDetail | undefined,
  texts: PictureTexts,
): HTMLCanvasElement {
  const ratio = Math.max(LEAST_RATIO, view.ratio);
  const [widthPx, heightPx] = [view.canvasWidthPx, view.heightPx].map((px) =>
    Math.round((px * ratio) / view.ratio),
  ) as [number, number];
  const copy = view.copyAt(widthPx, heightPx + Math.round(AXIS_PX * ratio), ratio);
  const seenPx = Math.min(copy.heightPx, copy.contentPx - copy.scrollPx);
  const chart = new Chart(document.createElement('canvas'));
  chart.setSize(copy, widthPx, Math.ceil(seenPx + AXIS_PX * ratio), ratio);
  chart.draw(copy, theme, detail);

  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  const legend = legendPlaces(context, theme, widthPx / ratio - 2 * MARGIN_PX);
  const top = MARGIN_PX + texts.length * LINE_PX;
  canvas.width = widthPx;
  canvas.height = Math.ceil((top + legend.heightPx + 2 * MARGIN_PX) * ratio) + chart.canvas.height;
  context.fillStyle = theme.background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(chart.canvas, 0, top * ratio);
  context.scale(ratio, ratio);
  context.textBaseline = 'middle';
  texts.forEach((text, line) => {
    context.font = font(theme, line === 0 ? '600 14px' : '12px');
    context.fillStyle = theme.foreground;
    context.fillText(text, MARGIN_PX, MARGIN_PX + (line + 0.4) * LINE_PX, widthPx / ratio - 2 * MARGIN_PX);
  });
  context.font = font(theme, '11px');
  const below = top + chart.canvas.height / ratio + MARGIN_PX;
  for (const { text, paint, x, y } of legend.items) {
    if (paint !== undefined) drawSwatch(context, paint, MARGIN_PX + x, below + y, 1);
    context.fillStyle = theme.foreground;
    const indent = paint === undefined ? 0 : SWATCH.widthPx + 5;
    context.fillText(text, MARGIN_PX + x + indent, below + y + SWATCH.heightPx / 2);
  }
  return canvas;
}

/** What stands above a picture: title, what it shows, and when it was made. */
export function pictureTexts(title: string, headline: string, view: View): PictureTexts {
  const sessions = view.sessions.map(({ info }) => `${info.mode} · ${info.name} · ${info.source}`).join('; ');
  const made = t('{0}; picture of {1}', sessions, new Date().toLocaleString(document.documentElement.lang));
  return [title, headline, made].filter((text) => text !== '');
}

interface LegendItem {
  readonly text: string;
  readonly paint: Paint | undefined;
  readonly x: number;
  readonly y: number;
}

/** Lays the legend's items out in lines that fit the width; all in CSS pixels. */
function legendPlaces(
  context: CanvasRenderingContext2D,
  theme: Theme,
  widthPx: number,
): { items: LegendItem[]; heightPx: number } {
  context.font = font(theme, '11px');
  const items: LegendItem[] = [];
  let [x, y] = [0, 0];
  const add = (text: string, paint: Paint | undefined): void => {
    const width = context.measureText(text).width + (paint === undefined ? 0 : SWATCH.widthPx + 5);
    if (x > 0 && x + width > widthPx) [x, y] = [0, y + LINE_PX];
    items.push({ text, paint, x, y });
    x += width + LEGEND_GAP_PX;
  };
  for (const kind of LEGEND) add(kindLabel(kind), theme.palette[kind]);
  for (const sign of SIGNS) add(sign, undefined);
  return { items, heightPx: y + LINE_PX };
}

function font(theme: Theme, style: string): string {
  return `${style} ${theme.font}`;
}
