import { escapeMarkup } from '../base/escape-markup.ts';
import type { Pen } from './pen.ts';

/** What save() keeps and restore() brings back. */
type Style = Pick<
  SvgPen,
  'fillStyle' | 'strokeStyle' | 'lineWidth' | 'globalAlpha' | 'font' | 'textAlign' | 'textBaseline'
>;

const ANCHORS: Readonly<Record<string, string>> = { center: 'middle', right: 'end', end: 'end' };
/** From a text's middle down to its baseline, in heights of the font: not every viewer knows `dominant-baseline`. */
const BASELINE = 0.35;

/** Writes what is drawn as SVG markup. */
export class SvgPen implements Pen {
  fillStyle: unknown = '#000';
  strokeStyle: unknown = '#000';
  lineWidth = 1;
  globalAlpha = 1;
  font = '10px sans-serif';
  textAlign = 'left';
  textBaseline = 'alphabetic';
  readonly #saved: { readonly style: Style; readonly dash: readonly number[]; readonly groups: number }[] = [];
  readonly #parts: string[] = [];
  #dash: readonly number[] = [];
  /** Groups that are open since the last save(). */
  #groups = 0;
  readonly #widthOf: (text: string, font: string) => number;
  #path = '';
  #clips = 0;

  /** @param widthOf how wide a text in a font is: SVG itself measures nothing */
  constructor(widthOf: (text: string, font: string) => number) {
    this.#widthOf = widthOf;
  }

  /** What has been drawn so far; groups that are open are closed. */
  markup(): string {
    const open = this.#saved.reduce((sum, { groups }) => sum + groups, this.#groups);
    return this.#parts.join('') + '</g>'.repeat(open);
  }

  /** Shapes that are markup already. */
  put(markup: string): void {
    this.#parts.push(markup);
  }

  save(): void {
    const { fillStyle, strokeStyle, lineWidth, globalAlpha, font, textAlign, textBaseline } = this;
    const style = { fillStyle, strokeStyle, lineWidth, globalAlpha, font, textAlign, textBaseline };
    this.#saved.push({ style, dash: this.#dash, groups: this.#groups });
    this.#groups = 0;
  }

  restore(): void {
    const saved = this.#saved.pop();
    if (saved === undefined) return;
    this.put('</g>'.repeat(this.#groups));
    Object.assign(this, saved.style);
    this.#dash = saved.dash;
    this.#groups = saved.groups;
  }

  translate(x: number, y: number): void {
    this.#open(`transform="translate(${round(x)} ${round(y)})"`);
  }

  beginPath(): void {
    this.#path = '';
  }

  moveTo(x: number, y: number): void {
    this.#path += `M${round(x)} ${round(y)}`;
  }

  lineTo(x: number, y: number): void {
    this.#path += `L${round(x)} ${round(y)}`;
  }

  quadraticCurveTo(cpx: number, cpy: number, x: number, y: number): void {
    this.#path += `Q${round(cpx)} ${round(cpy)} ${round(x)} ${round(y)}`;
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.#path += `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}z`;
  }

  /** Corners are cut off, which at the size of a few pixels looks the same. */
  roundRect(x: number, y: number, width: number, height: number, radius: number): void {
    const [r, w, h] = [radius / 2, width - radius, height - radius].map(round);
    const [right, left] = [`l${r} ${r}`, `l-${r} -${r}`];
    this.#path += `M${round(x + radius / 2)} ${round(y)}h${w}${right}v${h}l-${r} ${r}h-${w}${left}v-${h}z`;
  }

  closePath(): void {
    this.#path += 'z';
  }

  clip(): void {
    const id = `clip${++this.#clips}`;
    this.put(`<clipPath id="${id}"><path d="${this.#path}"/></clipPath>`);
    this.#open(`clip-path="url(#${id})"`);
  }

  fill(rule?: 'evenodd'): void {
    const how = rule === undefined ? '' : ` fill-rule="${rule}"`;
    this.put(`<path d="${this.#path}" ${this.#paint('fill')}${how}/>`);
  }

  stroke(): void {
    const dashes = this.#dash.length === 0 ? '' : ` stroke-dasharray="${this.#dash.join(' ')}"`;
    const width = ` stroke-width="${round(this.lineWidth)}"`;
    this.put(`<path d="${this.#path}" fill="none" ${this.#paint('stroke')}${width}${dashes}/>`);
  }

  setLineDash(lengths: number[]): void {
    this.#dash = lengths;
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.beginPath();
    this.rect(x, y, width, height);
    this.fill();
  }

  strokeRect(x: number, y: number, width: number, height: number): void {
    this.beginPath();
    this.rect(x, y, width, height);
    this.stroke();
  }

  fillText(text: string, x: number, y: number): void {
    if (text === '') return;
    const { font, textAlign, textBaseline } = this;
    const [, weight = '', px = '10'] = /^(?:(\d+)\s+)?([\d.]+)px/.exec(font.trim()) ?? [];
    const down = textBaseline === 'middle' ? Number(px) * BASELINE : 0;
    const anchor = ANCHORS[textAlign];
    const bold = weight === '' ? '' : ` font-weight="${weight}"`;
    const aligned = anchor === undefined ? '' : ` text-anchor="${anchor}"`;
    const place = `x="${round(x)}" y="${round(y + down)}" font-size="${px}"`;
    this.put(`<text ${place}${bold}${aligned} ${this.#paint('fill')}>${escapeMarkup(text)}</text>`);
  }

  measureText(text: string): { width: number } {
    return { width: this.#widthOf(text, this.font) };
  }

  #open(attribute: string): void {
    this.put(`<g ${attribute}>`);
    this.#groups++;
  }

  #paint(what: 'fill' | 'stroke'): string {
    const { fillStyle, strokeStyle, globalAlpha } = this;
    const colour = String(what === 'fill' ? fillStyle : strokeStyle);
    return `${what}="${escapeMarkup(colour)}"${globalAlpha === 1 ? '' : ` ${what}-opacity="${globalAlpha}"`}`;
  }
}

/** Hundredths of a pixel are more than anybody sees. */
function round(px: number): number {
  return Math.round(px * 100) / 100;
}
