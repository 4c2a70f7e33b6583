import { t } from '@vscode/l10n';
import type { PassDetail, SessionInfo } from '../protocol.ts';
import { wrapText } from '../timeline/fit-text.ts';
import { legend, type LegendItem } from '../timeline/legend.ts';
import type { Pen } from '../timeline/pen.ts';
import { drawChart, type PaintBars } from './draw-chart.ts';
import type { Theme } from './theme.ts';
import { AXIS_PX, type View } from './view.ts';

const MARGIN_PX = 12;
const LINE_PX = 20;
const LEGEND_GAP_PX = 16;
/** Of a sample in the legend, and between it and its text. */
const SAMPLE_PX = 22;
const SAMPLE_GAP_PX = 5;
/** Programs that show an SVG may have another font than the page: lines are this much shorter than the room. */
const SAFE_PART = 0.94;

/** Lines above the chart; the first is its title. */
export type PictureTexts = readonly string[];

/** What a picture is made on: a canvas, or the text of an SVG file. Bars are painted at a place in the chart. */
interface Surface {
  readonly pen: Pen;
  readonly paintBars: PaintBars;
  readonly sample: (item: LegendItem, left: number, top: number) => void;
}

/** Where everything of a picture lies, in its own pixels. */
interface PictureLayout {
  readonly view: View;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly captions: readonly { readonly text: string; readonly isTitle: boolean; readonly y: number }[];
  readonly chartTop: number;
  readonly legendTop: number;
  readonly legend: readonly { readonly item: LegendItem; readonly x: number; readonly y: number }[];
}

/**
 * Lays out what is on screen with its texts above and a legend below, cut off below the last lane.
 * @param pen measures texts
 * @param ratio the picture's pixels to a CSS pixel
 */
export function layOutPicture(pen: Pen, shown: View, theme: Theme, texts: PictureTexts, ratio: number): PictureLayout {
  const [widthPx, heightPx] = [shown.canvasWidthPx, shown.heightPx].map((px) =>
    Math.round((px * ratio) / shown.ratio),
  ) as [number, number];
  const axisPx = Math.round(AXIS_PX * ratio);
  const view = shown.copyAt(widthPx, heightPx + axisPx, ratio);
  view.resize(widthPx, Math.ceil(Math.min(view.heightPx, view.contentPx - view.scrollPx) + axisPx), ratio);
  const room = widthPx - 2 * MARGIN_PX * ratio;
  const captions: { text: string; isTitle: boolean; y: number }[] = [];
  let y = MARGIN_PX * ratio;
  texts.forEach((text, number) => {
    pen.font = captionFont(theme, number === 0, ratio);
    for (const line of wrapText(text, room * SAFE_PART, (part) => pen.measureText(part).width)) {
      captions.push({ text: line, isTitle: number === 0, y: y + 0.4 * LINE_PX * ratio });
      y += LINE_PX * ratio;
    }
  });
  const chartTop = Math.round(y);
  const legendTop = chartTop + axisPx + view.heightPx + MARGIN_PX * ratio;
  const placed = layOutLegend(pen, legend(view.hasChain), theme, room, ratio);
  const linesPx = ((placed.at(-1)?.y ?? 0) + LINE_PX * ratio) | 0;
  return { view, widthPx, heightPx: legendTop + linesPx, captions, chartTop, legendTop, legend: placed };
}

/** The items of the legend in lines that fit the room. */
function layOutLegend(
  pen: Pen,
  items: readonly LegendItem[],
  theme: Theme,
  room: number,
  ratio: number,
): PictureLayout['legend'] {
  pen.font = legendFont(theme, ratio);
  let [x, y] = [0, 0];
  return items.map((item) => {
    const width = (SAMPLE_PX + SAMPLE_GAP_PX) * ratio + pen.measureText(item.label).width / SAFE_PART;
    if (x > 0 && x + width > room) [x, y] = [0, y + LINE_PX * ratio];
    const place = { item, x, y };
    // Samples are made of whole pixels.
    x = Math.ceil(x + width + LEGEND_GAP_PX * ratio);
    return place;
  });
}

export function drawPicture(
  { pen, paintBars, sample }: Surface,
  layout: PictureLayout,
  theme: Theme,
  detail: PassDetail | undefined,
): void {
  const { view, chartTop } = layout;
  const { ratio } = view;
  const margin = MARGIN_PX * ratio;
  pen.fillStyle = theme.background;
  pen.fillRect(0, 0, layout.widthPx, layout.heightPx);
  pen.textBaseline = 'middle';
  for (const { text, isTitle, y } of layout.captions) {
    pen.font = captionFont(theme, isTitle, ratio);
    pen.fillStyle = theme.foreground;
    pen.fillText(text, margin, y);
  }
  pen.save();
  pen.translate(0, chartTop);
  drawChart(pen, view, theme, detail, paintBars);
  pen.restore();
  pen.textBaseline = 'middle';
  pen.font = legendFont(theme, ratio);
  for (const { item, x, y } of layout.legend) {
    sample(item, margin + x, layout.legendTop + y);
    pen.fillStyle = theme.foreground;
    pen.fillText(item.label, margin + x + (SAMPLE_PX + SAMPLE_GAP_PX) * ratio, layout.legendTop + y + 6 * ratio);
  }
}

/** What stands above a picture: title, what it shows, the runs, and when it was made. Nothing is said twice. */
export function pictureTexts(
  title: string,
  headline: string,
  infos: readonly Pick<SessionInfo, 'mode' | 'about'>[],
  made: string,
): PictureTexts {
  const abouts = infos.map(({ about = '' }) => about);
  const isSame = new Set(abouts).size <= 1;
  const settings = isSame
    ? abouts.slice(0, 1)
    : infos.map(({ mode, about = '' }) => (about === '' ? '' : `${mode}: ${about}`));
  return [title, headline, ...settings, t('Picture of {0}', made)].filter((text) => text !== '');
}

function captionFont({ font }: Theme, isTitle: boolean, ratio: number): string {
  return isTitle ? `600 ${14 * ratio}px ${font}` : `${12 * ratio}px ${font}`;
}

function legendFont({ font }: Theme, ratio: number): string {
  return `${11 * ratio}px ${font}`;
}
