import { escapeMarkup } from '../base/escape-markup.ts';
import { BarKind, kindLabel, KINDS } from './bars.ts';
import { DRAW_ORDER, isDetailed, laneShape, MARKS } from './lane-shape.ts';
import { colourOf, LEGEND, momentLegend, type Palette, type Pattern } from './palette.ts';
import { type Scene, viewOf } from './painter.ts';
import { tickLabel, tickStepUs } from './ticks.ts';
import { pixelAt } from './viewport.ts';

/** How a kind is filled: colours as CSS has them, so that a page's own variables can be given. */
export interface SvgPaint {
  readonly colour: string;
  /** What lies between the lines of a pattern; nothing for an empty text. */
  readonly gap: string;
  readonly pattern: Pattern;
}

export function svgPaints(palette: Palette): SvgPaint[] {
  return palette.map(({ colour, gap, pattern }) => ({
    colour: colourOf(colour),
    gap: gap === 0 ? '' : colourOf(gap),
    pattern,
  }));
}

export interface SvgOptions {
  /** Of each group: the names of its lanes, and its title. */
  readonly names: readonly (readonly string[])[];
  readonly titles: readonly string[];
  /** By kind. */
  readonly paints: readonly SvgPaint[];
  readonly background: string;
  readonly foreground: string;
  readonly grid: string;
  /** Of the bars, without the names on their left. */
  readonly widthPx: number;
  readonly heightPx: number;
  readonly gutterPx: number;
  /** More shapes, in front; bars begin at `gutterPx` and SVG_AXIS_PX. */
  readonly extra?: string;
  /** Lines above the picture: the first is its title. With them comes a legend below. */
  readonly caption?: readonly string[];
  /** Sets the ids of patterns apart from those of other pictures on a page. */
  readonly idPrefix?: string;
}

/** How kinds are filled, and the beginning of the ids of patterns. */
export type Fills = Pick<SvgOptions, 'paints' | 'idPrefix'>;

export const SVG_AXIS_PX = 22;
const MIN_TICK_PX = 90;

/** A scene as an SVG document: the same columns that the painter fills, as rectangles, with names and an axis. */
export function svgPicture(scene: Scene, options: SvgOptions): string {
  const { widthPx, heightPx, gutterPx, background, foreground, grid } = options;
  const { rows, viewport } = scene;
  const parts: string[] = [];
  const stepUs = tickStepUs(viewport.pixelsPerUs, MIN_TICK_PX);
  const bottom = Math.min(heightPx, rows.heightPx - scene.scrollPx) + SVG_AXIS_PX;
  for (let tick = Math.ceil(viewport.fromUs / stepUs) * stepUs; ; tick += stepUs) {
    const x = gutterPx + Math.round(pixelAt(viewport, tick));
    if (x > gutterPx + widthPx) break;
    parts.push(`<path d="M${x} ${SVG_AXIS_PX}V${bottom}" stroke="${grid}"/>`);
    parts.push(
      `<text x="${x}" y="14" text-anchor="middle" opacity=".75">${escapeMarkup(tickLabel(tick, stepUs))}</text>`,
    );
  }
  rows.groups.forEach((group, number) => {
    const top = rows.top(number) - scene.scrollPx + SVG_AXIS_PX;
    if (rows.headerPx >= 10 && top > SVG_AXIS_PX - rows.headerPx && top < bottom) {
      const title = escapeMarkup(options.titles[number] ?? '');
      parts.push(`<text x="8" y="${top + rows.headerPx / 2 + 4}" font-weight="600">${title}</text>`);
    }
    if (!group.collapsed) parts.push(...groupShapes(scene, options, number));
  });
  const width = gutterPx + widthPx;
  const shapes = `${parts.join('')}${options.extra ?? ''}`;
  const { caption } = options;
  const top = caption === undefined ? 0 : 12 + caption.length * CAPTION_LINE_PX;
  const legend = caption === undefined ? { shapes: '', heightPx: 0 } : legendShapes(options, width, top + bottom + 12);
  const height = top + bottom + 4 + legend.heightPx;
  const body =
    caption === undefined ? shapes : `${captionShapes(caption)}<g transform="translate(0 ${top})">${shapes}</g>`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `font-family="system-ui,sans-serif" font-size="11" fill="${foreground}">` +
    `<defs>${svgPatterns(options)}</defs><rect width="100%" height="100%" fill="${background}"/>${body}${legend.shapes}</svg>`
  );
}

const CAPTION_LINE_PX = 18;

function captionShapes(lines: readonly string[]): string {
  return lines
    .map((line, index) => {
      const style = index === 0 ? 'font-weight="600" font-size="14"' : 'opacity=".85"';
      return `<text x="8" y="${20 + index * CAPTION_LINE_PX}" ${style}>${escapeMarkup(line)}</text>`;
    })
    .join('');
}

export const SWATCH_PX = { width: 22, height: 10 } as const;
/** A guess, on the safe side, since nothing measures text here. */
const CHARACTER_PX = 6.4;
const LEGEND_LINE_PX = 18;

/** A sample of how a kind is filled, for a legend. */
export function svgSwatch(kind: BarKind, x: number, y: number, options: Fills): string {
  const { width, height } = SWATCH_PX;
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fillOf(kind, options)}"/>`;
}

/** What colours, patterns and signs mean, in as many lines as it takes. */
function legendShapes(options: SvgOptions, widthPx: number, top: number): { shapes: string; heightPx: number } {
  const bars = LEGEND.map((kind) => [kind, kindLabel(kind), false] as const);
  const moments = momentLegend().map(([kind, label]) => [kind, label, true] as const);
  let shapes = '';
  let [x, y] = [8, top];
  for (const [kind, label, isMoment] of [...bars, ...moments]) {
    const itemPx = SWATCH_PX.width + 6 + label.length * CHARACTER_PX + 14;
    if (x > 8 && x + itemPx > widthPx) [x, y] = [8, y + LEGEND_LINE_PX];
    const { width, height } = SWATCH_PX;
    shapes += isMoment ? svgMoment(kind, x + width / 2, y + height / 2, options) : svgSwatch(kind, x, y, options);
    shapes += `<text x="${x + width + 6}" y="${y + height - 1}">${escapeMarkup(label)}</text>`;
    x += itemPx;
  }
  return { shapes, heightPx: y + LEGEND_LINE_PX + 6 - top };
}

function* groupShapes(scene: Scene, options: SvgOptions, number: number): IterableIterator<string> {
  const { rows, scrollPx } = scene;
  const { lanePx, lanesAPixel } = rows.scale;
  const { widthPx, heightPx, gutterPx } = options;
  const group = rows.groups[number];
  const store = scene.stores[number];
  if (group === undefined || store === undefined) return;
  const shape = laneShape(lanePx);
  const slot = shape.column.map((column) => (column < 0 ? -1 : column * widthPx));
  const columns = new Uint8Array(shape.columns * widthPx);
  const marks = new Uint8Array(widthPx);
  const order = shape.columns === 1 ? [0] : [...DRAW_ORDER].reverse();
  const view = viewOf(scene, number, widthPx);
  for (let index = 0; index < group.lanes.length; index += lanesAPixel) {
    const top = rows.laneTop(number, index) - scrollPx;
    if (top + lanePx < 0 || top > heightPx) continue;
    columns.fill(0);
    const end = Math.min(group.lanes.length, index + lanesAPixel);
    store.bin(group.lanes, index, end, { ...view, slot, value: shape.value, step: 1, values: columns });
    if (lanePx >= 10) {
      const name = (options.names[number]?.[group.lanes[index] as number] ?? '').replace(/^.*\//, '');
      yield `<text x="8" y="${top + SVG_AXIS_PX + lanePx * 0.5}">${escapeMarkup(name)}</text>`;
    }
    for (const column of order) {
      for (const { value, from, to } of runs(columns, column * widthPx, widthPx)) {
        const kind = shape.kindOf[column * KINDS + value] as number;
        const y = top + SVG_AXIS_PX + (shape.top[kind] as number);
        const height = (shape.bottom[kind] as number) - (shape.top[kind] as number);
        yield `<rect x="${gutterPx + from}" y="${y}" width="${to - from}" height="${height}" fill="${shape.patterned ? fillOf(kind, options) : options.paints[kind]?.colour}"/>`;
      }
    }
    if (!isDetailed(lanePx)) continue;
    marks.fill(0);
    store.bin(group.lanes, index, end, { ...view, ...MARKS, step: 1, values: marks });
    for (const { value, from } of runs(marks, 0, widthPx)) {
      yield svgMoment(value, gutterPx + from, top + SVG_AXIS_PX + Math.round(lanePx * 0.12), options);
    }
  }
}

/** A moment's sign, as on the page: pods have a diamond when they are made and a triangle when they run. */
export function svgMoment(
  kind: number,
  x: number,
  y: number,
  { foreground, background, paints }: Pick<SvgOptions, 'foreground' | 'background' | 'paints'>,
): string {
  const edge = `stroke="${background}"`;
  const refused = paints[BarKind.refused]?.colour ?? foreground;
  switch (kind) {
    case BarKind.markPodCreated:
      return `<path class="pod" d="M${x} ${y - 5}l5 5-5 5-5-5z" fill="${foreground}" ${edge}/>`;
    case BarKind.markPodRunning:
      return `<path d="M${x - 3} ${y - 5}l8 5-8 5z" fill="${paints[BarKind.podRunning]?.colour ?? foreground}" ${edge}/>`;
    case BarKind.markRunnerCreated:
      return `<path d="M${x} ${y - 5}v10" stroke="${foreground}" stroke-width="2"/>`;
    case BarKind.markFinished:
      return `<circle cx="${x}" cy="${y}" r="4" fill="${foreground}" ${edge}/>`;
    default: {
      const colour = kind === BarKind.markFailure ? refused : foreground;
      return `<path d="M${x - 4} ${y - 4}l8 8M${x + 4} ${y - 4}l-8 8" stroke="${colour}" stroke-width="2"/>`;
    }
  }
}

function* runs(
  columns: Uint8Array,
  offset: number,
  width: number,
): IterableIterator<{ value: number; from: number; to: number }> {
  for (let from = 0; from < width;) {
    const value = columns[offset + from] as number;
    let to = from + 1;
    while (to < width && columns[offset + to] === value) to++;
    if (value !== 0) yield { value, from, to };
    from = to;
  }
}

function fillOf(kind: number, { paints, idPrefix = '' }: Fills): string {
  const paint = paints[kind];
  return paint === undefined || paint.pattern === 'solid' ? (paint?.colour ?? 'none') : `url(#${idPrefix}k${kind})`;
}

const LINES: Readonly<Record<Exclude<Pattern, 'solid'>, string>> = {
  rising: 'M-1 7L7 -1M-1 15L15 -1',
  falling: 'M-1 1L7 9M1 -1L9 7',
  dotted: 'M1 0V8M5 0V8',
};

/** Definitions that fills refer to. */
export function svgPatterns({ paints, idPrefix = '' }: Fills): string {
  return paints
    .map(({ colour, gap, pattern }, kind) => {
      if (pattern === 'solid') return '';
      const ground = gap === '' ? '' : `<rect width="8" height="8" fill="${gap}"/>`;
      return (
        `<pattern id="${idPrefix}k${kind}" width="8" height="8" patternUnits="userSpaceOnUse">${ground}` +
        `<path d="${LINES[pattern]}" stroke="${colour}" stroke-width="2" fill="none"/></pattern>`
      );
    })
    .join('');
}
