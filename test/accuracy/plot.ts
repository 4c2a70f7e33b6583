import { RELEASES } from '../../src/reconciler/releases/releases.ts';
import { SvgPen } from '../../src/timeline/svg-pen.ts';
import type { Measured } from './measured.ts';

const SIZE = 480;
const LEFT = 64;
const TOP = 24;
const LEGEND_WIDTH = 150;
const TICKS_S = [3, 5, 10, 20, 50, 100];
const [FROM_S, TO_S] = [2.5, 110];
/** Okabe and Ito's colours, which people with any kind of colour vision tell apart; grey for their yellow, which is faint. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000', '#8c8c8c'];
const BAND = 0.05;

/** The plot of ours against theirs: each burst is a circle for its median pod and a square for its last. */
export function plotOf(all: readonly Measured[]): string {
  const pen = new SvgPen((text, font) => text.length * 0.55 * Number.parseFloat(font));
  const modes = [...new Set(all.map(({ recorded }) => idOf(recorded.mode)))];
  const colourOf = (mode: string): string => COLOURS[modes.indexOf(idOf(mode)) % COLOURS.length] ?? '#000000';
  const [width, height] = [LEFT + SIZE + 24 + LEGEND_WIDTH, TOP + SIZE + 56];
  pen.fillStyle = '#ffffff';
  pen.fillRect(0, 0, width, height);
  drawAxes(pen);
  drawLine(pen, 1, []);
  drawLine(pen, 1 + BAND, [4, 4]);
  drawLine(pen, 1 - BAND, [4, 4]);
  for (const { recorded, ours } of all) {
    pen.fillStyle = colourOf(recorded.mode);
    pen.globalAlpha = 0.85;
    drawCircle(pen, xOf(recorded.median / 1000), yOf(ours.median / 1000));
    pen.fillRect(xOf(recorded.last / 1000) - 4, yOf(ours.last / 1000) - 4, 8, 8);
    pen.globalAlpha = 1;
  }
  pen.font = '12px sans-serif';
  pen.textAlign = 'left';
  modes.forEach((mode, index) => {
    const y = TOP + 12 + 20 * index;
    pen.fillStyle = colourOf(mode);
    pen.fillRect(LEFT + SIZE + 24, y - 5, 10, 10);
    pen.fillStyle = '#222222';
    const { versions } = RELEASES.get(mode);
    pen.fillText(
      versions.includes(mode) || versions.length === 0 ? mode : `${mode} (${versions.join(', ')})`,
      LEFT + SIZE + 40,
      y,
    );
  });
  const legend = TOP + 24 + 20 * modes.length;
  drawCircle(pen, LEFT + SIZE + 29, legend);
  pen.fillText('median pod', LEFT + SIZE + 40, legend);
  pen.fillRect(LEFT + SIZE + 25, legend + 16, 8, 8);
  pen.fillText('last pod', LEFT + SIZE + 40, legend + 20);
  pen.fillText('dashed: ± 5 %', LEFT + SIZE + 24, legend + 44);
  const title = 'Pods of the simulation against those of real controllers, seconds after the burst began';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" role="img" aria-label="${title}"><title>${title}</title>${pen.markup()}</svg>\n`;
}

function idOf(mode: string): string {
  return RELEASES.listedOf(mode);
}

function drawAxes(pen: SvgPen): void {
  pen.font = '12px sans-serif';
  pen.textBaseline = 'middle';
  for (const seconds of TICKS_S) {
    pen.strokeStyle = '#e0e0e0';
    stroke(pen, xOf(seconds), TOP, xOf(seconds), TOP + SIZE);
    stroke(pen, LEFT, yOf(seconds), LEFT + SIZE, yOf(seconds));
    pen.fillStyle = '#222222';
    pen.textAlign = 'center';
    pen.fillText(`${seconds} s`, xOf(seconds), TOP + SIZE + 16);
    pen.textAlign = 'right';
    pen.fillText(`${seconds} s`, LEFT - 8, yOf(seconds));
  }
  pen.textAlign = 'center';
  pen.fillText('recorded', LEFT + SIZE / 2, TOP + SIZE + 40);
  pen.textAlign = 'left';
  pen.fillText('simulated', 8, 12);
}

/** Where the simulation's time is this many times the recorded one. */
function drawLine(pen: SvgPen, factor: number, dash: number[]): void {
  pen.strokeStyle = '#888888';
  pen.setLineDash(dash);
  const [from, to] = [Math.max(FROM_S, FROM_S / factor), Math.min(TO_S, TO_S / factor)];
  stroke(pen, xOf(from), yOf(from * factor), xOf(to), yOf(to * factor));
  pen.setLineDash([]);
}

function drawCircle(pen: SvgPen, x: number, y: number): void {
  pen.beginPath();
  pen.roundRect(x - 5, y - 5, 10, 10, 5);
  pen.fill();
}

function stroke(pen: SvgPen, x1: number, y1: number, x2: number, y2: number): void {
  pen.beginPath();
  pen.moveTo(x1, y1);
  pen.lineTo(x2, y2);
  pen.stroke();
}

function xOf(seconds: number): number {
  return LEFT + SIZE * partOf(seconds);
}

function yOf(seconds: number): number {
  return TOP + SIZE * (1 - partOf(seconds));
}

/** Logarithmic. */
function partOf(seconds: number): number {
  return Math.log(seconds / FROM_S) / Math.log(TO_S / FROM_S);
}
