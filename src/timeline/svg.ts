import { escapeMarkup } from '../base/escape-markup.ts';
import { axisLabels } from './axis-labels.ts';
import { BarKind, kindLabel, KINDS } from './bars.ts';
import { fitEnds } from './fit-text.ts';
import { signsOfLane } from './lane-marks.ts';
import { DRAW_ORDER, isDetailed, laneShape } from './lane-shape.ts';
import { colourOf, type Palette, type Pattern } from './palette.ts';
import { type Scene, viewOf } from './painter.ts';
import { drawSign, drawSigns, type SignColours } from './signs.ts';
import { SvgPen } from './svg-pen.ts';
import { tickStepUs } from './ticks.ts';

/** How a kind is filled: colours as CSS has them, so that a page's own variables can be given. */
export interface SvgPaint {
  readonly colour: string;
  /** What lies between the lines of a pattern; empty where there are none. */
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

interface SvgOptions extends Fills {
  /** Of each group: the names of its lanes. */
  readonly names: readonly (readonly string[])[];
  readonly background: string;
  readonly foreground: string;
  readonly grid: string;
  /** Of the bars, without the names on their left. */
  readonly widthPx: number;
  readonly heightPx: number;
  readonly gutterPx: number;
  /** More shapes, in front; bars begin at `gutterPx` and SVG_AXIS_PX. */
  readonly extra: string;
}

/** How kinds are filled, and the beginning of the ids of patterns. */
interface Fills {
  /** By kind. */
  readonly paints: readonly SvgPaint[];
  /** Sets the ids of patterns apart from those of other pictures on a page. */
  readonly idPrefix?: string;
}

/** The bars of a scene, without anything else. */
interface SvgBars extends Fills {
  readonly widthPx: number;
  readonly heightPx: number;
}

export const SVG_AXIS_PX = 22;
const MIN_TICK_PX = 90;

/** A scene as an SVG document: the same columns that the painter fills, as rectangles, with names, signs and an axis. */
export function svgPicture(scene: Scene, options: SvgOptions): string {
  const { widthPx, heightPx, gutterPx, foreground, background, grid } = options;
  const { rows, viewport } = scene;
  const stepUs = tickStepUs(viewport.pixelsPerUs, MIN_TICK_PX);
  const bottom = Math.min(heightPx, rows.heightPx - scene.scrollPx) + SVG_AXIS_PX;
  const ticks = axisLabels(viewport, stepUs, widthPx, guessedWidth).map(({ text, x, tickX }) => {
    const label = `<text x="${gutterPx + x}" y="14" text-anchor="middle" opacity=".75">${escapeMarkup(text)}</text>`;
    return `<path d="M${gutterPx + tickX} ${SVG_AXIS_PX}V${bottom}" stroke="${grid}"/>${label}`;
  });
  const lanes = rows.groups.map((_, number) => [...svgNames(scene, options, number)].join(''));
  const bars = `<g transform="translate(${gutterPx} ${SVG_AXIS_PX})">${svgBars(scene, options)}</g>`;
  // In front of all else: a pointer on a sign means the sign.
  const signs = `<g transform="translate(${gutterPx} ${SVG_AXIS_PX})">${svgSigns(scene, options)}</g>`;
  const [width, height] = [gutterPx + widthPx, bottom + 4];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `font-family="${FONT}" font-size="11" fill="${foreground}">` +
    `<defs>${svgPatterns(options)}</defs><rect width="100%" height="100%" fill="${background}"/>` +
    `${ticks.join('')}${lanes.join('')}${bars}${options.extra}${signs}</svg>`
  );
}

export const SWATCH_PX = { width: 22, height: 10 } as const;
/** A guess, on the safe side: without a page nothing measures text. */
const CHARACTER_PX = 6.4;

function guessedWidth(text: string): number {
  return text.length * CHARACTER_PX;
}

/** A sample of how a kind is filled, for a legend. */
export function svgSwatch(kind: BarKind, x: number, y: number, options: Fills): string {
  const { width, height } = SWATCH_PX;
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fillOf(kind, options)}"/>`;
}

function* svgNames(scene: Scene, { names, heightPx, gutterPx }: SvgOptions, number: number): IterableIterator<string> {
  const { rows, scrollPx } = scene;
  const { lanePx } = rows.scale;
  for (const { index, top } of lanesInView(scene, number, heightPx)) {
    const lane = rows.groups[number]?.lanes[index] as number;
    const short = (names[number]?.[lane] ?? '').replace(/^.*\//, '');
    const name = fitEnds(short, gutterPx - 8, guessedWidth);
    if (lanePx >= 10) {
      yield `<text x="8" y="${top - scrollPx + SVG_AXIS_PX + lanePx * 0.5}">${escapeMarkup(name)}</text>`;
    }
  }
}

/** The bars as rectangles, from the top left corner of the first lane in view on. */
export function svgBars(scene: Scene, options: SvgBars): string {
  return scene.rows.groups.map((_, number) => [...groupBars(scene, options, number)].join('')).join('');
}

/** The first lanes of the rows in view, and the rows' tops below the first group's. */
function* lanesInView(
  scene: Scene,
  number: number,
  heightPx: number,
): IterableIterator<{ index: number; top: number }> {
  const { rows, scrollPx } = scene;
  const group = rows.groups[number];
  if (group === undefined || group.collapsed) return;
  for (let index = 0; index < group.lanes.length; index += rows.scale.lanesAPixel) {
    const top = rows.laneTop(number, index);
    if (top - scrollPx + rows.scale.lanePx >= 0 && top - scrollPx <= heightPx) yield { index, top };
  }
}

function* groupBars(scene: Scene, options: SvgBars, number: number): IterableIterator<string> {
  const { rows, scrollPx } = scene;
  const { lanePx, lanesAPixel } = rows.scale;
  const { widthPx, heightPx } = options;
  const group = rows.groups[number];
  const store = scene.stores[number];
  if (group === undefined || store === undefined) return;
  const shape = laneShape(lanePx);
  const slot = shape.column.map((column) => (column < 0 ? -1 : column * widthPx));
  const columns = new Uint8Array(shape.columns * widthPx);
  const order = shape.columns === 1 ? [0] : [...DRAW_ORDER].reverse();
  const view = viewOf(scene, number, widthPx);
  for (const { index, top } of lanesInView(scene, number, heightPx)) {
    columns.fill(0);
    const end = Math.min(group.lanes.length, index + lanesAPixel);
    store.bin(group.lanes, index, end, { ...view, slot, value: shape.value, step: 1, values: columns });
    for (const column of order) {
      for (const { value, from, to } of runs(columns, column * widthPx, widthPx)) {
        const kind = shape.kindOf[column * KINDS + value] as number;
        const y = top - scrollPx + (shape.top[kind] as number);
        const height = (shape.bottom[kind] as number) - (shape.top[kind] as number);
        const fill = fillOf(kind, options);
        yield `<rect x="${from}" y="${y}" width="${to - from}" height="${height}" fill="${fill}"/>`;
      }
    }
  }
}

/** The signs of moments, where lanes are high enough for them. */
function svgSigns(scene: Scene, options: SvgOptions): string {
  const { rows, scrollPx } = scene;
  const { lanePx } = rows.scale;
  if (!isDetailed(lanePx)) return '';
  const colours = svgSignColours(options);
  const { widthPx, heightPx } = options;
  const pen = new SvgPen(guessedWidth);
  rows.groups.forEach(({ lanes }, number) => {
    const view = viewOf(scene, number, widthPx);
    for (const { index, top } of lanesInView(scene, number, heightPx)) {
      const store = scene.stores[number];
      const signs = store === undefined ? [] : signsOfLane(store, lanes[index] as number, view, 2 * SIGN_HALF_PX);
      for (const { marks, x, widthPx: signPx } of signs) {
        const kinds = marks.map(({ kind }) => kind);
        const y = top - scrollPx + Math.round(lanePx * 0.12);
        pen.put(`<g><title>${escapeMarkup(kinds.map((kind) => kindLabel(kind)).join(', '))}</title>`);
        drawSigns(pen, kinds, { x, y, half: SIGN_HALF_PX, widthPx: signPx }, colours, FONT);
        pen.put('</g>');
      }
    }
  });
  return pen.markup();
}

const SIGN_HALF_PX = 4.5;
const FONT = 'system-ui,sans-serif';

/** A moment's sign, as on the page. */
export function svgSign(kind: BarKind, x: number, y: number, colours: SignColours): string {
  const pen = new SvgPen(guessedWidth);
  drawSign(pen, kind, x, y, SIGN_HALF_PX, colours);
  return pen.markup();
}

export function svgSignColours({
  foreground,
  background,
  paints,
}: Pick<SvgOptions, 'foreground' | 'background' | 'paints'>): SignColours {
  const of = (kind: BarKind): string => paints[kind]?.colour ?? foreground;
  return {
    marks: foreground,
    running: of(BarKind.podRunning),
    trouble: of(BarKind.throttled),
    failed: of(BarKind.podFailed),
    ground: background,
  };
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

/** In a tile of eight pixels; a line goes on in the tiles beside it. */
const LINES: Readonly<Record<Exclude<Pattern, 'solid'>, string>> = {
  rising: 'M-1 7L7 -1M-1 15L15 -1',
  falling: 'M0 -2L10 8M-2 4L4 10',
  crossed: 'M0 -2L10 8M-2 4L4 10M-1 7L7 -1M-1 15L15 -1',
  dotted: 'M1 0V8M5 0V8',
  sparse: 'M1 0V8',
};

/** Definitions that fills refer to. */
export function svgPatterns({ paints, idPrefix = '' }: Fills): string {
  return paints
    .map(({ colour, gap, pattern }, kind) => {
      if (pattern === 'solid') return '';
      return (
        `<pattern id="${idPrefix}k${kind}" width="8" height="8" patternUnits="userSpaceOnUse">` +
        `<rect width="8" height="8" fill="${gap}"/>` +
        `<path d="${LINES[pattern]}" stroke="${colour}" stroke-width="2" fill="none"/></pattern>`
      );
    })
    .join('');
}
