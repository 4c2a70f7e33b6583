import { BarKind } from '../timeline/bars.ts';
import { fitStart } from '../timeline/fit-text.ts';
import { isCommonWord } from '../timeline/trouble-words.ts';
import { columnOf, setFont, type Drawing } from './drawing.ts';
import type { SessionModel } from './session-model.ts';

/** Bars that are looked at in a lane. */
const MAX_BARS = 2_000;
const LABELLED_LANE_PX = 18;
const LEAST_LABEL_PX = 44;

/** What is wrong with a pod, on its lane: a sign of its own shape, and the word where it has room. */
export function drawTroubles(drawing: Drawing, session: SessionModel, lane: number, top: number, lanePx: number): void {
  const { view, scene, left } = drawing;
  const { fromUs, pixelsPerUs } = view.viewport;
  const { originUs } = session.info;
  const toUs = fromUs + view.widthPx / pixelsPerUs;
  const right = left + view.widthPx;
  const number = view.sessions.indexOf(session);
  let seen = 0;
  session.runners.forEach(lane, fromUs + originUs, toUs + originUs, ({ kind, startUs, endUs, detail }) => {
    if (++seen > MAX_BARS || kind < BarKind.podCreated || kind > BarKind.podFailed) return;
    const word = session.words[detail] ?? '';
    // What every pod waits for is told by the pointer and the panel.
    if ((word === '' || isCommonWord(word)) && kind !== BarKind.podFailed) return;
    const end = Math.min(right, columnOf(drawing, session, Math.min(endUs, scene.nowUs[number] ?? endUs)));
    drawTrouble(
      drawing,
      word,
      Math.max(left, columnOf(drawing, session, startUs)),
      end,
      top,
      lanePx,
      kind === BarKind.podFailed,
    );
  });
}

function drawTrouble(
  drawing: Drawing,
  word: string,
  from: number,
  to: number,
  top: number,
  lanePx: number,
  hasFailed: boolean,
): void {
  const { context, view, theme } = drawing;
  const { ratio } = view;
  const size = Math.max(8 * ratio, Math.min(12 * ratio, lanePx * 0.4));
  const y = top + lanePx * 0.42;
  const colour = hasFailed ? theme.colours.failed : theme.colours.throttled;
  if (word !== '' && lanePx >= LABELLED_LANE_PX * ratio && to - from >= LEAST_LABEL_PX * ratio) {
    setFont(drawing, 10.5, '600');
    const shown = fitStart(word, to - from - size - 6 * ratio, (text) => context.measureText(text).width);
    context.fillStyle = theme.background;
    context.fillRect(from, y - 7 * ratio, size + context.measureText(shown).width + 8 * ratio, 14 * ratio);
    context.fillStyle = theme.foreground;
    context.fillText(shown, from + size + 4 * ratio, y);
  }
  drawSign(context, from, y, size, colour, theme.background, hasFailed);
}

/** A triangle with a stroke for what is in the way, an octagon with a cross for what has failed. */
function drawSign(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  size: number,
  colour: string,
  ground: string,
  hasFailed: boolean,
): void {
  const half = size / 2;
  const corners: readonly (readonly [number, number])[] = hasFailed
    ? [0, 1, 2, 3, 4, 5, 6, 7].map((at) => [
        half + half * Math.cos(((at + 0.5) * Math.PI) / 4),
        half * Math.sin(((at + 0.5) * Math.PI) / 4),
      ])
    : [
        [half, -half],
        [size, half],
        [0, half],
      ];
  context.beginPath();
  for (const [dx, dy] of corners) context.lineTo(x + dx, y + dy);
  context.closePath();
  context.fillStyle = colour;
  context.fill();
  context.strokeStyle = ground;
  context.lineWidth = size / 7;
  context.beginPath();
  if (hasFailed) {
    const arm = half * 0.4;
    context.moveTo(x + half - arm, y - arm);
    context.lineTo(x + half + arm, y + arm);
    context.moveTo(x + half + arm, y - arm);
    context.lineTo(x + half - arm, y + arm);
  } else {
    context.moveTo(x + half, y - half * 0.35);
    context.lineTo(x + half, y + half * 0.2);
    context.moveTo(x + half, y + half * 0.5);
    context.lineTo(x + half, y + half * 0.75);
  }
  context.stroke();
}
